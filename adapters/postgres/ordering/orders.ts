import type { Orders } from '#application/ordering/ports.ts';
import { Order, type OrderFacts, OrderId, type OrderStatus } from '#domain/ordering/order.ts';
import { saved } from '../saved.ts';
import { type Sql, timestamp, timestampOrNull } from '../sql.ts';
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
  select id, "restaurantId", "customerId", "businessDay", number, status, reason, total, "placedAt", "expiresAt", facts, version
    from jsonb_to_recordset($1::jsonb)
      as o (id uuid, "restaurantId" uuid, "customerId" uuid, "businessDay" date, number int, status text, reason text, total bigint,
            "placedAt" timestamptz, "expiresAt" timestamptz, facts jsonb, version int)`;
const MOVE = 'update ordering.orders set status = $3, reason = $4, version = $5::int where id = $1::uuid and version = $2::int returning 1';

export async function findOrder(sql: Sql, orderId: OrderId): Promise<Order | undefined> {
  const [row] = await sql<OrderRecord>(`select ${ORDER_COLUMNS} from ordering.orders where id = $1::uuid`, [orderId]);
  return row && toOrder(row);
}

export const postgresOrders = ({ sql, gather, append }: PostgresTx): Orders => ({
  find: (orderId) => findOrder(sql, orderId),
  async save({ state, events }) {
    const { id, status, reason, version, ...facts } = Order.check(state);
    const next = version + events.length;
    append({ stream: `order:${id}`, version, restaurantId: facts.restaurantId }, events);
    if (version > 0) return saved(await sql(MOVE, [id, version, status, reason, next]), `order ${id}`);
    const { restaurantId, customerId, businessDay, number, price, placedAt, expiresAt } = facts;
    await gather(INSERT, {
      id,
      restaurantId,
      customerId,
      businessDay,
      number,
      status,
      reason,
      total: price.total,
      placedAt: timestamp(placedAt),
      expiresAt: timestampOrNull(expiresAt),
      facts,
      version: next,
    });
  },
});
