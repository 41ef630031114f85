import { type JobWithMetadata, PgBoss } from 'pg-boss';
import type { JobControl } from '#application/platform/jobs.ts';
import type { AnyJobHandler, Job, JobRequests, Jobs, JobsRole } from '#application/shared/job.ts';
import type { Ids, Log } from '#application/shared/ports.ts';
import { reasonOf } from '../shared/backoff.ts';
import type { CommitSignal } from '../shared/committed.ts';
import { runInRequest } from '../shared/request-context.ts';
import { WorkerLoop } from '../shared/worker-loop.ts';
import {
  ASKED,
  CONTROLLED,
  concurrencyOf,
  DEAD,
  DEAD_LETTERS,
  type JobsDatabase,
  optionsFor,
  SCHEDULE,
  SCHEDULE_POLICY,
  WORK_POLICY,
  workQueue,
} from './boss.ts';
import { type Envelope, type JobsTx, jobControl, jobRequests } from './in-transaction.ts';

export type { JobsDatabase } from './boss.ts';

const STOP_MS = 10_000;
const GRACE_MS = 5_000;
const COMPLAINT_MS = 30_000;
const POLL_SECONDS = 5;
const CONTROL_POLL_MS = 5_000;
/** No job has this id: asking for it makes pg-boss read what it needs to know of a queue. */
const NIL = '00000000-0000-0000-0000-000000000000';

/** How long to wait for runs under way when stopping, and how often to look for the next. */
export type JobsPace = { readonly stopMs: number; readonly pollSeconds: number };
export type JobsPlatform = { readonly database: JobsDatabase; readonly committed: CommitSignal; readonly ids: Ids; readonly log: Log };

/** Jobs on pg-boss: schedules and work in the database that all nodes share, and a queue for each, so that none holds up another. */
export class PgBossJobs implements Jobs {
  readonly #platform: JobsPlatform;
  readonly #log: Log;
  readonly #pace: JobsPace;
  readonly #workers = new Map<string, readonly string[]>();
  readonly #leaving = new Set<string>();
  readonly #active = new Set<string>();
  readonly #names = new Map<string, 'queue' | 'schedule'>();
  #started: PgBoss | undefined;
  #control: WorkerLoop | undefined;
  #unlisten: () => void = () => undefined;
  #complaint = { text: '', at: 0 };

  constructor(platform: JobsPlatform, pace: Partial<JobsPace> = {}) {
    this.#platform = platform;
    this.#log = platform.log;
    this.#pace = { stopMs: STOP_MS, pollSeconds: POLL_SECONDS, ...pace };
  }

