import type { OrderQueries } from '#application/ordering/ports.ts';
import { pageOf } from '#application/shared/page.ts';
import type { OrderEvent } from '#domain/ordering/events.ts';
import { Order, OrderId } from '#domain/ordering/order.ts';
import { eventually } from '../../shared/eventually.ts';
import { readStream } from '../events/log.ts';
import { type Sql, timestamp } from '../sql.ts';
import { readHistory } from './history.ts';
import { findOrder, ORDER_COLUMNS, type OrderRecord, toOrder } from './orders.ts';

const HISTORY_WAIT_MS = 1_000;

export const postgresOrderQueries = (sql: () => Sql): OrderQueries => ({
  find: (orderId) => findOrder(sql(), orderId),
  async asPlaced(orderId) {
    const [first] = await readStream(sql(), `order:${orderId}`);
    return first && Order.fold(orderId, [first.data as OrderEvent]);
  },
  async forCustomer(customerId, { limit, after }) {
    const rows = await sql()<OrderRecord>(
      `select ${ORDER_COLUMNS} from ordering.orders
        where customer_id = $1::uuid and ($2::uuid is null or id < $2::uuid) order by id desc limit $3::int`,
      [customerId, after ?? null, limit + 1],
    );
    return pageOf(rows, limit, ({ id }) => id, toOrder);
  },
  async forRestaurant(restaurantId, { status }, { limit, after }) {
    const rows = await sql()<OrderRecord>(
      `select ${ORDER_COLUMNS} from ordering.orders
        where restaurant_id = $1::uuid and ($2::text is null or status = $2) and ($3::uuid is null or id < $3::uuid) order by id desc limit $4::int`,
      [restaurantId, status ?? null, after ?? null, limit + 1],
    );
    return pageOf(rows, limit, ({ id }) => id, toOrder);
  },
  history: (orderId, version) =>
    eventually(
      () => readHistory(sql(), orderId),
      (entries) => (entries.at(-1)?.version ?? 0) >= version,
      HISTORY_WAIT_MS,
    ),
  async lapsed(at, limit) {
    const rows = await sql()<{ id: string }>(
      `select id from ordering.orders where status = 'pending' and expires_at <= $1::timestamptz order by expires_at limit $2::int`,
      [timestamp(at), limit],
    );
    return rows.map(({ id }) => OrderId.of(id));
  },
});
