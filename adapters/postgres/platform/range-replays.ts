import type { RangeReplay, RangeReplays } from '#application/platform/range-replays.ts';
import type { Subscription } from '#application/shared/events.ts';
import { system } from '#domain/shared/actor.ts';
import { EVENT_COLUMNS, type EventRow, toRecordedEvent } from '../events/log.ts';
import { instant, sqlOf, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';
import { type PostgresPlatform, transactShared } from '../unit-of-work.ts';

const BATCH = 200;

export const REPLAY_COLUMNS = 'id, subscriber, from_position, to_position, types, handled, status, requested_by, requested_at, ended_at, last_error';
export type ReplayRecord = {
  readonly id: string;
  readonly subscriber: string;
  readonly from_position: string;
  readonly to_position: string;
  readonly types: readonly string[] | null;
  readonly handled: number;
  readonly status: RangeReplay['status'];
  readonly requested_by: string;
  readonly requested_at: string;
  readonly ended_at: string | null;
  readonly last_error: string | null;
};
export const toReplay = (row: ReplayRecord): RangeReplay => ({
  id: row.id,
  subscription: row.subscriber,
  fromPosition: row.from_position,
  toPosition: row.to_position,
  types: row.types,
  handled: row.handled,
  status: row.status,
  requestedBy: row.requested_by,
  requestedAt: instant(row.requested_at),
  endedAt: row.ended_at === null ? null : instant(row.ended_at),
  lastError: row.last_error,
});

const LOCK = `
  select subscriber, from_position, to_position, types, xid::text as xid, position, last_xid::text as last_xid, last_position, handled
    from platform.range_replays where id = $1 and status = 'running' for update`;
type Cursor = Pick<ReplayRecord, 'subscriber' | 'from_position' | 'to_position' | 'types' | 'handled'> & {
  readonly xid: string;
  readonly position: string;
  readonly last_xid: string;
  readonly last_position: string;
};
const READ = `
  select ${EVENT_COLUMNS} from platform.events e
   where (e.xid, e.position) > ($1::text::xid8, $2::bigint) and (e.xid, e.position) <= ($3::text::xid8, $4::bigint)
     and e.position between $5::bigint and $6::bigint and e.type = any($7::text[])
   order by e.xid, e.position limit ${BATCH}`;
const ADVANCE = `
  update platform.range_replays
     set xid = $2::text::xid8, position = $3::bigint, handled = handled + $4::int, last_error = null,
         status = case when $5::timestamptz is null then status else 'done' end, ended_at = $5::timestamptz
   where id = $1`;

/** Replays of a part of the log. What a batch did and how far it came are one transaction. */
export const postgresRangeReplays = (platform: PostgresPlatform, subscriptions: readonly Subscription<PostgresTx>[]): RangeReplays => {
  const sql = () => sqlOf(platform.orm.em.fork());
  return {
    advance: (id) =>
      transactShared(platform, async (txOf) => {
        const tx = txOf(system('replay'));
        const [cursor] = await tx.sql<Cursor>(LOCK, [id]);
        if (!cursor) return false; // It is done.
        const subscription = subscriptions.find(({ name }) => name === cursor.subscriber);
        const types = subscription?.types.filter((type) => cursor.types === null || cursor.types.includes(type)) ?? [];
        const { xid, position, last_xid, last_position, from_position, to_position } = cursor;
        const rows = await tx.sql<EventRow>(READ, [xid, position, last_xid, last_position, from_position, to_position, types]);
        if (rows.length > 0) await subscription?.on(txOf(system(cursor.subscriber)), rows.map(toRecordedEvent), true);
        const last = rows.at(-1) ?? { xid, position };
        const hasMore = rows.length === BATCH;
        const now = platform.clock.now();
        await tx.sql(ADVANCE, [id, last.xid, last.position, rows.length, hasMore ? null : timestamp(now)]);
        if (!hasMore) {
          const done = {
            type: 'platform.replay_done',
            replayId: id,
            subscription: cursor.subscriber,
            handled: cursor.handled + rows.length,
            at: now,
          } as const;
          tx.append({ stream: `range_replay:${id}`, version: 1, restaurantId: null }, [done]);
        }
        return hasMore;
      }),
    async noteFailure(id, reason) {
      await sql()('update platform.range_replays set last_error = $2 where id = $1', [id, reason]);
    },
    async find(id) {
      const [row] = await sql()<ReplayRecord>(`select ${REPLAY_COLUMNS} from platform.range_replays where id = $1`, [id]);
      return row && toReplay(row);
    },
    async list(limit) {
      const rows = await sql()<ReplayRecord>(`select ${REPLAY_COLUMNS} from platform.range_replays order by id desc limit $1::int`, [limit]);
      return rows.map(toReplay);
    },
  };
};
