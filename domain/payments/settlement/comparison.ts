import type { BookRow, ChargeFact } from '../facts.ts';
import { Payment } from '../payment.ts';
import { BookRows } from './book-row.ts';

/** What came of holding one thing of the provider's against ours. */
export const COMPARISONS = ['matched', 'amount_mismatch', 'fee_mismatch', 'missing_at_provider', 'missing_here', 'duplicate'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** Whether the provider tells another amount of captured money than we have booked. That is no news to be joined: somebody is wrong. */
export function contradicts(theirs: Pick<ChargeFact, 'chargeId' | 'amount' | 'currency'>, payment: Payment): boolean {
  const ours = payment.observed.charges[theirs.chargeId];
  return ours?.status === 'captured' && (ours.amount !== theirs.amount || ours.currency !== theirs.currency);
}

/** A charge as the provider lists it against the payment that it leads to, once we know all it says. Undefined: no money was taken, there is nothing to compare. */
export function compareCharge(theirs: ChargeFact, payment: Payment | undefined): Comparison | undefined {
  if (payment === undefined) return theirs.status === 'captured' ? 'missing_here' : undefined;
  const ours = payment.observed.charges[theirs.chargeId];
  if (ours?.status !== 'captured') return undefined;
  if (theirs.status !== 'captured') return 'missing_at_provider';
  if (contradicts(theirs, payment)) return 'amount_mismatch';
  if (theirs.fee !== null && theirs.fee !== ours.fee) return 'fee_mismatch';
  return isSecond(theirs, payment) ? 'duplicate' : 'matched';
}

/** A row of the provider's books against the charge, refund or payout of ours that it is of. */
export function compareRow(row: BookRow, ours: { readonly amount: number; readonly fee: number | null } | undefined): Comparison {
  if (ours === undefined) return 'missing_here';
  if (row.amount !== ours.amount) return 'amount_mismatch';
  return row.kind === 'charge' && ours.fee !== null && ours.fee !== BookRows.kept(row) ? 'fee_mismatch' : 'matched';
}

const isSecond = ({ chargeId }: ChargeFact, payment: Payment): boolean => {
  const unapplied = payment.captures[chargeId]?.unapplied ?? 0;
  return unapplied > 0 && unapplied === payment.observed.charges[chargeId]?.amount;
};

/** Whether money that was taken twice still lies there, with nothing under way to give it back. */
export const isUnreturned = ({ chargeId }: Pick<ChargeFact, 'chargeId'>, payment: Payment): boolean => Payment.refundable(payment, chargeId) > 0;
