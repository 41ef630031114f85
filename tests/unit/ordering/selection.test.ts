import { describe, expect, it } from 'vitest';
import { LINES_MAX, QUANTITY_MAX } from '#domain/ordering/order.ts';
import { type AskedLine, choose, type Offer } from '#domain/ordering/selection.ts';
import { Money } from '#domain/shared/money.ts';
import { AROUND_THE_CLOCK } from '#domain/shared/weekly-hours.ts';

const AT = Date.parse('2026-11-21T10:30:00Z'); // A Saturday, 16:00 in Kolkata.
const option = (optionId: string, max = 1, isOutOfStock = false) => ({ optionId, name: optionId, price: Money.of(500), isOutOfStock, max });
const dosa: Offer = {
  itemId: 'dosa',
  name: 'Masala Dosa',
  price: Money.of(12_900),
  taxClass: 'food',
  isOutOfStock: false,
  hours: [AROUND_THE_CLOCK],
  groups: [
    { groupId: 'size', name: 'Size', min: 1, max: 1, options: [option('regular'), option('large'), option('huge', 1, true)] },
    { groupId: 'extras', name: 'Extras', min: 0, max: 3, options: [option('ghee', 2), option('podi', 2)] },
  ],
};
const OFFERS = new Map([
  ['dosa', dosa],
  ['gone', { ...dosa, itemId: 'gone', isOutOfStock: true }],
  ['breakfast', { ...dosa, itemId: 'breakfast', hours: [AROUND_THE_CLOCK, [{ day: 6 as const, from: '07:00', to: '11:00' }]] }],
]);
const regular = { optionId: 'regular', quantity: 1 };
const asked = (changes: Partial<AskedLine> = {}): AskedLine => ({ itemId: 'dosa', quantity: 1, modifiers: [regular], note: null, ...changes });
const refusal = (lines: readonly AskedLine[]): string | undefined => {
  const chosen = choose(lines, OFFERS, 'Asia/Kolkata', AT);
  return chosen.ok ? undefined : chosen.error.code;
};

it('takes names and prices from the offer', () => {
  const chosen = choose([asked({ quantity: 2, modifiers: [regular, { optionId: 'ghee', quantity: 2 }], note: 'hot' })], OFFERS, 'Asia/Kolkata', AT);
  expect(chosen).toEqual({
    ok: true,
    value: [
      {
        itemId: 'dosa',
        name: 'Masala Dosa',
        quantity: 2,
        unitPrice: 12_900,
        taxClass: 'food',
        note: 'hot',
        modifiers: [
          { optionId: 'regular', name: 'regular', quantity: 1, unitPrice: 500 },
          { optionId: 'ghee', name: 'ghee', quantity: 2, unitPrice: 500 },
        ],
      },
    ],
  });
});

describe('refuses', () => {
  it.each<[string, readonly AskedLine[], string | undefined]>([
    ['no lines', [], 'ordering.empty_order'],
    ['one line too many', Array.from({ length: LINES_MAX + 1 }, () => asked()), 'ordering.too_many_lines'],
    ['as many lines as may be', Array.from({ length: LINES_MAX }, () => asked()), undefined],
    ['none of something', [asked({ quantity: 0 })], 'ordering.bad_quantity'],
    ['less than none', [asked({ quantity: -1 })], 'ordering.bad_quantity'],
    ['half of something', [asked({ quantity: 1.5 })], 'ordering.bad_quantity'],
    ['the most there may be', [asked({ quantity: QUANTITY_MAX })], undefined],
    ['more than there may be', [asked({ quantity: QUANTITY_MAX + 1 })], 'ordering.bad_quantity'],
    ['a modifier in a quantity that is none', [asked({ modifiers: [{ optionId: 'regular', quantity: 0 }] })], 'ordering.bad_quantity'],
    ['what is not on the menu', [asked({ itemId: 'pizza' })], 'ordering.item_not_found'],
    ['what has run out', [asked({ itemId: 'gone' })], 'ordering.item_unavailable'],
    ['what is not served now', [asked({ itemId: 'breakfast' })], 'ordering.item_unavailable'],
    ['a line without its required choice', [asked({ modifiers: [] })], 'ordering.modifier_missing'],
    ['two where one is allowed', [asked({ modifiers: [regular, { optionId: 'large', quantity: 1 }] })], 'ordering.too_many_modifiers'],
    ['too many of one option', [asked({ modifiers: [regular, { optionId: 'ghee', quantity: 3 }] })], 'ordering.option_repeated'],
    ['the same option twice beyond its limit', [asked({ modifiers: [regular, regular] })], 'ordering.option_repeated'],
    [
      'more of a group than it takes',
      [asked({ modifiers: [regular, { optionId: 'ghee', quantity: 2 }, { optionId: 'podi', quantity: 2 }] })],
      'ordering.too_many_modifiers',
    ],
    ['an option that has run out', [asked({ modifiers: [{ optionId: 'huge', quantity: 1 }] })], 'ordering.option_unavailable'],
    ["another item's option", [asked({ modifiers: [regular, { optionId: 'cheese', quantity: 1 }] })], 'ordering.option_not_found'],
  ])('%s', (_what, lines, code) => {
    expect(refusal(lines)).toBe(code);
  });
});
