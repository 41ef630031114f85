import type { Catalogue } from '#application/catalogue/module.ts';
import type { ModifierGroup } from '#domain/catalogue/modifier-group.ts';
import { invariant } from '#domain/shared/invariant.ts';
import { Money } from '#domain/shared/money.ts';
import { CHOICES, type Choice, type ChoiceName } from './choices.ts';
import { essentialsOf } from './dish.ts';
import { DEMO, EVERYTHING, granted } from './granted.ts';
import { allergensOf, dietOf, type Takes } from './larder.ts';
import { DISHES, MENU } from './menu.ts';

export const choices = Object.entries(CHOICES) as readonly (readonly [ChoiceName, Choice])[];

/** Something of the menu that is made of something, under the id it is sold by. */
export type Sellable = { readonly sellableId: string; readonly takes: Takes };

/** Puts on the menu what is not on it yet; how many writes that took. */
export async function seedMenu(catalogue: Catalogue, restaurantId: string): Promise<number> {
  const groups = await groupsByName(catalogue, restaurantId);
  const missing = choices.filter(([name]) => !groups.has(name));
  for (const [name, { min, max, options }] of missing) {
    const drafts = options.map((option) => ({
      id: undefined,
      name: option.name,
      price: Money.of(option.price),
      max: option.max,
      isOutOfStock: undefined,
    }));
    groups.set(name, granted(await catalogue.addModifierGroup({ restaurantId, group: { name, min, max, options: drafts } }, DEMO)).group);
  }

  const { created } = granted(await catalogue.importMenu({ restaurantId, ...menuFile(), faults: [] }, DEMO));
  const refined = await refineDishes(catalogue, restaurantId, groups);
  return missing.length + created + refined;
}

/** The menu card as a file of it would read. */
function menuFile() {
  const categories = MENU.map(({ name, hours }, position) => ({ name, position, hours }));
  const rows = MENU.flatMap(({ name: category, dishes }) => dishes.map((dish) => ({ category, dish }))).map(({ category, dish }, index) => {
    const { name, description, price, taxClass, tags } = dish;
    const essentials = essentialsOf(dish);
    return {
      row: index + 1,
      category,
      name,
      description,
      price,
      taxClass,
      diet: dietOf(essentials),
      tags,
      allergens: allergensOf(essentials),
      available: true,
    };
  });
  return { categories, rows };
}

/** Adds what a file cannot say: what is chosen with a dish, when it is served, and how many there are. */
async function refineDishes(catalogue: Catalogue, restaurantId: string, groups: ReadonlyMap<string, ModifierGroup>): Promise<number> {
  const items = await itemsByName(catalogue, restaurantId);
  let writes = 0;
  for (const dish of DISHES) {
    const item = found(items, dish.name);
    const { id: itemId } = item;
    const isRefined = item.groupIds.length === dish.choices.length && (item.hours === null) === (dish.hours === null);
    if (!isRefined) {
      const changes = { groupIds: dish.choices.map((name) => found(groups, name).id), hours: dish.hours };
      granted(await catalogue.changeItem({ restaurantId, itemId, changes, expectedVersion: undefined }, DEMO));
      writes += 1;
    }
    if (dish.portions !== null && !(await isCountedDown(catalogue, restaurantId, itemId))) {
      granted(await catalogue.setItemAvailability({ restaurantId, itemId, state: 'quantity', quantity: dish.portions }, DEMO));
      writes += 1;
    }
  }
  return writes;
}

const isCountedDown = async (catalogue: Catalogue, restaurantId: string, itemId: string): Promise<boolean> =>
  granted(await catalogue.item(restaurantId, itemId)).item.availability.state === 'quantity';

/** Every dish and option of the menu that takes something from the larder. */
export async function sellablesOf(catalogue: Catalogue, restaurantId: string): Promise<readonly Sellable[]> {
  const [items, groups] = await Promise.all([itemsByName(catalogue, restaurantId), groupsByName(catalogue, restaurantId)]);
  const dishes = DISHES.map(({ name, takes }): Sellable => ({ sellableId: found(items, name).id, takes }));
  const options = choices.flatMap(([name, choice]) => {
    const ids = new Map(found(groups, name).options.map((option) => [option.name, option.id]));
    return choice.options.map((option): Sellable => ({ sellableId: found(ids, option.name), takes: option.takes }));
  });
  return [...dishes, ...options].filter(({ takes }) => Object.keys(takes).length > 0);
}

async function groupsByName(catalogue: Catalogue, restaurantId: string): Promise<Map<string, ModifierGroup>> {
  const { data } = granted(await catalogue.modifierGroups(restaurantId, EVERYTHING));
  return new Map(data.map(({ group }) => [group.name, group]));
}

async function itemsByName(catalogue: Catalogue, restaurantId: string) {
  const { categories } = granted(await catalogue.menu(restaurantId));
  return new Map(categories.flatMap(({ items }) => items).map((item) => [item.name, item]));
}

function found<T>(all: ReadonlyMap<string, T>, name: string): T {
  const one = all.get(name);
  invariant(one !== undefined, `the demo's menu has no ${name}`);
  return one;
}
