import type { Dispatches } from '#application/notifications/inbox/ports.ts';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import { Dispatch, type DispatchStatus } from '#domain/notifications/inbox/dispatch.ts';
import type { Category, Channel } from '#domain/notifications/inbox/preferences.ts';
import { violates } from '../../conflicts.ts';
import { instant, timestamp, timestampOrNull } from '../../sql.ts';
import type { PostgresTx } from '../../tx.ts';

type DispatchRecord = {
  readonly id: string;
  readonly key: string;
  readonly account_id: string;
  readonly channel: Channel;
  readonly category: Category;
  readonly is_critical: boolean;
  readonly notice_ids: readonly string[];
  readonly status: DispatchStatus;
  readonly attempts: number;
  readonly due_at: string;
  readonly expires_at: string | null;
  readonly version: number;
};
const COLUMNS = 'id, key, account_id, channel, category, is_critical, notice_ids, status, attempts, due_at, expires_at, version';
const toDispatch = (row: DispatchRecord): Dispatch =>
  Dispatch.check({
    id: row.id,
    key: row.key,
    accountId: row.account_id,
    channel: row.channel,
    category: row.category,
    isCritical: row.is_critical,
    noticeIds: row.notice_ids,
    status: row.status,
    attempts: row.attempts,
    dueAt: instant(row.due_at),
    expiresAt: row.expires_at === null ? null : instant(row.expires_at),
    version: row.version,
  });

const OF_KEY = `select ${COLUMNS} from notifications.dispatches where key = $1 for update`;
const LOCK = `select ${COLUMNS} from notifications.dispatches where id = $1::uuid for update`;
const DUE = `
  select ${COLUMNS} from notifications.dispatches
   where id = any (array(select id from notifications.dispatches
                          where status in ('pending', 'processing') and due_at <= $1::timestamptz
                          order by due_at, id limit $2::int for update skip locked))
   order by not is_critical, due_at, id`;
const SAVE = `
  insert into notifications.dispatches (${COLUMNS})
  select d.id, d.key, d."accountId", d.channel, d.category, d."isCritical", d."noticeIds", d.status, d.attempts, d."dueAt", d."expiresAt", d.version
    from jsonb_to_recordset($1::jsonb)
      as d (id uuid, key text, "accountId" uuid, channel text, category text, "isCritical" boolean, "noticeIds" jsonb, status text, attempts int,
            "dueAt" timestamptz, "expiresAt" timestamptz, version int)
  on conflict (id) do update
     set notice_ids = excluded.notice_ids, status = excluded.status, attempts = excluded.attempts, due_at = excluded.due_at, version = excluded.version`;
const FORGET = `
  delete from notifications.dispatches
   where id = any (array(
     select id from notifications.dispatches where status in ('sent', 'dropped') and due_at < $1::timestamptz order by due_at limit $2::int))
  returning 1`;

export const postgresDispatches = ({ sql, append }: PostgresTx): Dispatches => ({
  async lockKey(key) {
    const [row] = await sql<DispatchRecord>(OF_KEY, [key]);
    return row && toDispatch(row);
  },
  async lock(dispatchId) {
    const [row] = await sql<DispatchRecord>(LOCK, [dispatchId]);
    return row && toDispatch(row);
  },
  due: async (at, limit) => (await sql<DispatchRecord>(DUE, [timestamp(at), limit])).map(toDispatch),
  async save(changes) {
    const rows = changes.map(({ state, events }) => {
      const { dueAt, expiresAt, version } = Dispatch.check(state);
      return { ...state, dueAt: timestamp(dueAt), expiresAt: timestampOrNull(expiresAt), version: version + events.length };
    });
    try {
      await sql(SAVE, [JSON.stringify(rows)]);
    } catch (error) {
      throw violates(error, 'dispatches_key') ? new WriteConflict('somebody else gathers for the same window', { cause: error }) : error;
    }
    for (const { state, events } of changes) append({ stream: `dispatch:${state.id}`, version: state.version, restaurantId: null }, events);
  },
  forget: async (dueBefore, limit) => (await sql(FORGET, [timestamp(dueBefore), limit])).length,
});
