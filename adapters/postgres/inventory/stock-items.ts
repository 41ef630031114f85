import type { StockItems } from '#application/inventory/ports.ts';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import { StockItem, type StockKind, type Unit } from '#domain/inventory/stock-item.ts';
import { Quantity } from '#domain/shared/quantity.ts';
import { violates } from '../conflicts.ts';
import { saved } from '../saved.ts';
import type { PostgresTx } from '../tx.ts';

export type StockItemRecord = {
  readonly restaurant_id: string;
  readonly id: string;
  readonly name: string;
  readonly unit: Unit;
  readonly kind: StockKind;
  readonly low_stock_threshold: string;
  readonly version: number;
};

export const STOCK_ITEM_COLUMNS = 'i.restaurant_id, i.id, i.name, i.unit, i.kind, i.low_stock_threshold, i.version';

export const toStockItem = (row: StockItemRecord): StockItem =>
  StockItem.check({
    restaurantId: row.restaurant_id,
    id: row.id,
    name: row.name,
    unit: row.unit,
    kind: row.kind,
    lowStockThreshold: Quantity.of(Number(row.low_stock_threshold)),
    version: row.version,
  });

/** Names are in the recipe book, so that a change of one is a new revision of it. */
export const REVISED = `
  revised as (
    insert into inventory.recipe_revisions as v (restaurant_id, revision) values ($1::uuid, 1)
    on conflict (restaurant_id) do update set revision = v.revision + 1
  )`;
// Every item has its undated batch from the beginning: there is always a balance to lock.
const ADD = `
  with added as (
    insert into inventory.stock_items (restaurant_id, id, name, name_key, unit, kind, low_stock_threshold, version)
    values ($1::uuid, $2::uuid, $3::text, $4::text, $5::text, $6::text, $7::bigint, $8::int)
    on conflict do nothing returning restaurant_id, id
  ), opened as (
    insert into inventory.balances (restaurant_id, stock_item_id, batch_id, shelf, held) select restaurant_id, id, id, 0, 0 from added
  ), ${REVISED}
  select 1 from added`;
const CHANGE = `
  with changed as (
    update inventory.stock_items set name = $3::text, name_key = $4::text, low_stock_threshold = $5::bigint, version = $7::int
     where restaurant_id = $1::uuid and id = $2::uuid and version = $6::int returning 1
  ), ${REVISED}
  select 1 from changed`;

const nameKeyOf = ({ kind, name }: StockItem): string | null => (kind === 'ingredient' ? name.toLowerCase() : null);

export const postgresStockItems = ({ sql, append }: PostgresTx): StockItems => ({
  async find(restaurantId, stockItemId) {
    const [row] = await sql<StockItemRecord>(
      `select ${STOCK_ITEM_COLUMNS} from inventory.stock_items i where i.restaurant_id = $1::uuid and i.id = $2::uuid`,
      [restaurantId, stockItemId],
    );
    return row && toStockItem(row);
  },
  async findAll(restaurantId, stockItemIds) {
    const rows = await sql<StockItemRecord>(
      `select ${STOCK_ITEM_COLUMNS} from inventory.stock_items i where i.restaurant_id = $1::uuid and i.id = any($2::uuid[])`,
      [restaurantId, stockItemIds],
    );
    return rows.map(toStockItem);
  },
  async save({ state, events }) {
    const { restaurantId, id, name, unit, kind, lowStockThreshold, version } = StockItem.check(state);
    const next = version + events.length;
    append({ stream: `stock_item:${id}`, version, restaurantId }, events);
    if (version === 0) {
      const added = await sql(ADD, [restaurantId, id, name, nameKeyOf(state), unit, kind, lowStockThreshold, next]);
      if (added.length > 0) return 'saved';
      if (kind === 'ingredient') return 'name_taken';
      throw new WriteConflict(`stock item ${id} has just been added`);
    }
    try {
      saved(await sql(CHANGE, [restaurantId, id, name, nameKeyOf(state), lowStockThreshold, version, next]), `stock item ${id}`);
      return 'saved';
    } catch (error) {
      if (violates(error, 'stock_items_name')) return 'name_taken';
      throw error;
    }
  },
});
