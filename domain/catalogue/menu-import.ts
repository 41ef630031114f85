import type { Change } from '../shared/change.ts';
import { invariant } from '../shared/invariant.ts';
import type { Minor } from '../shared/money.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { WeeklyHours } from '../shared/weekly-hours.ts';
import { CATEGORIES_MAX, Category } from './category.ts';
import type { CatalogueErrorOf } from './errors.ts';
import type { CategoryEvent, MenuItemEvent } from './events.ts';
import { type ImportedItem, itemKey, type RowFault } from './import-row.ts';
import { ITEMS_MAX, MenuItem } from './menu-item.ts';
import { nameKey, positionAfter } from './name.ts';

/** A category of a menu that is brought in, by its name. Without a position it comes last. */
export type ImportedCategory = { readonly name: string; readonly position: number | undefined; readonly hours: WeeklyHours | null };

/** What there is of a live item, as far as an import must know it. */
export type ItemListing = { readonly categoryId: string; readonly name: string; readonly price: Minor; readonly position: number };

export type ImportPlan = {
  readonly categories: readonly Change<Category, CategoryEvent>[];
  readonly items: readonly Change<MenuItem, MenuItemEvent>[];
  /** How many were on the menu already. */
  readonly unchanged: number;
};

type Standing = {
  readonly restaurantId: string;
  readonly categories: readonly Category[];
  readonly items: readonly ItemListing[];
  readonly taxClasses: readonly string[];
};

/** What an import adds to the menu as it stands. `newId` must not run out of ids. */
export function planImport(
  { restaurantId, categories, items, taxClasses }: Standing,
  given: { readonly categories: readonly ImportedCategory[]; readonly items: readonly ImportedItem[] },
  newId: () => string,
  at: number,
): Result<ImportPlan, CatalogueErrorOf<'catalogue.menu_full'>> {
  const added = newCategories(restaurantId, categories, given, newId, at);
  const all = [...categories, ...added.map(({ state }) => state)];
  if (all.length > CATEGORIES_MAX) return err({ code: 'catalogue.menu_full', kind: 'categories', limit: CATEGORIES_MAX });
  const idOf = new Map(all.map(({ id, name }) => [nameKey(name), id]));

  const present = new Set(items.map(({ categoryId, name, price }) => itemKey(categoryId, name, price)));
  const last = new Map<string, number>();
  for (const { categoryId, position } of items) last.set(categoryId, Math.max(position, last.get(categoryId) ?? 0));

  const changes: Change<MenuItem, MenuItemEvent>[] = [];
  for (const { category, availability, ...facts } of given.items) {
    const categoryId = idOf.get(nameKey(category)) as string;
    if (present.has(itemKey(categoryId, facts.name, facts.price))) continue;
    const position = positionAfter(last.get(categoryId) ?? null);
    last.set(categoryId, position);
    const item = MenuItem.add(
      { id: newId(), restaurantId, facts: { ...facts, categoryId, hours: null, groupIds: [], position }, availability },
      taxClasses,
      at,
    );
    changes.push(checked(item));
  }
  if (items.length + changes.length > ITEMS_MAX) return err({ code: 'catalogue.menu_full', kind: 'items', limit: ITEMS_MAX });
  return ok({ categories: added, items: changes, unchanged: given.items.length - changes.length });
}

/** Those that are listed and those that rows name, once each, in the order they come. */
function newCategories(
  restaurantId: string,
  present: readonly Category[],
  given: { readonly categories: readonly ImportedCategory[]; readonly items: readonly ImportedItem[] },
  newId: () => string,
  at: number,
): readonly Change<Category, CategoryEvent>[] {
  const known = new Set(present.map(({ name }) => nameKey(name)));
  let last = present.reduce<number | null>((most, { position }) => Math.max(position, most ?? 0), null);
  const added: Change<Category, CategoryEvent>[] = [];
  const named = given.items.map(({ category }): ImportedCategory => ({ name: category, position: undefined, hours: null }));
  for (const { name, position = positionAfter(last), hours } of [...given.categories, ...named]) {
    if (known.has(nameKey(name))) continue;
    known.add(nameKey(name));
    last = Math.max(position, last ?? 0);
    added.push(checked(Category.add(newId(), restaurantId, { name, position, hours }, [], at)));
  }
  return added;
}

/** What is checked before it is planned is not refused then. */
function checked<T>(result: Result<T, { readonly code: string }>): T {
  invariant(result.ok, `an import passed its checks and was refused: ${result.ok ? '' : result.error.code}`);
  return result.value;
}

/** What is wrong with the categories of an import, counted from 1. */
export function categoryFaults(categories: readonly ImportedCategory[]): readonly RowFault[] {
  const first = new Map<string, number>();
  return categories.flatMap(({ name, position = 0, hours }, index): RowFault[] => {
    const row = index + 1;
    const firstRow = first.get(nameKey(name));
    if (firstRow !== undefined) return [{ row, field: 'categories', why: 'duplicate', value: name, firstRow }];
    first.set(nameKey(name), row);
    return Category.faultOf({ name, position, hours }) ? [{ row, field: 'categories', why: 'malformed', value: name }] : [];
  });
}
