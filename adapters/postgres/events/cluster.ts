import type { Log } from '#application/shared/ports.ts';
import { system } from '#domain/shared/actor.ts';
import { timestamp } from '../sql.ts';
import { type PostgresPlatform, transact } from '../unit-of-work.ts';

/** Any number that no other program on the server uses. */
const LOCK = 7_264_112_002;

const IDENTIFIERS = `
  select c.system_identifier::text as current, (select system_identifier from platform.cluster) as stored from pg_control_system() c`;
const STORE = `
  insert into platform.cluster (id, system_identifier) values (1, $1)
  on conflict (id) do update set system_identifier = excluded.system_identifier`;

// Without transaction ids the order is that of the positions. A cursor goes to the highest position it had handled, and what it
// had not handled below that is owed on its own; so are events among those to replay that are not to be replayed but live.
const REBASE_SUBSCRIBERS = `
  with marks as (
    select s.*,
           coalesce((select max(e.position) from platform.events e where (e.xid, e.position) <= (s.xid, s.position)), 0) as done,
           coalesce((select max(e.position) from platform.events e where (e.xid, e.position) <= (s.replay_xid, s.replay_position)), 0) as replayed
      from platform.subscribers s
  ), moved as (
    update platform.subscribers s set xid = '0', position = m.done, replay_xid = '0', replay_position = m.replayed from marks m where m.name = s.name
  )
  insert into platform.event_retries (subscriber, position, is_replay, xid, attempts, due_at, last_error)
  select m.name, e.position, (e.xid, e.position) <= (m.replay_xid, m.replay_position), '0', 0, $1::timestamptz, 'not handled before the restore'
    from marks m
    join platform.events e
      on (e.position < m.done and (e.xid, e.position) > (m.xid, m.position))
      or (e.position > m.done and e.position < m.replayed and (e.xid, e.position) > (m.replay_xid, m.replay_position))
  on conflict do nothing`;
const REBASE_RETRIES = `update platform.event_retries set xid = '0' where xid <> '0'`;
const REBASE_EVENTS = `update platform.events set xid = '0' where xid <> '0'`;

/**
 * Transaction ids do not travel: in a database restored into another cluster, new events would sort before old ones. There
 * the log is put in the order of its positions, once, so that nothing unhandled is skipped and nothing handled is repeated.
 */
export async function rebaseIfRestored(platform: PostgresPlatform, log: Log): Promise<void> {
  const isRebased = await transact(platform, system('events'), async ({ sql }) => {
    await sql('select pg_advisory_xact_lock($1::bigint)', [LOCK]);
    const [row] = await sql<{ current: string; stored: string | null }>(IDENTIFIERS);
    if (!row || row.current === row.stored) return false;
    if (row.stored !== null) {
      await sql(REBASE_SUBSCRIBERS, [timestamp(platform.clock.now())]);
      await sql(REBASE_RETRIES);
      await sql(REBASE_EVENTS);
    }
    await sql(STORE, [row.current]);
    return row.stored !== null;
  });
  if (isRebased) log.warn('the database was restored into another cluster: the event log is re-based');
}
