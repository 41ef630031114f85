import { describe, expect, it } from 'vitest';
import { levelOf, StockAlert } from '#domain/inventory/alert.ts';
import { BATCHES_MAX, type Balance, STOCK_MAX } from '#domain/inventory/balance.ts';
import { Movement } from '#domain/inventory/movement.ts';
import { RECIPE_LINES_MAX, Recipe } from '#domain/inventory/recipe.ts';
import { StockItem } from '#domain/inventory/stock-item.ts';
import { Stockroom } from '#domain/inventory/stockroom.ts';
import { QUANTITY_MAX, Quantity } from '#domain/shared/quantity.ts';

const NOW = 1_000;
const kg = (quantity: number) => Quantity.of(Math.round(quantity * 1_000));
const rice = StockItem.add({ restaurantId: 'r', id: 'rice', name: 'Rice', unit: 'kg', lowStockThreshold: kg(2) }, NOW).state;
const balance = (batchId: string, shelf: number, expiresAt: number | null = null, held = 0): Balance => ({
  stockItemId: 'rice',
  batchId,
  lot: batchId === 'rice' ? null : batchId,
  expiresAt,
  shelf: kg(shelf),
  held: kg(held),
});
const standing = (...balances: readonly Balance[]) => ({ item: rice, balances, documentId: 'd', reason: null, at: NOW });
const delivery = { quantity: kg(1), lot: null, expiresAt: null, newBatchId: 'new' };

describe('a receipt', () => {
  it.each([
    ['nothing special joins the undated batch', {}, 'rice'],
    ['a lot of its own is a batch of its own', { lot: 'x' }, 'new'],
    ['an expiry of its own is a batch of its own', { expiresAt: NOW + 1 }, 'new'],
    ['the same lot and expiry join the batch that is there', { lot: 'a', expiresAt: 2_000 }, 'a'],
    ['the same lot with another expiry is another batch', { lot: 'a', expiresAt: 2_001 }, 'new'],
    ['the same expiry with another lot is another batch', { lot: 'b', expiresAt: 2_000 }, 'new'],
  ])('of %s', (_, changes, batchId) => {
    const received = Stockroom.receive(standing(balance('rice', 0), balance('a', 1, 2_000)), { ...delivery, ...changes });
    expect(received).toMatchObject({
      ok: true,
      value: { state: { from: 'supplier', to: 'shelf', lines: [{ batchId, quantity: 1_000 }], opens: [{ batchId }] } },
    });
  });

  it.each([NOW - 1, NOW])('of what expires at %i is refused', (expiresAt) => {
    expect(Stockroom.receive(standing(), { ...delivery, expiresAt })).toEqual({
      ok: false,
      error: { code: 'inventory.already_expired', stockItemId: 'rice' },
    });
  });

  it('fills a stockroom to its limit, and not beyond', () => {
    const full = { ...balance('rice', 0), shelf: Quantity.of(STOCK_MAX - QUANTITY_MAX), held: Quantity.zero };
    expect(Stockroom.receive(standing(full), { ...delivery, quantity: Quantity.of(QUANTITY_MAX) })).toMatchObject({ ok: true });
    const held = { ...full, held: Quantity.of(1) };
    expect(Stockroom.receive(standing(held), { ...delivery, quantity: Quantity.of(QUANTITY_MAX) })).toEqual({
      ok: false,
      error: { code: 'inventory.too_much_stock', limit: 1_000_000_000, unit: 'kg' },
    });
  });

  it('opens batches up to their limit, and used up ones do not count', () => {
    const batches = Array.from({ length: BATCHES_MAX - 2 }, (_, i) => balance(`b${i}`, 1));
    const lot = { ...delivery, lot: 'x' };
    expect(Stockroom.receive(standing(balance('rice', 0), ...batches, balance('old', 0)), lot)).toMatchObject({ ok: true });
    expect(Stockroom.receive(standing(balance('rice', 0), ...batches, balance('last', 0, null, 1)), lot)).toMatchObject({
      error: { limit: BATCHES_MAX },
    });
  });
});

describe('a count', () => {
  const count = (counted: number, batchId?: string, ...balances: readonly Balance[]) => {
    const result = Stockroom.count(standing(...balances), kg(counted), batchId);
    return result.ok ? [result.value.state.from, ...result.value.state.lines.map((line) => [line.batchId, line.quantity / 1_000])] : result.error;
  };

  it('takes what is missing off what expires first, the expired before all', () => {
    expect(count(4, undefined, balance('rice', 2), balance('good', 2, 3_000), balance('bad', 2, 500))).toEqual(['shelf', ['bad', 2]]);
    expect(count(1, undefined, balance('rice', 2), balance('good', 2, 3_000), balance('bad', 2, 500))).toEqual([
      'shelf',
      ['bad', 2],
      ['good', 2],
      ['rice', 1],
    ]);
  });

  it('puts what is too much where it must be used soonest and still may be', () => {
    expect(count(9, undefined, balance('rice', 2), balance('good', 2, 3_000), balance('bad', 2, 500))).toEqual(['count', ['good', 3]]);
    expect(count(9, undefined, balance('rice', 2), balance('used up', 0, 2_000), balance('bad', 2, 500))).toEqual(['count', ['rice', 5]]);
    expect(count(9, 'bad', balance('rice', 2), balance('bad', 2, 500))).toEqual(['count', ['bad', 7]]);
  });

  it('may agree, may find just what is held, and no less', () => {
    expect(count(3, undefined, balance('rice', 2, null, 1))).toEqual(['shelf']);
    expect(count(1, undefined, balance('rice', 2, null, 1))).toEqual(['shelf', ['rice', 2]]);
    expect(count(0.999, undefined, balance('rice', 2, null, 1))).toMatchObject({
      code: 'inventory.count_below_held',
      counted: 0.999,
      held: 1,
      unit: 'kg',
    });
    expect(count(1, 'gone', balance('rice', 2))).toEqual({ code: 'inventory.batch_not_found', batchId: 'gone' });
  });
});