  /** Queues and schedules are made here, before any business transaction; a schedule whose job is gone is dropped. */
  async start(schedules: readonly Job[], handlers: readonly AnyJobHandler[] = [], role: JobsRole = 'worker'): Promise<void> {
    const isWorking = role === 'worker';
    const boss = new PgBoss(optionsFor(this.#platform.database, isWorking));
    boss.on('error', (error) => this.#complain(error));
    boss.on('warning', ({ message, data }) => this.#log.warn(message, { data }));
    this.#started = boss;
    try {
      await boss.start();
      await this.#makeQueues(boss, schedules, handlers);
      if (!isWorking) return;
      await this.#keepSchedules(boss, schedules);
      const work = (name: string, run: (job: JobWithMetadata<Envelope>) => Promise<void>): Promise<string> => this.#work(boss, name, run);
      for (const job of schedules) this.#workers.set(job.name, [await work(job.name, () => this.#runSchedule(job))]);
      if (handlers.length > 0) this.#control = this.#follow(boss, handlers, work);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Asks for work in somebody's transaction. */
  within = (tx: JobsTx): JobRequests => ({ add: (...job) => jobRequests(this.#boss, this.#platform.ids, tx).add(...job) });

  /** What operators do, in a transaction of theirs. */
  controlWithin = (tx: JobsTx): JobControl => jobControl(this.#boss, (name) => this.#names.get(name), tx);

  async runNow(name: string): Promise<boolean> {
    const [workerId] = this.#workers.get(name) ?? [];
    if (workerId === undefined) return false;
    await this.#boss.send(name); // Null when a run is waiting already, which is the run that was asked for.
    this.#boss.notifyWorker(workerId);
    return true;
  }

  working(): readonly string[] {
    return [...new Set([...this.#workers.keys(), ...this.#leaving])].filter((name) => this.#names.get(name) === 'queue').sort();
  }

  /** Waits for the runs under way, for ten seconds at most; what is cut off counts as failed and is tried again later. */
  async stop(): Promise<void> {
    const boss = this.#started;
    this.#unlisten();
    await this.#control?.stop();
    this.#workers.clear();
    this.#started = undefined;
    if (!boss) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the job queue does not answer')), this.#pace.stopMs + GRACE_MS);
    });
    try {
      await Promise.race([boss.stop({ graceful: true, close: true, timeout: this.#pace.stopMs }), late]);
    } catch (error) {
      this.#log.warn('the job queue did not stop cleanly', { error });
    } finally {
      clearTimeout(timer);
    }
  }

  get #boss(): PgBoss {
    if (!this.#started) throw new Error('the job queue has not been started');
    return this.#started;
  }

  async #makeQueues(boss: PgBoss, schedules: readonly Job[], handlers: readonly AnyJobHandler[]): Promise<void> {
    await boss.createQueue(DEAD_LETTERS, DEAD);
    const known = new Set((await boss.getQueues()).map(({ name }) => name));
    const make = async (name: string, policy: string, options: typeof SCHEDULE): Promise<void> => {
      if (known.has(name))
        await boss.updateQueue(name, options); // One that was there keeps its old options otherwise.
      else await boss.createQueue(name, { policy, ...options });
    };
    for (const { name } of schedules) await make(name, SCHEDULE_POLICY, SCHEDULE);
    for (const handler of handlers) await make(handler.queue.name, WORK_POLICY, workQueue(handler));
    for (const { name } of schedules) this.#names.set(name, 'schedule');
    for (const { queue } of handlers) this.#names.set(queue.name, 'queue');
    // What pg-boss does not know of a queue it asks on its own connection, which in the embedded database is the one that the
    // transaction which is asking holds: both would wait for ever.
    for (const name of [DEAD_LETTERS, ...this.#names.keys()]) await boss.findJobs(name, { id: NIL });
  }

  async #keepSchedules(boss: PgBoss, schedules: readonly Job[]): Promise<void> {
    // What came due while nothing ran is made up for.
    for (const { name, cron, timeZone = 'UTC' } of schedules) await boss.schedule(name, cron, null, { missed: 'once', tz: timeZone });
    const known = new Set(schedules.map(({ name }) => name));
    for (const { name } of await boss.getSchedules()) if (!known.has(name)) await boss.unschedule(name);
  }

  /** One worker of a queue. When a job is done it looks for the next at once. */
  async #work(boss: PgBoss, name: string, run: (job: JobWithMetadata<Envelope>) => Promise<void>): Promise<string> {
    let self: string | undefined;
    const options = { pollingIntervalSeconds: this.#pace.pollSeconds, includeMetadata: true } as const;
    self = await boss.work<Envelope, void, typeof options>(name, options, async (jobs) => {
      for (const job of jobs) await run(job);
      if (self !== undefined) boss.notifyWorker(self);
    });
    return self;
  }

  /** Works on the queues that are not paused, and wakes up for what was committed here or, over the relay, elsewhere. */
  #follow(
    boss: PgBoss,
    handlers: readonly AnyJobHandler[],
    work: (name: string, run: (job: JobWithMetadata<Envelope>) => Promise<void>) => Promise<string>,
  ) {
    const loop = new WorkerLoop({
      step: async () => {
        const { rows } = await boss.getDb().executeSql('select name from platform.paused_queues');
        const paused = new Set((rows as { readonly name: string }[]).map(({ name }) => name));
        for (const handler of handlers) {
          const { name } = handler.queue;
          const isWorking = this.#workers.has(name);
          if (paused.has(name) && isWorking) {
            this.#workers.delete(name);
            this.#leave(boss, name);
          } else if (!paused.has(name) && !isWorking) {
            const ids = Array.from({ length: concurrencyOf(handler) }, () => work(name, (job) => this.#runHandler(handler, job)));
            this.#workers.set(name, await Promise.all(ids));
          }
        }
        return false;
      },
      onError: (error) => this.#complain(error as Error),
      pollMs: CONTROL_POLL_MS,
      gatherMs: 0,
      restMs: 20,
    });
    this.#unlisten = this.#platform.committed.listen((events) => {
      for (const { type } of events) {
        if (type === CONTROLLED) loop.nudge();
        if (type.startsWith(ASKED)) for (const id of this.#workers.get(type.slice(ASKED.length)) ?? []) boss.notifyWorker(id);
      }
    });
    loop.start();
    return loop;
  }

  /** Does not wait for what is under way, which may take long. */
  #leave(boss: PgBoss, name: string): void {
    this.#leaving.add(name);
    const left = boss.offWork(name, { wait: true }).catch((error: unknown) => this.#complain(error as Error));
    void left.then(() => this.#leaving.delete(name));
  }

  async #runHandler({ run }: AnyJobHandler, { id, name, data: envelope, retryCount, signal }: JobWithMetadata<Envelope>): Promise<void> {
    const { data, requestId, traceId } = envelope;
    const facts = { job: name, jobId: id, attempt: retryCount + 1, requestId, traceId };
    const context = { requestId: requestId ?? id, traceId: traceId ?? id.replaceAll('-', '') };
    try {
      await runInRequest(context, () => run(data, { id, number: retryCount + 1, signal }));
      this.#log.info('a job is done', facts);
    } catch (error) {
      this.#log.error('a job failed', { ...facts, error });
      throw new Error(reasonOf(error));
    }
  }

  async #runSchedule(job: Job): Promise<void> {
    const { name } = job;
    if (this.#active.has(name)) {
      this.#log.warn('a job is still busy with a run that was given up', { job: name });
      return;
    }
    this.#active.add(name);
    try {
      await job.run();
    } catch (error) {
      this.#log.error('a job failed', { job: name, error });
      // pg-boss keeps what is thrown, with all its properties: only the message goes into the database.
      throw new Error(reasonOf(error));
    } finally {
      this.#active.delete(name);
    }
  }

  /** Every worker meets the same outage at every poll: one line in half a minute says it. */
  #complain(error: Error): void {
    const text = error.message.replace(/ \(Queue: .*$/, '');
    if (text === this.#complaint.text && Date.now() - this.#complaint.at < COMPLAINT_MS) return;
    this.#complaint = { text, at: Date.now() };
    this.#log.error('the job queue had a problem', { error });
  }
}
