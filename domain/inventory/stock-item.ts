import type { Change } from '../shared/change.ts';
import { invariant } from '../shared/invariant.ts';
import { Quantity } from '../shared/quantity.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { InventoryErrorOf } from './errors.ts';
import type { InventoryEvent } from './events.ts';

export const UNITS = ['g', 'kg', 'ml', 'l', 'piece', 'portion'] as const;
export type Unit = (typeof UNITS)[number];

/** A countdown counts the portions left of one menu item, whose id it has; only the menu shows it. */
export const STOCK_KINDS = ['ingredient', 'countdown'] as const;
export type StockKind = (typeof STOCK_KINDS)[number];

/** Something kept in stock. Its unit is for ever: every quantity of it is in thousandths of it. */
export type StockItem = {
  readonly restaurantId: string;
  readonly id: string;
  readonly name: string;
  readonly unit: Unit;
  readonly kind: StockKind;
  /** At this much or less on the shelf it runs low. */
  readonly lowStockThreshold: Quantity;
  readonly version: number;
};

type Facts = Pick<StockItem, 'restaurantId' | 'id' | 'name' | 'unit' | 'lowStockThreshold'>;
type Changes = Partial<Pick<StockItem, 'name' | 'lowStockThreshold'>>;

const add = (facts: Facts, at: number): Change<StockItem, InventoryEvent> => begin({ ...facts, kind: 'ingredient', version: 0 }, at);

const countdown = (restaurantId: string, itemId: string, name: string, at: number): Change<StockItem, InventoryEvent> =>
  begin({ restaurantId, id: itemId, name, unit: 'portion', kind: 'countdown', lowStockThreshold: Quantity.zero, version: 0 }, at);

function begin(state: StockItem, at: number): Change<StockItem, InventoryEvent> {
  const { restaurantId, id: stockItemId, name, unit, kind, lowStockThreshold } = state;
  return { state, events: [{ type: 'inventory.stock_item_added', restaurantId, stockItemId, name, unit, kind, lowStockThreshold, at }] };
}

/** `expected` is the version the caller has seen; undefined when they do not care. */
function change(
  item: StockItem,
  changes: Changes,
  expected: number | undefined,
  at: number,
): Result<Change<StockItem, InventoryEvent>, InventoryErrorOf<'inventory.changed_meanwhile'>> {
  if (expected !== undefined && expected !== item.version) return err({ code: 'inventory.changed_meanwhile', version: item.version });
  const state: StockItem = { ...item, ...changes };
  const { restaurantId, id: stockItemId, name, lowStockThreshold } = state;
  return ok({ state, events: [{ type: 'inventory.stock_item_changed', restaurantId, stockItemId, name, lowStockThreshold, at }] });
}

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(item: StockItem): StockItem {
  invariant(UNITS.includes(item.unit), `stock item ${item.id} is kept in ${item.unit}`);
  invariant(STOCK_KINDS.includes(item.kind), `stock item ${item.id} is a ${item.kind}`);
  invariant(item.lowStockThreshold >= 0, `stock item ${item.id} runs low below nothing`);
  return item;
}

export const StockItem = { add, countdown, change, check };
