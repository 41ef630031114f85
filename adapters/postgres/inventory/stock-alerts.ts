import type { StockAlerts } from '#application/inventory/ports.ts';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import type { StockLevel } from '#domain/inventory/alert.ts';
import { Quantity } from '#domain/shared/quantity.ts';
import { timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

type ReadingRecord = {
  readonly restaurant_id: string;
  readonly id: string;
  readonly name: string;
  readonly unit: string;
  readonly low_stock_threshold: string;
  readonly available: string;
  readonly is_counted: boolean;
  readonly level: StockLevel | null;
  readonly version: number | null;
};

const READINGS = `
  select i.restaurant_id, i.id, i.name, i.unit, i.low_stock_threshold,
         (select coalesce(sum(b.shelf), 0) from inventory.balances b
           where b.restaurant_id = i.restaurant_id and b.stock_item_id = i.id and (b.expires_at is null or b.expires_at > $2::timestamptz)) as available,
         (i.kind = 'ingredient' or coalesce(r.counts_down, false)) as is_counted, a.level, a.version
    from jsonb_to_recordset($1::jsonb) as k ("restaurantId" uuid, "stockItemId" uuid)
    join inventory.stock_items i on i.restaurant_id = k."restaurantId" and i.id = k."stockItemId"
    left join inventory.recipes r on r.restaurant_id = i.restaurant_id and r.sellable_id = i.id
    left join inventory.stock_alerts a on a.restaurant_id = i.restaurant_id and a.stock_item_id = i.id`;
const SAVE = `
  insert into inventory.stock_alerts as a (restaurant_id, stock_item_id, level, version)
  select e."restaurantId", e."stockItemId", e.level, e.next
    from jsonb_to_recordset($1::jsonb) as e ("restaurantId" uuid, "stockItemId" uuid, level text, next int)
  on conflict (restaurant_id, stock_item_id) do update set level = excluded.level, version = excluded.version
    where a.version = excluded.version - 1
  returning 1`;

export const postgresStockAlerts = ({ sql, append }: PostgresTx): StockAlerts => ({
  async readings(items, now) {
    const rows = await sql<ReadingRecord>(READINGS, [JSON.stringify(items), timestamp(now)]);
    return rows.map(({ restaurant_id: restaurantId, id: stockItemId, name, unit, level, version, ...row }) => ({
      reading: {
        restaurantId,
        stockItemId,
        name,
        unit,
        available: Quantity.of(Number(row.available)),
        threshold: Quantity.of(Number(row.low_stock_threshold)),
        isCounted: row.is_counted,
      },
      before: level === null || version === null ? undefined : { restaurantId, stockItemId, level, version },
    }));
  },
  async save(changes) {
    const rows = changes.map(({ state, events }) => ({ ...state, next: state.version + events.length }));
    const written = await sql(SAVE, [JSON.stringify(rows)]);
    if (written.length < changes.length) throw new WriteConflict('a stock alert moved on');
    for (const { state, events } of changes) {
      append({ stream: `stock_alert:${state.stockItemId}`, version: state.version, restaurantId: state.restaurantId }, events);
    }
  },
});
