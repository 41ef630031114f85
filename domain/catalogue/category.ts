import type { Change } from '../shared/change.ts';
import { invariant } from '../shared/invariant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { parseWeeklyHours, type WeeklyHours } from '../shared/weekly-hours.ts';
import type { CatalogueErrorOf } from './errors.ts';
import type { CategoryEvent } from './events.ts';
import { isName, isPosition, NAME_MAX, nameKey, POSITION_MAX } from './name.ts';

export const CATEGORIES_MAX = 500;

export type CategoryFacts = {
  readonly name: string;
  readonly position: number;
  /** When its items can be had; null is always. */
  readonly hours: WeeklyHours | null;
};

/** A part of the menu: starters, or what there is for breakfast. */
export type Category = CategoryFacts & { readonly id: string; readonly restaurantId: string; readonly isArchived: boolean; readonly version: number };

type CategoryFault = CatalogueErrorOf<'catalogue.name_malformed' | 'catalogue.position_malformed' | 'catalogue.hours_malformed'>;
type Named = CatalogueErrorOf<'catalogue.category_name_taken'>;
type Changed<E> = Result<Change<Category, CategoryEvent>, E>;

/** `others` are the live categories it will stand beside: two of one name could not be told apart. */
function add(id: string, restaurantId: string, facts: CategoryFacts, others: readonly Category[], at: number): Changed<CategoryFault | Named> {
  const state: Category = { ...facts, id, restaurantId, isArchived: false, version: 0 };
  const fault = faultOf(state) ?? nameTaken(state, others);
  if (fault) return err(fault);
  return ok({ state, events: [{ type: 'catalogue.category_added', restaurantId, categoryId: id, category: factsOf(state), at }] });
}

/** `expected` is the version the caller has seen; undefined when they do not care. */
function change(
  category: Category,
  changes: Partial<CategoryFacts>,
  others: readonly Category[],
  expected: number | undefined,
  at: number,
): Changed<CategoryFault | Named | CatalogueErrorOf<'catalogue.changed_meanwhile'>> {
  const { id: categoryId, restaurantId, version } = category;
  if (expected !== undefined && expected !== version) return err({ code: 'catalogue.changed_meanwhile', version });
  const state: Category = { ...category, ...changes };
  const fault = faultOf(state) ?? nameTaken(state, others);
  if (fault) return err(fault);
  return ok({ state, events: [{ type: 'catalogue.category_changed', restaurantId, categoryId, category: factsOf(state), at }] });
}

/** Takes it off the menu for good. `items` is how many it still has. */
function archive(category: Category, items: number, at: number): Changed<CatalogueErrorOf<'catalogue.category_not_empty'>> {
  const { id: categoryId, restaurantId } = category;
  if (items > 0) return err({ code: 'catalogue.category_not_empty', categoryId, items });
  return ok({ state: { ...category, isArchived: true }, events: [{ type: 'catalogue.category_archived', restaurantId, categoryId, at }] });
}

const factsOf = ({ name, position, hours }: Category): CategoryFacts => ({ name, position, hours });

function faultOf({ name, position, hours }: CategoryFacts): CategoryFault | undefined {
  if (!isName(name)) return { code: 'catalogue.name_malformed', limit: NAME_MAX };
  if (!isPosition(position)) return { code: 'catalogue.position_malformed', limit: POSITION_MAX };
  const parsed = parseWeeklyHours(hours ?? []);
  return parsed.ok ? undefined : { code: 'catalogue.hours_malformed', index: parsed.error.index };
}

function nameTaken({ id, name }: Category, others: readonly Category[]): Named | undefined {
  const twin = others.find((other) => other.id !== id && nameKey(other.name) === nameKey(name));
  return twin && { code: 'catalogue.category_name_taken', name: twin.name, categoryId: twin.id };
}

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(category: Category): Category {
  invariant(faultOf(category) === undefined, `category ${category.id} has facts no rule allows`);
  return category;
}

export const Category = { add, change, archive, faultOf, check };
