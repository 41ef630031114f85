import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groupedUnitOfWork } from '#adapters/postgres/grouped-unit-of-work.ts';
import { postgresRequests } from '#adapters/postgres/requests.ts';
import type { PostgresTx } from '#adapters/postgres/tx.ts';
import { runInRequest } from '#adapters/shared/request-context.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { Platform } from '#composition/modules/platform.ts';
import { system } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { SQL_PROFILES } from '../../support/profiles.ts';
import { startWorld, type World } from '../../support/world.ts';

type Work = (tx: PostgresTx) => Promise<Result<unknown, unknown>>;
type Written = { readonly stream: string; readonly xid: string; readonly actor: string; readonly trace_id: string | null };

describe.each(SQL_PROFILES)('works that share a transaction on %s', (profile) => {
  let world: World;
  let uow: UnitOfWork<PostgresTx>;
  beforeAll(async () => {
    world = await startWorld(profile);
    uow = groupedUnitOfWork(world.container.get(Platform.postgres), (tx) => tx);
  });
  afterAll(() => world.close());

  let groups = 0;
  /** Runs works at once, each for an actor and a request of its own. */
  async function together(...works: readonly Work[]) {
    const group = `group${++groups}`;
    let runs = 0;
    const results = await Promise.allSettled(
      works.map((work, i) =>
        runInRequest({ requestId: `r${i}`, traceId: `trace${i}` }, () =>
          uow.run(system(`actor${i}`), async (tx) => {
            runs += 1;
            tx.append({ stream: `${group}:${i}`, version: 0, restaurantId: null }, [{ type: 'test.happened' }]);
            return work(tx);
          }),
        ),
      ),
    );
    const sql = world.container.get(Platform.sql)();
    const written = await sql<Written>(
      `select stream, xid::text as xid, actor, trace_id from platform.events where stream like $1 || ':%' order by stream`,
      [group],
    );
    const kept = written.map(({ stream }) => Number(stream.split(':')[1]));
    return { results, written, kept, runs, transactions: new Set(written.map(({ xid }) => xid)).size };
  }
  const fine: Work = async () => ok('done');
  const claiming =
    (key: string, outcome: string): Work =>
    async (tx) => {
      const claim = await postgresRequests(tx, Date.now).claim({ scope: 'group', key, fingerprint: 'f', outcome });
      return claim === 'claimed' ? ok(outcome) : err(claim);
    };

  it('commit as one, and every event names its own actor and request', async () => {
    const { results, written, transactions, runs } = await together(fine, fine, fine);
    expect(results).toEqual([0, 1, 2].map(() => ({ status: 'fulfilled', value: ok('done') })));
    expect([transactions, runs]).toEqual([1, 3]);
    expect(written).toMatchObject([0, 1, 2].map((i) => ({ actor: `system:actor${i}`, trace_id: `trace${i}` })));
  });

  it('are at most sixteen', async () => {
    const { kept, transactions } = await together(...Array.from({ length: 40 }, () => fine));
    expect(kept).toHaveLength(40);
    expect(transactions).toBe(3);
  });

  it.each<[string, Work, object]>([
    ['a refusal', async () => err('no'), { status: 'fulfilled', value: err('no') }],
    [
      'a fault',
      async () => {
        throw new Error('bug');
      },
      { status: 'rejected', reason: expect.objectContaining({ message: 'bug' }) },
    ],
    ['a statement that fails', async ({ sql }) => ok(await sql('select 1 / 0')), { status: 'rejected', reason: expect.anything() }],
    [
      'an event that is there already',
      async ({ append }) => {
        for (let i = 0; i < 2; i++) append({ stream: 'twice', version: 0, restaurantId: null }, [{ type: 'test.happened' }]);
        return ok('done');
      },
      { status: 'rejected', reason: expect.objectContaining({ name: 'WriteConflict' }) },
    ],
  ])('suffer nothing by %s of another', async (_what, other, answer) => {
    const { results, kept } = await together(fine, other, fine, fine);
    expect(results).toEqual([0, 1, 2, 3].map((i) => (i === 1 ? answer : { status: 'fulfilled', value: ok('done') })));
    expect(kept).toEqual([0, 2, 3]);
  });

  it('give a key to one of them, and tell the others what came of it', async () => {
    const { results, kept } = await together(...[0, 1, 2, 3].map((i) => claiming('once', `outcome${i}`)), claiming('another', 'other'));
    const told = { status: 'fulfilled', value: err({ fingerprint: 'f', outcome: 'outcome0' }) };
    expect(results).toEqual([{ status: 'fulfilled', value: ok('outcome0') }, told, told, told, { status: 'fulfilled', value: ok('other') }]);
    expect(kept).toEqual([0, 4]);
  });
});
