import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Standing } from '#domain/catalogue/availability.ts';
import type { MenuItem } from '#domain/catalogue/menu-item.ts';
import { ModifierGroup } from '#domain/catalogue/modifier-group.ts';
import { Money } from '#domain/shared/money.ts';

const option = fc.record({
  price: fc.integer({ min: 0, max: 100_000 }).map(Money.of),
  max: fc.integer({ min: 0, max: 4 }),
  isOutOfStock: fc.boolean(),
});
const draft = fc.record({
  min: fc.integer({ min: -1, max: 6 }),
  max: fc.integer({ min: -1, max: 9 }),
  options: fc.array(option, { maxLength: 4 }).map((all) => all.map((one, i) => ({ ...one, id: undefined, newId: `o${i}`, name: `Option ${i}` }))),
});

/** Every number of choices that some selection reaches, tried out one by one. */
function reached(most: readonly number[]): ReadonlySet<number> {
  const [first, ...rest] = most;
  if (first === undefined) return new Set([0]);
  const others = reached(rest);
  return new Set(Array.from({ length: first + 1 }, (_, taken) => [...others].map((other) => taken + other)).flat());
}

it('a group is taken exactly when its bounds are bounds and some selection reaches each number between them', () => {
  let taken = 0;
  fc.assert(
    fc.property(draft, ({ min, max, options }) => {
      const added = ModifierGroup.add('g', 'r', { name: 'Extras', min, max, options }, 1);
      const numbers = reached(options.map((one) => one.max));
      const between = Array.from({ length: Math.max(0, max - min + 1) }, (_, i) => min + i);
      const isSound =
        min >= 0 && max >= 1 && min <= max && options.length > 0 && options.every((one) => one.max >= 1) && between.every((n) => numbers.has(n));
      expect(added.ok).toBe(isSound);
      if (!added.ok) return;
      taken += 1;
      const { state, events } = added.value;
      expect(ModifierGroup.check(state)).toBe(state);
      expect(events).toMatchObject([{ type: 'catalogue.modifier_group_added', group: { min, max, options: state.options } }]);
    }),
    { numRuns: 2_000 },
  );
  expect(taken).toBeGreaterThan(100); // or the generator says nothing about groups that are taken
});

it('an item with a group is out of stock exactly when no selection of what is left reaches what is required', () => {
  const left = fc.array(fc.option(fc.integer({ min: 0, max: 3 })), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(draft, left, ({ min, max, options }, portions) => {
      const added = ModifierGroup.add('g', 'r', { name: 'Extras', min, max, options }, 1);
      fc.pre(added.ok);
      if (!added.ok) return;
      const group = added.value.state;
      const stock = new Map(portions.flatMap((count, i) => (count === null ? [] : [[`o${i}`, { portions: count, limitedBy: null }]])));
      const numbers = reached(group.options.map((one, i) => (one.isOutOfStock ? 0 : Math.min(one.max, portions[i] ?? one.max))));
      const item = { id: 'i', groupIds: ['g'], availability: { state: 'in_stock' } } as unknown as MenuItem;
      const { state } = Standing.ofItem(item, new Map([['g', group]]), stock);
      expect(state).toBe([...numbers].some((n) => n >= min && n <= max) ? 'in_stock' : 'out_of_stock');
    }),
    { numRuns: 1_000 },
  );
});
