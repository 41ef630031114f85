import { defineEntity, p } from '@mikro-orm/core';
import { ORDER_STATUSES } from '#domain/ordering/order.ts';

const oneOf = (column: string, values: readonly string[]): string => `${column} in (${values.map((value) => `'${value}'`).join(', ')})`;

/** `facts` is what was agreed and never changes; columns are what is asked for, and what moves. */
export const OrderRow = defineEntity({
  name: 'OrderRow',
  schema: 'ordering',
  tableName: 'orders',
  indexes: [
    { name: 'orders_restaurant_status', properties: ['restaurantId', 'status', 'id'] },
    { name: 'orders_customer', properties: ['customerId', 'id'] },
    { name: 'orders_lapsing', expression: `create index orders_lapsing on ordering.orders (expires_at) where status = 'pending'` },
  ],
  uniques: [{ name: 'orders_number', properties: ['restaurantId', 'businessDay', 'number'] }],
  checks: [
    { name: 'orders_status', expression: oneOf('status', ORDER_STATUSES) },
    { name: 'orders_total', expression: 'total >= 0' },
  ],
  properties: {
    id: p.uuid().primary(),
    restaurantId: p.uuid(),
    customerId: p.uuid(),
    businessDay: p.date(),
    number: p.integer(),
    status: p.text(),
    reason: p.text().nullable(),
    total: p.bigint('number'),
    placedAt: p.datetime(3),
    expiresAt: p.datetime(3).nullable(),
    facts: p.json<Record<string, unknown>>(),
    version: p.integer(),
  },
});

export const OrderHistoryRow = defineEntity({
  name: 'OrderHistoryRow',
  schema: 'ordering',
  tableName: 'order_history',
  properties: {
    orderId: p.uuid().primary(),
    version: p.integer().primary(),
    restaurantId: p.uuid(),
    from: p.text().name('from_status').nullable(),
    to: p.text().name('to_status'),
    actor: p.text(),
    reason: p.text().nullable(),
    at: p.datetime(3),
  },
});

/** The last number given out for a business day: each process takes a block at a time. */
export const OrderNumberRow = defineEntity({
  name: 'OrderNumberRow',
  schema: 'ordering',
  tableName: 'order_numbers',
  properties: {
    restaurantId: p.uuid().primary(),
    businessDay: p.date().primary(),
    last: p.integer(),
  },
});

export const ORDERING_ROWS = [OrderRow, OrderHistoryRow, OrderNumberRow];
