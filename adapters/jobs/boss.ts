import { type ConstructorOptions, fromPglite, type PGliteLike, type Queue, type QueueOptions } from 'pg-boss';
import type { AnyJobHandler } from '#application/shared/job.ts';

/** Where the queue lives: a server, over connections of its own, or the embedded database, shared with everything else. */
export type JobsDatabase = { readonly url: string } | { readonly pglite: PGliteLike };

/** One statement of somebody's transaction. */
export type Statements = <Row = never>(text: string, params?: readonly unknown[]) => Promise<readonly Row[]>;

/** What is told after a commit that asked for work of a queue, and after one that paused or resumed one. */
export const ASKED = 'jobs.asked:';
export const CONTROLLED = 'jobs.controlled';

/** Where jobs go that used up their attempts, with the name of the queue they came from. */
export const DEAD_LETTERS = 'dead-letters';

const SCHEMA = 'jobs';
const POOL_MAX = 3;
const SESSION = '-c lock_timeout=4s -c statement_timeout=30s -c idle_in_transaction_session_timeout=15s -c timezone=UTC';
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const YEAR = 365 * 24 * HOUR;
/** A node that died is found by its heartbeat. */
const HEARTBEAT = 15;
const CONCURRENCY = 2;

/** `stately`: of each job at most one run waits and one is active, on all nodes together. */
export const SCHEDULE_POLICY = 'stately';
export const SCHEDULE: QueueOptions = {
  retryLimit: 3,
  retryDelay: 2,
  retryBackoff: true,
  retryDelayMax: MINUTE,
  expireInSeconds: 15 * MINUTE,
  heartbeatSeconds: 30,
  retentionSeconds: HOUR,
  deleteAfterSeconds: 6 * HOUR,
};

/** `exclusive`: of each key at most one job waits or runs. A job without a key gets one of its own. */
export const WORK_POLICY = 'exclusive';
const RETRIES = { limit: 7, delaySeconds: 2, delayMaxSeconds: 10 * MINUTE };
/** Work that was asked for is not forgotten because nobody came for it. */
export const workQueue = ({ queue }: AnyJobHandler): QueueOptions & Pick<Queue, 'deadLetter'> => {
  const { limit, delaySeconds, delayMaxSeconds } = queue.retries ?? RETRIES;
  return {
    retryLimit: limit,
    retryDelay: delaySeconds,
    retryBackoff: true,
    retryDelayMax: delayMaxSeconds,
    expireInSeconds: queue.expireSeconds ?? 5 * MINUTE,
    heartbeatSeconds: HEARTBEAT,
    retentionSeconds: YEAR,
    deleteAfterSeconds: 6 * HOUR,
    deadLetter: DEAD_LETTERS,
  };
};
export const concurrencyOf = ({ queue }: AnyJobHandler): number => queue.concurrency ?? CONCURRENCY;
export const DEAD: QueueOptions = { retryLimit: 0, retentionSeconds: YEAR, deleteAfterSeconds: YEAR };

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

/** A sender neither looks after queues nor keeps their schedules. */
export function optionsFor(database: JobsDatabase, isWorking: boolean): ConstructorOptions {
  const shared = { schema: SCHEMA, ...PACE, supervise: isWorking, schedule: isWorking };
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
