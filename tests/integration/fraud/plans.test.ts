import type { MikroORM } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresDecisions } from '#adapters/postgres/fraud/decisions.ts';
import { postgresFraudQueries } from '#adapters/postgres/fraud/queries.ts';
import { type Sql, sqlOf } from '#adapters/postgres/sql.ts';
import type { FraudQueries } from '#application/fraud/ports.ts';
import type { Database } from '#composition/database.ts';
import { freshDatabase, SQL_PROFILES } from '../../support/profiles.ts';
import { rowsRead } from '../../support/rows-read.ts';

const RESTAURANT = '00000000-0000-7000-8000-000000000001';
const OLD = '00000000-0000-7000-9000-000000000064';
const id = (n: string) => `('00000000-0000-7000-9000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;

describe.each(SQL_PROFILES)('the plans of fraud on %s', (profile) => {
  let database: Database;
  let orm: MikroORM;
  beforeAll(async () => {
    database = await freshDatabase(profile);
    if (database.store.kind !== 'sql') throw new Error('a SQL profile');
    orm = database.store.orm;
    const sql = sqlOf(orm.em.fork());
    const restaurant = `('00000000-0000-7000-8000-' || lpad((n % 2)::text, 12, '0'))::uuid`;
    await sql(`
      insert into fraud.decisions (id, restaurant_id, payment_id, attempt_id, order_id, customer_id, action, probability, decided_at, signals, verdict)
      select ${id('n')}, ${restaurant}, ${id('n + 100000')}, ${id('n + 300000')}, ${id('n + 200000')}, gen_random_uuid(),
             case when n % 100 = 1 then 'block' else 'allow' end, 0, now(), '{}', '{}' from generate_series(1, 20000) n`);
    await sql(`
      insert into fraud.reviews (id, restaurant_id, decision_id, status, lease_by, lease_until, deadline, facts, approvals, resolution, version)
      select ${id('n')}, ${restaurant}, ${id('n')}, case n % 100 when 1 then 'open' else 'approved' end, null, null, now(), '{}', '[]',
             case n % 100 when 1 then null else '{}'::jsonb end, 1 from generate_series(1, 20000) n`);
    await sql(`
      insert into fraud.list_entries (id, restaurant_id, list, kind, value, token, reason, added_by, added_at, version)
      select ${id('n')}, case when n % 3 = 0 then null else ${restaurant} end, 'deny', 'device', 'x', 'token' || n, '', '', now(), 1 from generate_series(1, 9000) n`);
    await sql('vacuum analyze fraud.decisions, fraud.reviews, fraud.list_entries');
  });
  afterAll(() => database?.close());

  it.each<[string, number, (queries: FraudQueries) => Promise<unknown>]>([
    ['all decisions', 70, (queries) => queries.decisions(RESTAURANT, {}, { limit: 20 })],
    ['what was blocked', 42, (queries) => queries.decisions(RESTAURANT, { action: 'block' }, { limit: 20 })],
    ['decisions deep in the past', 70, (queries) => queries.decisions(RESTAURANT, {}, { limit: 20, after: OLD })],
    ['open reviews', 42, (queries) => queries.reviews(RESTAURANT, { status: 'open' }, { limit: 20 })],
    ['open reviews everywhere', 42, (queries) => queries.reviews(null, { status: 'open' }, { limit: 20 })],
    ['all reviews everywhere', 70, (queries) => queries.reviews(null, {}, { limit: 20 })],
    ['reviews that are due', 200, (queries) => queries.dueReviews(Date.now() - 1e9, undefined, 200)],
    ['the lists of a restaurant', 42, (queries) => queries.entries(RESTAURANT, {}, { limit: 20 })],
    ['the lists of the platform', 42, (queries) => queries.entries(null, {}, { limit: 20 })],
    ['an attempt', 1, (queries) => queries.ofAttempt({ restaurantId: RESTAURANT, paymentId: OLD, attemptId: OLD })],
    ['the review of a decision', 1, (queries) => queries.reviewOf(OLD)],
  ])('read %s and no more', async (_what, most, ask) => {
    expect(await rowsRead(orm, (sql) => ask(postgresFraudQueries(sql)))).toBeLessThanOrEqual(most);
  });

  it('find what names an attempt among all entries, and the attempts of outcomes among all decisions', async () => {
    const names = [1, 2, 3, 4].map((n) => ({ kind: 'device', token: `token${n}` }) as const);
    expect(await rowsRead(orm, (sql) => postgresFraudQueries(sql).hits(RESTAURANT, names, Date.now()))).toBeLessThanOrEqual(20);
    const ids = { restaurantIds: [RESTAURANT], decisionIds: [OLD], paymentIds: [OLD], orderIds: [OLD] };
    const read = (sql: () => Sql) =>
      postgresDecisions({
        sql: sql(),
        append: () => undefined,
        announce: () => undefined,
        gather: () => Promise.resolve([]),
        em: orm.em.fork() as never,
      }).contexts(ids);
    expect(await rowsRead(orm, read)).toBeLessThanOrEqual(10);
  });
});
