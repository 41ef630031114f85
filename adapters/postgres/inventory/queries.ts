import type { InventoryQueries, MovementView } from '#application/inventory/ports.ts';
import { pageOf } from '#application/shared/page.ts';
import type { Balance } from '#domain/inventory/balance.ts';
import type { InventoryEvent } from '#domain/inventory/events.ts';
import { Movement, type Place } from '#domain/inventory/movement.ts';
import { RESERVATION_STATUSES } from '#domain/inventory/reservation.ts';
import { Quantity } from '#domain/shared/quantity.ts';
import { readStream } from '../events/log.ts';
import { LAST } from '../paging.ts';
import { instant, type Sql, timestamp } from '../sql.ts';
import { type ReservationRecord, toReservation } from './ledger.ts';
import { findRecipe, RECIPE_COLUMNS, type RecipeRecord, toRecipe } from './recipes.ts';
import { STOCK_ITEM_COLUMNS, type StockItemRecord, toStockItem } from './stock-items.ts';

const ITEMS = `
  select ${STOCK_ITEM_COLUMNS} from inventory.stock_items i
   where i.restaurant_id = $1::uuid and i.kind = 'ingredient' and i.id < $2::uuid order by i.id desc limit $3::int`;
const STOCKS = `
  select i.*, coalesce(
           (select jsonb_agg(jsonb_build_object('batchId', b.batch_id, 'shelf', b.shelf, 'held', b.held, 'lot', b.lot, 'expiresAt', b.expires_at))
              from inventory.balances b where b.restaurant_id = i.restaurant_id and b.stock_item_id = i.id), '[]') as balances
    from (${ITEMS}) i order by i.id desc`;
type StockRecord = StockItemRecord & {
  readonly balances: readonly (Pick<Balance, 'batchId' | 'shelf' | 'held' | 'lot'> & { readonly expiresAt: string | null })[];
};

const movementsOf = (filter: string): string => `
  select m.id, m.document_id, m.kind, m.stock_item_id, i.name, i.unit, m.batch_id, m.quantity, m.from_place, m.to_place, m.reason, m.at
    from inventory.movements m join inventory.stock_items i on i.restaurant_id = m.restaurant_id and i.id = m.stock_item_id
   where m.restaurant_id = $1::uuid and m.id < $2::uuid ${filter} order by m.id desc limit $3::int`;
const MOVEMENTS = movementsOf('');
const MOVEMENTS_OF_ITEM = movementsOf('and m.stock_item_id = $4::uuid');
type MovementRecord = Pick<MovementView, 'id' | 'kind' | 'name' | 'unit' | 'reason'> & {
  readonly document_id: string;
  readonly stock_item_id: string;
  readonly batch_id: string;
  readonly quantity: string;
  readonly from_place: Place;
  readonly to_place: Place;
  readonly at: string;
};

const toMovement = (row: MovementRecord): MovementView => ({
  id: row.id,
  documentId: row.document_id,
  kind: row.kind,
  stockItemId: row.stock_item_id,
  name: row.name,
  unit: row.unit,
  batchId: row.batch_id,
  quantity: Quantity.of(Number(row.quantity)),
  from: row.from_place,
  to: row.to_place,
  reason: row.reason,
  at: instant(row.at),
});

const RECIPES = `
  select ${RECIPE_COLUMNS} from inventory.recipes where restaurant_id = $1::uuid and sellable_id < $2::uuid order by sellable_id desc limit $3::int`;
const reservationsOf = (filter: string): string => `
  select restaurant_id, order_id, lines, status, expires_at, reserved_at, settled_at, version
    from inventory.reservations where restaurant_id = $1::uuid and order_id < $2::uuid ${filter} order by order_id desc limit $3::int`;
const RESERVATIONS = reservationsOf('');
// The status is in the text: a plan that knows no parameter cannot use the indexes of some statuses.
const RESERVATIONS_IN = Object.fromEntries(RESERVATION_STATUSES.map((status) => [status, reservationsOf(`and status = '${status}'`)]));

const AVAILABLE = `
  select stock_item_id, sum(shelf) as available from inventory.balances
   where restaurant_id = $1::uuid and stock_item_id = any($2::uuid[]) and (expires_at is null or expires_at > $3::timestamptz)
   group by stock_item_id`;

export const postgresInventoryQueries = (sql: () => Sql): InventoryQueries => ({
  async stockItems(restaurantId, { limit, after = LAST }) {
    const rows = await sql()<StockItemRecord>(ITEMS, [restaurantId, after, limit + 1]);
    return pageOf(rows, limit, ({ id }) => id, toStockItem);
  },
  async stocks(restaurantId, { limit, after = LAST }) {
    const rows = await sql()<StockRecord>(STOCKS, [restaurantId, after, limit + 1]);
    return pageOf(
      rows,
      limit,
      ({ id }) => id,
      (row) => ({
        item: toStockItem(row),
        balances: row.balances.map(({ expiresAt, ...balance }) => ({
          ...balance,
          stockItemId: row.id,
          expiresAt: expiresAt === null ? null : instant(expiresAt),
        })),
      }),
    );
  },
  async movements(restaurantId, stockItemId, { limit, after = LAST }) {
    const params = [restaurantId, after, limit + 1];
    const rows = await (stockItemId === undefined
      ? sql()<MovementRecord>(MOVEMENTS, params)
      : sql()<MovementRecord>(MOVEMENTS_OF_ITEM, [...params, stockItemId]));
    return pageOf(rows, limit, ({ id }) => id, toMovement);
  },
  async entry(documentId) {
    const [first] = await readStream(sql(), `stock_movement:${documentId}`);
    return first && Movement.fold(first.data as InventoryEvent);
  },
  recipe: (restaurantId, sellableId) => findRecipe(sql(), restaurantId, sellableId),
  async recipes(restaurantId, { limit, after = LAST }) {
    const rows = await sql()<RecipeRecord>(RECIPES, [restaurantId, after, limit + 1]);
    return pageOf(rows, limit, ({ sellable_id }) => sellable_id, toRecipe);
  },
  async reservations(restaurantId, status, { limit, after = LAST }) {
    const statement = status === undefined ? RESERVATIONS : (RESERVATIONS_IN[status] as string);
    const rows = await sql()<ReservationRecord>(statement, [restaurantId, after, limit + 1]);
    return pageOf(rows, limit, ({ order_id }) => order_id, toReservation);
  },
  async available(restaurantId, stockItemIds, now) {
    const rows = await sql()<{ stock_item_id: string; available: string }>(AVAILABLE, [restaurantId, stockItemIds, timestamp(now)]);
    return new Map(rows.map(({ stock_item_id, available }) => [stock_item_id, Quantity.of(Number(available))]));
  },
});
