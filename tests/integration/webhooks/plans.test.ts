import type { MikroORM } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sql, sqlOf } from '#adapters/postgres/sql.ts';
import { postgresDeliveries } from '#adapters/postgres/webhooks/deliveries.ts';
import { postgresEndpoints } from '#adapters/postgres/webhooks/endpoints.ts';
import { postgresWebhooksQueries } from '#adapters/postgres/webhooks/queries.ts';
import type { WebhooksQueries } from '#application/webhooks/ports.ts';
import type { Database } from '#composition/database.ts';
import { freshDatabase, SQL_PROFILES } from '../../support/profiles.ts';
import { rowsRead } from '../../support/rows-read.ts';

const id = (n: string) => `('00000000-0000-7000-9000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
const RESTAURANT = '00000000-0000-7000-9000-000000000001';
const ENDPOINT = '00000000-0000-7000-9000-000000000001';
const OLD = '00000000-0000-7000-9000-000000000064';
const FIRST = '00000000-0000-0000-0000-000000000000';

describe.each(SQL_PROFILES)('the plans of webhooks on %s', (profile) => {
  let database: Database;
  let orm: MikroORM;
  beforeAll(async () => {
    database = await freshDatabase(profile);
    if (database.store.kind !== 'sql') throw new Error('a SQL profile');
    orm = database.store.orm;
    const sql = sqlOf(orm.em.fork());
    await sql(`
      insert into webhooks.endpoints (id, restaurant_id, url, description, event_types, status, secrets, created_at, version)
      select ${id('n')}, ${id('n % 500')}, 'https://eat.test/', '', '["*"]', case when n % 50 = 0 then 'deleted' else 'enabled' end,
             case when n % 50 = 0 then '[]' else '[{"sealed":"x","endsAt":null}]' end::jsonb, now(), 1 from generate_series(1, 3000) n`);
    // Thirty endpoints that were busy for a month; of three of them a hundred deliveries wait, most of them for later.
    await sql(`
      insert into webhooks.deliveries (id, restaurant_id, endpoint_id, event_id, event_type, body, status, failure, attempts, claims, replays, history,
                                       due_at, queued_at, version)
      select ${id('n')}, ${id('1 + n % 30')}, ${id('1 + n % 30')}, ${id('n')}, 'order.created', '{}',
             case when n > 29910 then 'waiting' when n % 100 = 0 then 'failed' else 'succeeded' end,
             case when n <= 29910 and n % 100 = 0 then 'exhausted' end, 1, 1, 0, '[]',
             now() + case when n % 3 = 0 then interval '-1 hour' else interval '1 hour' end, now() - (30000 - n) * interval '1 minute', 1
        from generate_series(1, 30000) n`);
    await sql('vacuum analyze webhooks.endpoints, webhooks.deliveries');
  });
  afterAll(() => database?.close());

  const tx = (sql: () => Sql) => ({
    sql: sql(),
    append: () => undefined,
    announce: () => undefined,
    gather: () => Promise.resolve([]),
    em: orm.em.fork() as never,
  });

  it.each<[string, number, (queries: WebhooksQueries) => Promise<unknown>]>([
    ['a webhook', 1, (queries) => queries.endpoint(RESTAURANT, ENDPOINT)],
    ['the webhooks of a restaurant', 21, (queries) => queries.endpoints(RESTAURANT, { limit: 20 })],
    ['a delivery', 1, (queries) => queries.delivery(RESTAURANT, ENDPOINT, OLD)],
    ['all deliveries', 110, (queries) => queries.deliveries(RESTAURANT, ENDPOINT, {}, { limit: 20 })],
    ['what failed', 42, (queries) => queries.deliveries(RESTAURANT, ENDPOINT, { status: 'failed' }, { limit: 20 })],
    ['deliveries deep in the past', 110, (queries) => queries.deliveries(RESTAURANT, ENDPOINT, {}, { limit: 20, after: OLD })],
    ['the backlog', 200, (queries) => queries.backlog(Date.now())],
  ])('read %s and no more', async (_what, most, ask) => {
    expect(await rowsRead(orm, (sql) => ask(postgresWebhooksQueries(sql)))).toBeLessThanOrEqual(most);
  });

  it('find what is due, what failed, and whom to tell, without reading what is over', async () => {
    const due = { at: Date.now(), limit: 64, perEndpoint: 4, underWay: {}, after: FIRST };
    expect(await rowsRead(orm, (sql) => postgresDeliveries(tx(sql)).due(due))).toBeLessThanOrEqual(400);
    const failed = (sql: () => Sql) => postgresDeliveries(tx(sql)).lockFailed(RESTAURANT, ENDPOINT, { from: 0, to: Date.now() }, 500);
    expect(await rowsRead(orm, failed)).toBeLessThanOrEqual(110);
    expect(await rowsRead(orm, (sql) => postgresEndpoints(tx(sql)).of([RESTAURANT]))).toBeLessThanOrEqual(10);
    expect(await rowsRead(orm, (sql) => postgresDeliveries(tx(sql)).forget(Date.now() - 20 * 86_400_000, 100))).toBeLessThanOrEqual(250);
    expect(await rowsRead(orm, (sql) => postgresEndpoints(tx(sql)).forget(10))).toBeLessThanOrEqual(200);
  });
});
