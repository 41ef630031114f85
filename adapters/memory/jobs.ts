import type { Job, Jobs } from '#application/shared/job.ts';
import type { Log } from '#application/shared/ports.ts';

const MINUTE_MS = 60_000;

/** Runs every job each minute: the only grain the embedded memory profile needs. */
export class MemoryJobs implements Jobs {
  readonly #log: Log;
  #jobs: readonly Job[] = [];
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<unknown> = Promise.resolve();

  constructor(log: Log) {
    this.#log = log;
  }

  async start(jobs: readonly Job[]): Promise<void> {
    this.#jobs = jobs;
    this.#timer = setInterval(() => {
      for (const job of jobs) this.#enqueue(job);
    }, MINUTE_MS);
    this.#timer.unref();
  }

  async runNow(name: string): Promise<boolean> {
    const job = this.#jobs.find((one) => one.name === name);
    if (job) this.#enqueue(job);
    return job !== undefined;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#jobs = [];
    await this.#running;
  }

  /** One after the other, so that no job runs twice at a time. */
  #enqueue(job: Job): void {
    this.#running = this.#running.then(() => job.run()).catch((error: unknown) => this.#log.error('a job failed', { job: job.name, error }));
  }
}
