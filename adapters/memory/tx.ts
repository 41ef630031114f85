import { WriteConflict } from '#application/shared/unit-of-work.ts';
import type { MemoryStore, StoredEvent } from './store.ts';

/** `base` is the version the row must still have at the commit, `next` the one it will have then. */
type Write = { readonly table: string; readonly id: string; readonly base: number; readonly next: number; readonly json: string | null };

/** A unique key is taken. Repositories turn it into the refusal it means. */
export class DuplicateKey extends Error {
  override readonly name = 'DuplicateKey';
}

type Stamp = Pick<StoredEvent, 'id' | 'actor' | 'recordedAt' | 'traceId'>;

/** Where events go: `version` is the stream's version before them. */
type StreamHead = { readonly stream: string; readonly version: number; readonly restaurantId: string | null };

/** Reads what is committed plus its own writes; applies them all at once, or not at all. */
export class MemoryTx {
  readonly #store: MemoryStore;
  readonly #stamp: () => Stamp;
  readonly #writes = new Map<string, Write>();
  readonly #events: StoredEvent[] = [];
  /** What all processes are told of once it is committed, besides the events. */
  readonly announced = new Set<string>();
  readonly #afterCommit: (() => void)[] = [];
  readonly #held = new Map<string, () => void>();
  #locking: Promise<void> = Promise.resolve();

  constructor(store: MemoryStore, stamp: () => Stamp) {
    this.#store = store;
    this.#stamp = stamp;
  }

  get<T>(table: string, id: string): T | undefined {
    const own = this.#writes.get(`${table}/${id}`);
    if (own) return own.json === null ? undefined : (JSON.parse(own.json) as T);
    return this.#store.row<T>(table, id);
  }

  /** All rows of a table, own writes included, in the order of their ids. */
  rows<T>(table: string): T[] {
    const ids = new Set(this.#store.table(table).keys());
    for (const write of this.#writes.values()) if (write.table === table) ids.add(write.id);
    return [...ids].sort().flatMap((id) => this.get<T>(table, id) ?? []);
  }

  /** Adds a row that must not be there yet. */
  insert(table: string, id: string, value: object): void {
    if (this.get(table, id) !== undefined) throw new DuplicateKey(`${table}/${id}`);
    this.#write(table, id, 0, JSON.stringify(value));
  }

  /** Writes over a row whose version, as it was read, is `version`, 0 meaning that it must not be there yet; it takes the version of `value`. */
  put(table: string, id: string, version: number, value: { readonly version: number }): void {
    const own = this.#writes.get(`${table}/${id}`);
    if (own && own.next !== version) throw new WriteConflict(`${table}/${id}: expected version ${version}, found ${own.next} of its own`);
    this.#write(table, id, version, JSON.stringify(value), value.version);
  }

  /** Writes over a row that this transaction has locked, or that nobody else writes. */
  set(table: string, id: string, value: object): void {
    this.#write(table, id, this.#store.table(table).get(id)?.version ?? 0, JSON.stringify(value));
  }

  delete(table: string, id: string): void {
    this.#write(table, id, this.#store.table(table).get(id)?.version ?? 0, null, 0);
  }

  /**
   * Waits until this transaction alone may write these rows, in the order of their ids; they stay locked until it ends.
   * Locks asked for at once are taken one call after the other, as statements on one connection are.
   */
  lock(table: string, ids: Iterable<string>): Promise<void> {
    const keys = [...new Set(ids)].sort().map((id) => `${table}/${id}`);
    this.#locking = this.#locking.then(async () => {
      for (const key of keys) if (!this.#held.has(key)) this.#held.set(key, await this.#store.acquire(key));
    });
    return this.#locking;
  }

  append({ stream, version, restaurantId }: StreamHead, events: readonly { readonly type: string }[]): void {
    for (const [i, event] of events.entries()) {
      this.#events.push({ ...this.#stamp(), stream, version: version + i + 1, restaurantId, json: JSON.stringify(event) });
    }
  }

  /** For what is kept outside the store: done if and only if this transaction commits. */
  afterCommit(work: () => void): void {
    this.#afterCommit.push(work);
  }

  announce(type: string): void {
    this.announced.add(type);
  }

  /** Checks every version, then applies every write; answers what it appended. */
  commit(): readonly StoredEvent[] {
    const { tables, streams, events } = this.#store;
    for (const { table, id, base } of this.#writes.values()) {
      const found = tables.get(table)?.get(id)?.version ?? 0;
      if (found !== base) throw new WriteConflict(`${table}/${id}: expected version ${base}, found ${found}`);
    }
    const heads = new Map<string, number>();
    for (const { stream, version } of this.#events) {
      const head = heads.get(stream) ?? streams.get(stream) ?? 0;
      if (version !== head + 1) throw new WriteConflict(`${stream}: version ${version} does not follow ${head}`);
      heads.set(stream, version);
    }
    for (const { table, id, next, json } of this.#writes.values()) {
      if (json === null) this.#store.table(table).delete(id);
      else this.#store.table(table).set(id, { version: next, json });
    }
    for (const [stream, version] of heads) streams.set(stream, version);
    events.push(...this.#events);
    for (const work of this.#afterCommit) work();
    return this.#events;
  }

  /** Gives every lock on to the next in line. */
  release(): void {
    for (const give of this.#held.values()) give();
    this.#held.clear();
  }

  /** A row that has no version of its own goes up by one each time it is committed. */
  #write(table: string, id: string, version: number, json: string | null, next?: number): void {
    const key = `${table}/${id}`;
    const base = this.#writes.get(key)?.base ?? version;
    this.#writes.set(key, { table, id, base, next: next ?? base + 1, json });
  }
}
