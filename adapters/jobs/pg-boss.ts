import { type ConstructorOptions, fromPglite, type PGliteLike, PgBoss, type QueueOptions } from 'pg-boss';
import type { Job, Jobs } from '#application/shared/job.ts';
import type { Log } from '#application/shared/ports.ts';

/** Where the queue lives: a server, over connections of its own, or the embedded database, shared with everything else. */
export type JobsDatabase = { readonly url: string } | { readonly pglite: PGliteLike };

const SCHEMA = 'jobs';
const POOL_MAX = 3;
const SESSION = '-c lock_timeout=4s -c statement_timeout=30s -c idle_in_transaction_session_timeout=15s -c timezone=UTC';
const STOP_MS = 10_000;
const GRACE_MS = 5_000;
const COMPLAINT_MS = 30_000;
const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** `stately`: of each job at most one run waits and one is active, on all nodes together. A node that died is found by its heartbeat. */
const POLICY = 'stately';
const QUEUE: QueueOptions = {
  retryLimit: 3,
  retryDelay: 2,
  retryBackoff: true,
  retryDelayMax: MINUTE,
  expireInSeconds: 15 * MINUTE,
  heartbeatSeconds: 30,
  retentionSeconds: HOUR,
  deleteAfterSeconds: 6 * HOUR,
};

// Without NOTIFY, which would make commits wait for each other: a run starts within some twenty seconds of its minute.
// A queue that was seen busy is not looked at until it was seen idle and that was read, so both happen often.
const PACE = {
  cronMonitorIntervalSeconds: 10,
  cronWorkerIntervalSeconds: 5,
  superviseIntervalSeconds: 10,
  monitorIntervalSeconds: 10,
  queueCacheIntervalSeconds: 5,
  maintenanceIntervalSeconds: HOUR,
};
const POLL_SECONDS = 5;

/** How long to wait for runs under way when stopping, and how often to look for the next. */
export type JobsPace = { readonly stopMs: number; readonly pollSeconds: number };

/** Jobs on pg-boss: a schedule in the database that all nodes share, and a queue for each job, so that none holds up another. */
export class PgBossJobs implements Jobs {
  readonly #boss: PgBoss;
  readonly #log: Log;
  readonly #pace: JobsPace;
  readonly #workers = new Map<string, string>();
  readonly #active = new Set<string>();
  #complaint = { text: '', at: 0 };

  constructor(database: JobsDatabase, log: Log, pace: Partial<JobsPace> = {}) {
    this.#boss = new PgBoss(optionsFor(database));
    this.#log = log;
    this.#pace = { stopMs: STOP_MS, pollSeconds: POLL_SECONDS, ...pace };
    this.#boss.on('error', (error) => this.#complain(error));
    this.#boss.on('warning', ({ message, data }) => log.warn(message, { data }));
  }

  /** Queues and schedules are made here, before any business transaction; a schedule whose job is gone is dropped. */
  async start(jobs: readonly Job[]): Promise<void> {
    try {
      await this.#boss.start();
      await this.#schedule(jobs);
      for (const job of jobs) {
        const workerId = await this.#boss.work(job.name, { pollingIntervalSeconds: this.#pace.pollSeconds }, () => this.#run(job));
        this.#workers.set(job.name, workerId);
      }
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async runNow(name: string): Promise<boolean> {
    const workerId = this.#workers.get(name);
    if (workerId === undefined) return false;
    await this.#boss.send(name); // Null when a run is waiting already, which is the run that was asked for.
    this.#boss.notifyWorker(workerId);
    return true;
  }

  /** Waits for the runs under way, for ten seconds at most; what is cut off counts as failed and is tried again later. */
  async stop(): Promise<void> {
    this.#workers.clear();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the job queue does not answer')), this.#pace.stopMs + GRACE_MS);
    });
    try {
      await Promise.race([this.#boss.stop({ graceful: true, close: true, timeout: this.#pace.stopMs }), late]);
    } catch (error) {
      this.#log.warn('the job queue did not stop cleanly', { error });
    } finally {
      clearTimeout(timer);
    }
  }

  async #schedule(jobs: readonly Job[]): Promise<void> {
    for (const { name, cron } of jobs) {
      await this.#boss.createQueue(name, { policy: POLICY, ...QUEUE });
      await this.#boss.updateQueue(name, QUEUE); // One that was there keeps its old options otherwise.
      await this.#boss.schedule(name, cron, null, { missed: 'once' }); // What came due while nothing ran is made up for.
    }
    const known = new Set(jobs.map(({ name }) => name));
    for (const { name } of await this.#boss.getSchedules()) if (!known.has(name)) await this.#boss.unschedule(name);
  }

  async #run(job: Job): Promise<void> {
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
      throw new Error(error instanceof Error ? error.message : String(error));
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

function optionsFor(database: JobsDatabase): ConstructorOptions {
  const shared = { schema: SCHEMA, ...PACE };
  if ('pglite' in database) {
    // Bloat and vacuum are the business of whoever maintains the embedded database.
    return { ...shared, backend: 'pglite', db: fromPglite(database.pglite), reindex: false, monitorVacuum: false };
  }
  return {
    ...shared,
    connectionString: database.url,
    application_name: 'thali-jobs',
    max: POOL_MAX,
    connectionTimeoutMillis: 5_000,
    options: SESSION,
  };
}
