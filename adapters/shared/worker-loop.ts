/**
 * Calls `step` again and again until stopped: at once while it reports work, otherwise when nudged, and every `pollMs` at
 * the latest. A nudge is followed by a short pause, so that a burst of commits is read as one batch.
 */
export class WorkerLoop {
  readonly #options: WorkerLoopOptions;
  #running = false;
  #nudged = false;
  #wake: (() => void) | undefined;
  #done: Promise<void> = Promise.resolve();

  constructor(options: WorkerLoopOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#done = this.#run();
  }

  nudge(): void {
    this.#nudged = true;
    this.#wake?.();
  }

  /** Resolves when the step under way has ended. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#wake?.();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { step, onError, pollMs, gatherMs } = this.#options;
    while (this.#running) {
      this.#nudged = false;
      const worked = await step().catch((error: unknown) => {
        onError(error);
        return false;
      });
      if (worked || !this.#running) continue;
      if (!this.#nudged) await this.#sleep(pollMs);
      if (this.#running && this.#nudged) await new Promise<void>((resolve) => setTimeout(resolve, gatherMs));
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    }).then(() => {
      this.#wake = undefined;
    });
  }
}

export type WorkerLoopOptions = {
  /** Does a piece of work; true when there may be more. */
  step(): Promise<boolean>;
  onError(error: unknown): void;
  readonly pollMs: number;
  readonly gatherMs: number;
};
