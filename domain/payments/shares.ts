import { type Minor, Money } from '../shared/money.ts';
import type { Shares } from './refund.ts';

export const NO_SHARES: Shares = { restaurant: Money.zero, tax: Money.zero, commission: Money.zero };

export const sumOfShares = ({ restaurant, tax, commission }: Shares): number => restaurant + tax + commission;

/**
 * Divides an amount over what is left of the shares, in proportion, by largest remainder: no part exceeds what is left of it, and
 * whoever takes everything that is left leaves nothing. The amount must not exceed what is left.
 */
export function takeShares(left: Shares, amount: Minor): Shares {
  if (amount === 0) return NO_SHARES;
  const [restaurant, tax, commission] = Money.allocate(amount, [left.restaurant, left.tax, left.commission]) as [Minor, Minor, Minor];
  return { restaurant, tax, commission };
}

export const minusShares = (a: Shares, b: Shares): Shares => ({
  restaurant: Money.of(a.restaurant - b.restaurant),
  tax: Money.of(a.tax - b.tax),
  commission: Money.of(a.commission - b.commission),
});
