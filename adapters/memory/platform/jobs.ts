import { Cron } from 'croner';
import type { JobControl } from '#application/platform/jobs.ts';
import type { AnyJobHandler, Job, JobRequests, JobRetries, Jobs, JobsRole } from '#application/shared/job.ts';
import type { Log } from '#application/shared/ports.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import { reasonOf } from '../../shared/backoff.ts';
import { runInRequest } from '../../shared/request-context.ts';
import { WorkerLoop } from '../../shared/worker-loop.ts';
import type { MemoryTx } from '../tx.ts';
import { type MemoryPlatform, memoryUnitOfWork } from '../unit-of-work.ts';
import { ASKED, CONTROLLED, freeKey, insertRun, isPending, JOBS, type JobRow, memoryJobControl, memoryJobRequests, PAUSED } from './job-rows.ts';

const POLL_MS = 500;
const STOP_MS = 10_000;
const SECOND_MS = 1_000;
const KEPT_MS = 6 * 3_600_000;
const SCHEDULE_RETRIES: JobRetries = { limit: 3, delaySeconds: 2, delayMaxSeconds: 60 };
const RETRIES: JobRetries = { limit: 7, delaySeconds: 2, delayMaxSeconds: 600 };
const CONCURRENCY = 2;

/** One kind of work, a schedule's or a queue's. */
type Kind = {
  readonly name: string;
  readonly schedule: Job | undefined;
  readonly retries: JobRetries;
  readonly concurrency: number;
  run(row: JobRow, signal: AbortSignal): Promise<unknown>;
};

/** The jobs of the memory profile, with the promises of the real ones: transactions, retries, dead jobs, keys, pauses. */
export class MemoryJobs implements Jobs {
  readonly #platform: MemoryPlatform;
  readonly #log: Log;
  readonly #stopMs: number;
  readonly #uow;
  readonly #kinds = new Map<string, Kind>();
  readonly #loops = new Map<string, readonly WorkerLoop[]>();
  readonly #cutOff = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #unlisten: () => void = () => undefined;

  /** When it stops it waits for what is under way, but not longer than `stopMs`. */
  constructor(platform: MemoryPlatform, log: Log, stopMs: number = STOP_MS) {
    this.#stopMs = stopMs;
    this.#platform = platform;
    this.#log = log;
    this.#uow = memoryUnitOfWork(platform, (tx) => tx);
  }

