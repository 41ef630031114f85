import {
  type CatalogueQueries,
  type Categories,
  type Groups,
  type Items,
  type MenuSource,
  type Menus,
  USES_MAX,
} from '#application/catalogue/ports.ts';
import { pageOf } from '#application/shared/page.ts';
import { Category } from '#domain/catalogue/category.ts';
import { Menu } from '#domain/catalogue/menu.ts';
import { MenuItem } from '#domain/catalogue/menu-item.ts';
import { ModifierGroup } from '#domain/catalogue/modifier-group.ts';
import { inOrder } from '#domain/catalogue/name.ts';
import type { Change } from '#domain/shared/change.ts';
import { newestFirst } from '../paging.ts';
import type { MemoryStore } from '../store.ts';
import type { MemoryTx } from '../tx.ts';

const MENUS = 'catalogue.menus';
const CATEGORIES = 'catalogue.categories';
const ITEMS = 'catalogue.items';
const GROUPS = 'catalogue.modifier_groups';

type Kept = { readonly id: string; readonly restaurantId: string; readonly isArchived: boolean; readonly version: number };
type Revision = { readonly revision: number };

const key = (restaurantId: string, id: string): string => `${restaurantId}:${id}`;
const live = <T extends Kept>(rows: readonly T[], restaurantId: string): T[] =>
  rows.filter((row) => row.restaurantId === restaurantId && !row.isArchived);
const found = <T extends Kept>(row: T | undefined): T | undefined => (row?.isArchived ? undefined : row);

function save<S extends Kept, E extends { readonly type: string }>(
  tx: MemoryTx,
  table: string,
  stream: string,
  changes: readonly Change<S, E>[],
): void {
  for (const { state, events } of changes) {
    const { id, restaurantId, version } = state;
    tx.put(table, key(restaurantId, id), version, { ...state, version: version + events.length });
    tx.append({ stream: `${stream}:${id}`, version, restaurantId }, events);
  }
}

export const memoryMenus = (tx: MemoryTx): Menus => ({
  async lock(restaurantId) {
    await tx.lock(MENUS, [restaurantId]);
    tx.set(MENUS, restaurantId, { revision: (tx.get<Revision>(MENUS, restaurantId)?.revision ?? 0) + 1 });
  },
});

export const memoryCategories = (tx: MemoryTx): Categories => ({
  find: async (restaurantId, categoryId) => found(tx.get<Category>(CATEGORIES, key(restaurantId, categoryId))),
  live: async (restaurantId) => live(tx.rows<Category>(CATEGORIES), restaurantId).sort(inOrder),
  async save(changes) {
    save(
      tx,
      CATEGORIES,
      'category',
      changes.map(({ state, events }) => ({ state: Category.check(state), events })),
    );
  },
});

export const memoryItems = (tx: MemoryTx): Items => ({
  find: async (restaurantId, itemId) => found(tx.get<MenuItem>(ITEMS, key(restaurantId, itemId))),
  async tally(restaurantId, categoryId) {
    const items = live(tx.rows<MenuItem>(ITEMS), restaurantId);
    const inCategory = items.filter((item) => item.categoryId === categoryId);
    const lastPosition = inCategory.reduce<number | null>((last, { position }) => Math.max(position, last ?? 0), null);
    return { live: items.length, inCategory: inCategory.length, lastPosition };
  },
  async listings(restaurantId) {
    return live(tx.rows<MenuItem>(ITEMS), restaurantId).map(({ categoryId, name, price, position }) => ({ categoryId, name, price, position }));
  },
  async save(changes) {
    save(
      tx,
      ITEMS,
      'menu_item',
      changes.map(({ state, events }) => ({ state: MenuItem.check(state), events })),
    );
  },
});

export const memoryGroups = (tx: MemoryTx): Groups => ({
  find: async (restaurantId, groupId) => found(tx.get<ModifierGroup>(GROUPS, key(restaurantId, groupId))),
  count: async (restaurantId) => live(tx.rows<ModifierGroup>(GROUPS), restaurantId).length,
  missing: async (restaurantId, groupIds) => groupIds.filter((groupId) => !found(tx.get<ModifierGroup>(GROUPS, key(restaurantId, groupId)))),
  async use(restaurantId, groupId) {
    const items = live(tx.rows<MenuItem>(ITEMS), restaurantId).filter(({ groupIds }) => groupIds.includes(groupId));
    const named = items
      .map(({ id: itemId, name }) => ({ itemId, name }))
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.itemId < b.itemId ? -1 : 1));
    return { count: items.length, items: named.slice(0, USES_MAX) };
  },
  async save(changes) {
    save(
      tx,
      GROUPS,
      'modifier_group',
      changes.map(({ state, events }) => ({ state: ModifierGroup.check(state), events })),
    );
  },
});

export const memoryMenuSource = (store: MemoryStore): MenuSource => ({
  revision: async (restaurantId) => store.row<Revision>(MENUS, restaurantId)?.revision,
  load: async (restaurantId) =>
    Menu.of(
      live(store.rows<Category>(CATEGORIES), restaurantId),
      live(store.rows<MenuItem>(ITEMS), restaurantId),
      live(store.rows<ModifierGroup>(GROUPS), restaurantId),
    ),
});

export const memoryCatalogueQueries = (store: MemoryStore): CatalogueQueries => ({
  async categories(restaurantId, page) {
    const rows = newestFirst(live(store.rows<Category>(CATEGORIES), restaurantId), ({ id }) => id, page);
    return pageOf(
      rows,
      page.limit,
      ({ id }) => id,
      (row) => row,
    );
  },
  async groups(restaurantId, page) {
    const rows = newestFirst(live(store.rows<ModifierGroup>(GROUPS), restaurantId), ({ id }) => id, page);
    return pageOf(
      rows,
      page.limit,
      ({ id }) => id,
      (row) => row,
    );
  },
  async sellableExists(restaurantId, sellableId) {
    if (found(store.row<MenuItem>(ITEMS, key(restaurantId, sellableId)))) return true;
    return live(store.rows<ModifierGroup>(GROUPS), restaurantId).some(({ options }) => options.some(({ id }) => id === sellableId));
  },
});
