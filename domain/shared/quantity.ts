import type { Brand } from './brand.ts';
import { invariant } from './invariant.ts';
import { err, ok, type Result } from './result.ts';

/** An amount of stock in thousandths of its item's unit: 1_500 of an item kept in kg is 1.5 kg. */
export type Quantity = Brand<number, 'Quantity'>;

export const QUANTITY_SCALE = 1_000;
/** A million units. More is a mistake in the unit, not a delivery. */
export const QUANTITY_MAX = 1_000_000 * QUANTITY_SCALE;

function mint(thousandths: number): Quantity {
  invariant(Number.isSafeInteger(thousandths), `a quantity is whole thousandths, got ${thousandths}`);
  return thousandths as Quantity;
}

export const Quantity = {
  zero: mint(0),
  /** For quantities we computed, in thousandths: a bad one is our bug, and throws. */
  of: mint,
  /** For quantities we were given, in units: refuses what is negative, finer than thousandths, or over QUANTITY_MAX. */
  parse(units: number): Result<Quantity, 'not_a_quantity'> {
    const thousandths = Math.round(units * QUANTITY_SCALE);
    const exact = Number.isFinite(units) && Math.abs(thousandths / QUANTITY_SCALE - units) < 1e-9;
    return exact && thousandths >= 0 && thousandths <= QUANTITY_MAX ? ok(mint(thousandths)) : err('not_a_quantity');
  },
  /** In the item's unit, as people read it. */
  toUnits: (quantity: number): number => quantity / QUANTITY_SCALE,
};
