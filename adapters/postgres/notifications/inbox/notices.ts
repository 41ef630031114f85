import type { Notices } from '#application/notifications/inbox/ports.ts';
import type { Notice } from '#domain/notifications/inbox/notice.ts';
import type { Category } from '#domain/notifications/inbox/preferences.ts';
import { instant, timestamp, timestampOrNull } from '../../sql.ts';
import type { PostgresTx } from '../../tx.ts';

export type NoticeRecord = {
  readonly id: string;
  readonly key: string;
  readonly account_id: string;
  readonly restaurant_id: string | null;
  readonly category: Category;
  readonly title: string;
  readonly body: string;
  readonly link: string | null;
  readonly is_critical: boolean;
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly read_at: string | null;
  readonly version: number;
};
export const NOTICE_COLUMNS =
  'id, key, account_id, restaurant_id, category, title, body, link, is_critical, created_at, expires_at, read_at, version';
const instantOrNull = (text: string | null): number | null => (text === null ? null : instant(text));
export const toNotice = (row: NoticeRecord): Notice => ({
  id: row.id,
  key: row.key,
  accountId: row.account_id,
  restaurantId: row.restaurant_id,
  category: row.category,
  title: row.title,
  body: row.body,
  link: row.link,
  isCritical: row.is_critical,
  createdAt: instant(row.created_at),
  expiresAt: instantOrNull(row.expires_at),
  readAt: instantOrNull(row.read_at),
  version: row.version,
});

const ADD = `
  insert into notifications.notices (${NOTICE_COLUMNS})
  select n.id, n.key, n."accountId", n."restaurantId", n.category, n.title, n.body, n.link, n."isCritical", n."createdAt", n."expiresAt", null, n.version
    from jsonb_to_recordset($1::jsonb)
      as n (id uuid, key text, "accountId" uuid, "restaurantId" uuid, category text, title text, body text, link text, "isCritical" boolean,
            "createdAt" timestamptz, "expiresAt" timestamptz, version int)
   order by n.id
  on conflict (key, account_id) do nothing
  returning id`;
const UNREAD = `
  select ${NOTICE_COLUMNS} from notifications.notices where account_id = $1::uuid and id <= $2::uuid and read_at is null order by id limit $3::int for update`;
const LOCK = `select ${NOTICE_COLUMNS} from notifications.notices where id = $1::uuid for update`;
const SOME = `select ${NOTICE_COLUMNS} from notifications.notices where id = any($1::uuid[]) order by id`;
const SAVE = `
  update notifications.notices n set read_at = c."readAt", version = c.version
    from jsonb_to_recordset($1::jsonb) as c (id uuid, "readAt" timestamptz, version int) where n.id = c.id`;
const FORGET = `
  delete from notifications.notices where id = any (array(
    select id from notifications.notices where created_at < $1::timestamptz order by created_at limit $2::int))
  returning 1`;

export const postgresNotices = ({ sql, append }: PostgresTx): Notices => ({
  async add(changes) {
    if (changes.length === 0) return [];
    const rows = changes.map(({ state, events }) => {
      const { createdAt, expiresAt, version } = state;
      return { ...state, createdAt: timestamp(createdAt), expiresAt: timestampOrNull(expiresAt), version: version + events.length };
    });
    const added = new Set((await sql<{ id: string }>(ADD, [JSON.stringify(rows)])).map(({ id }) => id));
    const told = changes.filter(({ state }) => added.has(state.id));
    for (const { state, events } of told) append({ stream: `notice:${state.id}`, version: state.version, restaurantId: state.restaurantId }, events);
    return told.map(({ state, events }) => ({ ...state, version: state.version + events.length }));
  },
  lockUnread: async (accountId, upTo, limit) => (await sql<NoticeRecord>(UNREAD, [accountId, upTo, limit])).map(toNotice),
  async lock(noticeId) {
    const [row] = await sql<NoticeRecord>(LOCK, [noticeId]);
    return row && toNotice(row);
  },
  some: async (noticeIds) => (await sql<NoticeRecord>(SOME, [noticeIds])).map(toNotice),
  async save(changes) {
    if (changes.length === 0) return;
    const rows = changes.map(({ state: { id, readAt, version }, events }) => ({
      id,
      readAt: timestampOrNull(readAt),
      version: version + events.length,
    }));
    await sql(SAVE, [JSON.stringify(rows)]);
    for (const { state, events } of changes)
      append({ stream: `notice:${state.id}`, version: state.version, restaurantId: state.restaurantId }, events);
  },
  forget: async (createdBefore, limit) => (await sql(FORGET, [timestamp(createdBefore), limit])).length,
});
