import { WriteConflict } from '#application/shared/unit-of-work.ts';

/** A row is kept as JSON, so nothing is shared by reference and nothing that would not survive a database gets in. */
type StoredRow = { readonly version: number; readonly json: string };

export type StoredEvent = {
  readonly id: string;
  readonly stream: string;
  readonly version: number;
  readonly restaurantId: string | null;
  readonly actor: string;
  readonly recordedAt: number;
  readonly traceId?: string;
  readonly json: string;
};

const LOCK_WAIT_MS = 4_000;

/** One process-wide database: tables of rows, the event log, and row locks. */
export class MemoryStore {
  readonly tables = new Map<string, Map<string, StoredRow>>();
  readonly events: StoredEvent[] = [];
  readonly streams = new Map<string, number>();
  readonly #locks = new Map<string, Promise<void>>();

  table(name: string): Map<string, StoredRow> {
    const known = this.tables.get(name);
    if (known) return known;
    const table = new Map<string, StoredRow>();
    this.tables.set(name, table);
    return table;
  }

  /** All rows of a table as committed, in the order of their ids. */
  rows<T>(name: string): T[] {
    return [...this.table(name)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { json }]) => JSON.parse(json) as T);
  }

  row<T>(name: string, id: string): T | undefined {
    const stored = this.table(name).get(id);
    return stored && (JSON.parse(stored.json) as T);
  }

  /** Waits for its turn on a row; the answer gives the turn on. */
  async acquire(key: string): Promise<() => void> {
    const before = this.#locks.get(key) ?? Promise.resolve();
    let release: () => void = () => undefined;
    const turn = new Promise<void>((resolve) => {
      release = resolve;
    });
    const tail = before.then(() => turn);
    this.#locks.set(key, tail);
    void tail.then(() => this.#locks.get(key) === tail && this.#locks.delete(key));

    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new WriteConflict(`waited too long for ${key}`)), LOCK_WAIT_MS);
    });
    try {
      await Promise.race([before, late]);
      return release;
    } catch (error) {
      release();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}
