import { describe, expect, it } from 'vitest';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '#composition/demo/accounts.ts';
import { CHOICES, type Choice } from '#composition/demo/choices.ts';
import { essentialsOf } from '#composition/demo/dish.ts';
import { allergensOf, dietOf, type Ingredient, LARDER, type Takes, takesOf } from '#composition/demo/larder.ts';
import { DISHES, MENU } from '#composition/demo/menu.ts';
import { DEMO_RESTAURANT } from '#composition/demo/restaurant.ts';
import { nameKey } from '#domain/catalogue/name.ts';
import { EmailAddress } from '#domain/identity/email-address.ts';
import { PasswordPolicy } from '#domain/identity/password-policy.ts';
import { Restaurant } from '#domain/partners/restaurant.ts';
import { Quantity } from '#domain/shared/quantity.ts';

const RUPEE = 100;
const larder: readonly (readonly [string, Ingredient])[] = Object.entries(LARDER);
const choices: readonly (readonly [string, Choice])[] = Object.entries(CHOICES);
const options = choices.flatMap(([name, choice]) => choice.options.map((option) => ({ ...option, name: `${name}: ${option.name}` })));
const recipes: readonly (readonly [string, Takes])[] = [...DISHES, ...options].map(({ name, takes }) => [name, takes]);

const twins = (names: readonly string[]): readonly string[] => names.filter((name, index) => names.map(nameKey).indexOf(nameKey(name)) !== index);

describe("the demo restaurant's menu card", () => {
  it('is a whole menu', () => {
    expect(DISHES.length).toBeGreaterThanOrEqual(40);
    expect(DISHES.length).toBeLessThanOrEqual(60);
    expect(MENU.length).toBeGreaterThanOrEqual(7);
    expect(MENU.length).toBeLessThanOrEqual(9);
    expect(choices.length).toBeGreaterThanOrEqual(6);
    expect(larder.length).toBeGreaterThanOrEqual(30);
  });

  it('has no name twice, whatever course it is in', () => {
    expect(twins(DISHES.map(({ name }) => name))).toEqual([]);
    expect(twins(MENU.map(({ name }) => name))).toEqual([]);
    expect(twins(larder.map(([name]) => name))).toEqual([]);
    for (const [, choice] of choices) expect(twins(choice.options.map(({ name }) => name))).toEqual([]);
  });

  it.each(DISHES)('$name has a price of whole rupees, a description and a known tax class', ({ price, description, taxClass }) => {
    expect(price % RUPEE).toBe(0);
    expect(price).toBeGreaterThanOrEqual(20 * RUPEE);
    expect(price).toBeLessThanOrEqual(800 * RUPEE);
    expect(description.length).toBeGreaterThan(5);
    expect(description.length).toBeLessThanOrEqual(200);
    expect(Restaurant.taxRuleFor(DEMO_RESTAURANT, taxClass, 'delivery')).toBeDefined();
  });

  it('prices its options in whole rupees, less than the dearest dish', () => {
    expect(options.filter(({ price }) => price % RUPEE !== 0 || price < 0 || price > 300 * RUPEE)).toEqual([]);
  });

  it('asks for no choice twice, and uses every one there is', () => {
    for (const dish of DISHES) expect(new Set(dish.choices).size).toBe(dish.choices.length);
    expect(new Set(DISHES.flatMap((dish) => dish.choices))).toEqual(new Set(Object.keys(CHOICES)));
  });

  it('serves breakfast and the late night in their hours, and most of the card always', () => {
    const limited = MENU.flatMap(({ hours, dishes }) => dishes.filter((dish) => hours !== null || dish.hours !== null));
    expect(limited.length).toBeGreaterThan(0);
    expect(limited.length).toBeLessThan(DISHES.length / 4);
    expect(DISHES.filter(({ portions }) => portions !== null).map(({ name }) => name)).toEqual(['Maharaja Thali']);
  });
});

