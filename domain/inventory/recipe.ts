import type { Change } from '../shared/change.ts';
import { invariant } from '../shared/invariant.ts';
import { QUANTITY_MAX, QUANTITY_SCALE, Quantity } from '../shared/quantity.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { type Demand, total } from './allocation.ts';
import type { InventoryErrorOf } from './errors.ts';
import type { InventoryEvent } from './events.ts';

export const RECIPE_LINES_MAX = 100;

/** How much of an ingredient one portion takes. */
export type RecipeLine = { readonly stockItemId: string; readonly quantity: Quantity };

/** What one portion of a menu item or a modifier option takes from the shelf. Without lines it takes nothing. */
export type Recipe = {
  readonly restaurantId: string;
  readonly sellableId: string;
  readonly lines: readonly RecipeLine[];
  /** Whether each portion also counts down the portions left of it. */
  readonly countsDown: boolean;
  readonly version: number;
};

type Fault = InventoryErrorOf<'inventory.recipe_malformed' | 'inventory.recipe_too_long'>;
type Written = Change<Recipe, InventoryEvent>;

const blank = (restaurantId: string, sellableId: string): Recipe => ({ restaurantId, sellableId, lines: [], countsDown: false, version: 0 });

/** `expected` is the version the caller has seen; undefined when they do not care. */
function write(
  recipe: Recipe,
  lines: readonly RecipeLine[],
  expected: number | undefined,
  at: number,
): Result<Written, Fault | InventoryErrorOf<'inventory.changed_meanwhile'>> {
  if (expected !== undefined && expected !== recipe.version) return err({ code: 'inventory.changed_meanwhile', version: recipe.version });
  const fault = faultOf(lines);
  return fault ? err(fault) : ok(changed({ ...recipe, lines }, at));
}

const countDown = (recipe: Recipe, countsDown: boolean, at: number): Written => changed({ ...recipe, countsDown }, at);

function changed(state: Recipe, at: number): Written {
  const { restaurantId, sellableId, lines, countsDown } = state;
  return { state, events: [{ type: 'inventory.recipe_changed', restaurantId, sellableId, lines, countsDown, at }] };
}

function faultOf(lines: readonly RecipeLine[]): Fault | undefined {
  if (lines.length > RECIPE_LINES_MAX) return { code: 'inventory.recipe_too_long', limit: RECIPE_LINES_MAX };
  const seen = new Set<string>();
  for (const [index, { stockItemId, quantity }] of lines.entries()) {
    if (quantity <= 0 || quantity > QUANTITY_MAX) return { code: 'inventory.recipe_malformed', index, reason: 'quantity' };
    if (seen.has(stockItemId)) return { code: 'inventory.recipe_malformed', index, reason: 'duplicate' };
    seen.add(stockItemId);
  }
  return undefined;
}

/** Everything a portion takes: its ingredients, and itself when its portions are counted down. */
const ingredients = ({ sellableId, lines, countsDown }: Pick<Recipe, 'sellableId' | 'lines' | 'countsDown'>): readonly RecipeLine[] =>
  countsDown ? [...lines, { stockItemId: sellableId, quantity: Quantity.of(QUANTITY_SCALE) }] : lines;

function check(recipe: Recipe): Recipe {
  invariant(faultOf(recipe.lines) === undefined, `recipe ${recipe.sellableId} has lines no rule allows`);
  return recipe;
}

export const Recipe = { blank, write, countDown, ingredients, check };

/** What each portion of a sellable takes; what is not in it takes nothing. */
export type Recipes = ReadonlyMap<string, readonly RecipeLine[]>;

/** Turns portions into ingredients and adds up what occurs more than once. */
export const explode = (recipes: Recipes, portions: readonly { readonly sellableId: string; readonly quantity: number }[]): Demand =>
  total(
    portions.flatMap(({ sellableId, quantity }) => (recipes.get(sellableId) ?? []).map((line) => ({ ...line, quantity: line.quantity * quantity }))),
  );

/** How many whole portions there are, and which ingredient stops the next one. */
export type Portions = { readonly portions: number; readonly stockItemId: string; readonly available: Quantity; readonly needed: Quantity };

/** Undefined for a recipe without lines: nothing stops it. */
export function portionsOf(lines: readonly RecipeLine[], available: ReadonlyMap<string, Quantity>): Portions | undefined {
  const each = lines.map(({ stockItemId, quantity: needed }): Portions => {
    const there = available.get(stockItemId) ?? Quantity.zero;
    return { portions: (there - (there % needed)) / needed, stockItemId, available: there, needed };
  });
  return each.sort(scarcestFirst)[0];
}

function scarcestFirst(a: Portions, b: Portions): number {
  const [first, second] = [a.available / a.needed, b.available / b.needed];
  if (a.portions !== b.portions) return a.portions - b.portions;
  return first !== second ? first - second : a.stockItemId < b.stockItemId ? -1 : 1;
}
