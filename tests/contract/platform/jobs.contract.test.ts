import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { currentRequest, runInRequest } from '#adapters/shared/request-context.ts';
import type { JobView } from '#application/platform/jobs.ts';
import { type AnyJobHandler, type JobAttempt, type JobOptions, type JobQueue, type Jobs, jobHandler } from '#application/shared/job.ts';
import { system } from '#domain/shared/actor.ts';
import { err, ok } from '#domain/shared/result.ts';
import { type JobsWorld, jobsWorld } from '../../support/jobs.ts';
import { PROFILES } from '../../support/profiles.ts';

type Data = { readonly n: number };
type Line = { readonly message: string; readonly facts: Readonly<Record<string, unknown>> | undefined };

const QUICK = { limit: 2, delaySeconds: 1, delayMaxSeconds: 1 };
const until = async (holds: () => boolean | Promise<boolean>, ms = 30_000): Promise<void> => {
  for (const end = Date.now() + ms; !(await holds()); await new Promise((resolve) => setTimeout(resolve, 20)))
    if (Date.now() > end) throw new Error('it did not happen');
};

/** What one queue's handler was given, and what it does then. */
class Kitchen {
  readonly queue: JobQueue<Data>;
  readonly done: number[] = [];
  readonly attempts: JobAttempt[] = [];
  readonly contexts: ReturnType<typeof currentRequest>[] = [];
  work: (data: Data) => Promise<void> = async () => undefined;

  constructor(more: Partial<JobQueue<Data>> = {}) {
    this.queue = { name: `test.cook-${randomUUID().slice(0, 8)}`, retries: QUICK, concurrency: 1, ...more };
  }

  handler = (): AnyJobHandler =>
    jobHandler(this.queue, async (data, attempt) => {
      this.attempts.push(attempt);
      this.contexts.push(currentRequest());
      await this.work(data);
      this.done.push(data.n);
    });
}

