import { defineEntity, p } from '@mikro-orm/core';
import { STOCK_LEVELS } from '#domain/inventory/alert.ts';
import { MOVEMENT_KINDS, type MovementLine, PLACES } from '#domain/inventory/movement.ts';
import type { RecipeLine } from '#domain/inventory/recipe.ts';
import { RESERVATION_STATUSES } from '#domain/inventory/reservation.ts';
import { STOCK_KINDS, UNITS } from '#domain/inventory/stock-item.ts';

const schema = 'inventory';
const oneOf = (column: string, values: readonly string[]): string => `${column} in (${values.map((value) => `'${value}'`).join(', ')})`;

/** `nameKey` keeps the names of ingredients apart; countdowns have none and are called what the menu calls them. */
export const StockItemRow = defineEntity({
  name: 'StockItemRow',
  schema,
  tableName: 'stock_items',
  uniques: [{ name: 'stock_items_name', properties: ['restaurantId', 'nameKey'] }],
  checks: [
    { name: 'stock_items_unit', expression: oneOf('unit', UNITS) },
    { name: 'stock_items_kind', expression: oneOf('kind', STOCK_KINDS) },
  ],
  properties: {
    restaurantId: p.uuid().primary(),
    id: p.uuid().primary(),
    name: p.text(),
    nameKey: p.text().nullable(),
    unit: p.text(),
    kind: p.text(),
    lowStockThreshold: p.bigint('number'),
    version: p.integer(),
  },
});

/** The hot rows. Nothing that changes is indexed, so that an update stays on its page. */
export const BalanceRow = defineEntity({
  name: 'BalanceRow',
  schema,
  tableName: 'balances',
  indexes: [{ name: 'balances_expiry', expression: 'create index balances_expiry on inventory.balances (expires_at) where expires_at is not null' }],
  checks: [
    { name: 'balances_shelf', expression: 'shelf >= 0' },
    { name: 'balances_held', expression: 'held >= 0' },
  ],
  properties: {
    restaurantId: p.uuid().primary(),
    stockItemId: p.uuid().primary(),
    batchId: p.uuid().primary(),
    shelf: p.bigint('number'),
    held: p.bigint('number'),
    expiresAt: p.datetime(3).nullable(),
    lot: p.text().nullable(),
  },
});

/** The ledger: append-only. */
export const MovementRow = defineEntity({
  name: 'MovementRow',
  schema,
  tableName: 'movements',
  indexes: [{ name: 'movements_item', properties: ['restaurantId', 'stockItemId', 'id'] }],
  checks: [
    { name: 'movements_quantity', expression: 'quantity > 0' },
    { name: 'movements_places', expression: `${oneOf('from_place', PLACES)} and ${oneOf('to_place', PLACES)} and from_place <> to_place` },
    { name: 'movements_kind', expression: oneOf('kind', MOVEMENT_KINDS) },
  ],
  properties: {
    restaurantId: p.uuid().primary(),
    id: p.uuid().primary(),
    stockItemId: p.uuid(),
    batchId: p.uuid(),
    from: p.text().name('from_place'),
    to: p.text().name('to_place'),
    quantity: p.bigint('number'),
    kind: p.text(),
    documentId: p.uuid(),
    reason: p.text().nullable(),
    at: p.datetime(3),
  },
});

export const ReservationRow = defineEntity({
  name: 'ReservationRow',
  schema,
  tableName: 'reservations',
  indexes: [
    {
      name: 'reservations_held',
      expression: `create index reservations_held on inventory.reservations (restaurant_id, order_id) where status = 'held'`,
    },
    {
      // Nearly all are fulfilled: those are found on the way through all of them.
      name: 'reservations_undone',
      expression: `create index reservations_undone on inventory.reservations (restaurant_id, status, order_id) where status in ('released', 'expired', 'wasted')`,
    },
  ],
  checks: [{ name: 'reservations_status', expression: oneOf('status', RESERVATION_STATUSES) }],
  properties: {
    restaurantId: p.uuid().primary(),
    orderId: p.uuid().primary(),
    lines: p.json<readonly MovementLine[]>(),
    status: p.text(),
    expiresAt: p.datetime(3).nullable(),
    reservedAt: p.datetime(3),
    settledAt: p.datetime(3).nullable(),
    version: p.integer(),
  },
});

export const RecipeRow = defineEntity({
  name: 'RecipeRow',
  schema,
  tableName: 'recipes',
  properties: {
    restaurantId: p.uuid().primary(),
    sellableId: p.uuid().primary(),
    lines: p.json<readonly RecipeLine[]>(),
    countsDown: p.boolean(),
    version: p.integer(),
  },
});

/** Grows with everything a restaurant's recipe book is made of. */
export const RecipeRevisionRow = defineEntity({
  name: 'RecipeRevisionRow',
  schema,
  tableName: 'recipe_revisions',
  properties: { restaurantId: p.uuid().primary(), revision: p.integer() },
});

export const StockAlertRow = defineEntity({
  name: 'StockAlertRow',
  schema,
  tableName: 'stock_alerts',
  checks: [{ name: 'stock_alerts_level', expression: oneOf('level', STOCK_LEVELS) }],
  properties: {
    restaurantId: p.uuid().primary(),
    stockItemId: p.uuid().primary(),
    level: p.text(),
    version: p.integer(),
  },
});

export const INVENTORY_ROWS = [StockItemRow, BalanceRow, MovementRow, ReservationRow, RecipeRow, RecipeRevisionRow, StockAlertRow];
