import type { EventQueries, EventSearch, Retry } from '#application/platform/events.ts';
import { pageOf } from '#application/shared/page.ts';
import { EVENT_COLUMNS, type EventRow, toRecordedEvent } from '../events/log.ts';
import { LAST } from '../paging.ts';
import { instant, type Sql, timestamp } from '../sql.ts';

/** The smallest id that is made at an instant: ids of events begin with their time. */
export const idAt = (at: number): string => {
  const hex = Math.max(0, at).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
};
/** Between the making of an id and the writing of the event, and between the clocks of two nodes. */
const SKEW_MS = 60_000;

/** Only what is asked for stands in the statement, so that each search is planned by the index that it has. */
function statementOf({ type, stream, restaurantId, actor, from, to }: EventSearch, after: string | undefined, limit: number) {
  const params: unknown[] = [];
  const conditions: string[] = [];
  const require = (value: unknown, condition: (name: string) => string): void => {
    if (value !== undefined) conditions.push(condition(`$${params.push(value)}`));
  };
  require(type, (name) => `e.type = ${name}`);
  require(stream, (name) => `e.stream = ${name}`);
  require(restaurantId, (name) => `e.restaurant_id = ${name}::uuid`);
  require(actor, (name) => `e.actor = ${name}`);
  require(from === undefined ? undefined : timestamp(from), (name) => `e.recorded_at >= ${name}::timestamptz`);
  require(from === undefined ? undefined : idAt(from - SKEW_MS), (name) => `e.id >= ${name}::uuid`);
  require(to === undefined ? undefined : timestamp(to), (name) => `e.recorded_at < ${name}::timestamptz`);
  const last = after ?? (to === undefined ? LAST : idAt(to + SKEW_MS));
  require(last, (name) => `e.id < ${name}::uuid`);
  params.push(limit);
  return {
    text: `select ${EVENT_COLUMNS} from platform.events e where ${conditions.join(' and ')} order by e.id desc limit $${params.length}::int`,
    params,
  };
}

const STATISTICS = `
  select e.type, count(*)::int as count, max(e.recorded_at) as last_at from platform.events e
   where e.id >= $1::uuid and e.recorded_at >= $2::timestamptz group by e.type order by e.type`;

const PLACE = `lpad(r.position::text, 20, '0') || case when r.is_replay then 'r' else '' end`;
const RETRIES = `
  select e.id, e.type, r.position, r.is_replay, r.attempts, r.due_at, r.parked_at, r.last_error, ${PLACE} as place
    from platform.event_retries r join platform.events e on e.xid = r.xid and e.position = r.position
   where r.subscriber = $1 and ($2::boolean is null or (r.parked_at is not null) = $2::boolean)
     and ($3::text is null or (r.position, r.is_replay) > (rtrim($3, 'r')::bigint, $3 like '%r'))
   order by r.position, r.is_replay limit $4::int`;
type RetryRecord = {
  readonly id: string;
  readonly type: string;
  readonly position: string;
  readonly is_replay: boolean;
  readonly attempts: number;
  readonly due_at: string;
  readonly parked_at: string | null;
  readonly last_error: string;
  readonly place: string;
};
const toRetry = (row: RetryRecord): Retry => ({
  eventId: row.id,
  type: row.type,
  position: row.position,
  isReplay: row.is_replay,
  attempts: row.attempts,
  dueAt: instant(row.due_at),
  isParked: row.parked_at !== null,
  lastError: row.last_error,
});

export const postgresEventQueries = (sql: () => Sql): EventQueries => ({
  async search(search, { limit, after }) {
    const { text, params } = statementOf(search, after, limit + 1);
    return pageOf(await sql()<EventRow>(text, params), limit, ({ id }) => id, toRecordedEvent);
  },
  async find(id) {
    const [row] = await sql()<EventRow>(`select ${EVENT_COLUMNS} from platform.events e where e.id = $1::uuid`, [id]);
    return row && toRecordedEvent(row);
  },
  async statistics(since) {
    type Counted = { readonly type: string; readonly count: number; readonly last_at: string };
    const rows = await sql()<Counted>(STATISTICS, [idAt(since - SKEW_MS), timestamp(since)]);
    return rows.map(({ type, count, last_at }) => ({ type, count, lastAt: instant(last_at) }));
  },
  async retries(subscription, { isParked }, { limit, after }) {
    const rows = await sql()<RetryRecord>(RETRIES, [subscription, isParked ?? null, after ?? null, limit + 1]);
    return pageOf(rows, limit, ({ place }) => place, toRetry);
  },
});
