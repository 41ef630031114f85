import type { Job } from '#application/shared/job.ts';
import { applyFacts } from '#domain/payments/observing.ts';
import { Payment, type PaymentId } from '#domain/payments/payment.ts';
import { system } from '#domain/shared/actor.ts';
import { err, ok } from '#domain/shared/result.ts';
import { contextOf } from './apply-facts.ts';
import type { PaymentsDeps } from './ports.ts';
import { isByHand, savePayment } from './save-payment.ts';

const BATCH = 100;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Providers go on asking banks for three days, some say five: until then a payment that failed may still succeed. */
const WATCHED_MS = 6 * DAY;

const pauseAt = (age: number): number => (age < 20 * MINUTE ? MINUTE : age < 2 * HOUR ? 10 * MINUTE : age < DAY ? HOUR : 6 * HOUR);

/** When to ask a payment's providers how it stands, in case nobody tells us; null when there is nothing left to be told. */
export function nextCheckAt(payment: Payment, at: number): number | null {
  const opened = payment.attempts.filter(({ processor, providerOrderId, linkId }) => !isByHand(processor) && (providerOrderId ?? linkId) !== null);
  const newest = Math.max(...opened.map((attempt) => attempt.at));
  if (opened.length === 0 || at - newest > WATCHED_MS) return hasRefundUnderWay(payment) ? at + 6 * HOUR : null;
  const isQuiet = Payment.isPaid(payment) && !hasRefundUnderWay(payment);
  // Once it is paid only a second payment on the same order could come, which the daily comparison sees as well.
  if (isQuiet) return at - newest < 20 * MINUTE ? newest + 20 * MINUTE : at - newest < DAY ? newest + DAY : null;
  return at + pauseAt(at - newest);
}

const hasRefundUnderWay = ({ refunds }: Payment): boolean => refunds.some(({ status }) => status === 'reserved' || status === 'processing');

type Deps = Pick<PaymentsDeps, 'uow' | 'queries' | 'providers' | 'settings' | 'runtime'>;
const ACTOR = system('sweep-payments');

/** Asks every provider a payment was opened at how it stands, and takes what it says. */
export const checkPayment =
  (deps: Deps) =>
  async (paymentId: PaymentId): Promise<Payment | undefined> => {
    const payment = await deps.queries.find(paymentId);
    if (!payment) return undefined;
    const asked = payment.attempts.flatMap(({ processor, providerOrderId, linkId }) => {
      const provider = deps.providers.get(processor);
      if (!provider || isByHand(processor)) return [];
      if (linkId !== null) return [provider.factsOfLink(linkId)];
      return providerOrderId === null ? [] : [provider.factsOf(providerOrderId)];
    });
    const replies = await Promise.all(asked);
    const facts = replies.flatMap((reply) => (reply.outcome === 'succeeded' ? reply.value : []));
    const context = contextOf(deps);
    const applied = await deps.uow.run(ACTOR, async (tx) => {
      const before = await tx.payments.lock(paymentId);
      if (!before) return err('gone');
      const state = await savePayment(tx, before, applyFacts(before, facts, context.at), context);
      await tx.payments.checkAt(paymentId, nextCheckAt(state, context.at));
      return ok(state);
    });
    return applied.ok ? applied.value : undefined;
  };

/** Every minute: payments that nobody has told us the end of are looked up, more and more seldom, until nothing can come any more. */
export const sweepPayments = (deps: Deps): Job => ({
  name: 'payments-sweep',
  cron: '* * * * *',
  async run() {
    const { clock, log } = deps.runtime;
    const check = checkPayment(deps);
    const due = await deps.queries.dueChecks(clock.now(), BATCH);
    for (const paymentId of due) {
      await check(paymentId).catch((error: unknown) => log.error('a payment could not be looked up', { paymentId, error }));
    }
    return due.length;
  },
});
