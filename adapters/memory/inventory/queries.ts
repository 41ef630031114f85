import type { InventoryQueries } from '#application/inventory/ports.ts';
import { type PageRequest, pageOf } from '#application/shared/page.ts';
import { Balance } from '#domain/inventory/balance.ts';
import type { InventoryEvent } from '#domain/inventory/events.ts';
import { Movement } from '#domain/inventory/movement.ts';
import type { Recipe } from '#domain/inventory/recipe.ts';
import type { Reservation } from '#domain/inventory/reservation.ts';
import type { StockItem } from '#domain/inventory/stock-item.ts';
import { newestFirst } from '../paging.ts';
import type { MemoryStore } from '../store.ts';
import { BALANCES, type BalancesRow, keyOf, MOVEMENTS, type MovementRow, RECIPES, RESERVATIONS, STOCK_ITEMS } from './tables.ts';

export const memoryInventoryQueries = (store: MemoryStore): InventoryQueries => {
  const rows = <T extends { readonly restaurantId: string }>(table: string, restaurantId: string): T[] =>
    store.rows<T>(table).filter((row) => row.restaurantId === restaurantId);
  const page = <Row, T = Row>(found: readonly Row[], request: PageRequest, id: (row: Row) => string, view: (row: Row) => T) =>
    pageOf(newestFirst(found, id, request), request.limit, id, view);
  const ingredients = (restaurantId: string): StockItem[] => rows<StockItem>(STOCK_ITEMS, restaurantId).filter(({ kind }) => kind === 'ingredient');
  const balances = (restaurantId: string, stockItemId: string): readonly Balance[] =>
    store.row<BalancesRow>(BALANCES, keyOf(restaurantId, stockItemId))?.balances ?? [];

  return {
    stockItems: async (restaurantId, request) =>
      page(
        ingredients(restaurantId),
        request,
        ({ id }) => id,
        (item) => item,
      ),
    stocks: async (restaurantId, request) =>
      page(
        ingredients(restaurantId),
        request,
        ({ id }) => id,
        (item) => ({ item, balances: balances(restaurantId, item.id) }),
      ),
    async movements(restaurantId, stockItemId, request) {
      const found = rows<MovementRow>(MOVEMENTS, restaurantId).filter((row) => stockItemId === undefined || row.stockItemId === stockItemId);
      return page(
        found,
        request,
        ({ id }) => id,
        ({ restaurantId: _restaurantId, ...row }) => {
          const { name = '', unit = '' } = store.row<StockItem>(STOCK_ITEMS, keyOf(restaurantId, row.stockItemId)) ?? {};
          return { ...row, name, unit };
        },
      );
    },
    async entry(documentId) {
      const event = store.events.find(({ stream }) => stream === `stock_movement:${documentId}`);
      return event && Movement.fold(JSON.parse(event.json) as InventoryEvent);
    },
    recipe: async (restaurantId, sellableId) => store.row<Recipe>(RECIPES, keyOf(restaurantId, sellableId)),
    recipes: async (restaurantId, request) =>
      page(
        rows<Recipe>(RECIPES, restaurantId),
        request,
        ({ sellableId }) => sellableId,
        (recipe) => recipe,
      ),
    async reservations(restaurantId, status, request) {
      const found = rows<Reservation>(RESERVATIONS, restaurantId).filter((row) => status === undefined || row.status === status);
      return page(
        found,
        request,
        ({ orderId }) => orderId,
        (reservation) => reservation,
      );
    },
    available: async (restaurantId, stockItemIds, now) => new Map(stockItemIds.map((id) => [id, Balance.available(balances(restaurantId, id), now)])),
  };
};
