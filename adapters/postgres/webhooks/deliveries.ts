import type { Deliveries } from '#application/webhooks/ports.ts';
import { type Attempt, Delivery, type DeliveryStatus } from '#domain/webhooks/delivery.ts';
import type { DeliveryFailure } from '#domain/webhooks/events.ts';
import { instant, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

export type DeliveryRecord = {
  readonly id: string;
  readonly restaurant_id: string;
  readonly endpoint_id: string;
  readonly event_id: string | null;
  readonly event_type: string;
  readonly body: string;
  readonly status: DeliveryStatus;
  readonly failure: DeliveryFailure | null;
  readonly attempts: number;
  readonly claims: number;
  readonly replays: number;
  readonly history: readonly Attempt[];
  readonly due_at: string;
  readonly queued_at: string;
  readonly version: number;
};

const NAMES = [
  ...['id', 'restaurant_id', 'endpoint_id', 'event_id', 'event_type', 'body', 'status', 'failure'],
  ...['attempts', 'claims', 'replays', 'history', 'due_at', 'queued_at', 'version'],
];
export const DELIVERY_COLUMNS = NAMES.join(', ');

export const toDelivery = ({ restaurant_id, endpoint_id, event_id, event_type, due_at, queued_at, ...row }: DeliveryRecord): Delivery =>
  Delivery.check({
    ...row,
    restaurantId: restaurant_id,
    endpointId: endpoint_id,
    eventId: event_id,
    eventType: event_type,
    dueAt: instant(due_at),
    queuedAt: instant(queued_at),
  });

const OPEN = `d.status in ('waiting', 'sending')`;
const ADD = `
  insert into webhooks.deliveries (${DELIVERY_COLUMNS})
  select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[], $10::int[], $11::int[],
                       $12::jsonb[], $13::timestamptz[], $14::timestamptz[], $15::int[])
  on conflict (endpoint_id, event_id, event_type) do nothing
  returning id`;
// From one endpoint that has something open to the next, over the index, and of each only what is due: none can be in the way of another.
// The limit of one keeps each endpoint a look-up by its key.
const DUE = `
  with recursive line as (
    (select d.endpoint_id from webhooks.deliveries d where ${OPEN} and d.endpoint_id > $2::uuid order by d.endpoint_id limit 1)
    union all
    select (select d.endpoint_id from webhooks.deliveries d where ${OPEN} and d.endpoint_id > line.endpoint_id order by d.endpoint_id limit 1)
      from line where line.endpoint_id is not null
  )
  select due.*, e.status = 'enabled' as is_enabled
    from line
   cross join lateral (select e.id, e.status, e.failing_since from webhooks.endpoints e where e.id = line.endpoint_id limit 1) e
   cross join lateral (
     select ${NAMES.map((name) => `d.${name}`).join(', ')} from webhooks.deliveries d
      where d.endpoint_id = line.endpoint_id and ${OPEN} and d.due_at <= $1::timestamptz
      order by d.due_at, d.id
      limit greatest(0, case when e.failing_since is null then $4::int else 1 end - coalesce(($5::jsonb ->> e.id::text)::int, 0))
      for update skip locked) due
   limit $3::int`;
const LOCK = `
  select ${DELIVERY_COLUMNS} from webhooks.deliveries where id = $3::uuid and restaurant_id = $1::uuid and endpoint_id = $2::uuid for update`;
const LOCK_FAILED = `
  select ${DELIVERY_COLUMNS} from webhooks.deliveries
   where endpoint_id = $2::uuid and status = 'failed' and queued_at >= $3::timestamptz and queued_at < $4::timestamptz
     and restaurant_id = $1::uuid and event_id is not null
   order by queued_at, id limit $5::int for update`;
const SAVE = `
  update webhooks.deliveries
     set status = $2, failure = $3, attempts = $4::int, claims = $5::int, replays = $6::int, history = $7::jsonb, due_at = $8::timestamptz, version = $9::int
   where id = $1::uuid`;
const FORGET = `
  delete from webhooks.deliveries
   where id = any (array(
     select d.id from webhooks.deliveries d
      where d.status in ('succeeded', 'failed') and d.queued_at < $1::timestamptz order by d.queued_at limit $2::int for update skip locked))
  returning 1`;

export const postgresDeliveries = ({ sql, append }: PostgresTx): Deliveries => ({
  async add(changes) {
    const states = changes.map(({ state }) => Delivery.check(state));
    const column = <T>(of: (state: Delivery, i: number) => T): T[] => states.map(of);
    const added = await sql<{ id: string }>(ADD, [
      column(({ id }) => id),
      column(({ restaurantId }) => restaurantId),
      column(({ endpointId }) => endpointId),
      column(({ eventId }) => eventId),
      column(({ eventType }) => eventType),
      column(({ body }) => body),
      column(({ status }) => status),
      column(({ failure }) => failure),
      column(({ attempts }) => attempts),
      column(({ claims }) => claims),
      column(({ replays }) => replays),
      column(({ history }) => JSON.stringify(history)),
      column(({ dueAt }) => timestamp(dueAt)),
      column(({ queuedAt }) => timestamp(queuedAt)),
      column(({ version }, i) => version + (changes[i]?.events.length ?? 0)),
    ]);
    const ids = new Set(added.map(({ id }) => id));
    for (const { state, events } of changes) if (ids.has(state.id)) append(streamOf(state), events);
  },
  async due({ at, limit, perEndpoint, underWay, after }) {
    const params = [timestamp(at), after, limit, perEndpoint, JSON.stringify(underWay)];
    const rows = await sql<DeliveryRecord & { readonly is_enabled: boolean }>(DUE, params);
    return rows.map(({ is_enabled, ...row }) => ({ delivery: toDelivery(row), isEnabled: is_enabled }));
  },
  async lock(restaurantId, endpointId, deliveryId) {
    const [row] = await sql<DeliveryRecord>(LOCK, [restaurantId, endpointId, deliveryId]);
    return row && toDelivery(row);
  },
  lockFailed: async (restaurantId, endpointId, { from, to }, limit) =>
    (await sql<DeliveryRecord>(LOCK_FAILED, [restaurantId, endpointId, timestamp(from), timestamp(to), limit])).map(toDelivery),
  async save({ state, events }) {
    const { id, status, failure, attempts, claims, replays, history, dueAt, version } = Delivery.check(state);
    const params = [id, status, failure, attempts, claims, replays, JSON.stringify(history), timestamp(dueAt), version + events.length];
    await sql(SAVE, params);
    append(streamOf(state), events);
  },
  forget: async (queuedBefore, limit) => (await sql(FORGET, [timestamp(queuedBefore), limit])).length,
});

const streamOf = ({ id, version, restaurantId }: Delivery) => ({ stream: `webhook_delivery:${id}`, version, restaurantId });
