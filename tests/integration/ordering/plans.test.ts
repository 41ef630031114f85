import type { MikroORM } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresOrderQueries } from '#adapters/postgres/ordering/queries.ts';
import { sqlOf } from '#adapters/postgres/sql.ts';
import type { OrderQueries } from '#application/ordering/ports.ts';
import type { Database } from '#composition/database.ts';
import { freshDatabase, SQL_PROFILES } from '../../support/profiles.ts';
import { rowsRead } from '../../support/rows-read.ts';

const RESTAURANT = '00000000-0000-7000-8000-000000000001';
const CUSTOMER = '00000000-0000-7000-8000-000000000099';
const OLD = '00000000-0000-7000-9000-000000000064';

describe.each(SQL_PROFILES)('the plans of the order lists on %s', (profile) => {
  let database: Database;
  let orm: MikroORM;
  beforeAll(async () => {
    database = await freshDatabase(profile);
    if (database.store.kind !== 'sql') throw new Error('a SQL profile');
    orm = database.store.orm;
    const sql = sqlOf(orm.em.fork());
    // Two restaurants with a long past, and nothing open.
    await sql(`
      insert into ordering.orders (id, restaurant_id, customer_id, business_day, number, status, total, placed_at, facts, version)
      select ('00000000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid, ('00000000-0000-7000-8000-' || lpad((n % 2)::text, 12, '0'))::uuid,
             case when n % 50 = 0 then '${CUSTOMER}' else gen_random_uuid() end,
             '2026-01-01', n, case when n % 20 = 1 then 'cancelled' else 'completed' end, 100, now(), '{}', 5
        from generate_series(1, 20000) n`);
    await sql('vacuum analyze ordering.orders');
  });
  afterAll(() => database?.close());

  it.each<[string, number, (queries: OrderQueries) => Promise<unknown>]>([
    ['what is open, when nothing is', 0, (queries) => queries.forRestaurant(RESTAURANT, { status: 'placed' }, { limit: 20 })],
    ['what is rare', 42, (queries) => queries.forRestaurant(RESTAURANT, { status: 'cancelled' }, { limit: 20 })],
    ['everything', 70, (queries) => queries.forRestaurant(RESTAURANT, {}, { limit: 20 })],
    ['everything, deep in the past', 70, (queries) => queries.forRestaurant(RESTAURANT, {}, { limit: 20, after: OLD })],
    ['what is done, deep in the past', 42, (queries) => queries.forRestaurant(RESTAURANT, { status: 'completed' }, { limit: 20, after: OLD })],
    ["a customer's", 21, (queries) => queries.forCustomer(CUSTOMER, { limit: 20 })],
    ["a customer's, deep in the past", 21, (queries) => queries.forCustomer(CUSTOMER, { limit: 20, after: OLD })],
  ])('read a page of %s and no more', async (_what, most, list) => {
    expect(await rowsRead(orm, (sql) => list(postgresOrderQueries(sql)))).toBeLessThanOrEqual(most);
  });
});
