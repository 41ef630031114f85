import type { InventoryErrorOf } from '#domain/inventory/errors.ts';
import type { StockEntry } from '#domain/inventory/movement.ts';
import { Stockroom } from '#domain/inventory/stockroom.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { Quantity } from '#domain/shared/quantity.ts';
import { err, type Result } from '#domain/shared/result.ts';
import { type EnterStock, type EntryDeps, type EntryError, enterStock, standingOf } from './enter-stock.ts';

export type CountStock = EnterStock & {
  /** Everything on hand, also what is held for orders, in the item's unit. */
  readonly counted: number;
  /** Without it, all batches were counted together. */
  readonly batchId: string | undefined;
};

type Refusal =
  | EntryError
  | InventoryErrorOf<
      | 'inventory.quantity_malformed'
      | 'inventory.batch_not_found'
      | 'inventory.count_below_held'
      | 'inventory.too_many_batches'
      | 'inventory.too_much_stock'
    >;

/** Makes the books agree with what was counted; a count that agrees is recorded too. */
export const countStock =
  (deps: EntryDeps) =>
  async (command: CountStock, actor: Actor): Promise<Result<StockEntry, Refusal>> => {
    const counted = Quantity.parse(command.counted);
    if (!counted.ok) return err({ code: 'inventory.quantity_malformed', quantity: command.counted });
    return enterStock(deps, command, actor, async (tx, subject) => Stockroom.count(await standingOf(tx, subject), counted.value, command.batchId));
  };
