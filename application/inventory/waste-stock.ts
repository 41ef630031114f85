import type { InventoryErrorOf } from '#domain/inventory/errors.ts';
import type { StockEntry } from '#domain/inventory/movement.ts';
import { Stockroom } from '#domain/inventory/stockroom.ts';
import type { Actor } from '#domain/shared/actor.ts';
import type { Result } from '#domain/shared/result.ts';
import { type EnterStock, type EntryDeps, type EntryError, enterStock, parseAmount, standingOf } from './enter-stock.ts';

export type WasteStock = EnterStock & {
  /** In the item's unit. */
  readonly quantity: number;
  /** Without it, what expires first. */
  readonly batchId: string | undefined;
};

type Refusal = EntryError | InventoryErrorOf<'inventory.quantity_malformed' | 'inventory.batch_not_found' | 'inventory.not_on_shelf'>;

/** Throws stock away, from the shelf only: what orders hold goes to waste with its order. */
export const wasteStock =
  (deps: EntryDeps) =>
  async (command: WasteStock, actor: Actor): Promise<Result<StockEntry, Refusal>> => {
    const quantity = parseAmount(command.quantity);
    if (!quantity.ok) return quantity;
    return enterStock(deps, command, actor, async (tx, subject) => Stockroom.waste(await standingOf(tx, subject), quantity.value, command.batchId));
  };
