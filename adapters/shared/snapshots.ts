import type { CommitSignal } from './committed.ts';
import { Lru } from './lru.ts';

type Held<T> = { readonly revision: number; readonly value: T | undefined; readonly checkedAt: number };

/**
 * Keeps one read-mostly value per restaurant in memory. A commit in this process that concerns the restaurant drops it at
 * once; a change made by another process is noticed when the revision is asked again, at most `trustMs` later. However many
 * ask at the same time, the revision and the value are read once for all of them.
 */
export class Snapshots<T> {
  readonly #held: Lru<string, Held<T>>;
  readonly #reading = new Map<string, Promise<T | undefined>>();
  readonly #options: SnapshotOptions<T>;

  constructor(options: SnapshotOptions<T>, committed: CommitSignal) {
    this.#options = options;
    this.#held = new Lru(options.entriesMax);
    committed.listen((events) => {
      for (const { type, restaurantId } of events) if (restaurantId !== null && options.dropOn(type)) this.drop(restaurantId);
    });
  }

  async get(restaurantId: string): Promise<T | undefined> {
    const held = this.#held.get(restaurantId);
    if (held && this.#isTrusted(held)) return held.value;
    return this.#reading.get(restaurantId) ?? this.#readForAll(restaurantId, held);
  }

  /** Whoever asks from now on reads anew. What is being read may be from before: it is for those who asked before, and is not kept. */
  drop(restaurantId: string): void {
    this.#held.delete(restaurantId);
    this.#reading.delete(restaurantId);
  }

  #isTrusted({ checkedAt }: Held<T>): boolean {
    const age = this.#options.now() - checkedAt;
    // Below zero the clock was set back, and says nothing of how old the value is.
    return age >= 0 && age < this.#options.trustMs;
  }

  #readForAll(restaurantId: string, before: Held<T> | undefined): Promise<T | undefined> {
    const isCurrent = (): boolean => this.#reading.get(restaurantId) === reading;
    const reading = this.#read(restaurantId, before)
      .then((read) => {
        if (isCurrent()) this.#keep(restaurantId, read);
        return read?.value;
      })
      .finally(() => isCurrent() && this.#reading.delete(restaurantId));
    this.#reading.set(restaurantId, reading);
    return reading;
  }

  async #read(restaurantId: string, before: Held<T> | undefined): Promise<Held<T> | undefined> {
    const { now, revision, load } = this.#options;
    const checkedAt = now(); // Trust counts from before the question: the answer may be as old as that.
    const current = await revision(restaurantId);
    if (current === undefined) return undefined;
    return { revision: current, value: before?.revision === current ? before.value : await load(restaurantId), checkedAt };
  }

  #keep(restaurantId: string, read: Held<T> | undefined): void {
    if (read) this.#held.set(restaurantId, read);
    else this.#held.delete(restaurantId);
  }
}

export type SnapshotOptions<T> = {
  /** Grows whenever the value changes; undefined when there is no such restaurant. */
  revision(restaurantId: string): Promise<number | undefined>;
  load(restaurantId: string): Promise<T | undefined>;
  /** Whether an event of this type makes the value stale. */
  dropOn(type: string): boolean;
  now(): number;
  readonly trustMs: number;
  readonly entriesMax: number;
};
