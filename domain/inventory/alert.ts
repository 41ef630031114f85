import type { Change } from '../shared/change.ts';
import type { Quantity } from '../shared/quantity.ts';
import type { InventoryEvent } from './events.ts';

export const STOCK_LEVELS = ['ok', 'low', 'out'] as const;
export type StockLevel = (typeof STOCK_LEVELS)[number];

/** How well an item is stocked, by what of it can be promised. */
export const levelOf = (available: number, threshold: number): StockLevel => (available <= 0 ? 'out' : available <= threshold ? 'low' : 'ok');

/** What people were last told of an item's level. */
export type StockAlert = { readonly restaurantId: string; readonly stockItemId: string; readonly level: StockLevel; readonly version: number };

/** What is there of an item right now. A countdown that counts no longer is not short of anything. */
export type Reading = {
  readonly restaurantId: string;
  readonly stockItemId: string;
  readonly name: string;
  readonly unit: string;
  readonly available: Quantity;
  readonly threshold: Quantity;
  readonly isCounted: boolean;
};

const TYPES = { ok: 'inventory.stock_recovered', low: 'inventory.stock_low', out: 'inventory.stock_out' } as const;

/** Tells of a level that was crossed since the last alert; undefined when none was. An item nobody was told of is taken to be well stocked. */
function cross(before: StockAlert | undefined, reading: Reading, at: number): Change<StockAlert, InventoryEvent> | undefined {
  const { restaurantId, stockItemId, name, unit, available, threshold, isCounted } = reading;
  const was = before?.level ?? 'ok';
  const level = isCounted ? levelOf(available, threshold) : 'ok';
  if (level === was) return undefined;
  const state: StockAlert = { restaurantId, stockItemId, level, version: before?.version ?? 0 };
  return { state, events: [{ type: TYPES[level], restaurantId, stockItemId, name, unit, was, available, threshold, at }] };
}

export const StockAlert = { cross };
