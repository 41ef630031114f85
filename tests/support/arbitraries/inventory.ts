import fc from 'fast-check';
import type { Demand } from '#domain/inventory/allocation.ts';
import { Balance } from '#domain/inventory/balance.ts';
import type { RecipeLine } from '#domain/inventory/recipe.ts';
import { Quantity } from '#domain/shared/quantity.ts';

export const NOW = 1_764_000_000_000;
/** Few enough that items, batches and moments meet. */
export const ITEMS = ['onion', 'paneer', 'rice', 'tomato'] as const;
const BATCHES = ['b1', 'b2', 'b3', 'b4'] as const;

const amount = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 1_000_000 })).map(Quantity.of);
/** Expired, expiring at this very moment, usable, and never expiring. */
const expiry = fc.constantFrom(NOW - 1, NOW, NOW + 1, NOW + 2, null);

const batch = fc.record({
  stockItemId: fc.constantFrom(...ITEMS),
  batchId: fc.constantFrom(...BATCHES),
  lot: fc.constant(null),
  expiresAt: expiry,
  shelf: amount,
  held: amount,
});

/** Batches of some items in no order; a batch of an item stands once. */
export const balances: fc.Arbitrary<readonly Balance[]> = fc.uniqueArray(batch, {
  selector: ({ stockItemId, batchId }) => `${stockItemId}/${batchId}`,
  maxLength: 16,
  size: 'max',
});

/** Batches, and a demand that takes a share of what there is of some items, so that it is met and runs over several batches. */
export const meetable = fc
  .tuple(balances, fc.uniqueArray(fc.tuple(fc.constantFrom(...ITEMS), fc.integer({ min: 1, max: 1_000 })), { selector: ([id]) => id, minLength: 1 }))
  .map(([rows, shares]) => ({
    rows,
    wanted: shares.map(([stockItemId, permille]) => {
      const there = Balance.available(
        rows.filter((row) => row.stockItemId === stockItemId),
        NOW,
      );
      return { stockItemId, quantity: Math.ceil((there * permille) / 1_000) };
    }),
  }));

/** May ask for an item twice, for nothing of it, and for one that is not stocked. */
export const demand: fc.Arbitrary<Demand> = fc.array(
  fc.record({
    stockItemId: fc.constantFrom(...ITEMS, 'saffron'),
    quantity: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 1_500_000 })),
  }),
  { maxLength: 6 },
);

export const recipeLines: fc.Arbitrary<readonly RecipeLine[]> = fc.uniqueArray(
  fc.record({ stockItemId: fc.constantFrom(...ITEMS), quantity: fc.integer({ min: 1, max: 5_000 }).map(Quantity.of) }),
  { selector: ({ stockItemId }) => stockItemId, maxLength: 4 },
);
export const SELLABLES = ['thali', 'dosa', 'lassi'] as const;
export const recipes = fc
  .tuple(...SELLABLES.map(() => recipeLines))
  .map((lines) => new Map(SELLABLES.map((sellableId, i) => [sellableId as string, lines[i] ?? []])));
/** Some of what can be ordered, and something that has no recipe. */
export const portions = fc.array(fc.record({ sellableId: fc.constantFrom(...SELLABLES, 'water'), quantity: fc.integer({ min: 1, max: 9 }) }), {
  maxLength: 8,
});

export const sumOf = (rows: readonly { readonly stockItemId: string; readonly quantity: number }[]): Record<string, number> => {
  const sums: Record<string, number> = {};
  for (const { stockItemId, quantity } of rows) sums[stockItemId] = (sums[stockItemId] ?? 0) + quantity;
  return sums;
};
