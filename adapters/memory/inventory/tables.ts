import type { MovementView } from '#application/inventory/ports.ts';
import type { Balance } from '#domain/inventory/balance.ts';

export const STOCK_ITEMS = 'inventory.stock_items';
/** Keeps the names of ingredients apart. */
export const NAMES = 'inventory.stock_item_names';
export const BALANCES = 'inventory.balances';
export const MOVEMENTS = 'inventory.movements';
export const RESERVATIONS = 'inventory.reservations';
export const RECIPES = 'inventory.recipes';
export const REVISIONS = 'inventory.recipe_revisions';
export const ALERTS = 'inventory.stock_alerts';

/** All batches of an item are one row, which is also what is locked. */
export type BalancesRow = { readonly restaurantId: string; readonly balances: readonly Balance[] };
export type MovementRow = Omit<MovementView, 'name' | 'unit'> & { readonly restaurantId: string };

export const keyOf = (restaurantId: string, id: string): string => `${restaurantId}/${id}`;
