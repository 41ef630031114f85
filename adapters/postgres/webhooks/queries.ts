import { pageOf } from '#application/shared/page.ts';
import type { WebhooksQueries } from '#application/webhooks/ports.ts';
import { DELIVERY_STATUSES } from '#domain/webhooks/delivery.ts';
import { LAST, newestOf } from '../paging.ts';
import { instant, type Sql } from '../sql.ts';
import { DELIVERY_COLUMNS, type DeliveryRecord, toDelivery } from './deliveries.ts';
import { ENDPOINT_COLUMNS, type EndpointRecord, findEndpoint, toEndpoint } from './endpoints.ts';

const ENDPOINTS = `
  select ${ENDPOINT_COLUMNS} from webhooks.endpoints
   where restaurant_id = $1::uuid and status <> 'deleted' and id < $2::uuid order by id desc limit $3::int`;
const DELIVERY = `select ${DELIVERY_COLUMNS} from webhooks.deliveries where id = $3::uuid and restaurant_id = $1::uuid and endpoint_id = $2::uuid`;
const DELIVERIES = `
  select ${DELIVERY_COLUMNS} from webhooks.deliveries
   where ${newestOf('webhooks.deliveries', 'status', 'o.restaurant_id = $4::uuid and o.endpoint_id = $5::uuid and')}`;
/** More than this is counted as this: a metric must stay quick when an endpoint is away for days. */
const COUNTED_MAX = 100_000;
const BACKLOG = `
  select count(*)::int as waiting, min(due_at) filter (where due_at <= $1::timestamptz) as oldest_due_at
    from (select due_at from webhooks.deliveries where status in ('waiting', 'sending') limit ${COUNTED_MAX}) open`;

export const postgresWebhooksQueries = (sql: () => Sql): WebhooksQueries => ({
  endpoint: (restaurantId, endpointId) => findEndpoint(sql(), restaurantId, endpointId),
  async endpoints(restaurantId, { limit, after = LAST }) {
    const rows = await sql()<EndpointRecord>(ENDPOINTS, [restaurantId, after, limit + 1]);
    return pageOf(rows, limit, ({ id }) => id, toEndpoint);
  },
  async delivery(restaurantId, endpointId, deliveryId) {
    const [row] = await sql()<DeliveryRecord>(DELIVERY, [restaurantId, endpointId, deliveryId]);
    return row && toDelivery(row);
  },
  async deliveries(restaurantId, endpointId, { status }, { limit, after = LAST }) {
    const params = [after, limit + 1, status === undefined ? DELIVERY_STATUSES : [status], restaurantId, endpointId];
    const rows = await sql()<DeliveryRecord>(DELIVERIES, params);
    return pageOf(rows, limit, ({ id }) => id, toDelivery);
  },
  async backlog(at) {
    const [row] = await sql()<{ waiting: number; oldest_due_at: string | null }>(BACKLOG, [new Date(at).toISOString()]);
    return { waiting: row?.waiting ?? 0, oldestDueAt: row?.oldest_due_at ? instant(row.oldest_due_at) : null };
  },
});
