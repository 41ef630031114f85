import type { Endpoints } from '#application/webhooks/ports.ts';
import { Endpoint, type EndpointSecret, type EndpointStatus } from '#domain/webhooks/endpoint.ts';
import type { DisableReason } from '#domain/webhooks/events.ts';
import { saved } from '../saved.ts';
import { instant, type Sql, timestamp, timestampOrNull } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

export type EndpointRecord = {
  readonly id: string;
  readonly restaurant_id: string;
  readonly url: string;
  readonly description: string;
  readonly event_types: readonly string[];
  readonly status: EndpointStatus;
  readonly disabled_for: DisableReason | null;
  readonly failing_since: string | null;
  readonly secrets: readonly EndpointSecret[];
  readonly created_at: string;
  readonly version: number;
};

export const ENDPOINT_COLUMNS = 'id, restaurant_id, url, description, event_types, status, disabled_for, failing_since, secrets, created_at, version';

export const toEndpoint = ({ restaurant_id, event_types, disabled_for, failing_since, created_at, ...row }: EndpointRecord): Endpoint =>
  Endpoint.check({
    ...row,
    restaurantId: restaurant_id,
    eventTypes: event_types,
    disabledFor: disabled_for,
    failingSince: failing_since === null ? null : instant(failing_since),
    createdAt: instant(created_at),
  });

const FIND = `select ${ENDPOINT_COLUMNS} from webhooks.endpoints where id = $2::uuid and restaurant_id = $1::uuid and status <> 'deleted'`;
const OF = `select ${ENDPOINT_COLUMNS} from webhooks.endpoints where restaurant_id = any($1::uuid[]) and status <> 'deleted' order by restaurant_id, id`;
/** Any number that no other lock of ours begins with. */
const LOCK = `select pg_advisory_xact_lock(7264, hashtext($1))`;
const COUNT = `select count(*)::int as count from webhooks.endpoints where restaurant_id = $1::uuid and status <> 'deleted'`;
const INSERT = `
  insert into webhooks.endpoints (${ENDPOINT_COLUMNS})
  values ($1::uuid, $2::uuid, $3, $4, $5::jsonb, $6, $7, $8::timestamptz, $9::jsonb, $10::timestamptz, $11::int) returning 1`;
const UPDATE = `
  update webhooks.endpoints
     set url = $3, description = $4, event_types = $5::jsonb, status = $6, disabled_for = $7, failing_since = $8::timestamptz, secrets = $9::jsonb,
         version = $10::int
   where id = $1::uuid and version = $2::int returning 1`;
const FORGET = `
  delete from webhooks.endpoints
   where id in (select e.id from webhooks.endpoints e
                 where e.status = 'deleted' and not exists (select 1 from webhooks.deliveries d where d.restaurant_id = e.restaurant_id and d.endpoint_id = e.id)
                 limit $1::int)
  returning 1`;

export async function findEndpoint(sql: Sql, restaurantId: string, endpointId: string): Promise<Endpoint | undefined> {
  const [row] = await sql<EndpointRecord>(FIND, [restaurantId, endpointId]);
  return row && toEndpoint(row);
}

export const postgresEndpoints = ({ sql, append }: PostgresTx): Endpoints => ({
  find: (restaurantId, endpointId) => findEndpoint(sql, restaurantId, endpointId),
  async countForAdding(restaurantId) {
    await sql(LOCK, [restaurantId]);
    const [row] = await sql<{ count: number }>(COUNT, [restaurantId]);
    return row?.count ?? 0;
  },
  of: async (restaurantIds) => (await sql<EndpointRecord>(OF, [restaurantIds])).map(toEndpoint),
  async save({ state, events }) {
    const { id, restaurantId, url, description, eventTypes, status, disabledFor, failingSince, secrets, createdAt, version } = Endpoint.check(state);
    const facts = [url, description, JSON.stringify(eventTypes), status, disabledFor, timestampOrNull(failingSince), JSON.stringify(secrets)];
    const next = version + events.length;
    const written =
      version === 0 ? await sql(INSERT, [id, restaurantId, ...facts, timestamp(createdAt), next]) : await sql(UPDATE, [id, version, ...facts, next]);
    saved(written, `webhook endpoint ${id}`);
    append({ stream: `webhook_endpoint:${id}`, version, restaurantId }, events);
  },
  forget: async (limit) => (await sql(FORGET, [limit])).length,
});
