import type { Brand } from './brand.ts';
import { invariant } from './invariant.ts';
import { err, ok, type Result } from './result.ts';

/** An amount in minor units of the currency it stands beside. Integers only: 12_900 INR is ₹129.00. */
export type Minor = Brand<number, 'Minor'>;

/** One crore rupees. Anything larger is a mistake, not a bill. */
export const MINOR_MAX = 10_000_000_00;

function mint(minor: number): Minor {
  invariant(Number.isSafeInteger(minor), `minor units must be an integer, got ${minor}`);
  invariant(Math.abs(minor) <= MINOR_MAX, `amount out of range: ${minor}`);
  return (minor === 0 ? 0 : minor) as Minor; // No negative zero: it would not survive JSON.
}

/**
 * Splits a total in proportion to weights, by largest remainder: the parts always sum to the total, and no part
 * is more than one minor unit away from its exact share. All-zero weights share evenly.
 */
function allocate(total: Minor, weights: readonly number[]): readonly Minor[] {
  invariant(weights.length > 0, 'nothing to allocate to');
  invariant(
    weights.every((weight) => Number.isSafeInteger(weight) && weight >= 0),
    'weights are whole numbers of 0 or more',
  );
  const sign = total < 0 ? -1n : 1n;
  const amount = BigInt(Math.abs(total));
  const given = weights.some((weight) => weight > 0) ? weights : weights.map(() => 1);
  const whole = given.reduce((sum, weight) => sum + BigInt(weight), 0n);

  const parts = given.map((weight, index) => {
    const exact = amount * BigInt(weight);
    return { index, share: exact / whole, remainder: exact % whole };
  });
  let left = amount - parts.reduce((sum, { share }) => sum + share, 0n);
  for (const part of parts.toSorted((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1))) {
    if (left === 0n) break;
    part.share += 1n;
    left -= 1n;
  }
  return parts.map(({ share }) => mint(Number(share * sign)));
}

export const Money = {
  zero: mint(0),
  /** For amounts we computed: a bad one is our bug, and throws. */
  of: mint,
  /** For amounts we were given: a bad one is refused. */
  parse: (minor: number): Result<Minor, 'not_an_amount'> =>
    Number.isSafeInteger(minor) && minor >= 0 && minor <= MINOR_MAX ? ok(mint(minor)) : err('not_an_amount'),
  sum(amounts: Iterable<number>): Minor {
    let total = 0;
    for (const amount of amounts) total += amount;
    return mint(total);
  },
  allocate,
};
