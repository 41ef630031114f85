import { describe, expect, it } from 'vitest';
import { Standing, type StockOf } from '#domain/catalogue/availability.ts';
import type { AvailabilityState, MenuItem } from '#domain/catalogue/menu-item.ts';
import { ModifierGroup } from '#domain/catalogue/modifier-group.ts';
import { Money } from '#domain/shared/money.ts';
import { must } from '../../support/must.ts';

const PANEER = { stockItemId: 's1', name: 'Paneer', unit: 'kg', available: 0.1, needed: 0.15 };
const FLOUR = { stockItemId: 's2', name: 'Flour', unit: 'kg', available: 0, needed: 0.05 };

const option = (name: string, max = 1) => ({ id: undefined, newId: name, name, price: Money.zero, max, isOutOfStock: undefined });
const bread = (min: number) =>
  must(ModifierGroup.add('bread', 'r', { name: 'Bread', min, max: 2, options: [option('roti', 2), option('naan')] }, 1)).state;
const item = (state: AvailabilityState, groupIds: readonly string[] = []) => ({ id: 'thali', groupIds, availability: { state } }) as MenuItem;
const stock = (...left: [string, number, typeof PANEER?][]): StockOf =>
  new Map(left.map(([id, portions, limitedBy = PANEER]) => [id, { portions, limitedBy }]));

describe('what is left of an item', () => {
  it('is what people said while nothing counts it', () => {
    expect(Standing.ofItem(item('in_stock'), new Map(), new Map())).toEqual({ state: 'in_stock', portions: null, limitedBy: null });
    expect(Standing.ofItem(item('quantity'), new Map(), new Map())).toEqual({ state: 'quantity', portions: null, limitedBy: null });
    expect(Standing.ofItem(item('out_of_stock'), new Map(), stock(['thali', 9]))).toEqual({ state: 'out_of_stock', portions: 0, limitedBy: null });
  });

  it('goes by itself when the recipe cannot make one, and comes back by itself', () => {
    expect(Standing.ofItem(item('in_stock'), new Map(), stock(['thali', 0]))).toEqual({ state: 'out_of_stock', portions: 0, limitedBy: PANEER });
    expect(Standing.ofItem(item('quantity'), new Map(), stock(['thali', 0]))).toMatchObject({ state: 'out_of_stock' });
    expect(Standing.ofItem(item('in_stock'), new Map(), stock(['thali', 1]))).toEqual({ state: 'in_stock', portions: 1, limitedBy: PANEER });
    expect(Standing.ofItem(item('quantity'), new Map(), stock(['thali', 3]))).toEqual({ state: 'quantity', portions: 3, limitedBy: PANEER });
  });

  it('is nothing while a required choice cannot be made', () => {
    const groups = (min: number) => new Map([['bread', bread(min)]]);
    const withBread = item('in_stock', ['bread']);
    const noBread = stock(['roti', 0, FLOUR], ['naan', 0, FLOUR]);
    expect(Standing.ofItem(withBread, groups(1), noBread)).toEqual({ state: 'out_of_stock', portions: 0, limitedBy: FLOUR });
    expect(Standing.ofItem(withBread, groups(0), noBread)).toMatchObject({ state: 'in_stock' });
    expect(Standing.ofItem(withBread, groups(1), stock(['roti', 0, FLOUR]))).toMatchObject({ state: 'in_stock' });
    // Two are required, and of what is left only one can be had.
    expect(Standing.ofItem(withBread, groups(2), stock(['roti', 1, FLOUR], ['naan', 0, FLOUR]))).toMatchObject({ state: 'out_of_stock' });
    expect(Standing.ofItem(withBread, groups(2), stock(['roti', 2, FLOUR], ['naan', 0, FLOUR]))).toMatchObject({ state: 'in_stock' });

    const byHand = must(
      ModifierGroup.setOptionAvailability(must(ModifierGroup.setOptionAvailability(bread(1), 'roti', true, 1)).state, 'naan', true, 1),
    ).state;
    expect(Standing.ofItem(withBread, new Map([['bread', byHand]]), new Map())).toEqual({ state: 'out_of_stock', portions: 0, limitedBy: null });
  });
});
