import type { RecordedEvent } from '#application/shared/events.ts';
import { instant, type Sql, timestamp } from '../sql.ts';

export type PendingEvent = {
  readonly id: string;
  readonly stream: string;
  readonly version: number;
  readonly restaurantId: string | null;
  readonly data: { readonly type: string };
  readonly actor: string;
  readonly traceId: string | null;
};

const INSERT = `
  insert into platform.events (id, type, stream, version, restaurant_id, data, actor, trace_id, recorded_at)
  select e.id, e.type, e.stream, e.version, e."restaurantId", e.data, e.actor, e."traceId", $2::timestamptz
    from jsonb_to_recordset($1::jsonb)
      as e (id uuid, type text, stream text, version int, "restaurantId" uuid, data jsonb, actor text, "traceId" text)`;

/** All events of a transaction in one statement. The database stamps each with the transaction that wrote it. */
export async function writeEvents(sql: Sql, events: readonly PendingEvent[], at: number): Promise<void> {
  const rows = events.map(({ data: { type, ...data }, ...event }) => ({ ...event, type, data }));
  await sql(INSERT, [JSON.stringify(rows), timestamp(at)]);
}

export type EventRow = {
  readonly xid: string;
  readonly position: string;
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly version: number;
  readonly restaurant_id: string | null;
  readonly actor: string;
  readonly recorded_at: string;
  readonly trace_id: string | null;
  readonly data: Record<string, unknown>;
};

export const EVENT_COLUMNS =
  'e.xid::text as xid, e.position, e.id, e.type, e.stream, e.version, e.restaurant_id, e.actor, e.recorded_at, e.trace_id, e.data';

export const toRecordedEvent = (row: EventRow): RecordedEvent => ({
  position: row.position,
  id: row.id,
  stream: row.stream,
  version: row.version,
  restaurantId: row.restaurant_id,
  actor: row.actor,
  recordedAt: instant(row.recorded_at),
  ...(row.trace_id !== null && { traceId: row.trace_id }),
  data: { ...row.data, type: row.type },
});

/** One stream from its beginning. */
export async function readStream(sql: Sql, stream: string): Promise<readonly RecordedEvent[]> {
  const rows = await sql<EventRow>(`select ${EVENT_COLUMNS} from platform.events e where e.stream = $1 order by e.version`, [stream]);
  return rows.map(toRecordedEvent);
}
