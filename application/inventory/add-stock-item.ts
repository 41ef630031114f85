import type { InventoryErrorOf } from '#domain/inventory/errors.ts';
import { StockItem, type Unit } from '#domain/inventory/stock-item.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { Quantity } from '#domain/shared/quantity.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { InventoryDeps } from './ports.ts';

export type AddStockItem = {
  readonly restaurantId: string;
  readonly name: string;
  readonly unit: Unit;
  /** In its unit. */
  readonly lowStockThreshold: number;
};

type Refusal = InventoryErrorOf<'inventory.quantity_malformed' | 'inventory.name_taken'>;

/** Adds an ingredient, of which there is nothing yet. */
export const addStockItem =
  ({ uow, clock, ids }: Pick<InventoryDeps, 'uow' | 'clock' | 'ids'>) =>
  async ({ restaurantId, name, unit, lowStockThreshold }: AddStockItem, actor: Actor): Promise<Result<StockItem, Refusal>> => {
    const threshold = Quantity.parse(lowStockThreshold);
    if (!threshold.ok) return err({ code: 'inventory.quantity_malformed', quantity: lowStockThreshold });
    const added = StockItem.add({ restaurantId, id: ids.next(), name, unit, lowStockThreshold: threshold.value }, clock.now());

    return uow.run(actor, async (tx) => {
      if ((await tx.stockItems.save(added)) === 'name_taken') return err({ code: 'inventory.name_taken', name });
      return ok({ ...added.state, version: added.events.length });
    });
  };
