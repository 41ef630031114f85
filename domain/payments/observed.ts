import {
  CHARGE_STATUSES,
  type ChargeFact,
  DISPUTE_STATUSES,
  type DisputeFact,
  PROVIDER_REFUND_STATUSES,
  type ProviderFact,
  type RefundFact,
  TRANSFER_STATUSES,
  type TransferFact,
} from './facts.ts';

/** All that providers ever said of one payment, joined. */
export type Observed = {
  readonly charges: Readonly<Record<string, ChargeFact>>;
  readonly refunds: Readonly<Record<string, RefundFact>>;
  readonly disputes: Readonly<Record<string, DisputeFact>>;
};

export const NOTHING_OBSERVED: Observed = { charges: {}, refunds: {}, disputes: {} };

/**
 * What is known once a fact is known as well. Every part is the greater of two in some fixed order, so facts may come in any order
 * and any number of times: joining commutes, associates and repeats without effect. The same object when the fact is no news.
 */
export function observe(known: Observed, fact: ProviderFact): Observed {
  switch (fact.kind) {
    case 'charge':
      return withFact(known, 'charges', fact.chargeId, fact, joinCharges);
    case 'refund':
      return withFact(known, 'refunds', fact.providerRefundId, fact, joinRefunds);
    case 'dispute':
      return withFact(known, 'disputes', fact.disputeId, fact, joinDisputes);
    case 'transfer':
      return known; // A payout's, not a payment's.
  }
}

function withFact<K extends keyof Observed, F extends Observed[K][string]>(
  known: Observed,
  kind: K,
  id: string,
  fact: F,
  join: (a: F, b: F) => F,
): Observed {
  const before = (known[kind] as Readonly<Record<string, F>>)[id];
  const after = before === undefined ? fact : join(before, fact);
  if (before !== undefined && ordinal(before) === ordinal(after)) return known;
  return { ...known, [kind]: { ...known[kind], [id]: after } };
}

export const joinCharges = (a: ChargeFact, b: ChargeFact): ChargeFact => ({
  kind: 'charge',
  chargeId: a.chargeId,
  providerOrderId: greater(a.providerOrderId, b.providerOrderId),
  ...linkOf(greater(a.linkId ?? null, b.linkId ?? null)),
  status: further(CHARGE_STATUSES, a.status, b.status),
  amount: Math.max(a.amount, b.amount),
  currency: greater(a.currency, b.currency),
  instrument: greater(a.instrument, b.instrument),
  fee: greater(a.fee, b.fee),
  feeTax: greater(a.feeTax, b.feeTax),
  failure: greater(a.failure, b.failure),
  at: Math.min(a.at, b.at),
});

const linkOf = (linkId: string | null): Pick<ChargeFact, 'linkId'> => (linkId === null ? {} : { linkId });

export const joinRefunds = (a: RefundFact, b: RefundFact): RefundFact => ({
  kind: 'refund',
  providerRefundId: a.providerRefundId,
  chargeId: greater(a.chargeId, b.chargeId),
  amount: Math.max(a.amount, b.amount),
  currency: greater(a.currency, b.currency),
  status: further(PROVIDER_REFUND_STATUSES, a.status, b.status),
  refundId: greater(a.refundId, b.refundId),
  at: Math.min(a.at, b.at),
});

export const joinDisputes = (a: DisputeFact, b: DisputeFact): DisputeFact => {
  const status = further(DISPUTE_STATUSES, a.status, b.status);
  // What was taken while it ran comes back when it is won; before that the largest sum ever told is the truth.
  return {
    kind: 'dispute',
    disputeId: a.disputeId,
    chargeId: greater(a.chargeId, b.chargeId),
    amount: Math.max(a.amount, b.amount),
    currency: greater(a.currency, b.currency),
    deducted: Math.max(a.deducted, b.deducted),
    status,
    phase: greater(a.phase, b.phase),
    reason: greater(a.reason, b.reason),
    respondBy: greater(a.respondBy, b.respondBy),
    at: Math.min(a.at, b.at),
  };
};

export const joinTransfers = (a: TransferFact, b: TransferFact): TransferFact => ({
  kind: 'transfer',
  providerTransferId: a.providerTransferId,
  chargeId: greater(a.chargeId, b.chargeId),
  account: greater(a.account, b.account),
  amount: Math.max(a.amount, b.amount),
  reversed: Math.max(a.reversed, b.reversed),
  currency: greater(a.currency, b.currency),
  status: further(TRANSFER_STATUSES, a.status, b.status),
  payoutId: greater(a.payoutId, b.payoutId),
  at: Math.min(a.at, b.at),
});

const further = <S extends string>(order: readonly S[], a: S, b: S): S => (order.indexOf(a) >= order.indexOf(b) ? a : b);

/** The greater of two in one fixed order of all values, with null below everything: which it is does not matter, only that it is always the same. */
function greater<T>(a: T, b: T): T {
  if (a === null) return b;
  if (b === null) return a;
  if (typeof a === 'number' && typeof b === 'number') return a >= b ? a : b;
  return ordinal(a) >= ordinal(b) ? a : b;
}

/** A text that is the same for the same value, whatever the order its members were written in. */
const ordinal = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    member !== null && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
