import type { MikroORM } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlOf } from '#adapters/postgres/sql.ts';
import { postgresSupportQueries } from '#adapters/postgres/support/queries.ts';
import type { SupportQueries } from '#application/support/ports.ts';
import type { Database } from '#composition/database.ts';
import { freshDatabase, SQL_PROFILES } from '../../support/profiles.ts';
import { rowsRead } from '../../support/rows-read.ts';

const RESTAURANT = '00000000-0000-7000-8000-000000000001';
const ANSWERER = '00000000-0000-7000-9000-000000000007';
const THREAD = '00000000-0000-7000-9000-000000000001';
const id = (n: string) => `('00000000-0000-7000-9000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;

describe.each(SQL_PROFILES)('the plans of support on %s', (profile) => {
  let database: Database;
  let orm: MikroORM;
  beforeAll(async () => {
    database = await freshDatabase(profile);
    if (database.store.kind !== 'sql') throw new Error('a SQL profile');
    orm = database.store.orm;
    const sql = sqlOf(orm.em.fork());
    const restaurant = `('00000000-0000-7000-8000-' || lpad((n % 2)::text, 12, '0'))::uuid`;
    await sql(`
      insert into support.tickets (id, restaurant_id, requester_id, assignee_id, title, category, priority, status, opened_at, resolved_at, waited_ms, version)
      select ${id('n')}, case when n % 10 = 2 then null else ${restaurant} end, ${id('n % 500')}, ${id('n % 1000')}, 'x', 'other', 'normal',
             case n % 100 when 1 then 'open' else 'closed' end, now(), case n % 100 when 1 then null else now() end, 0, 1 from generate_series(1, 20000) n`);
    await sql(`
      insert into support.threads (id, restaurant_id, subject_kind, subject_id, customer_id, last_seq, last_message_id, reads, version)
      select ${id('n')}, ${restaurant}, case when n % 2 = 0 then 'ticket' else 'order' end, ${id('n')}, ${id('n % 100')}, 20, ${id('n')}, '{}', 1
        from generate_series(1, 20000) n`);
    await sql(`
      insert into support.messages (thread_id, seq, id, author_id, side, text, is_internal, sent_at)
      select ${id('t')}, n, gen_random_uuid(), 'x', 'restaurant', 'x', false, now() from generate_series(1, 20) t, generate_series(1, 500) n`);
    await sql('vacuum analyze support.tickets, support.threads, support.messages');
  });
  afterAll(() => database?.close());

  it.each<[string, number, (queries: SupportQueries) => Promise<unknown>]>([
    ['all tickets of a restaurant', 90, (queries) => queries.tickets(RESTAURANT, {}, { limit: 20 })],
    ['the open ones', 42, (queries) => queries.tickets(RESTAURANT, { status: 'open' }, { limit: 20 })],
    ['what one person has to answer', 42, (queries) => queries.tickets(RESTAURANT, { assigneeId: ANSWERER }, { limit: 20 })],
    ['the tickets of the platform', 90, (queries) => queries.tickets(null, {}, { limit: 20 })],
    ['the tickets of a person', 42, (queries) => queries.ticketsOfRequester(THREAD, { limit: 20 })],
    ['what is resolved', 1, (queries) => queries.resolvedBefore(Date.now(), undefined, 100)],
    ['the conversations of a restaurant', 42, (queries) => queries.threadsOfRestaurant(RESTAURANT, { limit: 20 })],
    ['the conversations of a customer', 42, (queries) => queries.threadsOfCustomer(THREAD, { limit: 20 })],
    ['the newest messages', 20, (queries) => queries.messages(THREAD, { limit: 20 }, true)],
    ['messages that came later', 20, (queries) => queries.messages(THREAD, { limit: 20, after: 100 }, false)],
    ['the thread of an order', 1, (queries) => queries.thread({ kind: 'order', id: THREAD })],
  ])('read %s and no more', async (_what, most, ask) => {
    expect(await rowsRead(orm, (sql) => ask(postgresSupportQueries(sql)))).toBeLessThanOrEqual(most);
  });
});
