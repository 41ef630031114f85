import type { EmailFilter, EmailQueries, EmailStatistics } from '#application/notifications/email/ports.ts';
import { pageOf } from '#application/shared/page.ts';
import { EMAIL_STATUSES } from '#domain/notifications/email/email.ts';
import { SUPPRESSION_REASONS } from '#domain/notifications/email/suppression.ts';
import { TEMPLATE_NAMES } from '#domain/notifications/email/templates.ts';
import { LAST, newestOf } from '../../paging.ts';
import { instant, type Sql, timestamp } from '../../sql.ts';
import { findCampaign, readSending } from './campaigns.ts';
import { EMAIL_COLUMNS, type EmailRecord, toEmail } from './record.ts';
import { SUPPRESSION_COLUMNS, type SuppressionRecord, toSuppression } from './suppressions.ts';

const FIRST = '00000000-0000-0000-0000-000000000000';
/** The id that everything queued at that time or later is above: ids begin with the time they were made. */
const idAt = (at: number): string => {
  const time = Math.max(0, at).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8, 12)}-0000-0000-000000000000`;
};

// Of each status and template the newest between two ids, and of those the newest: one index serves every filter, and no page reads the past of the others.
const EMAILS = `
  select ${EMAIL_COLUMNS} from notifications.emails where id = any (array(
    select newest.id
      from unnest($3::text[]) as s (status), unnest($4::text[]) as t (template)
     cross join lateral (select o.id from notifications.emails o
                          where o.status = s.status and o.template = t.template and o.id < $1::uuid and o.id >= $5::uuid
                          order by o.id desc limit $2::int) as newest
     order by newest.id desc limit $2::int))
  order by id desc`;
const narrowed = (condition: string): string => `
  select ${EMAIL_COLUMNS} from notifications.emails
   where ${condition} and status = any($3::text[]) and template = any($4::text[]) and id < $1::uuid and id >= $5::uuid
   order by id desc limit $2::int`;
const OF_RECIPIENT = narrowed('recipient_digest = $6 and ($7::uuid is null or campaign_id = $7::uuid)');
const OF_CAMPAIGN = narrowed('campaign_id = $6::uuid');
const SUPPRESSIONS = `select ${SUPPRESSION_COLUMNS} from notifications.suppressions where ${newestOf('notifications.suppressions', 'reason', '')}`;
const OF_ADDRESS = `
  select ${SUPPRESSION_COLUMNS} from notifications.suppressions
   where recipient_digest = $4 and reason = any($3::text[]) and id < $1::uuid order by id desc limit $2::int`;
const COUNTS = `
  select status, template, count(*)::int as count, sum(attempts)::int as attempts from notifications.emails
   group by status, template order by status collate "C", template collate "C"`;
const WAITING = `
  select (select min(queued_at) from notifications.emails where status = 'pending' and due_at <= $1::timestamptz) as oldest,
         (select count(*)::int from notifications.emails where status = 'sent' and ended_at > $1::timestamptz - interval '1 minute') as minute,
         (select count(*)::int from notifications.emails where status = 'sent' and ended_at > $1::timestamptz - interval '1 hour') as hour`;
const BACKLOG = `
  select count(*)::int as count, min(queued_at) as oldest from notifications.emails where status in ('pending', 'processing')`;

export const postgresEmailQueries = (sql: () => Sql): EmailQueries => ({
  async email(emailId) {
    const [row] = await sql()<EmailRecord>(`select ${EMAIL_COLUMNS} from notifications.emails where id = $1::uuid`, [emailId]);
    return row && toEmail(row);
  },
  async emails(filter, { limit, after = LAST }) {
    const { to, recipientDigest, campaignId } = filter;
    const below = to === undefined || after < idAt(to) ? after : idAt(to);
    const params = [below, limit + 1, ...kindsOf(filter)];
    const rows = await (recipientDigest !== undefined
      ? sql()<EmailRecord>(OF_RECIPIENT, [...params, recipientDigest, campaignId ?? null])
      : campaignId !== undefined
        ? sql()<EmailRecord>(OF_CAMPAIGN, [...params, campaignId])
        : sql()<EmailRecord>(EMAILS, params));
    return pageOf(rows, limit, ({ id }) => id, toEmail);
  },
  campaign: (campaignId) => findCampaign(sql(), campaignId),
  async suppressions({ reason, recipientDigest }, { limit, after = LAST }) {
    const params = [after, limit + 1, reason === undefined ? SUPPRESSION_REASONS : [reason]];
    const rows = await (recipientDigest === undefined
      ? sql()<SuppressionRecord>(SUPPRESSIONS, params)
      : sql()<SuppressionRecord>(OF_ADDRESS, [...params, recipientDigest]));
    return pageOf(rows, limit, ({ id }) => id, toSuppression);
  },
  async backlog() {
    const [row] = await sql()<{ count: number; oldest: string | null }>(BACKLOG);
    return { count: row?.count ?? 0, oldestAt: row?.oldest ? instant(row.oldest) : null };
  },
  sending: () => readSending(sql()),
  async statistics(at) {
    const counts = await sql()<EmailStatistics['counts'][number]>(COUNTS);
    const [waiting] = await sql()<{ oldest: string | null; minute: number; hour: number }>(WAITING, [timestamp(at)]);
    return {
      counts,
      oldestWaitingAt: waiting?.oldest ? instant(waiting.oldest) : null,
      sentLastMinute: waiting?.minute ?? 0,
      sentLastHour: waiting?.hour ?? 0,
    };
  },
});

const kindsOf = ({ status, template, from }: EmailFilter): readonly unknown[] => [
  status === undefined ? EMAIL_STATUSES : [status],
  template === undefined ? TEMPLATE_NAMES : [template],
  from === undefined ? FIRST : idAt(from),
];
