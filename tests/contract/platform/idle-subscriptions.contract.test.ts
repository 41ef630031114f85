import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PostgresEventLog } from '#adapters/postgres/events/event-log.ts';
import { sqlOf } from '#adapters/postgres/sql.ts';
import type { PostgresTx } from '#adapters/postgres/tx.ts';
import { type PostgresPlatform, transact } from '#adapters/postgres/unit-of-work.ts';
import { CommitSignal } from '#adapters/shared/committed.ts';
import { uuidv7 } from '#adapters/system/ids.ts';
import type { Subscription } from '#application/shared/events.ts';
import type { Database } from '#composition/database.ts';
import { system } from '#domain/shared/actor.ts';
import { freshDatabase, SILENT, SQL_PROFILES } from '../../support/profiles.ts';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const DEAF = 30;

// In memory a cursor is a number in this process, and moving it costs nothing.
describe.each(SQL_PROFILES)('subscriptions with nothing to do on %s', (profile) => {
  let database: Database;
  let platform: PostgresPlatform;
  let log: PostgresEventLog;
  const seen = new Map<string, string[]>();
  let streams = 0;

  const subscription = (name: string, types: readonly string[]): Subscription<PostgresTx> => ({
    name,
    types,
    async on(_tx, events) {
      seen.set(name, [...(seen.get(name) ?? []), ...events.map(({ position }) => position)]);
    },
  });
  const append = (type: string, ms = 0) =>
    transact(platform, system('test'), async (tx) => {
      await tx.sql('select pg_current_xact_id()');
      await sleep(ms);
      tx.append({ stream: `thing:${++streams}`, version: 0, restaurantId: null }, [{ type }]);
    });
  const positionsOf = async (type: string): Promise<readonly string[]> =>
    (
      await sqlOf(platform.orm.em.fork())<{ position: string }>('select position from platform.events where type = $1 order by xid, position', [type])
    ).map(({ position }) => position);

  beforeEach(async () => {
    seen.clear();
    database = await freshDatabase(profile);
    if (database.store.kind !== 'sql') throw new Error('a SQL profile');
    platform = { orm: database.store.orm, clock: { now: Date.now }, ids: uuidv7(), committed: new CommitSignal() };
    const deaf = Array.from({ length: DEAF }, (_, n) => subscription(`deaf-${n}`, ['test.never', `test.never_${n}`]));
    log = new PostgresEventLog(platform, [subscription('a', ['test.a']), subscription('b', ['test.b']), ...deaf], SILENT);
    await log.start();
  });
  afterEach(async () => {
    await log.stop();
    await database.close();
  });

  it('are brought past what they do not listen to, all in one statement', async () => {
    let least = Number.POSITIVE_INFINITY;
    // Transactions of other databases of the server hold the end of the log back, and then settling asks more often.
    for (let i = 0; i < 8 && least >= DEAF; i++) {
      await log.settle();
      await sleep(600); // Nothing is under way.
      const before = database.statements.count;
      await append('test.c');
      await log.settle();
      await sleep(300); // For whoever was woken for nothing.
      least = Math.min(least, database.statements.count - before);
    }
    expect(least).toBeLessThan(DEAF);
    expect((await log.lag()).map(({ behind }) => behind)).toEqual(Array.from({ length: DEAF + 2 }, () => 0));
    expect(seen.size).toBe(0);
  });

  it('miss nothing of theirs, however transactions overlap', async () => {
    const types = ['test.a', 'test.b', 'test.c'];
    const worker = async (n: number) => {
      for (let i = 0; i < 12; i++) await append(types[(n + i) % types.length] as string, ((n * 7 + i * 13) % 5) * 15);
    };
    await Promise.all(Array.from({ length: 8 }, (_, n) => worker(n)));
    await log.settle();
    expect(seen.get('a')).toEqual(await positionsOf('test.a'));
    expect(seen.get('b')).toEqual(await positionsOf('test.b'));
    expect([...seen.keys()].sort()).toEqual(['a', 'b']);
  });

  it('wait for what began earlier and commits later', async () => {
    const begun = append('test.a', 1_500);
    await sleep(200); // It has its number now.
    await append('test.c'); // In the embedded database after it.
    await begun;
    await log.settle();
    expect(seen.get('a')).toEqual(await positionsOf('test.a'));
  });

  it('have all again when they ask for it, from far back', async () => {
    await append('test.a');
    await Promise.all(Array.from({ length: 8 }, async () => void (await append('test.b'))));
    await sqlOf(platform.orm.em.fork())(
      `insert into platform.events (id, type, stream, version, data, actor, recorded_at)
       select gen_random_uuid(), 'test.c', 'many:' || n, 1, '{}', 'test', now() from generate_series(1, 3000) n`,
    );
    await log.settle();
    await log.replay('a');
    await log.settle();
    const [first] = await positionsOf('test.a');
    expect(seen.get('a')).toEqual([first, first]);
    expect(seen.get('b')).toHaveLength(8);
  });
});
