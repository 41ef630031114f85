/**
 * Hands over what comes in groups: what comes in one turn of the loop when nothing is being served, and otherwise, when that
 * has ended, all that came in the meantime. Whoever was served comes back soon if they are busy, so as many as were there
 * before are waited for, or a few callers would fall into groups of all but one and one: for as long as the group before took,
 * and for `gatherMs` at most. A group that takes longer than `patienceMs` does not keep those behind it waiting.
 */
export class Groups<T> {
  readonly #options: GroupsOptions<T>;
  #waiting: T[] = [];
  #isServing = false;
  #expected = 1;
  #tookMs = 0;
  #enough: (() => void) | undefined;

  constructor(options: GroupsOptions<T>) {
    this.#options = options;
  }

  add(item: T): void {
    this.#waiting.push(item);
    if (!this.#isServing) void this.#serve();
    else if (this.#waiting.length >= this.#expected) this.#enough?.();
  }

  async #serve(): Promise<void> {
    const { serve, max, gatherMs, patienceMs } = this.#options;
    this.#isServing = true;
    while (this.#waiting.length > 0) {
      await new Promise((resolve) => setImmediate(resolve)); // What has already arrived is read in this turn.
      if (this.#waiting.length < this.#expected)
        await within(Math.min(this.#tookMs, gatherMs), new Promise<void>((resolve) => (this.#enough = resolve)));
      const group = this.#waiting.splice(0, max);
      const began = performance.now();
      await within(patienceMs, serve(group));
      this.#tookMs = performance.now() - began;
      this.#expected = Math.min(max, group.length + this.#waiting.length);
    }
    this.#isServing = false;
  }
}

export type GroupsOptions<T> = {
  /** Never rejects. */
  serve(group: readonly T[]): Promise<void>;
  readonly max: number;
  readonly gatherMs: number;
  readonly patienceMs: number;
};

/** Ends with `awaited`, or after `ms`. */
async function within(ms: number, awaited: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([awaited, late]);
  clearTimeout(timer);
}
