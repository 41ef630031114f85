import { invariant } from './invariant.ts';

/** `value * numerator / denominator`, rounded half away from zero, exact for every safe integer. */
export function mulDivRound(value: number, numerator: number, denominator: number): number {
  invariant(denominator > 0, 'a denominator is positive');
  const product = BigInt(value) * BigInt(numerator);
  const by = BigInt(denominator);
  const negative = product < 0n;
  const doubled = (negative ? -product : product) * 2n + by;
  const rounded = doubled / (by * 2n);
  return Number(negative ? -rounded : rounded);
}
