import type { Change } from '../shared/change.ts';
import { Quantity } from '../shared/quantity.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { allocate, take } from './allocation.ts';
import { BATCHES_MAX, Balance, type Batch, STOCK_MAX } from './balance.ts';
import type { InventoryErrorOf } from './errors.ts';
import type { InventoryEvent } from './events.ts';
import { Movement, type MovementLine, type Place, type StockEntry } from './movement.ts';
import type { StockItem } from './stock-item.ts';

/** An item and its balances as they stand, locked, and the heading of the entry to be made about it. */
export type Standing = {
  readonly item: StockItem;
  readonly balances: readonly Balance[];
  readonly documentId: string;
  readonly reason: string | null;
  readonly at: number;
};
type Entry = Change<StockEntry, InventoryEvent>;
type Overfull = InventoryErrorOf<'inventory.too_many_batches' | 'inventory.too_much_stock'>;
type NotOnShelf = InventoryErrorOf<'inventory.not_on_shelf'>;
type BatchNotFound = InventoryErrorOf<'inventory.batch_not_found'>;

/** Goods come in. Those of a lot and expiry that are there already join them; others open a batch, called `newBatchId`. */
function receive(
  standing: Standing,
  delivery: { readonly quantity: Quantity; readonly lot: string | null; readonly expiresAt: number | null; readonly newBatchId: string },
): Result<Entry, Overfull | InventoryErrorOf<'inventory.already_expired'>> {
  const { item, balances, at } = standing;
  const { quantity, lot, expiresAt } = delivery;
  if (expiresAt !== null && expiresAt <= at) return err({ code: 'inventory.already_expired', stockItemId: item.id });

  const known = balances.find((balance) => balance.lot === lot && balance.expiresAt === expiresAt);
  const fresh =
    lot === null && expiresAt === null ? Balance.undated(item.id) : { stockItemId: item.id, batchId: delivery.newBatchId, lot, expiresAt };
  return fill(standing, 'receipt', 'supplier', [{ batch: known ?? fresh, quantity }]);
}

/** Stock is thrown away: of one batch, or what expires first, the expired before all. */
function waste(standing: Standing, quantity: Quantity, batchId: string | undefined): Result<Entry, NotOnShelf | BatchNotFound> {
  const batches = batchesOf(standing, batchId);
  if (!batches) return err({ code: 'inventory.batch_not_found', batchId: batchId ?? '' });
  const there = Balance.shelf(batches);
  if (there < quantity) return err(notOnShelf(standing.item, quantity, there));
  return ok(entry(standing, 'waste', 'shelf', 'waste', take(quantity, batches)));
}

/**
 * What is really there, on the shelf and held, of one batch or of all. What is missing is taken off the shelf, first expired
 * first; what is too much joins the usable batch that expires first, so that it is never kept longer than it may be.
 */
function count(
  standing: Standing,
  counted: Quantity,
  batchId: string | undefined,
): Result<Entry, BatchNotFound | InventoryErrorOf<'inventory.count_below_held'> | Overfull> {
  const { item, at } = standing;
  const batches = batchesOf(standing, batchId);
  if (!batches) return err({ code: 'inventory.batch_not_found', batchId: batchId ?? '' });
  const held = Balance.held(batches);
  if (counted < held) {
    const { id: stockItemId, name, unit } = item;
    return err({ code: 'inventory.count_below_held', stockItemId, name, unit, counted: Quantity.toUnits(counted), held: Quantity.toUnits(held) });
  }
  const surplus = counted - Balance.onHand(batches);
  if (surplus <= 0) return ok(entry(standing, 'count', 'shelf', 'count', take(-surplus, batches)));
  const joined = batches.find((batch) => batchId !== undefined || (Balance.isUsable(batch, at) && batch.shelf + batch.held > 0));
  return fill(standing, 'count', 'count', [{ batch: joined ?? Balance.undated(item.id), quantity: Quantity.of(surplus) }]);
}

/** Usable stock leaves for another item of the same unit, there with its lots and expiries as they were. */
function transfer(
  from: Standing,
  to: Standing,
  quantity: Quantity,
): Result<readonly [Entry, Entry], NotOnShelf | Overfull | InventoryErrorOf<'inventory.units_differ'>> {
  if (from.item.unit !== to.item.unit) return err({ code: 'inventory.units_differ', unit: from.item.unit, toUnit: to.item.unit });
  const allocated = allocate([{ stockItemId: from.item.id, quantity }], from.balances, from.at);
  if (!allocated.ok) return err(notOnShelf(from.item, quantity, Balance.available(from.balances, from.at)));

  const arriving = allocated.value.map((line) => ({ batch: batchAt(to.item, from, line), quantity: line.quantity }));
  const arrived = fill(to, 'transfer', 'transfer', arriving);
  return arrived.ok ? ok([entry(from, 'transfer', 'shelf', 'transfer', allocated.value), arrived.value]) : arrived;
}

