import type { InventoryTx } from '#application/inventory/ports.ts';
import type { Clock, Ids } from '#application/shared/ports.ts';
import { postgresRequests } from '../requests.ts';
import type { PostgresTx } from '../tx.ts';
import { postgresBalances } from './balances.ts';
import { postgresReservations, postgresStockEntries } from './ledger.ts';
import { postgresRecipes } from './recipes.ts';
import { postgresStockAlerts } from './stock-alerts.ts';
import { postgresStockItems } from './stock-items.ts';

/** Inventory inside an open transaction: its own, or that of a module whose work moves stock. */
export const postgresInventory = (tx: PostgresTx, { ids, clock }: { readonly ids: Ids; readonly clock: Clock }): InventoryTx => ({
  stockItems: postgresStockItems(tx),
  balances: postgresBalances(tx),
  entries: postgresStockEntries(tx, ids),
  reservations: postgresReservations(tx, ids),
  recipes: postgresRecipes(tx),
  alerts: postgresStockAlerts(tx),
  requests: postgresRequests(tx, () => clock.now()),
  ids,
});
