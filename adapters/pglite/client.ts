import { PGlite, type PGliteOptions } from '@electric-sql/pglite';

/** The part of PGlite that the ORM, the jobs and the maintenance share. */
export type PgliteClient = Pick<PGlite, 'query' | 'exec' | 'transaction' | 'closed' | 'ready' | 'waitReady'> & { close(): Promise<void> };

/** The database is closing or closed; nothing of what was asked was done. */
export class PgliteClosed extends Error {
  override readonly name = 'PgliteClosed';
  /** What a server says that is being shut down. */
  readonly code = '57P01';
}

const text = (value: string): string => value;

/** Values come back as node-postgres hands them over under MikroORM: instants and 64-bit integers as text, bytes as a Buffer. */
const PARSERS = {
  17: (value: string) => Buffer.from(value.slice(2), 'hex'), // bytea
  20: text, // int8
  1082: text, // date
  1114: text, // timestamp
  1184: text, // timestamptz
};

// PGlite's own parameters stay: without them it does not start. Segments of WAL beyond the maximum are recycled at a checkpoint.
const SETTINGS = ['max_wal_size=96MB', 'min_wal_size=32MB', 'timezone=UTC'];

export const PGLITE_OPTIONS: PGliteOptions = {
  parsers: PARSERS,
  startParams: [...PGlite.defaultStartParams, ...SETTINGS.flatMap((setting) => ['-c', setting])],
};

const DRAIN_MS = 10_000;

/**
 * Lets work through until it is told to close. What was asked before that is finished first, for ten seconds at most;
 * what is asked later is refused at once.
 */
export class GuardedPglite implements PgliteClient {
  readonly #pglite: PGlite;
  #closing: Promise<void> | undefined;

  constructor(pglite: PGlite) {
    this.#pglite = pglite;
  }

  get closed(): boolean {
    return this.#closing !== undefined || this.#pglite.closed;
  }

  get ready(): boolean {
    return this.#closing === undefined && this.#pglite.ready;
  }

  get waitReady(): Promise<void> {
    return this.#pglite.waitReady;
  }

  readonly query: PGlite['query'] = async (...args) => {
    this.#assertOpen();
    return this.#pglite.query(...args);
  };

  readonly exec: PGlite['exec'] = async (...args) => {
    this.#assertOpen();
    return this.#pglite.exec(...args);
  };

  // Throws instead of rejecting: Kysely waits for the transaction to begin, and would wait for ever on one that never does.
  readonly transaction: PGlite['transaction'] = (work) => {
    this.#assertOpen();
    return this.#pglite.transaction(work);
  };

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, DRAIN_MS);
    });
    // Queued behind everything that was let in.
    await Promise.race([this.#pglite.exec('checkpoint'), late]).finally(() => clearTimeout(timer));
    await this.#pglite.close();
  }

  #assertOpen(): void {
    if (this.closed) throw new PgliteClosed('PGlite is closed');
  }
}
