import type { InventoryErrorOf } from '#domain/inventory/errors.ts';
import type { StockEntry } from '#domain/inventory/movement.ts';
import type { StockItem } from '#domain/inventory/stock-item.ts';
import { Stockroom } from '#domain/inventory/stockroom.ts';
import { type Actor, may } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { type EnterStock, type EntryDeps, type EntryError, enterStock, parseAmount } from './enter-stock.ts';
import type { InventoryTx } from './ports.ts';

export type TransferStock = EnterStock & {
  /** In the unit of both items. */
  readonly quantity: number;
  readonly toRestaurantId: string;
  readonly toStockItemId: string;
};

type Refusal =
  | EntryError
  | InventoryErrorOf<
      | 'inventory.quantity_malformed'
      | 'inventory.transfer_to_itself'
      | 'inventory.not_on_shelf'
      | 'inventory.units_differ'
      | 'inventory.too_many_batches'
      | 'inventory.too_much_stock'
    >;

/** Moves usable stock to another item, most often the same thing in another restaurant, whose stock the caller may change too. */
export const transferStock =
  (deps: EntryDeps) =>
  async (command: TransferStock, actor: Actor): Promise<Result<StockEntry, Refusal>> => {
    const { toRestaurantId, toStockItemId } = command;
    const quantity = parseAmount(command.quantity);
    if (!quantity.ok) return quantity;
    const arrivalId = deps.ids.next();

    return enterStock<Exclude<Refusal, EntryError> | InventoryErrorOf<'inventory.stock_item_not_found'>>(
      deps,
      command,
      actor,
      async (tx, subject) => {
        const { item } = subject;
        const to = may(actor, 'stock:write', toRestaurantId) ? await tx.stockItems.find(toRestaurantId, toStockItemId) : undefined;
        if (to?.kind !== 'ingredient') return err({ code: 'inventory.stock_item_not_found', stockItemId: toStockItemId });
        if (to.id === item.id && to.restaurantId === item.restaurantId) return err({ code: 'inventory.transfer_to_itself', stockItemId: to.id });

        const balancesOf = await lockBoth(tx, item, to);
        const [from, at] = [
          { ...subject, balances: balancesOf(item) },
          { ...subject, item: to, documentId: arrivalId, balances: balancesOf(to) },
        ];
        const transferred = Stockroom.transfer(from, at, quantity.value);
        if (!transferred.ok) return transferred;

        const [departure, arrival] = transferred.value;
        await tx.entries.save(arrival);
        return ok(departure);
      },
    );
  };

/** In the one order everybody locks in: by item, whatever restaurant it is in. */
async function lockBoth({ balances }: InventoryTx, ...items: readonly [StockItem, StockItem]) {
  const keyOf = ({ id, restaurantId }: StockItem): string => `${id}/${restaurantId}`;
  const locked = new Map<string, Awaited<ReturnType<typeof balances.lock>>>();
  for (const item of items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)))
    locked.set(keyOf(item), await balances.lock(item.restaurantId, [item.id]));
  return (item: StockItem) => locked.get(keyOf(item)) ?? [];
}
