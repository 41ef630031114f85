import type { InventoryErrorOf } from '#domain/inventory/errors.ts';
import type { StockEntry } from '#domain/inventory/movement.ts';
import { Stockroom } from '#domain/inventory/stockroom.ts';
import type { Actor } from '#domain/shared/actor.ts';
import type { Result } from '#domain/shared/result.ts';
import { type EnterStock, type EntryDeps, type EntryError, enterStock, parseAmount, standingOf } from './enter-stock.ts';

export type ReceiveStock = EnterStock & {
  /** In the item's unit. */
  readonly quantity: number;
  readonly lot: string | null;
  readonly expiresAt: number | null;
};

type Refusal =
  | EntryError
  | InventoryErrorOf<'inventory.quantity_malformed' | 'inventory.already_expired' | 'inventory.too_many_batches' | 'inventory.too_much_stock'>;

export const receiveStock =
  (deps: EntryDeps) =>
  async (command: ReceiveStock, actor: Actor): Promise<Result<StockEntry, Refusal>> => {
    const quantity = parseAmount(command.quantity);
    if (!quantity.ok) return quantity;
    const { lot, expiresAt } = command;
    const delivery = { quantity: quantity.value, lot, expiresAt, newBatchId: deps.ids.next() };
    return enterStock(deps, command, actor, async (tx, subject) => Stockroom.receive(await standingOf(tx, subject), delivery));
  };
