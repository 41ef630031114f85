import type { Page, PageRequest } from '#application/shared/page.ts';
import { levelOf, type StockLevel } from '#domain/inventory/alert.ts';
import { Balance } from '#domain/inventory/balance.ts';
import type { StockItem } from '#domain/inventory/stock-item.ts';
import type { Quantity } from '#domain/shared/quantity.ts';
import type { InventoryDeps } from './ports.ts';

/** How an item stands: on hand is the shelf and what is held; available is what of the shelf has not expired. */
export type ItemLevel = {
  readonly item: StockItem;
  readonly onHand: Quantity;
  readonly held: Quantity;
  readonly available: Quantity;
  readonly level: StockLevel;
  /** What is on hand, first expired first. */
  readonly batches: readonly Balance[];
};

export const stockLevels =
  ({ queries, clock }: Pick<InventoryDeps, 'queries' | 'clock'>) =>
  async (restaurantId: string, page: PageRequest): Promise<Page<ItemLevel>> => {
    const { data, next } = await queries.stocks(restaurantId, page);
    const now = clock.now();
    return {
      data: data.map(({ item, balances }): ItemLevel => {
        const available = Balance.available(balances, now);
        return {
          item,
          onHand: Balance.onHand(balances),
          held: Balance.held(balances),
          available,
          level: levelOf(available, item.lowStockThreshold),
          batches: balances.filter(({ shelf, held }) => shelf + held > 0).toSorted(Balance.byExpiry),
        };
      }),
      next,
    };
  };
