import { defineEntity, p } from '@mikro-orm/core';

export const RestaurantRow = defineEntity({
  name: 'RestaurantRow',
  schema: 'partners',
  tableName: 'restaurants',
  properties: {
    id: p.uuid().primary(),
    name: p.text(),
    settings: p.json<Record<string, unknown>>(),
    openedAt: p.datetime(3),
    version: p.integer(),
  },
});

export const StaffRow = defineEntity({
  name: 'StaffRow',
  schema: 'partners',
  tableName: 'staff',
  indexes: [{ name: 'staff_account', properties: ['accountId'] }],
  properties: {
    restaurantId: p.uuid().primary(),
    accountId: p.uuid().primary(),
    displayName: p.text(),
    email: p.text(),
    role: p.text().nullable(),
    since: p.datetime(3),
    version: p.integer(),
  },
});

export const PARTNERS_ROWS = [RestaurantRow, StaffRow];