describe.each(PROFILES)('jobs on %s', (profile) => {
  const lines: Line[] = [];
  const say = (message: string, facts?: Readonly<Record<string, unknown>>) => void lines.push({ message, facts });
  const [plain, ordered, failing, keyed, pausable, cancellable, traced, slow] = [
    new Kitchen(),
    new Kitchen(),
    new Kitchen(),
    new Kitchen({ concurrency: 2 }),
    new Kitchen(),
    new Kitchen(),
    new Kitchen(),
    new Kitchen(),
  ];
  const schedule = { name: 'test.nightly', cron: '0 0 29 2 *', timeZone: 'Asia/Kolkata', runs: 0, run: async () => ++schedule.runs };
  let world: JobsWorld;
  let node: Jobs;

  beforeAll(async () => {
    world = await jobsWorld(profile, { info: say, warn: say, error: say });
    const handlers = [plain, ordered, failing, keyed, pausable, cancellable, traced, slow].map((kitchen) => kitchen.handler());
    node = world.node();
    await node.start([schedule], handlers);
    await until(() => node.working().length === handlers.length);
  }, 60_000);
  afterAll(() => world?.close());

  const add = async ({ queue }: Kitchen, n: number, options?: JobOptions): Promise<string | null> =>
    (await world.uow.run(system('test'), async ({ jobs }) => ok(await jobs.add(queue, { n }, options)))).value as string | null;
  const control = async <T>(work: (control: Parameters<Parameters<JobsWorld['uow']['run']>[1]>[0]['control']) => Promise<T>): Promise<T> =>
    (await world.uow.run(system('test'), async (tx) => ok(await work(tx.control)))).value as T;
  const list = async ({ queue }: Kitchen): Promise<readonly JobView[]> => (await world.queries.list({ queue: queue.name }, { limit: 100 })).data;
  const statistics = async ({ queue }: Kitchen) => (await world.queries.queues()).find(({ name }) => name === queue.name);
  const only = async (kitchen: Kitchen, state: JobView['state']): Promise<JobView> => {
    const [job] = (await world.queries.list({ queue: kitchen.queue.name, states: [state] }, { limit: 1 })).data;
    if (!job) throw new Error(`no job is ${state}`);
    return job;
  };

  it('does what was asked for once it is committed, and says so', async () => {
    const id = await add(plain, 1);
    await until(() => plain.done.length === 1);
    await until(async () => (await world.queries.find(plain.queue.name, id as string))?.state === 'completed');
    expect(await only(plain, 'completed')).toMatchObject({
      id,
      rootId: id,
      queue: plain.queue.name,
      key: null,
      data: { n: 1 },
      attempts: 1,
      lastError: null,
    });
    expect(await statistics(plain)).toMatchObject({ waiting: 0, active: 0, dead: 0, completedLastHour: 1, isPaused: false });
    expect(await world.queries.find('test.other', id as string)).toBeUndefined();
  });

  it('knows nothing of what was asked for in a transaction that is rolled back', async () => {
    const asked = await world.uow.run(system('test'), async ({ jobs }) => {
      expect(await jobs.add(plain.queue, { n: 99 })).not.toBeNull();
      return err({ code: 'test.refused' });
    });
    expect(asked.ok).toBe(false);
    const thrown = world.uow.run(system('test'), async ({ jobs }) => {
      await jobs.add(plain.queue, { n: 98 });
      throw new Error('no luck');
    });
    await expect(thrown).rejects.toThrow('no luck');
    await add(plain, 2);
    await until(() => plain.done.includes(2));
    expect(plain.done.filter((n) => n > 90)).toEqual([]);
    expect((await list(plain)).map(({ data }) => (data as Data).n).toSorted()).toEqual([1, 2]);
  });

  it('does the most urgent first, then the oldest, and nothing before its time', async () => {
    await control(({ pause }) => pause(ordered.queue.name));
    await until(() => !node.working().includes(ordered.queue.name));
    for (const n of [1, 2]) await add(ordered, n);
    await add(ordered, 3, { priority: 10 });
    await add(ordered, 4, { priority: -1 });
    const later = await add(ordered, 5, { notBefore: Date.now() + 3_600_000, priority: 100 });
    expect(await statistics(ordered)).toMatchObject({ waiting: 4, delayed: 1 });
    await control(({ resume }) => resume(ordered.queue.name));
    await until(() => ordered.done.length === 4);
    expect(ordered.done).toEqual([3, 1, 2, 4]);
    expect((await world.queries.find(ordered.queue.name, later as string))?.state).toBe('waiting');
  });

  it('tries again with growing delays, then keeps the dead for a person, who may have them tried anew', async () => {
    let isBroken = true;
    failing.work = async () => {
      if (isBroken) throw Object.assign(new Error('no gas'), { params: ['hunter2'] });
    };
    const id = (await add(failing, 7)) as string;
    await until(async () => (await world.queries.find(failing.queue.name, id))?.state === 'retrying');
    expect(await only(failing, 'retrying')).toMatchObject({ id, attempts: 1, lastError: 'no gas' });
    await until(async () => (await statistics(failing))?.dead === 1);
    expect(failing.attempts.map(({ number }) => number)).toEqual([1, 2, 3]);
    const dead = await only(failing, 'dead');
    expect(dead).toMatchObject({ rootId: id, queue: failing.queue.name, attempts: 3, lastError: 'no gas', data: { n: 7 }, key: null });
    expect(await list(failing)).toHaveLength(1);
    expect(JSON.stringify(dead)).not.toContain('hunter2');
    expect(await control(({ lock }) => lock(failing.queue.name, dead.id))).toBe('dead');

    isBroken = false;
    expect(await control(({ redrive }) => redrive(failing.queue.name, { id: randomUUID(), limit: 10 }))).toBe(0);
    expect(await control(({ redrive }) => redrive(failing.queue.name, { limit: 10 }))).toBe(1);
    await until(() => failing.done.includes(7));
    await until(async () => (await statistics(failing))?.completedLastHour === 1);
    expect(await only(failing, 'completed')).toMatchObject({ rootId: id, attempts: 1 });
    expect(await statistics(failing)).toMatchObject({ dead: 0 });
  });

  it('adds no second job of a key while one waits or runs', async () => {
    const ends: (() => void)[] = [];
    keyed.work = () => new Promise((resolve) => ends.push(resolve));
    expect(await add(keyed, 1, { key: 'soup' })).not.toBeNull();
    await until(async () => (await statistics(keyed))?.active === 1);
    expect(await add(keyed, 2, { key: 'soup' })).toBeNull();
    expect(await add(keyed, 3, { key: 'rice' })).not.toBeNull();
    await until(async () => (await statistics(keyed))?.active === 2);
    keyed.work = async () => undefined;
    for (const end of ends) end();
    await until(() => keyed.done.length === 2);
    await until(async () => (await statistics(keyed))?.active === 0);
    expect(await add(keyed, 6, { key: 'soup' })).not.toBeNull();
    const both = await Promise.all([
      add(keyed, 4, { key: 'dal', notBefore: Date.now() + 60_000 }),
      add(keyed, 5, { key: 'dal', notBefore: Date.now() + 60_000 }),
    ]);
    expect(both.filter((id) => id === null)).toHaveLength(1);
  });

  it('starts nothing of a queue that is paused, and goes on when it is resumed', async () => {
    expect(await control(({ pause }) => pause(pausable.queue.name))).toBe(true);
    expect(await control(({ pause }) => pause(pausable.queue.name))).toBe(false);
    await until(() => !node.working().includes(pausable.queue.name));
    await add(pausable, 1);
    await add(plain, 3);
    await until(() => plain.done.includes(3));
    expect(pausable.done).toEqual([]);
    expect(await statistics(pausable)).toMatchObject({ waiting: 1, isPaused: true });
    expect((await statistics(pausable))?.oldestWaitingSeconds).toBeGreaterThanOrEqual(0);
    expect(await control(({ resume }) => resume(pausable.queue.name))).toBe(true);
    expect(await control(({ resume }) => resume(pausable.queue.name))).toBe(false);
    await until(() => pausable.done.length === 1);
  });

  it('does not do what was cancelled, and does at once what is hurried', async () => {
    const later = { notBefore: Date.now() + 3_600_000 };
    const [cancelled, hurried] = [(await add(cancellable, 1, later)) as string, (await add(cancellable, 2, later)) as string];
    expect(await control(({ lock }) => lock(cancellable.queue.name, cancelled))).toBe('waiting');
    expect(await control(({ lock }) => lock('test.other', cancelled))).toBeUndefined();
    await control(({ cancel }) => cancel(cancellable.queue.name, cancelled));
    await control(({ hurry }) => hurry(cancellable.queue.name, cancelled));
    await control(({ hurry }) => hurry(cancellable.queue.name, hurried));
    await until(() => cancellable.done.length === 1);
    expect(cancellable.done).toEqual([2]);
    expect((await world.queries.find(cancellable.queue.name, cancelled))?.state).toBe('cancelled');
  });

  it('lists the newest first, page by page', async () => {
    const pages: JobView[] = [];
    let after: string | undefined;
    do {
      const page = await world.queries.list({ queue: plain.queue.name }, { limit: 2, ...(after !== undefined && { after }) });
      pages.push(...page.data);
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(pages.map(({ data }) => (data as Data).n)).toEqual([3, 2, 1]);
  });

  it('belongs to the request that asked for it, in its lines as well', async () => {
    const context = { requestId: 'request-1', traceId: '0af7651916cd43dd8448eb211c80319c' };
    const id = await runInRequest(context, () => add(traced, 1));
    await until(() => traced.done.length === 1);
    expect(traced.contexts).toMatchObject([context]);
    await until(() => lines.some(({ facts }) => facts?.['jobId'] === id));
    expect(lines.find(({ facts }) => facts?.['jobId'] === id)?.facts).toMatchObject({ job: traced.queue.name, ...context });
    expect(await world.queries.find(traced.queue.name, id as string)).toMatchObject(context);
  });

  it('runs a schedule when asked, and tells when it runs by itself', async () => {
    expect(await control(async ({ knows }) => [knows(schedule.name), knows(plain.queue.name), knows('test.other')])).toEqual([
      'schedule',
      'queue',
      undefined,
    ]);
    expect(await control(({ runNow }) => runNow(schedule.name))).toBe(true);
    await until(() => schedule.runs === 1);
    await until(async () => (await world.queries.schedules())[0]?.completedLastHour === 1);
    expect(await world.queries.schedules()).toMatchObject([{ name: schedule.name, cron: schedule.cron, timeZone: 'Asia/Kolkata' }]);
  });

  it('gets through many without waiting between them', async () => {
    const began = Date.now();
    await Promise.all(Array.from({ length: 40 }, (_, n) => add(slow, n)));
    await until(() => slow.done.length === 40);
    expect(new Set(slow.done).size).toBe(40);
    expect(Date.now() - began).toBeLessThan(15_000);
  });
});
