/** Where a job stands. `dead` has used up its attempts and waits for a person; `failed` is a run of a schedule that did. */
export const JOB_STATES = ['waiting', 'retrying', 'active', 'completed', 'cancelled', 'failed', 'dead'] as const;
export type JobState = (typeof JOB_STATES)[number];

export type JobView = {
  readonly id: string;
  /** The id it was asked for under, which stays the same when a dead job is tried anew. */
  readonly rootId: string;
  readonly queue: string;
  readonly state: JobState;
  readonly priority: number;
  readonly key: string | null;
  readonly data: object | null;
  readonly attempts: number;
  readonly notBefore: number;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly lastError: string | null;
  readonly requestId: string | null;
  readonly traceId: string | null;
};

export type QueueStatistics = {
  readonly name: string;
  readonly isPaused: boolean;
  /** Could start now. */
  readonly waiting: number;
  /** Wait for their time, the first attempt or another. */
  readonly delayed: number;
  readonly active: number;
  readonly dead: number;
  /** Runs of a schedule that used up their attempts, of those that are still kept. */
  readonly failed: number;
  readonly completedLastHour: number;
  /** How long the longest-waiting of those that could start has waited. */
  readonly oldestWaitingSeconds: number;
};

export type ScheduleView = QueueStatistics & { readonly cron: string; readonly timeZone: string };

export type JobSearch = { readonly queue: string; readonly states?: readonly JobState[] | undefined };
export type JobPage = { readonly data: readonly JobView[]; readonly next: string | null };

export type JobQueries = {
  queues(): Promise<readonly QueueStatistics[]>;
  schedules(): Promise<readonly ScheduleView[]>;
  /** The newest first. */
  list(search: JobSearch, page: { readonly limit: number; readonly after?: string }): Promise<JobPage>;
  find(queue: string, id: string): Promise<JobView | undefined>;
};

/** What operators do to jobs, inside a transaction. */
export type JobControl = {
  /** Whether there is a queue of that name, or a schedule. */
  knows(name: string): 'queue' | 'schedule' | undefined;
  /** No node starts another job of the queue; what is under way goes on. False when it was so already. */
  pause(queue: string): Promise<boolean>;
  resume(queue: string): Promise<boolean>;
  /** Where the job stands; it stays so until the transaction ends. */
  lock(queue: string, id: string): Promise<JobState | undefined>;
  /** A waiting or retrying job will not be done. */
  cancel(queue: string, id: string): Promise<void>;
  /** A retrying job is due now. */
  hurry(queue: string, id: string): Promise<void>;
  /** Dead jobs wait again, with all their attempts: one, or the oldest `limit`; how many. */
  redrive(queue: string, options: { readonly id?: string; readonly limit: number }): Promise<number>;
  /** A run of a schedule, now. False when one waits already. */
  runNow(schedule: string): Promise<boolean>;
};
