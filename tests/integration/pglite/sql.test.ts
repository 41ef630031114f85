import { Migration } from '@mikro-orm/migrations';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isWriteConflict, violates } from '#adapters/postgres/conflicts.ts';
import { instant, type Sql, sqlOf, timestamp } from '#adapters/postgres/sql.ts';
import { eventually } from '#adapters/shared/eventually.ts';
import { ENGINES, type Open, openEngine } from './engines.ts';

const A = '0190a4c8-0000-7000-8000-000000000001';
const B = '0190a4c8-0000-7000-8000-000000000002';

describe.each(ENGINES)('SQL as the repositories use it, on %s', (engine) => {
  let open: Open;
  let sql: Sql;

  beforeAll(async () => {
    open = await openEngine(engine);
    sql = sqlOf(open.platform.orm.em.fork());
    await sql(
      'create table things (id uuid primary key, at timestamptz not null, amount bigint not null, facts jsonb not null, tags text[] not null)',
    );
  }, 60_000);
  afterAll(() => open?.close());

  const one = async <Row>(text: string, params?: readonly unknown[]): Promise<Row> => (await sql<Row>(text, params))[0] as Row;

  it('keeps its sessions in UTC', async () => {
    expect(await one<{ zone: string }>('select current_setting($1) as zone', ['timezone'])).toEqual({ zone: 'UTC' });
    expect(await one(`select '2026-03-01T12:00:00.123Z'::timestamptz::text as at`)).toEqual({ at: '2026-03-01 12:00:00.123+00' });
  });

  it('hands instants and big numbers over as text', async () => {
    const at = Date.UTC(2026, 2, 1, 12, 0, 0, 123);
    const row = await one<Record<string, unknown>>(
      `select $1::timestamptz as at, 9007199254740993::bigint as big, '2026-03-01'::date as day, 12.30::numeric as exact, 2::int as small, 0.5::float8 as half, count(*) as n,
              array[9007199254740993]::bigint[] as bigs, array[$1::timestamptz] as ats, array[$2::uuid] as ids, '\\x00ff'::bytea as bytes, true as yes, null::text as none`,
      [timestamp(at), A],
    );
    expect(row).toEqual({
      at: '2026-03-01 12:00:00.123+00',
      big: '9007199254740993',
      day: '2026-03-01',
      exact: '12.30',
      small: 2,
      half: 0.5,
      n: '1',
      bigs: ['9007199254740993'],
      ats: ['2026-03-01 12:00:00.123+00'],
      ids: [A],
      bytes: Buffer.from([0, 255]),
      yes: true,
      none: null,
    });
    expect(instant(row['at'] as string)).toBe(at);
  });

  it('takes lists, JSON, bytes and nulls as parameters', async () => {
    const facts = { name: `O'Brien "q" \\ {x,y} ₹`, list: [1, null], when: '2026-03-01' };
    await sql(
      `insert into things (id, at, amount, facts, tags)
       select t.id, t.at, t.amount, t.facts, $2::text[] from jsonb_to_recordset($1::jsonb) as t (id uuid, at timestamptz, amount bigint, facts jsonb)`,
      [JSON.stringify([A, B].map((id, i) => ({ id, at: timestamp(i), amount: `${2 ** 53}`, facts }))), ['a,b', 'quo"te', 'back\\slash', '', 'NULL']],
    );
    expect(await sql('select id, amount, facts, tags from things where id = any($1::uuid[]) order by id', [[A, B]])).toEqual(
      [A, B].map((id) => ({ id, amount: '9007199254740992', facts, tags: ['a,b', 'quo"te', 'back\\slash', '', 'NULL'] })),
    );
    expect(await sql('select 1 from things where id = any($1)', [[]])).toEqual([]);
    expect(await one('select * from unnest($1::uuid[], $2::bigint[], $3::timestamptz[]) as t (id, n, at)', [[A], [7], [timestamp(0)]])).toEqual({
      id: A,
      n: '7',
      at: '1970-01-01 00:00:00+00',
    });
    expect(
      await one('select $1::bytea as b, $2::boolean as t, $3::text as n, $4::jsonb as o, $5::int[] as holes', [
        Buffer.from('hé'),
        false,
        null,
        facts,
        [1, null],
      ]),
    ).toEqual({
      b: Buffer.from('hé'),
      t: false,
      n: null,
      o: facts,
      holes: [1, null],
    });
  });

  it('refuses a JavaScript array where JSON is wanted', async () => {
    await expect(sql('select $1::jsonb', [[{ a: 1 }]])).rejects.toMatchObject({ code: '22P02' });
  });

  it('orders transactions by xid8 and sees only what ended before', async () => {
    const first = await one<{ xid: string }>('select pg_current_xact_id()::text as xid');
    const look = () =>
      one<{ xid: string; is_below: boolean; is_after: boolean }>(
        `select pg_current_xact_id()::text as xid, $1::text::xid8 < pg_snapshot_xmin(pg_current_snapshot()) as is_below,
                (pg_current_xact_id(), $2::bigint) > ($1::text::xid8, $2::bigint) as is_after`,
        [first.xid, 5],
      );
    // Transactions of other databases of the server hold the horizon back as well.
    const second = await eventually(look, (seen) => seen.is_below, 10_000);
    expect(BigInt(second.xid)).toBeGreaterThan(BigInt(first.xid));
    expect(second).toMatchObject({ is_below: true, is_after: true });
  });

  it('locks by advice and by row inside a transaction', async () => {
    await open.platform.orm.em.fork().transactional(async (em) => {
      const tx = sqlOf(em);
      const lock = `select pg_try_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 0)) as taken`;
      expect(await tx(lock, ['scope', 'key'])).toEqual([{ taken: true }]);
      expect(await tx('select id from things where id = $1 for update skip locked', [A])).toEqual([{ id: A }]);
    });
  });

  it('names the constraint that a write broke, without the values written', async () => {
    const again = sql('insert into things (id, at, amount, facts, tags) values ($1, now(), 1, $2, $3)', [A, { secret: 'hunter2' }, []]);
    const error = await again.catch((caught: unknown) => caught);
    expect(violates(error, 'things_pkey')).toBe(true);
    expect(violates(error, 'events_stream_version')).toBe(false);
    expect(isWriteConflict(error)).toBe(false);
    expect(JSON.stringify({ ...(error as object) })).not.toContain('hunter2');
  });

  it('runs several statements of one text, and rolls all of a transaction back', async () => {
    const em = open.platform.orm.em.fork();
    await expect(
      em.transactional(async (inner) => {
        const tx = sqlOf(inner);
        await tx(`create table gone (id int); insert into gone values (1)`);
        expect(await tx('select id from gone')).toEqual([{ id: 1 }]);
        throw new Error('refused');
      }),
    ).rejects.toThrow('refused');
    expect(await one(`select to_regclass('gone')::text as found`)).toEqual({ found: null });
    expect(await one('select 1 as alive')).toEqual({ alive: 1 });
  });

  it('is migrated, and knows that it was', async () => {
    const { orm } = open.platform;
    class Migration1 extends Migration {
      override up() {
        this.addSql(`create schema shelf; create table shelf.books (id int primary key); comment on table shelf.books is 'a; b'`);
        this.addSql(`insert into shelf.books values (1)`);
      }
    }
    orm.config.set('migrations', { ...orm.config.get('migrations'), migrationsList: [{ name: 'Migration1', class: Migration1 }] });
    expect((await orm.migrator.up()).map(({ name }) => name)).toEqual(['Migration1']);
    expect(await orm.migrator.up()).toEqual([]);
    expect(await sql('select id from shelf.books')).toEqual([{ id: 1 }]);
  });

  it('keeps the savepoints of nested transactions', async () => {
    await open.platform.orm.em.fork().transactional(async (outer) => {
      const tx = sqlOf(outer);
      await tx('create temporary table kept (id int) on commit drop');
      await outer
        .transactional(async (inner) => {
          await sqlOf(inner)('insert into kept values (2)');
          throw new Error('inner');
        })
        .catch(() => undefined);
      await tx('insert into kept values (1)');
      expect(await tx('select id from kept')).toEqual([{ id: 1 }]);
    });
  });

  it('makes twenty writers of one row take turns', async () => {
    await sql('create table counters (id int primary key, n int not null)');
    await sql('insert into counters values (1, 0)');
    await Promise.all(
      Array.from({ length: 20 }, () =>
        open.platform.orm.em.fork().transactional(async (em) => {
          const tx = sqlOf(em);
          const [row] = await tx<{ n: number }>('select n from counters where id = $1 for update', [1]);
          await tx('update counters set n = $2 where id = $1', [1, (row as { n: number }).n + 1]);
        }),
      ),
    );
    expect(await one('select n from counters')).toEqual({ n: 20 });
  });

  it('counts begin, statements and commit', async () => {
    const { statements, platform } = open;
    await platform.orm.em.fork().transactional(async (em) => void (await sqlOf(em)('select 1')));
    const before = statements.count;
    await platform.orm.em.fork().transactional(async (em) => {
      await sqlOf(em)('select 1');
      await sqlOf(em)('select $1::int', [1]);
    });
    expect(statements.count - before).toBe(4);
  });
});
