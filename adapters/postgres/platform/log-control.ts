import type { LogControl } from '#application/platform/events.ts';
import type { Range, RangeReplay } from '#application/platform/range-replays.ts';
import type { Clock } from '#application/shared/ports.ts';
import { UNPARK } from '../events/event-log.ts';
import { timestamp, timestampOrNull } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';
import { idAt } from './event-queries.ts';
import { REPLAY_COLUMNS, type ReplayRecord, toReplay } from './range-replays.ts';

const DISCARD = `
  delete from platform.event_retries r using platform.events e
   where r.subscriber = $1 and r.parked_at is not null and e.id = $2::uuid and e.xid = r.xid and e.position = r.position
  returning e.type, e.position`;

/** Log order is (xid, position). Only what the subscription has had: what lies above its cursor comes live. */
const BOUNDS = `
  with range as (
    select e.xid, e.position from platform.events e join platform.subscribers s on s.name = $1
     where (e.xid, e.position) <= (s.xid, s.position)
       and ($2::bigint is null or e.position >= $2::bigint) and ($3::bigint is null or e.position <= $3::bigint)
       and ($4::timestamptz is null or e.recorded_at >= $4::timestamptz) and ($5::timestamptz is null or e.recorded_at <= $5::timestamptz)
       and e.id >= $6::uuid and e.type = any($7::text[])
  )
  select (select xid::text from range order by xid, position limit 1) as first_xid, (select position from range order by xid, position limit 1) as first_position,
         (select xid::text from range order by xid desc, position desc limit 1) as last_xid,
         (select position from range order by xid desc, position desc limit 1) as last_position,
         min(position) as from_position, max(position) as to_position from range`;
type Bounds = {
  readonly first_xid: string | null;
  readonly first_position: string;
  readonly last_xid: string;
  readonly last_position: string;
  readonly from_position: string;
  readonly to_position: string;
};
const REQUEST = `
  insert into platform.range_replays (id, subscriber, from_position, to_position, types, xid, position, last_xid, last_position, handled, status, requested_by, requested_at)
  values ($1, $2, $3::bigint, $4::bigint, $5::jsonb, $6::text::xid8, $7::bigint - 1, $8::text::xid8, $9::bigint, 0, 'running', $10, $11::timestamptz)
  returning ${REPLAY_COLUMNS}`;

/** Told after a commit that changed what a subscription has to do. */
const CHANGED = 'log.controlled';
/** A clock of another node may be this much ahead of ours. */
const SKEW_MS = 60_000;

export function postgresLogControl(
  { sql, announce }: PostgresTx,
  typesOf: (subscription: string) => readonly string[] | undefined,
  clock: Clock,
): LogControl {
  return {
    knows: (subscription) => typesOf(subscription) !== undefined,
    async unpark(subscription, eventId) {
      const rows = await sql(UNPARK, [subscription, eventId ?? null, timestamp(clock.now())]);
      announce(CHANGED);
      return rows.length;
    },
    async discard(subscription, eventId) {
      const [row] = await sql<{ readonly type: string; readonly position: string }>(DISCARD, [subscription, eventId]);
      return row;
    },
    async replayRange(subscription, { from, to, types }, id, requestedBy): Promise<RangeReplay | undefined> {
      const wanted = typesOf(subscription)?.filter((type) => types === undefined || types.includes(type)) ?? [];
      const [[firstPosition, firstAt], [lastPosition, lastAt]] = [endOf(from), endOf(to)];
      const notBefore = idAt(firstAt === null ? 0 : firstAt - SKEW_MS);
      const [bounds] = await sql<Bounds>(BOUNDS, [
        subscription,
        firstPosition,
        lastPosition,
        timestampOrNull(firstAt),
        timestampOrNull(lastAt),
        notBefore,
        wanted,
      ]);
      if (!bounds || bounds.first_xid === null) return undefined;
      const [row] = await sql<ReplayRecord>(REQUEST, [
        id,
        subscription,
        bounds.from_position,
        bounds.to_position,
        types === undefined ? null : JSON.stringify(types),
        bounds.first_xid,
        bounds.first_position,
        bounds.last_xid,
        bounds.last_position,
        requestedBy,
        timestamp(clock.now()),
      ]);
      return row && toReplay(row);
    },
  };
}

/** An end of a range, as a position or an instant. */
const endOf = (end: Range['from']): readonly [string | null, number | null] =>
  end === undefined ? [null, null] : 'position' in end ? [end.position, null] : [null, end.at];
