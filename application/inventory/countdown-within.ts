import { Recipe } from '#domain/inventory/recipe.ts';
import { StockItem } from '#domain/inventory/stock-item.ts';
import { Stockroom } from '#domain/inventory/stockroom.ts';
import { invariant } from '#domain/shared/invariant.ts';
import { QUANTITY_SCALE, Quantity } from '#domain/shared/quantity.ts';
import type { InventoryTx } from './ports.ts';

/** How many portions of a menu item are left, inside the menu's own transaction. What orders hold already is not counted in. */
export const setCountdownWithin = (tx: Pick<InventoryTx, 'stockItems' | 'balances' | 'entries' | 'recipes' | 'ids'>) => ({
  /** Leaves this many portions for sale; null stops counting. */
  async set(restaurantId: string, itemId: string, itemName: string, portions: number | null, at: number): Promise<void> {
    const found = await tx.stockItems.find(restaurantId, itemId);
    if (!found && portions === null) return;
    const item = await countdownOf(tx, found, { restaurantId, itemId, itemName, at });

    const recipe = (await tx.recipes.find(restaurantId, itemId)) ?? Recipe.blank(restaurantId, itemId);
    const countsDown = portions !== null;
    if (recipe.countsDown !== countsDown) await tx.recipes.save(Recipe.countDown(recipe, countsDown, at));

    const balances = await tx.balances.lock(restaurantId, [itemId]);
    const shelf = Quantity.of((portions ?? 0) * QUANTITY_SCALE);
    const entry = Stockroom.setShelf({ item, balances, documentId: tx.ids.next(), reason: 'countdown', at }, shelf);
    if (entry) await tx.entries.save(entry);
  },
});

type Subject = { readonly restaurantId: string; readonly itemId: string; readonly itemName: string; readonly at: number };

async function countdownOf({ stockItems }: Pick<InventoryTx, 'stockItems'>, found: StockItem | undefined, subject: Subject): Promise<StockItem> {
  const { restaurantId, itemId, itemName, at } = subject;
  invariant(found === undefined || found.kind === 'countdown', `${itemId} is a menu item and an ingredient`);
  if (found?.name === itemName) return found;
  if (!found) {
    const added = StockItem.countdown(restaurantId, itemId, itemName, at);
    await stockItems.save(added);
    return added.state;
  }
  const renamed = StockItem.change(found, { name: itemName }, undefined, at);
  invariant(renamed.ok, 'a change without an expected version is never refused');
  await stockItems.save(renamed.value);
  return renamed.value.state;
}
