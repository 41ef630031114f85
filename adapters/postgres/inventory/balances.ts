import type { Balances } from '#application/inventory/ports.ts';
import type { Balance } from '#domain/inventory/balance.ts';
import { Quantity } from '#domain/shared/quantity.ts';
import { instant, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

type BalanceRecord = {
  readonly restaurant_id: string;
  readonly stock_item_id: string;
  readonly batch_id: string;
  readonly shelf: string;
  readonly held: string;
  readonly expires_at: string | null;
  readonly lot: string | null;
};

const COLUMNS = 'restaurant_id, stock_item_id, batch_id, shelf, held, expires_at, lot';
// However many ask, the rows are locked in one order: nobody waits for somebody who waits for them. Each item is looked up by
// itself, because a join would be planned for more rows than there are, and read the whole table.
export const LOCK = `
  with wanted as (
    select distinct w."restaurantId", item.id
      from jsonb_to_recordset($1::jsonb) as w ("restaurantId" uuid, "stockItemIds" uuid[]), unnest(w."stockItemIds") as item (id)
     order by 1, 2
  )
  select balance.* from wanted w cross join lateral (
    select ${COLUMNS} from inventory.balances
     where restaurant_id = w."restaurantId" and stock_item_id = w.id
     order by expires_at nulls last, batch_id
       for update) as balance`;
const LOCK_EXPIRED = `
  select ${COLUMNS} from inventory.balances
   where expires_at <= $1::timestamptz and shelf > 0
   order by expires_at, restaurant_id, stock_item_id, batch_id
   limit $2::int
     for update skip locked`;

const toBalance = (row: BalanceRecord): Balance => ({
  stockItemId: row.stock_item_id,
  batchId: row.batch_id,
  shelf: Quantity.of(Number(row.shelf)),
  held: Quantity.of(Number(row.held)),
  expiresAt: row.expires_at === null ? null : instant(row.expires_at),
  lot: row.lot,
});

export const postgresBalances = ({ sql, gather }: PostgresTx): Balances => ({
  async lock(restaurantId, stockItemIds) {
    const rows = await gather<BalanceRecord>(LOCK, { restaurantId, stockItemIds });
    return rows.filter((row) => row.restaurant_id === restaurantId && stockItemIds.includes(row.stock_item_id)).map(toBalance);
  },
  async lockExpired(now, limit) {
    const rows = await sql<BalanceRecord>(LOCK_EXPIRED, [timestamp(now), limit]);
    return rows.map((row) => ({ restaurantId: row.restaurant_id, balance: toBalance(row) }));
  },
});
