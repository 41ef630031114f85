import type { Inventory } from '#application/inventory/module.ts';
import { invariant } from '#domain/shared/invariant.ts';
import { DEMO, EVERYTHING, granted } from './granted.ts';
import { type Ingredient, type IngredientName, LARDER, takesOf } from './larder.ts';
import type { Sellable } from './seed-menu.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

const larder = Object.entries(LARDER) as readonly (readonly [IngredientName, Ingredient])[];
type Delivery = { readonly quantity: number; readonly lot: string | null; readonly expiresAt: number | null };

/** Fills the larder with what is not in it yet, and writes the recipes there are not yet; how many writes that took. */
export async function seedStock(inventory: Inventory, restaurantId: string, sellables: readonly Sellable[], now: number): Promise<number> {
  const { data } = await inventory.stockLevels(restaurantId, EVERYTHING);
  const stocked = new Map(data.map(({ item, batches }) => [item.name, { id: item.id, lots: batches.map(({ lot }) => lot) }]));
  const ids = new Map<string, string>();
  let writes = 0;

  for (const [name, ingredient] of larder) {
    const { unit, lowAt: lowStockThreshold } = ingredient;
    const before = stocked.get(name);
    const id = before?.id ?? granted(await inventory.addStockItem({ restaurantId, name, unit, lowStockThreshold }, DEMO)).id;
    const due = deliveriesOf(ingredient, now).filter(({ lot }) => !before?.lots.includes(lot));
    for (const delivery of due) {
      granted(await inventory.receiveStock({ restaurantId, stockItemId: id, reason: 'opening stock', request: undefined, ...delivery }, DEMO));
    }
    ids.set(name, id);
    writes += due.length + (before ? 0 : 1);
  }
  return writes + (await writeRecipes(inventory, restaurantId, sellables, ids));
}

/** What keeps for ever comes at once; what does not comes in as many lots as it has dates, the first to be used the first to expire. */
const deliveriesOf = ({ opening, keeps }: Ingredient, now: number): readonly Delivery[] =>
  keeps.length === 0
    ? [{ quantity: opening, lot: null, expiresAt: null }]
    : keeps.map((days, index) => ({ quantity: opening / keeps.length, lot: `OPENING-${index + 1}`, expiresAt: now + days * DAY_MS }));

async function writeRecipes(
  inventory: Inventory,
  restaurantId: string,
  sellables: readonly Sellable[],
  ids: ReadonlyMap<string, string>,
): Promise<number> {
  const { data } = await inventory.recipes(restaurantId, EVERYTHING);
  // One that counts its portions down has a recipe before it has a line.
  const written = new Set(data.filter(({ lines }) => lines.length > 0).map(({ sellableId }) => sellableId));
  const missing = sellables.filter(({ sellableId }) => !written.has(sellableId));
  for (const { sellableId, takes } of missing) {
    const lines = takesOf(takes).map(([name, quantity]) => {
      const stockItemId = ids.get(name);
      invariant(stockItemId !== undefined, `the demo's larder has no ${name}`);
      return { stockItemId, quantity };
    });
    granted(await inventory.writeRecipe({ restaurantId, sellableId, lines, expectedVersion: undefined }, DEMO));
  }
  return missing.length;
}
