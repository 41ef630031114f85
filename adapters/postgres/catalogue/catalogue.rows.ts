import { defineEntity, p } from '@mikro-orm/core';
import { DIETS } from '#domain/catalogue/labels.ts';
import { AVAILABILITY_STATES } from '#domain/catalogue/menu-item.ts';
import type { ModifierOption } from '#domain/catalogue/modifier-group.ts';
import type { WeeklyHours } from '#domain/shared/weekly-hours.ts';

const oneOf = (column: string, values: readonly string[]): string => `${column} in (${values.map((value) => `'${value}'`).join(', ')})`;

/** One for each restaurant that has a menu: the lock its writers take, and the number its readers compare. */
export const MenuRow = defineEntity({
  name: 'MenuRow',
  schema: 'catalogue',
  tableName: 'menus',
  properties: {
    restaurantId: p.uuid().primary(),
    revision: p.integer(),
  },
});

export const CategoryRow = defineEntity({
  name: 'CategoryRow',
  schema: 'catalogue',
  tableName: 'categories',
  properties: {
    restaurantId: p.uuid().primary(),
    id: p.uuid().primary(),
    name: p.text(),
    position: p.integer(),
    hours: p.json<WeeklyHours>().nullable(),
    isArchived: p.boolean(),
    version: p.integer(),
  },
});

export const MenuItemRow = defineEntity({
  name: 'MenuItemRow',
  schema: 'catalogue',
  tableName: 'items',
  indexes: [{ name: 'items_live', expression: 'create index items_live on catalogue.items (restaurant_id, category_id) where not is_archived' }],
  checks: [
    { name: 'items_price', expression: 'price >= 0' },
    { name: 'items_diet', expression: oneOf('diet', DIETS) },
    { name: 'items_availability', expression: oneOf('availability', AVAILABILITY_STATES) },
  ],
  properties: {
    restaurantId: p.uuid().primary(),
    id: p.uuid().primary(),
    categoryId: p.uuid(),
    name: p.text(),
    description: p.text(),
    price: p.bigint('number'),
    taxClass: p.text(),
    diet: p.text().nullable(),
    tags: p.json<readonly string[]>(),
    allergens: p.json<readonly string[]>(),
    hours: p.json<WeeklyHours>().nullable(),
    groupIds: p.json<readonly string[]>(),
    position: p.integer(),
    availability: p.text(),
    isArchived: p.boolean(),
    version: p.integer(),
  },
});

export const ModifierGroupRow = defineEntity({
  name: 'ModifierGroupRow',
  schema: 'catalogue',
  tableName: 'modifier_groups',
  properties: {
    restaurantId: p.uuid().primary(),
    id: p.uuid().primary(),
    name: p.text(),
    min: p.integer().name('min_choices'),
    max: p.integer().name('max_choices'),
    options: p.json<readonly ModifierOption[]>(),
    isArchived: p.boolean(),
    version: p.integer(),
  },
});

export const CATALOGUE_ROWS = [MenuRow, CategoryRow, MenuItemRow, ModifierGroupRow];
