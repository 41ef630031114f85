import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, total } from '#domain/inventory/allocation.ts';
import { Balance } from '#domain/inventory/balance.ts';
import { explode, portionsOf } from '#domain/inventory/recipe.ts';
import { Quantity } from '#domain/shared/quantity.ts';
import { balances, demand, meetable, NOW, portions, recipeLines, recipes, sumOf } from '../../support/arbitraries/inventory.ts';

const keyOf = ({ stockItemId, batchId }: { stockItemId: string; batchId: string }): string => `${stockItemId}/${batchId}`;
const availableOf = (rows: readonly Balance[], id: string): number =>
  rows.reduce((sum, { stockItemId, expiresAt, shelf }) => sum + (stockItemId === id && (expiresAt === null || expiresAt > NOW) ? shelf : 0), 0);

describe('an allocation', () => {
  it('meets the whole demand or takes nothing, and says exactly what is short', () => {
    let [met, refused] = [0, 0];
    fc.assert(
      fc.property(balances, demand, (rows, wanted) => {
        const sums = Object.entries(sumOf(wanted)).filter(([, quantity]) => quantity > 0);
        const short = sums.filter(([id, quantity]) => quantity > availableOf(rows, id));
        const result = allocate(wanted, rows, NOW);
        if (result.ok) {
          met++;
          expect(short).toEqual([]);
          expect(sumOf(result.value)).toEqual(Object.fromEntries(sums));
          return;
        }
        refused++;
        expect(Object.fromEntries(result.error.map(({ stockItemId, needed, available }) => [stockItemId, [needed, available]]))).toEqual(
          Object.fromEntries(short.map(([id, quantity]) => [id, [quantity, availableOf(rows, id)]])),
        );
      }),
      { numRuns: 2_000 },
    );
    expect(Math.min(met, refused)).toBeGreaterThan(200); // or the generators have gone one-sided
  });

  it('never takes more of a batch than is on its shelf, nor from a batch that has expired, nor a batch twice', () => {
    fc.assert(
      fc.property(balances, demand, (rows, wanted) => {
        const result = allocate(wanted, rows, NOW);
        if (!result.ok) return;
        const byKey = new Map(rows.map((row) => [keyOf(row), row]));
        expect(new Set(result.value.map(keyOf)).size).toBe(result.value.length);
        for (const line of result.value) {
          const from = byKey.get(keyOf(line));
          expect(from?.expiresAt ?? Infinity).toBeGreaterThan(NOW);
          expect(line.quantity).toBeGreaterThan(0);
          expect(line.quantity).toBeLessThanOrEqual(from?.shelf ?? 0);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('never touches a batch while one that expires before it has anything left', () => {
    let several = 0;
    fc.assert(
      fc.property(meetable, ({ rows, wanted }) => {
        const result = allocate(wanted, rows, NOW);
        if (!result.ok) throw new Error('what is there can be had');
        const taken = new Map(result.value.map((line) => [keyOf(line), line.quantity as number]));
        for (const later of rows.filter((row) => taken.has(keyOf(row)))) {
          const earlier = rows.filter(
            (row) =>
              row.stockItemId === later.stockItemId && Balance.isUsable(row, NOW) && (row.expiresAt ?? Infinity) < (later.expiresAt ?? Infinity),
          );
          if (earlier.some(({ shelf }) => shelf > 0)) several++;
          for (const row of earlier) expect(taken.get(keyOf(row)) ?? 0).toBe(row.shelf);
        }
      }),
      { numRuns: 2_000 },
    );
    expect(several).toBeGreaterThan(200);
  });

  it('does not depend on the order in which batches and demand are given', () => {
    fc.assert(
      fc.property(balances, demand, (rows, wanted) => {
        expect(allocate(wanted.toReversed(), rows.toReversed(), NOW)).toEqual(allocate(wanted, rows, NOW));
      }),
    );
  });
});

describe('a demand', () => {
  it('names each item once, in order, with the sum of what was wanted', () => {
    fc.assert(
      fc.property(demand, (wanted) => {
        const totals = total(wanted);
        const ids = totals.map(({ stockItemId }) => stockItemId);
        expect(ids).toEqual([...new Set(ids)].sort());
        expect(sumOf(totals)).toEqual(Object.fromEntries(Object.entries(sumOf(wanted)).filter(([, quantity]) => quantity > 0)));
      }),
    );
  });

  it('stays a number, and stays short, however absurd the recipe', () => {
    const absurd = Array.from({ length: 100 }, () => ({ stockItemId: 'rice', quantity: 1e15 }));
    expect(Number.isSafeInteger(total(absurd)[0]?.quantity)).toBe(true);
    expect(allocate(absurd, [{ ...Balance.undated('rice'), shelf: Quantity.of(1e12), held: Quantity.zero }], NOW).ok).toBe(false);
  });
});

describe('portions', () => {
  it('explode into the sum of their recipes', () => {
    fc.assert(
      fc.property(recipes, portions, (book, asked) => {
        const expected: Record<string, number> = {};
        for (const { sellableId, quantity } of asked) {
          for (const line of book.get(sellableId) ?? []) expected[line.stockItemId] = (expected[line.stockItemId] ?? 0) + line.quantity * quantity;
        }
        const exploded = explode(book, asked);
        expect(sumOf(exploded)).toEqual(expected);
        expect(new Set(exploded.map(({ stockItemId }) => stockItemId)).size).toBe(exploded.length);
      }),
    );
  });

  it('are as many as can be allocated, and not one more, for want of the ingredient that is named', () => {
    fc.assert(
      fc.property(balances, recipeLines, (rows, lines) => {
        const available = new Map(lines.map(({ stockItemId }) => [stockItemId, Quantity.of(availableOf(rows, stockItemId))]));
        const left = portionsOf(lines, available);
        if (!left) {
          expect(lines).toEqual([]);
          return;
        }
        const wanted = (portionCount: number) => explode(new Map([['thali', lines]]), [{ sellableId: 'thali', quantity: portionCount }]);
        expect(allocate(wanted(left.portions), rows, NOW).ok).toBe(true);
        const oneMore = allocate(wanted(left.portions + 1), rows, NOW);
        expect(oneMore.ok ? [] : oneMore.error.map(({ stockItemId }) => stockItemId)).toContain(left.stockItemId);
        expect(left.available).toBe(available.get(left.stockItemId));
      }),
      { numRuns: 1_000 },
    );
  });
});