  async start(schedules: readonly Job[], handlers: readonly AnyJobHandler[] = [], role: JobsRole = 'worker'): Promise<void> {
    for (const schedule of schedules) {
      this.#kinds.set(schedule.name, { name: schedule.name, schedule, retries: SCHEDULE_RETRIES, concurrency: 1, run: () => schedule.run() });
    }
    for (const { queue, run } of handlers) {
      const { name, retries = RETRIES, concurrency = CONCURRENCY } = queue;
      const attempt = ({ id, data, attempts }: JobRow, signal: AbortSignal): Promise<void> => run(data, { id, number: attempts, signal });
      this.#kinds.set(name, { name, schedule: undefined, retries, concurrency, run: attempt });
    }
    if (role === 'sender') return;
    this.#keepSchedules(schedules);
    for (const kind of this.#kinds.values()) {
      const loops = Array.from({ length: kind.concurrency }, () => this.#loop(kind));
      this.#loops.set(kind.name, loops);
      for (const loop of loops) loop.start();
    }
    this.#unlisten = this.#platform.committed.listen((events) => {
      for (const { type } of events) {
        if (type.startsWith(ASKED)) for (const loop of this.#loops.get(type.slice(ASKED.length)) ?? []) loop.nudge();
        if (type === CONTROLLED) for (const loop of [...this.#loops.values()].flat()) loop.nudge();
      }
    });
  }

  /** Asks for work in somebody's transaction. */
  within = (tx: MemoryTx): JobRequests => memoryJobRequests(tx, this.#platform);

  /** What operators do, in a transaction of theirs. */
  controlWithin = (tx: MemoryTx): JobControl => memoryJobControl(tx, (name) => this.kindOf(name), this.#platform);

  kindOf(name: string): 'queue' | 'schedule' | undefined {
    const kind = this.#kinds.get(name);
    return kind && (kind.schedule ? 'schedule' : 'queue');
  }

  get schedules(): readonly Job[] {
    return [...this.#kinds.values()].flatMap(({ schedule }) => schedule ?? []);
  }

  get queues(): readonly string[] {
    return [...this.#kinds.values()].flatMap(({ name, schedule }) => (schedule ? [] : [name]));
  }

  async runNow(name: string): Promise<boolean> {
    if (!this.#loops.has(name) || this.kindOf(name) !== 'schedule') return false;
    await this.#ask(name);
    return true;
  }

  working(): readonly string[] {
    const { store } = this.#platform;
    const isBusy = (name: string): boolean => store.rows<JobRow>(JOBS).some(({ queue, state }) => queue === name && state === 'active');
    return [...this.#loops.keys()].filter((name) => this.kindOf(name) === 'queue' && (store.row(PAUSED, name) === undefined || isBusy(name))).sort();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#unlisten();
    const loops = [...this.#loops.values()].flat();
    this.#loops.clear();
    const stopped = Promise.all(loops.map((loop) => loop.stop()));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#stopMs);
    });
    await Promise.race([stopped, late]);
    clearTimeout(timer);
    this.#cutOff.abort();
  }

  /** Looks every second which schedules have come due. */
  #keepSchedules(schedules: readonly Job[]): void {
    const { clock } = this.#platform;
    const next = (cron: Cron): number => cron.nextRun(new Date(clock.now()))?.getTime() ?? Number.POSITIVE_INFINITY;
    const due = schedules.map(({ name, cron: text, timeZone = 'UTC' }) => {
      const cron = new Cron(text, { timezone: timeZone, paused: true });
      return { name, cron, at: next(cron) };
    });
    this.#timer = setInterval(() => {
      for (const one of due) {
        if (one.at > clock.now()) continue;
        one.at = next(one.cron);
        void this.#ask(one.name);
      }
      this.#forget();
    }, SECOND_MS);
    this.#timer.unref();
  }

  async #ask(schedule: string): Promise<void> {
    const { ids, clock } = this.#platform;
    await this.#transact(async (tx) => void insertRun(tx, schedule, ids.next(), clock.now()));
  }

  #loop(kind: Kind): WorkerLoop {
    return new WorkerLoop({
      step: () => this.#next(kind),
      onError: (error) => this.#log.error('the job queue had a problem', { error }),
      pollMs: POLL_MS,
      gatherMs: 0,
      restMs: 0,
    });
  }

  /** Does the job that is due first; false when none is. */
  async #next(kind: Kind): Promise<boolean> {
    const row = await this.#claim(kind);
    if (!row) return false;
    const { id, requestId, traceId } = row;
    const facts = { job: kind.name, jobId: id, attempt: row.attempts, requestId, traceId };
    const context = { requestId: requestId ?? id, traceId: traceId ?? id.replaceAll('-', '') };
    try {
      await runInRequest(context, async () => kind.run(row, this.#cutOff.signal));
      await this.#settle(row, { state: 'completed', endedAt: this.#platform.clock.now() });
      if (!kind.schedule) this.#log.info('a job is done', facts);
    } catch (error) {
      this.#log.error('a job failed', { ...facts, error });
      await this.#settle(row, this.#afterFailure(kind, row, error));
    }
    return true;
  }

  #claim({ name, schedule }: Kind): Promise<JobRow | undefined> {
    return this.#transact(async (tx) => {
      const now = this.#platform.clock.now();
      if (tx.get(PAUSED, name) !== undefined) return undefined;
      const [due] = tx
        .rows<JobRow>(JOBS)
        .filter((row) => row.queue === name && isPending(row) && row.notBefore <= now)
        .sort((a, b) => b.priority - a.priority || a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
      if (!due) return undefined;
      const claimed: JobRow = { ...due, state: 'active', attempts: due.attempts + 1, startedAt: now };
      tx.set(JOBS, due.id, claimed);
      if (schedule && due.state === 'waiting') freeKey(tx, due); // While it runs, another may wait.
      return claimed;
    });
  }

  #afterFailure({ retries: { limit, delaySeconds, delayMaxSeconds }, schedule }: Kind, { attempts }: JobRow, error: unknown): Partial<JobRow> {
    const now = this.#platform.clock.now();
    const lastError = reasonOf(error);
    if (attempts > limit) return { state: schedule ? 'failed' : 'dead', endedAt: now, lastError };
    return { state: 'retrying', notBefore: now + 1_000 * Math.min(delayMaxSeconds, delaySeconds * 2 ** (attempts - 1)), lastError };
  }

  async #settle(row: JobRow, outcome: Partial<JobRow>): Promise<void> {
    await this.#transact(async (tx) => {
      const settled = { ...row, ...outcome };
      tx.set(JOBS, row.id, settled);
      if (!isPending(settled) && this.kindOf(row.queue) === 'queue') freeKey(tx, row);
    });
  }

  /** What ended long ago. */
  #forget(): void {
    const { store, clock } = this.#platform;
    const before = clock.now() - KEPT_MS;
    for (const { id, state, endedAt } of store.rows<JobRow>(JOBS)) {
      if (state !== 'dead' && endedAt !== null && endedAt < before) store.table(JOBS).delete(id);
    }
  }

  async #transact<T>(work: (tx: MemoryTx) => Promise<T>): Promise<T> {
    return (await this.#uow.run(system('jobs'), async (tx) => ok(await work(tx)))).value;
  }
}