describe('the recipes of the demo', () => {
  it('has one for every dish', () => {
    expect(DISHES.filter(({ takes }) => takesOf(takes).length === 0)).toEqual([]);
  });

  it.each(recipes)('%s is measured exactly, and there is stock for some hundreds of it', (_name, takes) => {
    for (const [name, quantity] of takesOf(takes)) {
      expect(Quantity.parse(quantity).ok, name).toBe(true);
      expect(quantity).toBeGreaterThan(0);
      expect(LARDER[name].opening / quantity, name).toBeGreaterThanOrEqual(200);
    }
  });

  it('runs out of every dish in the end', () => {
    const endless = DISHES.filter(({ takes }) => Math.min(...takesOf(takes).map(([name, quantity]) => LARDER[name].opening / quantity)) > 800);
    expect(endless.map(({ name }) => name)).toEqual([]);
  });

  it('uses everything in the larder', () => {
    const used = new Set(recipes.flatMap(([, takes]) => Object.keys(takes)));
    expect(larder.filter(([name]) => !used.has(name)).map(([name]) => name)).toEqual([]);
  });

  it.each(larder)('%s comes in lots that can be measured, and opens well above its threshold', (_name, { opening, lowAt, keeps }) => {
    expect(Quantity.parse(opening / Math.max(1, keeps.length)).ok).toBe(true);
    expect(lowAt).toBeGreaterThan(0);
    expect(lowAt).toBeLessThan(opening / 4);
    expect([...keeps].sort((a, b) => a - b)).toEqual(keeps);
    expect([0, 2]).toContain(keeps.length);
  });

  it.each(['Milk', 'Curd', 'Paneer', 'Chicken'] as const)('keeps two lots of %s that expire', (name) => {
    expect(new Set(LARDER[name].keeps).size).toBe(2);
  });
});

describe('the marks of a dish', () => {
  const dishNamed = (name: string) => DISHES.find((dish) => dish.name === name) ?? expect.fail(`no ${name}`);
  const marksOf = (name: string) => {
    const essentials = essentialsOf(dishNamed(name));
    return { diet: dietOf(essentials), allergens: allergensOf(essentials) };
  };

  it.each([
    ['Kanda Poha', 'vegan', ['mustard', 'peanuts']],
    ['Dal Tadka', 'veg', ['milk']],
    ['Egg Bhurji Pav', 'egg', ['eggs', 'gluten', 'milk']],
    ['Chicken 65', 'non_veg', ['eggs', 'gluten', 'milk']],
    ['Goan Fish Curry', 'non_veg', ['fish']],
    ['Koliwada Prawns', 'non_veg', ['crustaceans']],
  ])('%s is %s', (name, diet, allergens) => {
    expect(marksOf(name)).toEqual({ diet, allergens });
  });

  it('counts what comes with a choice that must be made', () => {
    expect(allergensOf([dishNamed('Everyday Veg Thali').takes])).not.toContain('gluten');
    expect(marksOf('Everyday Veg Thali').allergens).toContain('gluten');
  });

  it.each([
    ['gluten_free', 'gluten'],
    ['dairy_free', 'milk'],
    ['nut_free', 'nuts'],
  ] as const)('nothing tagged %s has %s', (tag, allergen) => {
    const tagged = DISHES.filter(({ tags }) => tags.includes(tag));
    expect(tagged.filter((dish) => allergensOf(essentialsOf(dish)).includes(allergen)).map(({ name }) => name)).toEqual([]);
  });

  it('nothing satvik has onion, garlic, egg or meat', () => {
    const satvik = DISHES.filter(({ tags }) => tags.includes('satvik'));
    expect(satvik.length).toBeGreaterThan(0);
    for (const { takes } of satvik) {
      expect(Object.keys(takes)).not.toContain('Onion');
      expect(Object.keys(takes)).not.toContain('Ginger-garlic paste');
      expect(['veg', 'vegan']).toContain(dietOf([takes]));
    }
  });
});

describe('the people of the demo', () => {
  it.each(DEMO_ACCOUNTS)('$email may use the password that is told', ({ email, displayName }) => {
    const address = EmailAddress.parse(email);
    expect(address.ok && PasswordPolicy.check(DEMO_PASSWORD, [displayName, EmailAddress.localPart(address.value)])).toMatchObject({ ok: true });
  });

  it('are an admin, an owner, a cook and a customer', () => {
    expect(DEMO_ACCOUNTS.map(({ platformRole, role }) => platformRole ?? role ?? 'customer')).toEqual(['admin', 'owner', 'kitchen', 'customer']);
  });
});
