import { explode } from '#domain/inventory/recipe.ts';
import { addStockItem } from './add-stock-item.ts';
import { changeStockItem } from './change-stock-item.ts';
import { countStock } from './count-stock.ts';
import { portionsLeft } from './portions-left.ts';
import type { InventoryDeps } from './ports.ts';
import { receiveStock } from './receive-stock.ts';
import { stockLevels } from './stock-levels.ts';
import { transferStock } from './transfer-stock.ts';
import { wasteStock } from './waste-stock.ts';
import { writeRecipe } from './write-recipe.ts';

/** Everything the outside may ask of inventory; inside another module's transaction there are stockWithin and setCountdownWithin. */
export const createInventory = (deps: InventoryDeps) => ({
  addStockItem: addStockItem(deps),
  changeStockItem: changeStockItem(deps),
  receiveStock: receiveStock(deps),
  wasteStock: wasteStock(deps),
  countStock: countStock(deps),
  transferStock: transferStock(deps),
  writeRecipe: writeRecipe(deps),
  /** What portions take from the shelf, each item once, and by which revision of the recipes; nothing for what has no recipe. */
  async demandFor(restaurantId: string, portions: readonly { readonly sellableId: string; readonly quantity: number }[], newerThan?: number) {
    const { recipes, revision } = await deps.books.of(restaurantId, newerThan);
    return { lines: explode(recipes, portions), revision };
  },
  portions: portionsLeft(deps),
  stockItems: deps.queries.stockItems,
  stockLevels: stockLevels(deps),
  movements: deps.queries.movements,
  recipe: deps.queries.recipe,
  recipes: deps.queries.recipes,
  reservations: deps.queries.reservations,
});
export type Inventory = ReturnType<typeof createInventory>;
