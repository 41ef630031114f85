import type { HistoryEntry, OrderHistory } from '#application/ordering/ports.ts';
import type { OrderId, OrderStatus } from '#domain/ordering/order.ts';
import { instant, type Sql, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

type HistoryRecord = {
  readonly version: number;
  readonly from_status: OrderStatus | null;
  readonly to_status: OrderStatus;
  readonly actor: string;
  readonly reason: string | null;
  readonly at: string;
};

const ADD = `
  insert into ordering.order_history (order_id, version, restaurant_id, from_status, to_status, actor, reason, at)
  select "orderId", version, "restaurantId", "from", "to", actor, reason, at
    from jsonb_to_recordset($1::jsonb)
      as e ("orderId" uuid, version int, "restaurantId" uuid, "from" text, "to" text, actor text, reason text, at timestamptz)
  on conflict do nothing`;

export const postgresOrderHistory = ({ sql }: PostgresTx): OrderHistory => ({
  async add(entries) {
    await sql(ADD, [JSON.stringify(entries.map((entry) => ({ ...entry, at: timestamp(entry.at) })))]);
  },
});

export async function readHistory(sql: Sql, orderId: OrderId): Promise<readonly HistoryEntry[]> {
  const rows = await sql<HistoryRecord>(
    'select version, from_status, to_status, actor, reason, at from ordering.order_history where order_id = $1::uuid order by version',
    [orderId],
  );
  return rows.map(({ from_status, to_status, at, ...row }) => ({ ...row, from: from_status, to: to_status, at: instant(at) }));
}
