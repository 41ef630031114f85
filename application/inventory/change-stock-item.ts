import type { InventoryErrorOf } from '#domain/inventory/errors.ts';
import { StockItem } from '#domain/inventory/stock-item.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { Quantity } from '#domain/shared/quantity.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { InventoryDeps } from './ports.ts';

export type ChangeStockItem = {
  readonly restaurantId: string;
  readonly stockItemId: string;
  readonly name: string | undefined;
  /** In its unit. */
  readonly lowStockThreshold: number | undefined;
  /** The version the caller has seen, when they insist on it. */
  readonly expectedVersion: number | undefined;
};

type Refusal = InventoryErrorOf<
  'inventory.stock_item_not_found' | 'inventory.quantity_malformed' | 'inventory.changed_meanwhile' | 'inventory.name_taken'
>;

export const changeStockItem =
  ({ uow, clock }: Pick<InventoryDeps, 'uow' | 'clock'>) =>
  async (
    { restaurantId, stockItemId, name, lowStockThreshold, expectedVersion }: ChangeStockItem,
    actor: Actor,
  ): Promise<Result<StockItem, Refusal>> => {
    const threshold = lowStockThreshold === undefined ? undefined : Quantity.parse(lowStockThreshold);
    if (threshold?.ok === false) return err({ code: 'inventory.quantity_malformed', quantity: lowStockThreshold ?? 0 });
    const changes = { ...(name !== undefined && { name }), ...(threshold && { lowStockThreshold: threshold.value }) };

    return uow.run(actor, async (tx) => {
      const item = await tx.stockItems.find(restaurantId, stockItemId);
      if (item?.kind !== 'ingredient') return err({ code: 'inventory.stock_item_not_found', stockItemId });

      const changed = StockItem.change(item, changes, expectedVersion, clock.now());
      if (!changed.ok) return changed;

      if ((await tx.stockItems.save(changed.value)) === 'name_taken') return err({ code: 'inventory.name_taken', name: changed.value.state.name });
      return ok({ ...changed.value.state, version: item.version + changed.value.events.length });
    });
  };
