import { describe, expect, it } from 'vitest';
import { type GroupDraft, ModifierGroup, type OptionDraft } from '#domain/catalogue/modifier-group.ts';
import { MINOR_MAX, type Minor, Money } from '#domain/shared/money.ts';
import { err } from '#domain/shared/result.ts';
import { must } from '../../support/must.ts';

const option = (name: string, changes: Partial<OptionDraft> = {}): OptionDraft => ({
  id: undefined,
  newId: `id-${name}`,
  name,
  price: Money.of(1_000),
  max: 1,
  isOutOfStock: undefined,
  ...changes,
});
const draft = (changes: Partial<GroupDraft> = {}): GroupDraft => ({
  name: 'Bread',
  min: 0,
  max: 2,
  options: [option('Roti'), option('Naan')],
  ...changes,
});
const add = (changes: Partial<GroupDraft>) => ModifierGroup.add('g', 'r', draft(changes), 1);
const malformed = (reason: string, index: number | null = null) => err({ code: 'catalogue.modifier_group_malformed', reason, index });
const many = (count: number) => Array.from({ length: count }, (_, i) => option(`Option ${i}`));

describe('a modifier group', () => {
  it.each<[string, Partial<GroupDraft>, ReturnType<typeof malformed>]>([
    ['an empty choice', { options: [] }, malformed('no_options')],
    ['101 options', { options: many(101) }, malformed('too_many_options')],
    ['a negative min', { min: -1 }, malformed('min_out_of_range')],
    ['half a min', { min: 0.5 }, malformed('min_out_of_range')],
    ['a max of 0', { max: 0 }, malformed('max_out_of_range')],
    ['min above max', { min: 2, max: 1 }, malformed('min_above_max')],
    ['a max its options do not reach', { max: 3 }, malformed('max_out_of_reach')],
    ['two options of one name', { options: [option('Roti'), option(' rOTI'.trim(), { newId: 'other' })] }, malformed('option_duplicate', 1)],
    ['two options of one id', { options: [option('Roti'), option('Naan', { newId: 'id-Roti' })] }, malformed('option_duplicate', 1)],
    ['a nameless option', { options: [option('Roti'), option(' ')] }, malformed('option_name_malformed', 1)],
    ['an option taken 0 times', { options: [option('Roti', { max: 0 })] }, malformed('option_max_out_of_range', 0)],
    ['an option taken 100 times', { options: [option('Roti', { max: 100 })] }, malformed('option_max_out_of_range', 0)],
    ['a negative price', { options: [option('Roti', { price: -1 as Minor })] }, malformed('option_price_out_of_range', 0)],
    ['a price over the most', { options: [option('Roti', { price: (MINOR_MAX + 1) as Minor })] }, malformed('option_price_out_of_range', 0)],
  ])('refuses %s', (_, changes, refusal) => {
    expect(add(changes)).toEqual(refusal);
  });

  it.each<[string, Partial<GroupDraft>]>([
    ['100 options', { options: many(100), max: 100 }],
    ['a max reached by taking an option again', { options: [option('Roti', { max: 3 })], min: 3, max: 3 }],
    ['an option taken 99 times, for nothing', { options: [option('Roti', { max: 99, price: Money.zero })] }],
  ])('takes %s', (_, changes) => {
    expect(must(add(changes)).state.version).toBe(0);
  });

  it('refuses a name that is no line people can read', () => {
    for (const name of ['', ' ', ' Bread', 'Bread\n', 'x'.repeat(121)])
      expect(add({ name })).toEqual(err({ code: 'catalogue.name_malformed', limit: 120 }));
    expect(add({ name: 'x'.repeat(120) }).ok).toBe(true);
  });

  it('keeps an option by its id, with what was said of it by hand', () => {
    const first = must(add({})).state;
    const [roti] = first.options;
    const out = { ...must(ModifierGroup.setOptionAvailability({ ...first, version: 1 }, 'id-Roti', true, 2)).state, version: 2 };
    const change = (options: OptionDraft[]) => ModifierGroup.change(out, { options, max: 1 }, 2, 3);

    const changed = must(change([option('Tandoori roti', { id: 'id-Roti', newId: 'n1' }), option('Kulcha', { newId: 'n2' })])).state;
    expect(changed.options).toEqual([
      { ...roti, name: 'Tandoori roti', isOutOfStock: true },
      { id: 'n2', name: 'Kulcha', price: 1_000, max: 1, isOutOfStock: false },
    ]);
    expect(must(change([option('Roti', { id: 'id-Roti', isOutOfStock: false })])).state.options[0]?.isOutOfStock).toBe(false);
    expect(change([option('Ghost', { id: 'nobody' })])).toEqual(err({ code: 'catalogue.option_not_found', optionId: 'nobody' }));
    expect(change([option('Roti', { id: 'id-Roti' }), option('Roti again', { id: 'id-Roti' })])).toEqual(malformed('option_duplicate', 1));
  });

  it('refuses a change to another version than was read', () => {
    const group = { ...must(add({})).state, version: 4 };
    expect(ModifierGroup.change(group, { name: 'Breads' }, 3, 2)).toEqual(err({ code: 'catalogue.changed_meanwhile', version: 4 }));
    expect(ModifierGroup.change(group, { name: 'Breads' }, undefined, 2).ok).toBe(true);
  });
});
