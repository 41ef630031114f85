import type { InventoryTx } from '#application/inventory/ports.ts';
import type { Ids } from '#application/shared/ports.ts';
import { memoryRequests } from '../requests.ts';
import type { MemoryTx } from '../tx.ts';
import { memoryRecipes, memoryStockItems } from './items-and-recipes.ts';
import { memoryBalances, memoryReservations, memoryStockAlerts, memoryStockEntries } from './stock.ts';

/** Inventory inside an open transaction: its own, or that of a module whose work moves stock. */
export const memoryInventory = (tx: MemoryTx, { ids }: { readonly ids: Ids }): InventoryTx => ({
  stockItems: memoryStockItems(tx),
  balances: memoryBalances(tx),
  entries: memoryStockEntries(tx, ids),
  reservations: memoryReservations(tx, ids),
  recipes: memoryRecipes(tx),
  alerts: memoryStockAlerts(tx),
  requests: memoryRequests(tx),
  ids,
});
