import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostgresEventLog } from '#adapters/postgres/events/event-log.ts';
import { readStream } from '#adapters/postgres/events/log.ts';
import { postgresRequests } from '#adapters/postgres/requests.ts';
import { type Sql, sqlOf } from '#adapters/postgres/sql.ts';
import type { PostgresTx } from '#adapters/postgres/tx.ts';
import { postgresUnitOfWork } from '#adapters/postgres/unit-of-work.ts';
import type { Subscription } from '#application/shared/events.ts';
import { system } from '#domain/shared/actor.ts';
import { err, ok } from '#domain/shared/result.ts';
import { ENGINES, type Open, openEngine } from './engines.ts';

const ACTOR = system('test');
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe.each(ENGINES)('the unit of work and the event log on %s', (engine) => {
  let open: Open;
  let sql: Sql;

  beforeAll(async () => {
    open = await openEngine(engine);
    sql = sqlOf(open.platform.orm.em.fork());
    await sql('create table platform.seen (subscriber text not null, position bigint not null, is_replay boolean not null)');
  }, 60_000);
  afterAll(() => open?.close());

  const uow = () => postgresUnitOfWork(open.platform, (tx) => tx);
  const put = (stream: string, version: number, ...types: string[]) =>
    uow().run(ACTOR, async (tx) => {
      tx.append(
        { stream, version, restaurantId: null },
        types.map((type) => ({ type, n: 1 })),
      );
      return ok(undefined);
    });
  const noting = (name: string, poison?: string): Subscription<PostgresTx> => ({
    name,
    types: ['test.happened', 'test.poison'],
    async on(tx, events, isReplay) {
      if (events.some(({ data }) => data.type === poison)) throw new Error('poison');
      await tx.sql('insert into platform.seen select $1, p, $3 from unnest($2::bigint[]) p', [
        name,
        events.map(({ position }) => position),
        isReplay,
      ]);
    },
  });

  it('writes a stream and reads it back', async () => {
    await put('thing:1', 0, 'test.happened', 'test.ignored');
    const events = await readStream(sql, 'thing:1');
    expect(events.map(({ version, data, actor }) => ({ version, data, actor }))).toEqual([
      { version: 1, data: { type: 'test.happened', n: 1 }, actor: 'system:test' },
      { version: 2, data: { type: 'test.ignored', n: 1 }, actor: 'system:test' },
    ]);
  });

  it('rolls an err back', async () => {
    const refused = await uow().run(ACTOR, async (tx) => {
      tx.append({ stream: 'thing:2', version: 0, restaurantId: null }, [{ type: 'test.happened' }]);
      await tx.sql(`insert into platform.requests values ('s', 'rolled-back', 'f', 'o', now())`);
      return err('no' as const);
    });
    expect(refused).toEqual(err('no'));
    expect(await readStream(sql, 'thing:2')).toEqual([]);
    expect(await sql(`select 1 from platform.requests where key = 'rolled-back'`)).toEqual([]);
  });

  it('tries a write conflict again, and gives it up as one', async () => {
    await put('thing:3', 0, 'test.happened');
    let attempts = 0;
    const again = uow().run(ACTOR, async (tx) => {
      attempts += 1;
      tx.append({ stream: 'thing:3', version: 0, restaurantId: null }, [{ type: 'test.happened' }]);
      return ok(undefined);
    });
    await expect(again).rejects.toMatchObject({ name: 'WriteConflict' });
    expect(attempts).toBe(5);
  });

  it('gives a key to one of many', async () => {
    const claim = () =>
      uow().run(ACTOR, async (tx) =>
        ok(await postgresRequests(tx, Date.now).claim({ scope: 'user', key: 'once', fingerprint: 'f', outcome: 'order' })),
      );
    const answers = (await Promise.all(Array.from({ length: 8 }, claim))).flatMap((answer) => (answer.ok ? [answer.value] : []));
    expect(answers.filter((answer) => answer === 'claimed')).toHaveLength(1);
    expect(await claim()).toEqual(ok({ fingerprint: 'f', outcome: 'order' }));
  });

  it('hands every event to every subscriber once, sets the failing one aside, and replays', async () => {
    const log = new PostgresEventLog(open.platform, [noting('good'), noting('bad', 'test.poison')], SILENT);
    await put('thing:4', 0, 'test.happened');
    await log.start();
    try {
      await Promise.all(Array.from({ length: 30 }, (_, i) => put(`burst:${i}`, 0, 'test.happened', ...(i === 7 ? ['test.poison'] : []))));
      await log.settle();
      const [facts] = await sql<{ total: string; poison: string }>(
        `select count(*) as total, min(position) filter (where type = 'test.poison') as poison from platform.events where type in ('test.happened', 'test.poison')`,
      );
      const seen = async (name: string) =>
        (await sql<{ position: string }>('select position from platform.seen where subscriber = $1 order by position', [name])).map(
          ({ position }) => position,
        );
      const good = await seen('good');
      expect(good).toHaveLength(Number(facts?.total));
      expect(new Set(good).size).toBe(good.length);
      expect(await seen('bad')).toEqual(good.filter((position) => position !== facts?.poison));
      expect((await log.lag()).map(({ name, behind, retrying }) => ({ name, behind, retrying }))).toEqual([
        { name: 'bad', behind: 0, retrying: 1 },
        { name: 'good', behind: 0, retrying: 0 },
      ]);

      await log.replay('good');
      await log.settle();
      expect(await sql(`select count(*)::int as n from platform.seen where subscriber = 'good' and is_replay`)).not.toEqual([{ n: 0 }]);
      expect((await seen('good')).length).toBe(2 * good.length);
    } finally {
      await log.stop();
    }
  });
});
