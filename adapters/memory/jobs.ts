import type { Job, Jobs } from '#application/shared/job.ts';
import type { Log } from '#application/shared/ports.ts';

const MINUTE_MS = 60_000;

/** Runs every job each minute: the only grain the embedded memory profile needs. */
export class MemoryJobs implements Jobs {
  readonly #log: Log;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<unknown> = Promise.resolve();

  constructor(log: Log) {
    this.#log = log;
  }

  async start(jobs: readonly Job[]): Promise<void> {
    const runAll = async () => {
      for (const job of jobs) await job.run().catch((error: unknown) => this.#log.error('a job failed', { job: job.name, error }));
    };
    this.#timer = setInterval(() => {
      this.#running = this.#running.then(runAll);
    }, MINUTE_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }
}
