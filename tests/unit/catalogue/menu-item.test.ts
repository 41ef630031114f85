import { describe, expect, it } from 'vitest';
import { ALLERGENS } from '#domain/catalogue/labels.ts';
import { MenuItem, type MenuItemFacts } from '#domain/catalogue/menu-item.ts';
import { MINOR_MAX, type Minor, Money } from '#domain/shared/money.ts';
import { err } from '#domain/shared/result.ts';
import { must } from '../../support/must.ts';

const facts = (changes: Partial<MenuItemFacts> = {}): MenuItemFacts => ({
  categoryId: 'c',
  name: 'Dosa',
  description: '',
  price: Money.of(12_900),
  taxClass: 'food',
  diet: 'veg',
  tags: ['jain'],
  allergens: ['mustard'],
  hours: null,
  groupIds: ['g'],
  position: 0,
  ...changes,
});
const add = (changes: Partial<MenuItemFacts>) => MenuItem.add({ id: 'i', restaurantId: 'r', facts: facts(changes) }, ['food'], 1);
const malformed = (field: string, why: string) => err({ code: 'catalogue.item_malformed', field, why });

describe('a menu item', () => {
  it.each<[string, Partial<MenuItemFacts>, ReturnType<typeof malformed>]>([
    ['no name', { name: ' ' }, malformed('name', 'missing')],
    ['a name over 120 characters', { name: 'x'.repeat(121) }, malformed('name', 'too_long')],
    ['a name of two lines', { name: 'a\nb' }, malformed('name', 'malformed')],
    ['a description over 2000 characters', { description: 'x'.repeat(2_001) }, malformed('description', 'too_long')],
    ['NUL in the description', { description: 'a\0b' }, malformed('description', 'malformed')],
    ['a negative price', { price: -1 as Minor }, malformed('price', 'out_of_range')],
    ['half a paisa', { price: 0.5 as Minor }, malformed('price', 'out_of_range')],
    ['a price over the most', { price: (MINOR_MAX + 1) as Minor }, malformed('price', 'out_of_range')],
    ['a diet nobody knows', { diet: 'pescatarian' as 'veg' }, malformed('diet', 'unknown')],
    ['a tag nobody knows', { tags: ['tasty' as 'jain'] }, malformed('tags', 'unknown')],
    ['a tag twice', { tags: ['jain', 'jain'] }, malformed('tags', 'duplicate')],
    ['an allergen nobody knows', { allergens: ['pollen' as 'milk'] }, malformed('allergens', 'unknown')],
    ['21 groups', { groupIds: Array.from({ length: 21 }, (_, i) => `g${i}`) }, malformed('groupIds', 'too_long')],
    ['a group twice', { groupIds: ['g', 'g'] }, malformed('groupIds', 'duplicate')],
    ['a position before the first', { position: -1 }, malformed('position', 'out_of_range')],
    ['a position over the most', { position: 100_001 }, malformed('position', 'out_of_range')],
  ])('refuses %s', (_, changes, refusal) => {
    expect(add(changes)).toEqual(refusal);
  });

  it('takes what is just within its bounds', () => {
    const most = { name: 'x'.repeat(120), description: 'y'.repeat(2_000), price: Money.of(MINOR_MAX), allergens: ALLERGENS, position: 100_000 };
    expect(must(add({ ...most, groupIds: Array.from({ length: 20 }, (_, i) => `g${i}`) })).state).toMatchObject(most);
    expect(add({ price: Money.zero, diet: null, tags: [], allergens: [], hours: [] }).ok).toBe(true);
    expect(ALLERGENS).toHaveLength(14);
  });

  it('refuses hours that are no hours', () => {
    expect(add({ hours: [{ day: 1, from: '24:00', to: '02:00' }] })).toEqual(err({ code: 'catalogue.hours_malformed', index: 0 }));
  });

  it('knows the tax classes of its restaurant, and none', () => {
    for (const taxClass of ['', 'none', 'food']) expect(add({ taxClass }).ok).toBe(true);
    expect(add({ taxClass: 'luxury' })).toEqual(err({ code: 'catalogue.tax_class_unknown', taxClass: 'luxury', known: ['food'] }));
  });

  it('may be corrected although its tax class was dropped, but not be given that class', () => {
    const item = { ...must(add({})).state, version: 1 };
    expect(MenuItem.change(item, { name: 'Dosai' }, [], 1, 2).ok).toBe(true);
    expect(MenuItem.change(item, { taxClass: 'food' }, [], 1, 2)).toMatchObject(err({ code: 'catalogue.tax_class_unknown' }));
    expect(MenuItem.change(item, { name: 'Dosai' }, [], 2, 2)).toEqual(err({ code: 'catalogue.changed_meanwhile', version: 1 }));
  });

  it('is counted down only with a whole number of portions from 0 to 10000', () => {
    const item = must(add({})).state;
    const refused = err({ code: 'catalogue.quantity_malformed', limit: 10_000 });
    for (const quantity of [0, 10_000]) expect(MenuItem.setAvailability(item, 'quantity', quantity, 1).ok).toBe(true);
    for (const quantity of [-1, 10_001, 1.5, Number.NaN, null]) expect(MenuItem.setAvailability(item, 'quantity', quantity, 1)).toEqual(refused);
    for (const state of ['in_stock', 'out_of_stock'] as const) expect(MenuItem.setAvailability(item, state, 0, 1)).toEqual(refused);
  });
});
