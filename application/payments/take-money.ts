import type { PaymentsErrorOf } from '#domain/payments/errors.ts';
import type { ChargeFact } from '#domain/payments/facts.ts';
import { applyFacts } from '#domain/payments/observing.ts';
import { Payment, PaymentId, unpaidShares } from '#domain/payments/payment.ts';
import { sumOfShares } from '#domain/payments/shares.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { may } from '#domain/shared/actor.ts';
import { invariant } from '#domain/shared/invariant.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { contextOf } from './apply-facts.ts';
import { joined, payable, paymentFor, termsOf } from './payable-order.ts';
import type { PaymentsDeps } from './ports.ts';
import { savePayment } from './save-payment.ts';

export type TakeCash = { readonly orderId: string; readonly tendered: number | null; readonly key: string; readonly fingerprint: string };
export type CashTaken = { readonly payment: Payment; readonly attemptId: string; readonly change: number };

type CashRefusal = PaymentsErrorOf<
  | 'payments.order_not_found'
  | 'payments.order_not_payable'
  | 'payments.not_permitted'
  | 'payments.already_paid'
  | 'payments.tendered_too_little'
  | 'payments.idempotency_key_reused'
  | 'payments.request_in_progress'
>;
type Deps = Pick<PaymentsDeps, 'uow' | 'queries' | 'facts' | 'settings' | 'runtime'>;

/** Takes at the counter what is still owed for an order, and says what to give back of the note. */
export const takeCash =
  (deps: Deps) =>
  async ({ orderId, tendered, key, fingerprint }: TakeCash, actor: Actor): Promise<Result<CashTaken, CashRefusal>> => {
    invariant(actor.kind === 'account', 'only an account can take money');
    const order = await payable(deps, { orderId, channel: 'cash' }, actor);
    if (!order.ok) return order;
    const terms = await termsOf(deps, order.value);
    const context = contextOf(deps);
    const [paymentId, attemptId] = [PaymentId.of(context.newId()), context.newId()];

    return deps.uow.run(actor, async (tx): Promise<Result<CashTaken, CashRefusal>> => {
      const { payment, isNew } = await paymentFor(tx, paymentId, terms);
      const claim = await tx.requests.claim({ scope: `payments:${actor.accountId}`, key, fingerprint, outcome: attemptId });
      if (claim === 'running') return err({ code: 'payments.request_in_progress' });
      if (claim !== 'claimed')
        return claim.fingerprint === fingerprint ? ok(taken(payment, claim.outcome, tendered)) : err({ code: 'payments.idempotency_key_reused' });

      const due = sumOfShares(unpaidShares(payment));
      if (tendered !== null && tendered < due) return err({ code: 'payments.tendered_too_little', due, currency: payment.currency });
      const started = Payment.startAttempt(payment, { id: attemptId, processor: 'cash', channel: 'cash', capture: 'automatic' }, context.at);
      if (!started.ok) return started;
      const opened = Payment.openAttempt(started.value.state, attemptId, { providerOrderId: attemptId, linkId: null, url: null }, context.at);
      const charged = applyFacts(opened.state, [handed(attemptId, due, payment.currency, 'cash', context.at)], context.at);
      const change = [opened, charged].reduce(joined, isNew ? joined(Payment.open(paymentId, terms), started.value) : started.value);
      const state = await savePayment(tx, { ...payment, version: isNew ? 0 : payment.version }, change, context);
      return ok(taken(state, attemptId, tendered));
    });
  };

function taken(payment: Payment, attemptId: string, tendered: number | null): CashTaken {
  const amount = payment.observed.charges[attemptId]?.amount ?? 0;
  return { payment, attemptId, change: tendered === null ? 0 : tendered - amount };
}

/** Money that changed hands without a provider: its charge is named after the attempt it came by. */
const handed = (attemptId: string, amount: number, currency: string, method: 'cash' | 'bank_transfer', at: number): ChargeFact => ({
  kind: 'charge',
  chargeId: attemptId,
  providerOrderId: attemptId,
  status: 'captured',
  amount,
  currency,
  instrument: { method, label: null, fingerprint: null, isInternational: false },
  fee: null,
  feeTax: null,
  failure: null,
  at,
});

export type RecordTransfer = { readonly paymentId: PaymentId; readonly amount: number; readonly reference: string };
type TransferRefusal = PaymentsErrorOf<
  'payments.payment_not_found' | 'payments.not_permitted' | 'payments.nothing_to_confirm' | 'payments.transfer_differs'
>;

/** Says that a bank transfer has come in. The whole amount must have: what the bank did not bring pays for nothing. */
export const recordTransfer =
  (deps: Deps) =>
  ({ paymentId, amount, reference }: RecordTransfer, actor: Actor): Promise<Result<Payment, TransferRefusal>> => {
    const context = contextOf(deps);
    return deps.uow.run(actor, async (tx): Promise<Result<Payment, TransferRefusal>> => {
      const payment = await tx.payments.lock(paymentId);
      if (!payment || !may(actor, 'payments:read', payment.restaurantId)) return err({ code: 'payments.payment_not_found', paymentId });
      if (!may(actor, 'payments:take', payment.restaurantId)) return err({ code: 'payments.not_permitted', permission: 'payments:take' });
      const attempt = payment.attempts.find(({ processor }) => processor === 'bank_transfer');
      if (attempt?.providerOrderId == null) return err({ code: 'payments.nothing_to_confirm', channel: payment.attempts[0]?.channel ?? 'none' });
      const { amount: due, currency } = payment;
      if (amount !== due) return err({ code: 'payments.transfer_differs', due, currency });
      const fact = { ...handed(attempt.id, amount, currency, 'bank_transfer', attempt.at), providerOrderId: attempt.providerOrderId };
      const told = {
        ...fact,
        instrument: { ...fact.instrument, method: 'bank_transfer' as const, label: reference, fingerprint: null, isInternational: false },
      };
      return ok(await savePayment(tx, payment, applyFacts(payment, [told], context.at), context));
    });
  };
