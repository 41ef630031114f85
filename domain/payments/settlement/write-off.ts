import { ACCOUNTS, type Posting } from '../books.ts';
import type { PaymentException } from './exception.ts';

type Sides = { readonly ours?: { readonly amount?: unknown } | null; readonly theirs?: { readonly amount?: unknown } | null };
const amountOf = (side: Sides['ours']): number => (typeof side?.amount === 'number' ? side.amount : 0);

/**
 * What is given up with an exception: the money that we believed to be at the provider and that is not there, or the other way round.
 * Only captured charges lie there; what else is taken as it is moves nothing.
 */
export function writtenOff({ id, kind, processor, restaurantId, detail }: PaymentException, at: number): readonly Posting[] {
  const { what, currency, ours, theirs } = detail as Sides & { readonly what?: unknown; readonly currency?: unknown };
  const isOfMoney = (kind === 'amount_mismatch' || kind === 'missing_at_provider') && what === 'charge';
  const lost = amountOf(ours) - amountOf(theirs);
  if (!isOfMoney || restaurantId === null || typeof currency !== 'string' || lost === 0) return [];
  const entries = [
    { account: ACCOUNTS.writtenOff, amount: lost },
    { account: ACCOUNTS.clearing(processor), amount: -lost },
  ];
  return [{ restaurantId, currency, kind: 'payments.written_off', source: `exception:${id}`, sequence: 1, entries, at }];
}
