import type { MikroORM } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idAt, postgresEventQueries } from '#adapters/postgres/platform/event-queries.ts';
import { sqlOf } from '#adapters/postgres/sql.ts';
import type { EventSearch } from '#application/platform/events.ts';
import type { Database } from '#composition/database.ts';
import { freshDatabase, SQL_PROFILES } from '../../support/profiles.ts';
import { rowsRead } from '../../support/rows-read.ts';

const START = 1_764_000_000_000;
const MINUTE = 60_000;
const RESTAURANT = '00000000-0000-7000-8000-000000000001';

describe.each(SQL_PROFILES)('the plans of the log on %s', (profile) => {
  let database: Database;
  let orm: MikroORM;
  beforeAll(async () => {
    database = await freshDatabase(profile);
    if (database.store.kind !== 'sql') throw new Error('a SQL profile');
    orm = database.store.orm;
    const sql = sqlOf(orm.em.fork());
    // One event a minute: of two hundred restaurants, of a hundred types, by a thousand people.
    await sql(
      `insert into platform.events (id, type, stream, version, restaurant_id, data, actor, recorded_at)
       select (lpad(to_hex($1::bigint + n * 60000), 12, '0') || '7000800000000000' || lpad(to_hex(n), 4, '0'))::uuid, 'test.type_' || n % 100, 'thing:' || n % 5000, n / 5000 + 1,
              ('00000000-0000-7000-8000-' || lpad((n % 200)::text, 12, '0'))::uuid, '{}', 'account:' || n % 1000, to_timestamp(($1::bigint + n * 60000) / 1000.0)
         from generate_series(1, 20000) n`,
      [START],
    );
    await sql('vacuum analyze platform.events');
  });
  afterAll(() => database?.close());

  it.each<[string, number, EventSearch]>([
    ['everything', 25, {}],
    ['a type', 25, { type: 'test.type_7' }],
    ['a stream', 25, { stream: 'thing:7' }],
    ['a restaurant', 25, { restaurantId: RESTAURANT }],
    ['a person', 25, { actor: 'account:7' }],
    ['an hour', 130, { from: START + 500 * MINUTE, to: START + 560 * MINUTE }],
    ['what is not there', 5, { type: 'test.never' }],
  ])('find %s among many', async (_what, max, search) => {
    const read = await rowsRead(orm, (sql) => postgresEventQueries(sql).search(search, { limit: 20 }));
    expect(read).toBeLessThanOrEqual(max);
  });

  it('find one event by its id, and count those of a day without the others', async () => {
    expect(await rowsRead(orm, (sql) => postgresEventQueries(sql).find(idAt(START)))).toBeLessThanOrEqual(1);
    expect(await rowsRead(orm, (sql) => postgresEventQueries(sql).statistics(START + 19_900 * MINUTE))).toBeLessThanOrEqual(120);
  });
});
