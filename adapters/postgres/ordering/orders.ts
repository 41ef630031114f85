import type { Orders } from '#application/ordering/ports.ts';
import { Order, type OrderFacts, OrderId, type OrderStatus } from '#domain/ordering/order.ts';
import { saved } from '../saved.ts';
import { type Sql, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

export type OrderRecord = {
  readonly id: string;
  readonly status: OrderStatus;
  readonly reason: string | null;
  readonly facts: OrderFacts;
  readonly version: number;
};

export const ORDER_COLUMNS = 'id, status, reason, facts, version';

export const toOrder = ({ id, facts, status, reason, version }: OrderRecord): Order =>
  Order.check({ ...facts, id: OrderId.of(id), status, reason, version });

const INSERT = `
  insert into ordering.orders
    (id, restaurant_id, customer_id, business_day, number, status, reason, total, placed_at, expires_at, facts, version)
  values ($1::uuid, $2::uuid, $3::uuid, $4::date, $5::int, $6, $7, $8::bigint, $9::timestamptz, $10::timestamptz, $11::jsonb, $12::int)`;
const MOVE = 'update ordering.orders set status = $3, reason = $4, version = $5::int where id = $1::uuid and version = $2::int returning 1';

export async function findOrder(sql: Sql, orderId: OrderId): Promise<Order | undefined> {
  const [row] = await sql<OrderRecord>(`select ${ORDER_COLUMNS} from ordering.orders where id = $1::uuid`, [orderId]);
  return row && toOrder(row);
}

export const postgresOrders = ({ sql, append }: PostgresTx): Orders => ({
  find: (orderId) => findOrder(sql, orderId),
  async save({ state, events }) {
    const { id, status, reason, version, ...facts } = Order.check(state);
    const next = version + events.length;
    append({ stream: `order:${id}`, version, restaurantId: facts.restaurantId }, events);
    if (version > 0) return saved(await sql(MOVE, [id, version, status, reason, next]), `order ${id}`);
    const { restaurantId, customerId, businessDay, number, price, placedAt, expiresAt } = facts;
    await sql(INSERT, [
      id,
      restaurantId,
      customerId,
      businessDay,
      number,
      status,
      reason,
      price.total,
      timestamp(placedAt),
      expiresAt === null ? null : timestamp(expiresAt),
      JSON.stringify(facts),
      next,
    ]);
  },
});
