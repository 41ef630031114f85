import type { MikroORM } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresEmails } from '#adapters/postgres/notifications/email/emails.ts';
import { postgresEmailQueries } from '#adapters/postgres/notifications/email/queries.ts';
import { postgresSuppressions } from '#adapters/postgres/notifications/email/suppressions.ts';
import { postgresDispatches } from '#adapters/postgres/notifications/inbox/dispatches.ts';
import { postgresNotices } from '#adapters/postgres/notifications/inbox/notices.ts';
import { postgresInboxQueries } from '#adapters/postgres/notifications/inbox/queries.ts';
import { type Sql, sqlOf } from '#adapters/postgres/sql.ts';
import type { PostgresTx } from '#adapters/postgres/tx.ts';
import type { Database } from '#composition/database.ts';
import { freshDatabase, SQL_PROFILES } from '../../support/profiles.ts';
import { rowsRead } from '../../support/rows-read.ts';

const account = (n: string) => `('00000000-0000-7000-9000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
const ME = '00000000-0000-7000-9000-000000000001';
/** In the middle of ids that are any. */
const MIDDLE = '80000000-0000-4000-8000-000000000000';
const DAY = 86_400_000;
const now = Date.now();

describe.each(SQL_PROFILES)('the plans of the inbox and of mail on %s', (profile) => {
  let database: Database;
  let orm: MikroORM;
  beforeAll(async () => {
    database = await freshDatabase(profile);
    if (database.store.kind !== 'sql') throw new Error('a SQL profile');
    orm = database.store.orm;
    const sql = sqlOf(orm.em.fork());
    // Two hundred people were told of a hundred and fifty things each, and have read all but a tenth; of what is on its way, a hundred wait.
    await sql(`
      insert into notifications.notices (id, key, account_id, category, title, body, is_critical, created_at, read_at, version)
      select gen_random_uuid(), n::text, ${account('n % 200')}, 'orders', 'x', 'x', false, now() - n * interval '4 minutes', case when n % 10 > 0 then now() end, 1
        from generate_series(1, 30000) n`);
    await sql(`
      insert into notifications.dispatches (id, key, account_id, channel, category, is_critical, notice_ids, status, attempts, due_at, version)
      select gen_random_uuid(), n::text, ${account('n % 200')}, 'push', 'orders', n % 7 = 0, '["x"]', case when n <= 100 then 'pending' when n % 9 = 0 then 'dropped' else 'sent' end, 1,
             now() - n * interval '4 minutes' + case when n <= 50 then interval '1 day' else interval '0' end, 1
        from generate_series(1, 30000) n`);
    // A month of mail to three hundred people. Three in a thousand failed, and a hundred wait, half of them for later.
    await sql(`
      insert into notifications.emails (id, key, to_address, recipient_digest, template, priority, campaign_id, sealed_facts, status, attempts, due_at, expires_at, failure, reason,
                                        queued_at, ended_at, version)
      select gen_random_uuid(), n::text, n || '@x.test', 'd' || n % 300, (array['low_stock', 'receipt', 'offer'])[1 + n % 3], n % 3, case when n % 3000 = 2 then ${account('1')} end,
             case when status in ('pending', 'processing') or status = 'failed' and n % 2 = 0 then 'x' else '' end, status, 1,
             now() - n * interval '90 seconds' + case when n <= 50 then interval '1 day' else interval '0' end, now() + interval '9 days' - n * interval '90 seconds',
             case status when 'failed' then 'refused' end, null, now() - n * interval '90 seconds',
             case when status in ('sent', 'failed') then now() - n * interval '90 seconds' end, 1
        from (select n, case when n <= 80 then 'pending' when n <= 100 then 'processing' when n % 300 = 0 then 'failed' else 'sent' end as status from generate_series(1, 30000) n) m`);
    await sql(`
      insert into notifications.suppressions (id, address, recipient_digest, reason, added_by, added_at, version)
      select gen_random_uuid(), n || '@x.test', 'd' || n, (array['manual', 'hard_bounce', 'unsubscribed'])[1 + n % 3], 'x', now(), 1 from generate_series(1, 10000) n`);
    await sql('vacuum analyze notifications.notices, notifications.dispatches, notifications.emails, notifications.suppressions');
  });
  afterAll(() => database?.close());

  const tx = (sql: () => Sql): PostgresTx => ({
    sql: sql(),
    append: () => undefined,
    announce: () => undefined,
    gather: () => Promise.resolve([]),
    em: orm.em.fork() as never,
  });
  const inbox = postgresInboxQueries;
  const mail = postgresEmailQueries;
  const page = { limit: 20, after: MIDDLE };
  const templates = 3;

  it.each<[string, number, (sql: () => Sql) => Promise<unknown>]>([
    ['what somebody was told', 21, (sql) => inbox(sql).notices(ME, {}, { limit: 20 })],
    ['what they were told before that', 21, (sql) => inbox(sql).notices(ME, {}, page)],
    ['what they have not read', 15, (sql) => inbox(sql).notices(ME, { unread: true }, page)],
    ['how much they have not read', 15, (sql) => inbox(sql).unread(ME)],
    ['what they read at once', 15, (sql) => postgresNotices(tx(sql)).lockUnread(ME, MIDDLE, 500)],
    ['what is to be rung now', 110, (sql) => postgresDispatches(tx(sql)).due(now, 50)],
    ['what gathers for a window', 1, (sql) => postgresDispatches(tx(sql)).lockKey('77')],
    ['what mail is to be sent now', 110, (sql) => postgresEmails(tx(sql)).due(now, 20)],
    ['what mail came too late', 100, (sql) => postgresEmails(tx(sql)).lockExpired(now + 30 * DAY, 500)],
    ['what mail failed', 210, (sql) => postgresEmails(tx(sql)).lockFailed(undefined, now, 500)],
    ['what mail failed of one template', 110, (sql) => postgresEmails(tx(sql)).lockFailed('low_stock', now, 500)],
    ['how much mail one address was asked for', 110, (sql) => postgresEmails(tx(sql)).queuedFor('d7', ['reset_password'], now - DAY)],
    ['all mail', 30 + 21 * templates * 4, (sql) => mail(sql).emails({}, page)],
    ['the mail of a status and template', 50, (sql) => mail(sql).emails({ status: 'sent', template: 'receipt' }, page)],
    ['the mail of somebody', 110, (sql) => mail(sql).emails({ recipientDigest: 'd7' }, page)],
    ['the mail of a campaign', 21, (sql) => mail(sql).emails({ campaignId: ME }, page)],
    ['how much mail waits', 110, (sql) => mail(sql).backlog()],
    ['who is not written to', 90, (sql) => mail(sql).suppressions({}, page)],
    ['whether somebody is not written to', 2, (sql) => postgresSuppressions(tx(sql)).reasons(['7@x.test', 'nobody@x.test'])],
  ])('read %s and no more', async (_what, most, ask) => {
    expect(await rowsRead(orm, ask)).toBeLessThanOrEqual(most);
  });

  it.each<[string, number, (sql: () => Sql) => Promise<unknown>]>([
    ['notices', 250, (sql) => postgresNotices(tx(sql)).forget(now - 80 * DAY, 100)],
    ['dispatches', 250, (sql) => postgresDispatches(tx(sql)).forget(now - 80 * DAY, 100)],
    ['mail', 250, (sql) => postgresEmails(tx(sql)).forget(now - 30 * DAY, 100)],
    ['the links of mail that is too late', 250, (sql) => postgresEmails(tx(sql)).emptyExpired(now, 100)],
  ])('forget %s without reading what is kept', async (_what, most, ask) => {
    expect(await rowsRead(orm, ask)).toBeLessThanOrEqual(most);
  });
});
