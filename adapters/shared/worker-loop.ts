/**
 * Calls `step` again and again until stopped: at once while there is more, otherwise when nudged, and every `pollMs` at the
 * latest. The first nudge is answered after `gatherMs`; while nudges keep coming there is one step every `restMs`, so that a
 * burst of commits is read in few batches. After the last nudge comes one step more, for what could not be seen yet.
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
    const { step, onError, pollMs, gatherMs, restMs } = this.#options;
    let wasNudged = false;
    while (this.#running) {
      this.#nudged = false;
      const hasMore = await step().catch((error: unknown) => {
        onError(error);
        return false;
      });
      if (hasMore || !this.#running) continue;
      if (wasNudged || this.#nudged) {
        wasNudged = this.#nudged;
        await this.#pause(restMs);
        continue;
      }
      await this.#sleep(pollMs);
      wasNudged = this.#nudged;
      if (wasNudged) await this.#pause(gatherMs);
    }
  }

  /** Not cut short by a nudge, only by the end. */
  async #pause(ms: number): Promise<void> {
    if (this.#running) await new Promise<void>((resolve) => setTimeout(resolve, ms));
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
  /** Does a piece of work; true when there is more to do at once. */
  step(): Promise<boolean>;
  onError(error: unknown): void;
  readonly pollMs: number;
  readonly gatherMs: number;
  readonly restMs: number;
};
