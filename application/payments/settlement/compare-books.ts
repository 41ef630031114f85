import type { Job } from '#application/shared/job.ts';
import type { ChargeFact, RefundFact } from '#domain/payments/facts.ts';
import { type Comparison, compareCharge, contradicts, isUnreturned } from '#domain/payments/settlement/comparison.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import { applyWithin, contextOf } from '../apply-facts.ts';
import type { PaymentProvider, ProviderPage, ProviderReply } from '../provider.ts';
import { isByHand } from '../save-payment.ts';
import type { SettlementDeps, SettlementTx, UnlistedCharge } from './ports.ts';
import { DAY_MS, dayOf, walk } from './walk.ts';

const ACTOR = system('compare-books');
const PAGE = 100;
/** What was listed is held against ours the day after, and is of no use later. */
const LISTED_MS = 7 * DAY_MS;

/**
 * Every hour until it is done: all that providers say they took and gave back yesterday, held against what we know. What we had not
 * heard of is learnt by that; what cannot be right whatever we learn is put before people.
 */
export const compareBooks = (deps: SettlementDeps): Job => ({
  name: 'payments-compare-books',
  cron: '23 * * * *',
  async run() {
    const { clock } = deps.payments.runtime;
    const today = Date.parse(dayOf(clock.now()));
    let done = 0;
    for (const [processor, provider] of deps.payments.providers) {
      if (!isByHand(processor)) done += await compareDay(deps, provider, today - DAY_MS, today - 1);
    }
    await deps.uow.run(ACTOR, async (tx) => ok(await tx.walks.forgetListed(clock.now() - LISTED_MS)));
    return done;
  },
});

async function compareDay(deps: SettlementDeps, provider: PaymentProvider, from: number, to: number): Promise<number> {
  const { name: processor } = provider;
  const { clock } = deps.payments.runtime;
  const id = (what: string): string => `${what}:${processor}:${dayOf(from)}`;
  const charges = await walk<ChargeFact>(deps, {
    id: id('charges'),
    page: (after) => provider.chargesBetween(from, to, after),
    take: (fact) => takeCharge(deps)(processor, fact),
    turn: async (facts) => {
      const listed = facts.filter(({ status }) => status === 'captured').map(({ chargeId }) => chargeId);
      await deps.uow.run(ACTOR, async (tx) => ok(await tx.walks.list(processor, listed, clock.now())));
    },
  });
  const refunds = await walk<RefundFact>(deps, {
    id: id('refunds'),
    page: (after) => provider.refundsBetween(from, to, after),
    take: (fact) => takeRefund(deps)(processor, fact),
  });
  const missing = charges.isDone ? await walk(deps, { id: id('missing'), ...missingOf(deps, provider, from, to) }) : { taken: 0 };
  return charges.taken + refunds.taken + missing.taken;
}

type Lost = { readonly charge: UnlistedCharge; readonly told: ChargeFact | undefined };

/** What a list leaves out may be there all the same: the provider is asked for it by name before anybody is troubled. */
const missingOf = (deps: SettlementDeps, provider: PaymentProvider, from: number, to: number) => ({
  async page(after: string | null): Promise<ProviderReply<ProviderPage<Lost>>> {
    const charges = await deps.queries.books.unlisted(provider.name, from, to, after, PAGE);
    const data: Lost[] = [];
    for (const charge of charges) {
      const told = await provider.charge(charge.chargeId);
      if (told.outcome === 'unknown') return told;
      data.push({ charge, told: told.outcome === 'succeeded' ? told.value : undefined });
    }
    const last = charges.at(-1);
    const next = charges.length < PAGE || !last ? null : `${last.paymentId}~${last.chargeId}`;
    return { outcome: 'succeeded', value: { data, next } };
  },
  take: ({ charge, told }: Lost): Promise<Comparison | undefined> =>
    told?.status === 'captured' ? takeCharge(deps)(provider.name, told) : raiseMissing(deps, provider.name, charge),
});

async function raiseMissing({ uow, payments }: SettlementDeps, processor: string, charge: UnlistedCharge): Promise<Comparison> {
  const at = payments.runtime.clock.now();
  const { chargeId: reference, restaurantId, paymentId, amount, currency } = charge;
  const detail = { what: 'charge', currency, theirs: null, ours: { amount } };
  await uow.run(ACTOR, async (tx) =>
    ok(await tx.exceptions.raise({ kind: 'missing_at_provider', processor, reference, restaurantId, paymentId, detail, at })),
  );
  return 'missing_at_provider';
}

/** Learns what a charge says, then holds it against ours. */
export const takeCharge =
  (deps: Pick<SettlementDeps, 'uow' | 'payments'>) =>
  async (processor: string, fact: ChargeFact): Promise<Comparison | undefined> => {
    const context = contextOf(deps.payments);
    const taken = await deps.uow.run(ACTOR, async (tx) => {
      const references = [fact.chargeId, ...(fact.providerOrderId === null ? [] : [fact.providerOrderId])];
      const known = await tx.payments.lockByReference(processor, references);
      // An amount that changed after it was captured is no news to learn: somebody's books are wrong.
      const isWrong = known !== undefined && contradicts(fact, known);
      const payment = isWrong ? known : await applyWithin(tx, { processor, facts: [fact] }, context);
      const comparison = compareCharge(fact, payment);
      if (comparison === undefined || comparison === 'matched') return ok(comparison);
      if (comparison === 'duplicate' && payment && !isUnreturned(fact, payment)) return ok(comparison);
      const ours = payment?.observed.charges[fact.chargeId];
      await tx.exceptions.raise({
        kind: comparison,
        processor,
        reference: fact.chargeId,
        restaurantId: payment?.restaurantId ?? null,
        paymentId: payment?.id ?? null,
        detail: {
          what: 'charge',
          currency: fact.currency,
          theirs: { amount: fact.amount, fee: fact.fee },
          ours: ours ? { amount: ours.amount, fee: ours.fee } : null,
        },
        at: context.at,
      });
      return ok(comparison);
    });
    return taken.value;
  };

/** Learns what a refund says. One that leads to nothing of ours is put before people. */
export const takeRefund =
  (deps: Pick<SettlementDeps, 'uow' | 'payments'>) =>
  async (processor: string, fact: RefundFact): Promise<Comparison | undefined> => {
    const context = contextOf(deps.payments);
    const taken = await deps.uow.run(ACTOR, async (tx: SettlementTx) => {
      const payment = await applyWithin(tx, { processor, facts: [fact] }, context);
      const about = { processor, reference: fact.providerRefundId, at: context.at };
      const theirs = { amount: fact.amount };
      if (!payment) {
        if (fact.status === 'failed') return ok(undefined);
        const detail = { what: 'refund', currency: fact.currency, theirs, ours: null, chargeId: fact.chargeId };
        await tx.exceptions.raise({ ...about, kind: 'missing_here', restaurantId: null, paymentId: null, detail });
        return ok('missing_here' as const);
      }
      const ours = payment.refunds.find(({ id, providerRefundId }) => providerRefundId === fact.providerRefundId || id === fact.refundId);
      if (!ours) return ok(undefined);
      if (ours.amount === fact.amount) return ok('matched' as const);
      const { restaurantId, id: paymentId } = payment;
      const detail = { what: 'refund', currency: fact.currency, theirs, ours: { amount: ours.amount } };
      await tx.exceptions.raise({ ...about, kind: 'amount_mismatch', restaurantId, paymentId, detail });
      return ok('amount_mismatch' as const);
    });
    return taken.value;
  };
