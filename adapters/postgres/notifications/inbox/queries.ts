import type { InboxQueries } from '#application/notifications/inbox/ports.ts';
import { pageOf } from '#application/shared/page.ts';
import type { Preferences } from '#domain/notifications/inbox/preferences.ts';
import { LAST } from '../../paging.ts';
import type { Sql } from '../../sql.ts';
import { NOTICE_COLUMNS, type NoticeRecord, toNotice } from './notices.ts';
import { subscriptionsOf, wishesOf } from './preferences.ts';

const noticesOf = (which: string): string => `
  select ${NOTICE_COLUMNS} from notifications.notices where account_id = $1::uuid and id < $2::uuid ${which} order by id desc limit $3::int`;
const ALL = noticesOf('');
const UNREAD = noticesOf('and read_at is null');
const COUNT =
  'select count(*)::int as unread from (select 1 from notifications.notices where account_id = $1::uuid and read_at is null limit 1000) n';

export const postgresInboxQueries = (sql: () => Sql): InboxQueries => ({
  async notices(accountId, { unread }, { limit, after = LAST }) {
    const rows = await sql()<NoticeRecord>(unread === true ? UNREAD : ALL, [accountId, after, limit + 1]);
    return pageOf(rows, limit, ({ id }) => id, toNotice);
  },
  async unread(accountId) {
    const [row] = await sql()<{ unread: number }>(COUNT, [accountId]);
    return row?.unread ?? 0;
  },
  preferences: async (accountId) => (await wishesOf(sql(), [accountId])).get(accountId) as Preferences,
  pushSubscriptions: (accountId) => subscriptionsOf(sql(), [accountId]),
});