describe('a transfer', () => {
  it('takes what expires first, keeps batches what they are, and leaves the expired behind', () => {
    const there = {
      ...standing({ ...balance('basmati', 0), stockItemId: 'basmati' }),
      item: { ...rice, id: 'basmati', restaurantId: 's' },
      documentId: 'e',
    };
    const moved = Stockroom.transfer(standing(balance('rice', 2), balance('good', 1, 3_000), balance('bad', 9, 500)), there, kg(2));
    expect(moved).toMatchObject({
      ok: true,
      value: [
        { state: { restaurantId: 'r', documentId: 'd', from: 'shelf', to: 'transfer', opens: [] } },
        {
          state: {
            restaurantId: 's',
            documentId: 'e',
            from: 'transfer',
            to: 'shelf',
            lines: [
              { stockItemId: 'basmati', batchId: 'good', quantity: 1_000 },
              { stockItemId: 'basmati', batchId: 'basmati', quantity: 1_000 },
            ],
            opens: [
              { lot: 'good', expiresAt: 3_000 },
              { lot: null, expiresAt: null },
            ],
          },
        },
      ],
    });
    expect(Stockroom.transfer(standing(balance('rice', 2), balance('bad', 9, 500)), there, kg(2.001))).toMatchObject({
      error: { needed: 2.001, available: 2 },
    });
  });
});

describe('a recipe', () => {
  const lines = (n: number, quantity = 1) => Array.from({ length: n }, (_, i) => ({ stockItemId: `i${i}`, quantity: Quantity.of(quantity) }));
  const blank = Recipe.blank('r', 'thali');

  it.each([
    [RECIPE_LINES_MAX, 1, true],
    [RECIPE_LINES_MAX + 1, 1, false],
    [1, QUANTITY_MAX, true],
    [1, QUANTITY_MAX + 1, false],
    [1, 0, false],
    [0, 1, true],
  ])('of %i lines of %i is allowed: %s', (n, quantity, isAllowed) => {
    expect(Recipe.write(blank, lines(n, quantity), undefined, NOW).ok).toBe(isAllowed);
  });

  it('keeps counting down while its ingredients change, and takes one portion of itself', () => {
    const counting = Recipe.countDown(blank, true, NOW).state;
    const written = Recipe.write(counting, lines(1), undefined, NOW);
    expect(written.ok && Recipe.ingredients(written.value.state)).toEqual([
      { stockItemId: 'i0', quantity: 1 },
      { stockItemId: 'thali', quantity: 1_000 },
    ]);
    expect(Recipe.ingredients(Recipe.countDown(counting, false, NOW).state)).toEqual([]);
  });
});

describe('a level', () => {
  it.each([
    [3, 2, 'ok'],
    [2, 2, 'low'],
    [1, 2, 'low'],
    [0, 2, 'out'],
    [1, 0, 'ok'],
    [0, 0, 'out'],
  ])('of %i with a threshold of %i is %s', (available, threshold, level) => {
    expect(levelOf(available, threshold)).toBe(level);
  });

  it('is told of when it is crossed, and only then', () => {
    const reading = { restaurantId: 'r', stockItemId: 'rice', name: 'Rice', unit: 'kg', available: kg(1), threshold: kg(2), isCounted: true };
    const low = StockAlert.cross(undefined, reading, NOW);
    expect(low).toMatchObject({ state: { level: 'low', version: 0 }, events: [{ type: 'inventory.stock_low', was: 'ok' }] });
    const before = { restaurantId: 'r', stockItemId: 'rice', level: 'low' as const, version: 1 };
    expect(StockAlert.cross(before, reading, NOW)).toBeUndefined();
    expect(StockAlert.cross(before, { ...reading, available: kg(0) }, NOW)?.events).toMatchObject([{ type: 'inventory.stock_out', was: 'low' }]);
    expect(StockAlert.cross(before, { ...reading, available: kg(0), isCounted: false }, NOW)?.events).toMatchObject([
      { type: 'inventory.stock_recovered' },
    ]);
    expect(StockAlert.cross(undefined, { ...reading, available: kg(9) }, NOW)).toBeUndefined();
  });
});

describe('a movement', () => {
  const movement = {
    restaurantId: 'r',
    documentId: 'd',
    kind: 'waste' as const,
    from: 'shelf' as const,
    to: 'waste' as const,
    reason: null,
    at: NOW,
  };
  const line = { stockItemId: 'rice', batchId: 'rice', quantity: kg(1) };

  it('takes what is there, and nothing when any of it is not', () => {
    const stocked = [balance('rice', 1), balance('a', 1)];
    expect(Movement.apply(stocked, { ...movement, lines: [line] })).toMatchObject([
      { batchId: 'rice', shelf: 0 },
      { batchId: 'a', shelf: 1_000 },
    ]);
    expect(Movement.apply(stocked, { ...movement, lines: [line, { ...line, batchId: 'a', quantity: kg(1.001) }] })).toBeUndefined();
    expect(Movement.apply(stocked, { ...movement, lines: [{ ...line, batchId: 'unknown' }] })).toBeUndefined();
  });

  it.each([
    ['goes nowhere', { to: 'shelf' as const, lines: [line] }],
    ['moves nothing', { lines: [{ ...line, quantity: Quantity.zero }] }],
    ['names a batch twice', { lines: [line, line] }],
  ])('that %s is a bug', (fault, changes) => {
    expect(() => Movement.check({ ...movement, ...changes })).toThrow(fault);
  });
});
