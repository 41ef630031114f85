import type { OrderQueries } from '#application/ordering/ports.ts';
import { pageOf } from '#application/shared/page.ts';
import type { OrderEvent } from '#domain/ordering/events.ts';
import { ORDER_STATUSES, Order, OrderId } from '#domain/ordering/order.ts';
import { eventually } from '../../shared/eventually.ts';
import { readStream } from '../events/log.ts';
import { LAST, newestOf } from '../paging.ts';
import { type Sql, timestamp } from '../sql.ts';
import { readHistory } from './history.ts';
import { findOrder, ORDER_COLUMNS, type OrderRecord, toOrder } from './orders.ts';

const HISTORY_WAIT_MS = 1_000;

const OF_RESTAURANT = `select ${ORDER_COLUMNS} from ordering.orders where ${newestOf('ordering.orders', 'status', 'o.restaurant_id = $4::uuid and')}`;

export const postgresOrderQueries = (sql: () => Sql): OrderQueries => ({
  find: (orderId) => findOrder(sql(), orderId),
  some: async (orderIds) =>
    (await sql()<OrderRecord>(`select ${ORDER_COLUMNS} from ordering.orders where id = any($1::uuid[])`, [orderIds])).map(toOrder),
  async asPlaced(orderId) {
    const [first] = await readStream(sql(), `order:${orderId}`);
    return first && Order.fold(orderId, [first.data as OrderEvent]);
  },
  async forCustomer(customerId, { limit, after = LAST }) {
    const rows = await sql()<OrderRecord>(
      `select ${ORDER_COLUMNS} from ordering.orders where customer_id = $1::uuid and id < $2::uuid order by id desc limit $3::int`,
      [customerId, after, limit + 1],
    );
    return pageOf(rows, limit, ({ id }) => id, toOrder);
  },
  async forRestaurant(restaurantId, { status }, { limit, after = LAST }) {
    const statuses = status === undefined ? ORDER_STATUSES : [status];
    const rows = await sql()<OrderRecord>(OF_RESTAURANT, [after, limit + 1, statuses, restaurantId]);
    return pageOf(rows, limit, ({ id }) => id, toOrder);
  },
  history: (orderId, version) =>
    eventually(
      () => readHistory(sql(), orderId),
      (entries) => (entries.at(-1)?.version ?? 0) >= version,
      HISTORY_WAIT_MS,
    ),
  async lapsed(at, after, limit) {
    const rows = await sql()<{ id: string }>(
      `select id from ordering.orders
        where status = 'pending' and expires_at <= $1::timestamptz and ($2::uuid is null or id > $2::uuid) order by id limit $3::int`,
      [timestamp(at), after ?? null, limit],
    );
    return rows.map(({ id }) => OrderId.of(id));
  },
});
