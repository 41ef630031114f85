/** Work that time starts. `run` must be safe to repeat and to run on several nodes; it returns how much it did. */
export type Job = {
  readonly name: string;
  /** Standard five-field cron; the finest grain is a minute. */
  readonly cron: string;
  /** The IANA time zone that `cron` is meant in; UTC unless it says another. */
  readonly timeZone?: string;
  run(): Promise<number>;
};

/** A kind of work that is asked for. It is written down once, beside the data it takes, for those who ask and those who do it. */
export type JobQueue<Data extends object> = {
  /** `module.verb-noun`. */
  readonly name: string;
  readonly retries?: JobRetries;
  /** How long one attempt may take before it counts as failed. */
  readonly expireSeconds?: number;
  /** How many run at once on each node. */
  readonly concurrency?: number;
  /** Never there: it carries the type of the data. */
  readonly data?: Data;
};

/** How often a failed job is tried again, and how long it waits before that: doubling from the first to the longest, with jitter. */
export type JobRetries = { readonly limit: number; readonly delaySeconds: number; readonly delayMaxSeconds: number };

export type JobAttempt = {
  readonly id: string;
  /** 1 the first time. */
  readonly number: number;
  /** Aborted when the attempt takes too long, or the process cannot wait for it any more. */
  readonly signal: AbortSignal;
};

/** Does the jobs of a queue, each at least once: twice when a node dies before it could say that it was done. */
export type JobHandler<Data extends object> = { readonly queue: JobQueue<Data>; run(data: Data, attempt: JobAttempt): Promise<void> };
// biome-ignore lint/suspicious/noExplicitAny: what a queue takes is between those who ask and its handler.
export type AnyJobHandler = JobHandler<any>;
export const jobHandler = <Data extends object>(queue: JobQueue<Data>, run: JobHandler<Data>['run']): AnyJobHandler => ({ queue, run });

export type JobOptions = {
  /** Among jobs that could start, the highest goes first; 0 unless it says otherwise. */
  readonly priority?: number;
  /** Not before this instant. */
  readonly notBefore?: number;
  /** While a job of the same key waits or runs, no other is added. */
  readonly key?: string;
};

/** Asks for work inside a transaction: the job is there if and only if it commits. */
export type JobRequests = {
  /** The job's id; null when one of its key waits or runs already. */
  add<Data extends object>(queue: JobQueue<Data>, data: Data, options?: JobOptions): Promise<string | null>;
};

/** What a process does of all work: a `sender` only asks for it, a `worker` does it too. */
export type JobsRole = 'sender' | 'worker';

/** Does jobs on their schedule, each on one node at a time, and those that are asked for, each on any node. */
export type Jobs = {
  start(schedules: readonly Job[], handlers?: readonly AnyJobHandler[], role?: JobsRole): Promise<void>;
  /** Has a scheduled job run at once, besides its schedule, and does not wait for it. False when there is none of that name. */
  runNow(name: string): Promise<boolean>;
  /** The queues whose jobs this process does now: a queue that was paused stays until what had begun has ended. */
  working(): readonly string[];
  /** Takes no more, waits for what is under way, and lets others do again what it had to cut off. */
  stop(): Promise<void>;
};