/** The same batch at its new home: batches keep their id, and what is undated joins what is undated. */
function batchAt(item: StockItem, from: Standing, { batchId }: MovementLine): Batch {
  const batch = from.balances.find((balance) => balance.batchId === batchId);
  if (!batch || batchId === from.item.id) return Balance.undated(item.id);
  return { stockItemId: item.id, batchId, lot: batch.lot, expiresAt: batch.expiresAt };
}

/** Expired stock goes to waste; one entry may be about many items of a restaurant. */
function writeOff(heading: Pick<StockEntry, 'restaurantId' | 'documentId' | 'at'>, expired: readonly Balance[]): Entry {
  const lines = expired.map(({ stockItemId, batchId, shelf: quantity }) => ({ stockItemId, batchId, quantity }));
  return Movement.entry({ ...heading, kind: 'waste', from: 'shelf', to: 'waste', lines, opens: [], reason: 'expired' });
}

/** Makes what is on the shelf of an item without batches exactly this much; undefined when it is. What is held stays held. */
function setShelf(standing: Standing, shelf: Quantity): Entry | undefined {
  const batch = Balance.undated(standing.item.id);
  const more = shelf - Balance.shelf(standing.balances);
  if (more === 0) return undefined;
  const lines = [{ stockItemId: batch.stockItemId, batchId: batch.batchId, quantity: Quantity.of(Math.abs(more)) }];
  return more > 0 ? entry(standing, 'count', 'count', 'shelf', lines, [batch]) : entry(standing, 'count', 'shelf', 'count', lines);
}

/** Puts quantities on the shelf, unless that is more than a stockroom can hold. */
function fill(
  standing: Standing,
  kind: StockEntry['kind'],
  from: Place,
  arriving: readonly { readonly batch: Batch; readonly quantity: Quantity }[],
): Result<Entry, Overfull> {
  const { item, balances } = standing;
  const stocked = balances.filter((balance) => !Balance.isDepleted(balance));
  const opened = arriving.filter(({ batch }) => !stocked.some(({ batchId }) => batchId === batch.batchId));
  if (opened.length > 0 && stocked.length + opened.length > BATCHES_MAX) return err({ code: 'inventory.too_many_batches', limit: BATCHES_MAX });

  const onHand = arriving.reduce((sum, { quantity }) => sum + quantity, Balance.onHand(balances) as number);
  if (onHand > STOCK_MAX) return err({ code: 'inventory.too_much_stock', limit: Quantity.toUnits(STOCK_MAX), unit: item.unit });
  const lines = arriving.map(({ batch: { stockItemId, batchId }, quantity }) => ({ stockItemId, batchId, quantity }));
  const opens = arriving.map(({ batch: { stockItemId, batchId, lot, expiresAt } }) => ({ stockItemId, batchId, lot, expiresAt }));
  return ok(entry(standing, kind, from, 'shelf', lines, opens));
}

function entry(
  { item: { restaurantId }, documentId, reason, at }: Standing,
  kind: StockEntry['kind'],
  from: Place,
  to: Place,
  lines: readonly MovementLine[],
  opens: readonly Batch[] = [],
): Entry {
  return Movement.entry({ restaurantId, documentId, kind, from, to, lines, opens, reason, at });
}

/** The batch that is meant, or all, first expired first; undefined when there is none of that id. */
function batchesOf({ balances }: Standing, batchId: string | undefined): readonly Balance[] | undefined {
  const meant = balances.filter((balance) => batchId === undefined || balance.batchId === batchId).sort(Balance.byExpiry);
  return batchId !== undefined && meant.length === 0 ? undefined : meant;
}

function notOnShelf({ id: stockItemId, name, unit }: StockItem, needed: Quantity, available: Quantity): NotOnShelf {
  return { code: 'inventory.not_on_shelf', stockItemId, name, unit, needed: Quantity.toUnits(needed), available: Quantity.toUnits(available) };
}

export const Stockroom = { receive, waste, count, transfer, writeOff, setShelf };
