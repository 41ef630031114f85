import type { MikroORM } from '@mikro-orm/postgresql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PostgresEventLog } from '#adapters/postgres/events/event-log.ts';
import { PostgresSubscriber } from '#adapters/postgres/events/subscriber.ts';
import { type Sql, sqlOf } from '#adapters/postgres/sql.ts';
import type { PostgresTx } from '#adapters/postgres/tx.ts';
import { type PostgresPlatform, transact } from '#adapters/postgres/unit-of-work.ts';
import { CommitSignal } from '#adapters/shared/committed.ts';
import { eventually } from '#adapters/shared/eventually.ts';
import { uuidv7 } from '#adapters/system/ids.ts';
import type { RecordedEvent, Subscription } from '#application/shared/events.ts';
import type { Database } from '#composition/database.ts';
import { system } from '#domain/shared/actor.ts';
import { freshDatabase, SILENT, SQL_PROFILES } from '../../support/profiles.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const LONG_MS = 1_000_000;
type Check = (event: RecordedEvent, isReplay: boolean) => void;

describe.each(SQL_PROFILES)('subscribers of one name on %s', (profile) => {
  let database: Database;
  let platform: PostgresPlatform;
  let clock: VirtualClock;
  let sql: Sql;
  let streams = 0;

  beforeEach(async () => {
    database = await freshDatabase(profile);
    if (database.store.kind !== 'sql') throw new Error('a SQL profile');
    clock = new VirtualClock(1_000_000);
    platform = { orm: database.store.orm, clock, ids: uuidv7(), committed: new CommitSignal() };
    sql = sqlOf(platform.orm.em.fork());
    await sql('create table public.seen (n serial, position bigint not null, is_replay boolean not null)');
  });
  afterEach(() => database.close());

  const append = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      await transact(platform, system('test'), async (tx) =>
        tx.append({ stream: `thing:${++streams}`, version: 0, restaurantId: null }, [{ type: 'test.happened' }]),
      );
    }
    // Transactions of other databases of the server hold the horizon back as well.
    const hidden = () => sql('select 1 from platform.events where xid >= pg_snapshot_xmin(pg_current_snapshot())');
    await eventually(hidden, (rows) => rows.length === 0, 10_000);
  };
  const subscription = (check: Check = () => undefined): Subscription<PostgresTx> => ({
    name: 'probe',
    types: ['test.happened'],
    async on(tx, events, isReplay) {
      for (const event of events) {
        await tx.sql('insert into public.seen (position, is_replay) values ($1::bigint, $2)', [event.position, isReplay]);
        check(event, isReplay);
      }
    },
  });
  const node = (check?: Check, on = platform) => new PostgresSubscriber(on, subscription(check), SILENT);
  /** A node whose transactions can be held up, and whose replies can be lost. */
  const troubled = (before: (nth: number) => Promise<void>, after: (nth: number) => void = () => undefined): PostgresPlatform => {
    let nth = 0;
    const fork = () => {
      const em = platform.orm.em.fork();
      const transactional = async (work: Parameters<typeof em.transactional>[0]) => {
        const mine = ++nth;
        await before(mine);
        const result = await em.transactional(work);
        after(mine);
        return result;
      };
      return { transactional };
    };
    return { ...platform, orm: { em: { fork } } as unknown as MikroORM };
  };
  const positions = async (isReplay: boolean): Promise<string[]> =>
    (await sql<{ position: string }>('select position from public.seen where is_replay = $1 order by position, n', [isReplay])).map(
      ({ position }) => position,
    );
  const log = async (): Promise<string[]> =>
    (await sql<{ position: string }>('select position from platform.events order by position')).map(({ position }) => position);
  const owed = () => sql<{ attempts: number; is_replay: boolean }>('select attempts, is_replay from platform.event_retries');
  const drain = async (...nodes: PostgresSubscriber[]): Promise<void> => {
    for (let quiet = 0, i = 0; quiet < 2 && i < 400; i++) {
      const more = await Promise.all(nodes.map((one) => one.step()));
      quiet = more.includes(true) || (await owed()).length > 0 ? 0 : quiet + 1;
      clock.advance(LONG_MS);
    }
  };
  const fail = (): never => {
    throw new Error('poisoned');
  };

  it('gives every event one live effect, whoever fails on it and whatever reply is lost', async () => {
    await node().register();
    await append(60);
    let draws = 7;
    const bad = (): boolean => {
      draws = (draws * 1_103_515_245 + 12_345) % 2_147_483_648;
      return draws % 100 < 25;
    };
    const flaky = () =>
      node(
        () => void (bad() && fail()),
        troubled(
          async () => new Promise((resolve) => setTimeout(resolve, draws % 4)),
          (nth) => void (nth % 7 === 0 && fail()),
        ),
      );
    const nodes = [flaky(), flaky()].map((one) => ({ step: () => one.step().catch(() => true) }) as PostgresSubscriber);
    for (let i = 0; i < 60; i++) {
      await Promise.all(nodes.map((one) => one.step()));
      clock.advance(LONG_MS);
    }
    await sql('update platform.event_retries set parked_at = null, attempts = 0');
    await drain(node());
    expect(await positions(false)).toEqual(await log());
    expect(await owed()).toEqual([]);
  });

  it('leaves the cursor where a replay put it while an event failed', async () => {
    await node().register();
    await append(3);
    await node().step();
    await append(1);
    const last = (await log()).at(-1);
    // Batch, alone, and then what came of it: the replay comes before that.
    const late = node(
      ({ position }) => void (position === last && fail()),
      troubled(async (nth) => void (nth === 4 && (await node().replay()))),
    );
    await late.step();
    await drain(node());
    expect(await positions(true)).toEqual((await log()).slice(0, 3));
    expect(await positions(false)).toEqual(await log());
  });

  it('owes nothing live that was handled before a replay put the cursor back where it was read', async () => {
    await node().register();
    await append(2);
    const late = node(
      (event) => void (event.position === '1' && fail()),
      troubled(async (nth) => {
        if (nth !== 4) return;
        await node().step();
        await node().replay();
      }),
    );
    await late.step();
    await drain(node());
    expect(await positions(false)).toEqual(await log());
    expect(await positions(true)).toEqual(await log());
  });

  it('does not owe an event again that another node has taken meanwhile', async () => {
    await node().register();
    await append(1);
    await node(fail).step();
    expect(await owed()).toEqual([{ attempts: 1, is_replay: false }]);
    clock.advance(LONG_MS);
    await node(
      fail,
      troubled(async (nth) => void (nth === 2 && (await node().step()))),
    ).step();
    expect(await owed()).toEqual([]);
    await drain(node());
    expect(await positions(false)).toEqual(await log());
  });

  it('does not take an outage for a fault of the event', async () => {
    await node().register();
    await append(2);
    const away = node(() => {
      throw Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' });
    });
    await expect(away.step()).rejects.toMatchObject({ code: '57P01' });
    let calls = 0;
    const leaving = node(() => {
      throw Object.assign(new Error('a fault, and then an outage'), ++calls > 1 && { code: '57P01' });
    });
    await expect(leaving.step()).rejects.toMatchObject({ code: '57P01' });
    expect(await owed()).toEqual([]);

    await node(fail).step();
    clock.advance(LONG_MS);
    await expect(away.step()).rejects.toMatchObject({ code: '57P01' });
    expect(await owed()).toMatchObject([{ attempts: 1 }, { attempts: 1 }]);
    await drain(node());
    expect(await positions(false)).toEqual(await log());
  });

  it('tries parked events again by the clock of the process', async () => {
    const one = node(fail);
    await one.register();
    await append(1);
    for (let i = 0; i < 10; i++) {
      await one.step();
      clock.advance(LONG_MS);
    }
    const operator = new PostgresEventLog(platform, [subscription()], SILENT);
    expect(await operator.lag()).toMatchObject([{ retrying: 0, parked: 1 }]);
    expect(await operator.unpark('probe')).toBe(1);
    await node().step();
    expect(await positions(false)).toEqual(await log());
  });

  it('skips nothing and repeats nothing after a restore into another cluster', async () => {
    const first = new PostgresEventLog(platform, [subscription()], SILENT);
    await first.start(); // Stores where it is.
    await first.stop();
    await append(8);
    const [a, b] = await log();
    // Two transactions that took their positions early and committed late, behind the cursor's position but not read yet.
    await sql(
      `update platform.events e set xid = (select max(o.xid::text::bigint) + e.position from platform.events o)::text::xid8 where e.position = any($1::bigint[])`,
      [[a, b]],
    );
    const read = await sql<{ xid: string; position: string }>(
      'select xid::text as xid, position from platform.events order by xid, position limit 5',
    );
    await sql(`insert into public.seen (position, is_replay) select unnest($1::bigint[]), false`, [read.map(({ position }) => position)]);
    await sql('update platform.subscribers set xid = $1::text::xid8, position = $2::bigint', [read[4]?.xid, read[4]?.position]);
    for (const table of ['events', 'subscribers']) await sql(`update platform.${table} set xid = (xid::text::bigint + 1000000000)::text::xid8`);
    await sql(`update platform.cluster set system_identifier = 'another'`);

    const restored = new PostgresEventLog(platform, [subscription()], SILENT);
    await restored.start();
    await restored.stop();
    await append(2);
    await drain(node());
    expect(await positions(false)).toEqual(await log());
    expect(await positions(true)).toEqual([]);

    // Once: the next start leaves it alone.
    const [{ xid } = { xid: '' }] = await sql<{ xid: string }>('select max(xid::text::bigint) as xid from platform.events');
    await restored.start();
    await restored.stop();
    expect(await sql('select max(xid::text::bigint) as xid from platform.events')).toEqual([{ xid }]);
  });

  it('goes on with a replay after a restore', async () => {
    const first = new PostgresEventLog(platform, [subscription()], SILENT);
    await first.start();
    await first.stop();
    await append(6);
    const [a] = await log();
    await sql(`update platform.events set xid = (select max(xid::text::bigint) + 1 from platform.events)::text::xid8 where position = $1::bigint`, [
      a,
    ]);
    await sql('update platform.events set xid = (select o.xid from platform.events o where o.position = 4) where position = 2');
    // Five were read live, then a replay was asked for, which has had one of them when the database is saved: the third.
    const rows = await sql<{ xid: string; position: string }>('select xid::text as xid, position from platform.events order by xid, position');
    const at = (i: number) => [rows[i]?.xid, rows[i]?.position];
    await sql(
      'update platform.subscribers set xid = $1::text::xid8, position = $2::bigint, replay_xid = $3::text::xid8, replay_position = $4::bigint',
      [...at(0), ...at(4)],
    );
    await sql(`insert into public.seen (position, is_replay) select unnest($1::bigint[]), false`, [rows.slice(0, 5).map(({ position }) => position)]);
    await sql(`insert into public.seen (position, is_replay) select unnest($1::bigint[]), true`, [rows.slice(0, 1).map(({ position }) => position)]);
    await sql(`update platform.events set xid = (xid::text::bigint + 1000000000)::text::xid8`);
    await sql(
      `update platform.subscribers set xid = (xid::text::bigint + 1000000000)::text::xid8, replay_xid = (replay_xid::text::bigint + 1000000000)::text::xid8`,
    );
    await sql(`update platform.cluster set system_identifier = 'another'`);

    const restored = new PostgresEventLog(platform, [subscription()], SILENT);
    await restored.start();
    await restored.stop();
    await append(1);
    await drain(node());
    expect(await positions(false)).toEqual(await log());
    expect(await positions(true)).toEqual(['2', '3', '4', '5', '6']);
    expect(rows.map(({ position }) => position)).toEqual(['3', '2', '4', '5', '6', '1']);
  });

  it('ask twice a second what there is, however many they are, and what is due again is still taken', async () => {
    let fails = true;
    const flaky = subscription(() => {
      if (fails) throw new Error('not yet');
    });
    const idle = Array.from({ length: 20 }, (_, n) => ({ ...subscription(), name: `idle-${n}`, types: [] }));
    const log = new PostgresEventLog(platform, [flaky, ...idle], SILENT);
    await log.start();
    try {
      await append(3);
      await log.settle();
      await eventually(
        () => log.lag(),
        (lags) => lags.find(({ name }) => name === 'probe')?.retrying === 3,
        10_000,
      );
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      const before = database.statements.count;
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      expect(database.statements.count - before).toBeLessThan(8);
      fails = false;
      clock.advance(LONG_MS);
      await eventually(
        () => sql('select 1 from public.seen'),
        (rows) => rows.length === 3,
        10_000,
      );
    } finally {
      await log.stop();
    }
  });
});
