import type { Emails } from '#application/notifications/email/ports.ts';
import { Email } from '#domain/notifications/email/email.ts';
import { timestamp } from '../../sql.ts';
import type { PostgresTx } from '../../tx.ts';
import { EMAIL_COLUMNS, type EmailRecord, toEmail, toRecord } from './record.ts';

const ADD = `
  insert into notifications.emails (${EMAIL_COLUMNS})
  select ${EMAIL_COLUMNS}
    from jsonb_to_recordset($1::jsonb)
      as e (id uuid, key text, to_address text, recipient_digest text, template text, priority smallint, campaign_id uuid, trace_id text, sealed_facts text,
            status text, attempts int, due_at timestamptz, expires_at timestamptz, failure text, reason text, queued_at timestamptz,
            ended_at timestamptz, version int)
   order by key
  on conflict (key) do nothing
  returning id`;
const QUEUED_FOR = `
  select count(*)::int as count from notifications.emails
   where recipient_digest = $1 and template = any($2::text[]) and queued_at > $3::timestamptz`;
const DUE = `
  select ${EMAIL_COLUMNS} from notifications.emails
   where status in ('pending', 'processing') and due_at <= $1::timestamptz
   order by priority, due_at, id limit $2::int
   for update skip locked`;
const LOCK = `select ${EMAIL_COLUMNS} from notifications.emails where id = any($1::uuid[]) order by id for update`;
const LOCK_FAILED = `
  select ${EMAIL_COLUMNS} from notifications.emails
   where status = 'failed' and ($1::text is null or template = $1) and sealed_facts <> '' and expires_at > $2::timestamptz
   order by template, id limit $3::int
   for update skip locked`;
const LOCK_EXPIRED = `
  select ${EMAIL_COLUMNS} from notifications.emails
   where status in ('pending', 'processing') and due_at <= $1::timestamptz and expires_at <= $1::timestamptz
   order by priority, due_at, id limit $2::int
   for update skip locked`;
// What a mail says never changes: it is taken away, or it stays.
const SAVE = `
  update notifications.emails e
     set sealed_facts = case when s.is_emptied then '' else e.sealed_facts end, status = s.status, attempts = s.attempts, due_at = s.due_at, failure = s.failure, reason = s.reason,
         ended_at = s.ended_at, version = s.version
    from jsonb_to_recordset($1::jsonb)
      as s (id uuid, is_emptied boolean, status text, attempts int, due_at timestamptz, failure text, reason text, ended_at timestamptz, version int)
   where e.id = s.id`;
const FORGET = `
  delete from notifications.emails where id = any (array(
    select id from notifications.emails where ended_at < $1::timestamptz order by ended_at limit $2::int for update skip locked))
  returning 1`;
const EMPTY_EXPIRED = `
  update notifications.emails set sealed_facts = '' where id = any (array(
    select id from notifications.emails
     where status = 'failed' and sealed_facts <> '' and expires_at <= $1::timestamptz limit $2::int for update skip locked))
  returning 1`;

export const postgresEmails = ({ sql, append }: PostgresTx): Emails => ({
  async add(changes) {
    const rows = changes.map(({ state, events }) => toRecord(Email.check(state), events.length));
    const added = new Set((await sql<{ id: string }>(ADD, [JSON.stringify(rows)])).map(({ id }) => id));
    for (const { state, events } of changes) {
      if (added.has(state.id)) append({ stream: `email:${state.id}`, version: state.version, restaurantId: null }, events);
    }
    return added.size;
  },
  async queuedFor(recipientDigest, templates, since) {
    const [row] = await sql<{ count: number }>(QUEUED_FOR, [recipientDigest, templates, timestamp(since)]);
    return row?.count ?? 0;
  },
  async due(at, limit) {
    return (await sql<EmailRecord>(DUE, [timestamp(at), limit])).map(toEmail);
  },
  async lock(emailIds) {
    return (await sql<EmailRecord>(LOCK, [emailIds])).map(toEmail);
  },
  async lockFailed(template, at, limit) {
    return (await sql<EmailRecord>(LOCK_FAILED, [template ?? null, timestamp(at), limit])).map(toEmail);
  },
  async lockExpired(at, limit) {
    return (await sql<EmailRecord>(LOCK_EXPIRED, [timestamp(at), limit])).map(toEmail);
  },
  async save(changes) {
    if (changes.length === 0) return;
    const rows = changes.map(({ state, events }) => {
      const { id, sealed_facts, status, attempts, due_at, failure, reason, ended_at, version } = toRecord(Email.check(state), events.length);
      return { id, is_emptied: sealed_facts === '', status, attempts, due_at, failure, reason, ended_at, version };
    });
    await sql(SAVE, [JSON.stringify(rows)]);
    for (const { state, events } of changes) append({ stream: `email:${state.id}`, version: state.version, restaurantId: null }, events);
  },
  async forget(endedBefore, limit) {
    return (await sql(FORGET, [timestamp(endedBefore), limit])).length;
  },
  async emptyExpired(at, limit) {
    return (await sql(EMPTY_EXPIRED, [timestamp(at), limit])).length;
  },
});
