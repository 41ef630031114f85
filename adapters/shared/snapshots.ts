import type { CommitSignal } from './committed.ts';

type Held<T> = { readonly revision: number; readonly value: Promise<T | undefined>; checkedAt: number };

/**
 * Keeps one read-mostly value per restaurant in memory. A commit in this process that concerns the restaurant drops it at
 * once; a change made by another process is noticed when the revision is asked again, at most `trustMs` later.
 */
export class Snapshots<T> {
  readonly #held = new Map<string, Held<T>>();
  readonly #options: SnapshotOptions<T>;

  constructor(options: SnapshotOptions<T>, committed: CommitSignal) {
    this.#options = options;
    committed.listen((events) => {
      for (const { type, restaurantId } of events) if (restaurantId !== null && options.dropOn(type)) this.#held.delete(restaurantId);
    });
  }

  async get(restaurantId: string): Promise<T | undefined> {
    const { now, trustMs, revision } = this.#options;
    const held = this.#held.get(restaurantId);
    if (held && now() - held.checkedAt < trustMs) return held.value;

    const current = await revision(restaurantId);
    if (current === undefined) {
      this.#held.delete(restaurantId);
      return undefined;
    }
    if (held && held.revision === current) {
      held.checkedAt = now();
      return held.value;
    }
    return this.#load(restaurantId, current);
  }

  #load(restaurantId: string, revision: number): Promise<T | undefined> {
    const { load, now, entriesMax } = this.#options;
    const value = load(restaurantId);
    const held: Held<T> = { revision, value, checkedAt: now() };
    this.#held.set(restaurantId, held);
    value.catch(() => this.#held.get(restaurantId) === held && this.#held.delete(restaurantId));
    if (this.#held.size > entriesMax) this.#held.delete(this.#held.keys().next().value as string);
    return value;
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
