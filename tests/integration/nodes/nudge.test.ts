import { afterAll, describe, expect, it } from 'vitest';
import { PgBossJobs } from '#adapters/jobs/pg-boss.ts';
import { postgresUnitOfWork } from '#adapters/postgres/unit-of-work.ts';
import { CommitRelay } from '#adapters/redis/commit-relay.ts';
import { CommitSignal } from '#adapters/shared/committed.ts';
import { eventually } from '#adapters/shared/eventually.ts';
import { uuidv7 } from '#adapters/system/ids.ts';
import { type JobQueue, jobHandler } from '#application/shared/job.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import { freshDatabase, SILENT } from '../../support/profiles.ts';
import { freshRedis, HAS_REDIS } from '../../support/redis.ts';
import { TEST_DATABASE_URL } from '../../support/server-databases.ts';

const QUEUE: JobQueue<{ readonly n: number }> = { name: 'test.cook', concurrency: 1 };
const WAIT_MS = 30_000;

describe.runIf(HAS_REDIS && TEST_DATABASE_URL !== undefined)('a web node and a worker on PostgreSQL and Redis', () => {
  const closings: (() => unknown)[] = [];
  afterAll(async () => {
    for (const close of closings.reverse()) await close();
  });

  it('the worker does at once what the web node asks for, though it would not look by itself for an hour', async () => {
    const database = await freshDatabase('postgres');
    closings.push(() => database.close());
    if (database.store.kind !== 'sql') throw new Error('a SQL profile');
    const { orm, jobs } = database.store;
    const prefix = `thali-test-${crypto.randomUUID().slice(0, 8)}`;
    const node = async (pollSeconds: number) => {
      const committed = new CommitSignal();
      const redis = await freshRedis({ prefix });
      closings.push(() => redis.close());
      const relay = new CommitRelay(redis, committed);
      relay.start();
      closings.push(() => relay.stop());
      const runner = new PgBossJobs({ database: jobs, committed, ids: uuidv7(), log: SILENT }, { pollSeconds });
      closings.push(() => runner.stop());
      return { committed, runner };
    };
    const [web, worker] = [await node(1), await node(3_600)];
    const done: number[] = [];
    const handler = jobHandler(QUEUE, async ({ n }) => void done.push(n));
    await worker.runner.start([], [handler], 'worker');
    await web.runner.start([], [handler], 'sender');
    await eventually(
      async () => worker.runner.working(),
      (queues) => queues.length === 1,
      WAIT_MS,
    );

    const platform = { orm, clock: { now: Date.now }, ids: uuidv7(), committed: web.committed };
    const uow = postgresUnitOfWork(platform, (tx) => web.runner.within(tx));
    const ask = async () => {
      await uow.run(system('test'), async (requests) => ok(await requests.add(QUEUE, { n: done.length })));
      return done.length;
    };
    await eventually(ask, () => done.length > 0, WAIT_MS); // Until the worker has subscribed.
    const before = done.length;
    await ask();
    expect(
      await eventually(
        async () => done.length,
        (count) => count > before,
        WAIT_MS,
      ),
    ).toBeGreaterThan(before);
    expect(web.runner.working()).toEqual([]);
  });
});
