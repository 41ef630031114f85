/** Work that time starts. `run` must be safe to repeat and to run on several nodes; it returns how much it did. */
export type Job = {
  readonly name: string;
  /** Standard five-field cron, in UTC; the finest grain is a minute. */
  readonly cron: string;
  run(): Promise<number>;
};

/** Runs jobs on their schedule, each on one node at a time. */
export type Jobs = {
  start(jobs: readonly Job[]): Promise<void>;
  /** Has a job run at once, besides its schedule, and does not wait for it. False when this process runs no job of that name. */
  runNow(name: string): Promise<boolean>;
  stop(): Promise<void>;
};
