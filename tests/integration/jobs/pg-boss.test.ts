import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type JobsDatabase, type JobsPace, PgBossJobs } from '#adapters/jobs/pg-boss.ts';
import { createPgliteOrm } from '#adapters/pglite/orm.ts';
import { createPostgresOrm } from '#adapters/postgres/orm.ts';
import { type Sql, sqlOf } from '#adapters/postgres/sql.ts';
import { CommitSignal } from '#adapters/shared/committed.ts';
import { uuidv7 } from '#adapters/system/ids.ts';
import type { Job } from '#application/shared/job.ts';
import { emptyPglite } from '../../support/databases.ts';
import { serverDatabase } from '../../support/server-databases.ts';
import { ENGINES } from '../pglite/engines.ts';

type Line = { readonly level: string; readonly message: string; readonly facts: Readonly<Record<string, unknown>> | undefined };

const NEVER = '0 0 29 2 *';
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const until = async (holds: () => boolean | Promise<boolean>, ms = 15_000): Promise<void> => {
  for (const end = Date.now() + ms; !(await holds()); await sleep(20)) if (Date.now() > end) throw new Error('it did not happen');
};

describe.each(ENGINES)('jobs on pg-boss, on %s', (engine) => {
  let database: JobsDatabase;
  let sql: Sql;
  let close: () => Promise<void>;
  const lines: Line[] = [];
  const started: PgBossJobs[] = [];
  const to = (level: string) => (message: string, facts?: Readonly<Record<string, unknown>>) => void lines.push({ level, message, facts });
  const log = { info: to('info'), warn: to('warn'), error: to('error') };

  beforeAll(async () => {
    if (engine === 'pglite') {
      const pglite = await emptyPglite();
      const orm = createPgliteOrm(pglite, [], { count: 0 });
      [database, sql] = [{ pglite: pglite.client }, sqlOf(orm.em.fork())];
      close = async () => {
        await orm.close();
        await pglite.close();
      };
    } else {
      const { url, drop } = await serverDatabase();
      const orm = createPostgresOrm(url, [], 2, { count: 0 });
      [database, sql] = [{ url }, sqlOf(orm.em.fork())];
      close = async () => {
        await orm.close();
        await drop();
      };
    }
  }, 60_000);
  afterEach(async () => {
    await Promise.all(started.splice(0).map((jobs) => jobs.stop()));
    lines.length = 0;
  });
  afterAll(() => close?.());

  const platform = () => ({ database, committed: new CommitSignal(), ids: { next: uuidv7(Date.now).next }, log });
  const start = async (jobs: readonly Job[], pace: Partial<JobsPace> = {}): Promise<PgBossJobs> => {
    const queue = new PgBossJobs(platform(), { pollSeconds: 0.5, ...pace });
    started.push(queue);
    await queue.start(jobs);
    return queue;
  };
  const job = (run: () => Promise<number>, cron = NEVER): Job => ({ name: `test.job-${randomUUID().slice(0, 8)}`, cron, run });
  const states = async ({ name }: Job) =>
    (await sql<{ state: string }>('select state::text as state from jobs.job where name = $1 order by created_on', [name])).map(({ state }) => state);

  it('runs a job at once when asked, and knows which it has', { timeout: 30_000 }, async () => {
    let runs = 0;
    const mine = job(async () => ++runs);
    const queue = await start([mine]);
    const asked = Date.now();
    expect(await queue.runNow(mine.name)).toBe(true);
    await until(() => runs === 1);
    expect(Date.now() - asked).toBeLessThan(2_000);
    expect(await queue.runNow('no.such-job')).toBe(false);
    await until(async () => (await states(mine))[0] === 'completed');
    await queue.stop();
    expect(await queue.runNow(mine.name)).toBe(false);
  });

  it('runs a job by its schedule', { timeout: 60_000 }, async () => {
    let runs = 0;
    const everyMinute = job(async () => ++runs, '* * * * *');
    await (await start([everyMinute])).stop();
    await sql(`update jobs.version set cron_on = now() - interval '1 minute'`); // The next pass is due at once.
    await start([everyMinute]);
    await until(() => runs > 0, 30_000);
  });

  it('makes up for what came due while nothing ran, once', { timeout: 60_000 }, async () => {
    let runs = 0;
    const twelveHoursAgo = new Date(Date.now() - 12 * 3_600_000);
    const daily = job(async () => ++runs, `${twelveHoursAgo.getUTCMinutes()} ${twelveHoursAgo.getUTCHours()} * * *`);
    await (await start([daily])).stop();
    expect(runs).toBe(0);
    await sql(`update jobs.version set cron_on = now() - interval '50 hours'`);
    await sql(`update jobs.schedule set created_on = now() - interval '60 hours'`);
    await start([daily]);
    await until(() => runs > 0, 30_000);
    await sleep(1_500);
    expect(runs).toBe(1);
  });

  it('looks again at a queue that was seen busy', { timeout: 60_000 }, async () => {
    let runs = 0;
    const mine = job(async () => ++runs);
    await (await start([mine])).stop();
    await sql('update jobs.queue set singletons_active = array[null::text], monitor_on = now() where name = $1', [mine.name]);
    const queue = await start([mine]);
    await queue.runNow(mine.name);
    await until(() => runs === 1, 30_000);
  });

  it('tries a failing job again while the others go on, and keeps no more than its message', { timeout: 60_000 }, async () => {
    let failures = 0;
    let runs = 0;
    const failing = job(async () => {
      failures += 1;
      if (failures < 3) throw Object.assign(new Error('no luck'), { params: ['hunter2'] });
      return 0;
    });
    const working = job(async () => ++runs);
    const queue = await start([failing, working]);
    await queue.runNow(failing.name);
    await until(() => failures >= 1);
    await queue.runNow(working.name);
    await until(() => runs === 1);
    await until(async () => (await states(failing)).includes('retry'));
    const [kept] = await sql<{ output: string }>('select output::text as output from jobs.job where name = $1', [failing.name]);
    expect(kept?.output).toContain('no luck');
    expect(kept?.output).not.toContain('hunter2');
    await until(() => failures === 3, 45_000);
    await until(async () => (await states(failing))[0] === 'completed');
    expect(lines.filter(({ message }) => message === 'a job failed').map(({ level, facts }) => [level, facts?.['job']])).toEqual([
      ['error', failing.name],
      ['error', failing.name],
    ]);
  });

  it('runs a job on one node at a time, and once more when asked meanwhile', { timeout: 60_000 }, async () => {
    let active = 0;
    let most = 0;
    let runs = 0;
    const slow = job(async () => {
      most = Math.max(most, ++active);
      await sleep(700);
      active -= 1;
      return ++runs;
    });
    const nodes = [await start([slow]), await start([slow]), await start([slow])];
    await nodes[0]?.runNow(slow.name);
    await until(() => active === 1);
    for (const node of [...nodes, ...nodes]) expect(await node.runNow(slow.name)).toBe(true);
    await until(() => runs === 2, 30_000);
    await sleep(1_000);
    expect({ most, runs }).toEqual({ most: 1, runs: 2 });
  });

  it('stops after the run under way', { timeout: 30_000 }, async () => {
    let ended = false;
    const slow = job(async () => {
      await sleep(800);
      ended = true;
      return 1;
    });
    const queue = await start([slow, job(async () => 0), job(async () => 0)]);
    await queue.runNow(slow.name);
    await until(async () => (await states(slow))[0] === 'active');
    const asked = Date.now();
    await queue.stop();
    expect(ended).toBe(true);
    expect(Date.now() - asked).toBeLessThan(3_000);
    expect(await states(slow)).toEqual(['completed']);
    expect(lines).toEqual([]);
  });

  it('does not wait for ever, and has what was cut off tried again', { timeout: 30_000 }, async () => {
    let end: () => void = () => undefined;
    const stuck = job(() => new Promise((resolve) => (end = () => resolve(0))));
    const queue = await start([stuck], { stopMs: 1_000 });
    await queue.runNow(stuck.name);
    await until(async () => (await states(stuck))[0] === 'active');
    const asked = Date.now();
    await queue.stop();
    expect(Date.now() - asked).toBeLessThan(4_000);
    expect(await states(stuck)).toEqual(['retry']);
    end();
  });

  it('forgets the schedule of a job that is gone', { timeout: 30_000 }, async () => {
    const [old, current] = [job(async () => 0), job(async () => 0)];
    await (await start([old, current])).stop();
    await start([current]);
    expect(await sql('select name from jobs.schedule where name = any($1)', [[old.name, current.name]])).toEqual([{ name: current.name }]);
  });

  it('refuses a schedule that is none', { timeout: 30_000 }, async () => {
    await expect(new PgBossJobs(platform()).start([job(async () => 0, 'every day')])).rejects.toThrow();
  });
});
