import type { RecordedEvent, Subscription } from '#application/shared/events.ts';
import { system } from '#domain/shared/actor.ts';
import { ATTEMPTS_MAX, retryDelayMs } from '../../shared/backoff.ts';
import { timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';
import { type PostgresPlatform, transact } from '../unit-of-work.ts';
import { EVENT_COLUMNS, type EventRow, toRecordedEvent } from './log.ts';

const BATCH = 500;

// Only below the oldest transaction still running: what is above may yet be joined by an event with a lower position.
const READ = `
  select ${EVENT_COLUMNS.replace('e.data', 'case when e.type = any($3::text[]) then e.data end as data')}
    from platform.events e
   where (e.xid, e.position) > ($1::text::xid8, $2::bigint)
     and e.xid < pg_snapshot_xmin(pg_current_snapshot())
   order by e.xid, e.position
   limit $4::int`;
const CURSOR = `select xid::text as xid, position, replay_until from platform.subscribers where name = $1 for update skip locked`;
const ADVANCE = `
  update platform.subscribers set xid = $2::text::xid8, position = $3::bigint
   where name = $1 and (xid, position) < ($2::text::xid8, $3::bigint) returning 1`;
const FAILED = `
  insert into platform.event_retries (subscriber, position, xid, attempts, due_at, parked_at, last_error)
  values ($1, $2::bigint, $3::text::xid8, $4, $5::timestamptz, $6::timestamptz, $7)
  on conflict (subscriber, position) do update
    set attempts = excluded.attempts, due_at = excluded.due_at, parked_at = excluded.parked_at, last_error = excluded.last_error`;
const DUE = `
  select r.attempts, ${EVENT_COLUMNS}
    from platform.event_retries r join platform.events e on e.xid = r.xid and e.position = r.position
   where r.subscriber = $1 and r.parked_at is null and r.due_at <= $2::timestamptz
   order by r.due_at limit 1 for update of r skip locked`;
const SETTLED = 'delete from platform.event_retries where subscriber = $1 and position = $2::bigint';

type Cursor = { readonly xid: string; readonly position: string; readonly replay_until: string };

/** Drives one subscription over the log: its effects and its cursor commit together. */
export class PostgresSubscriber {
  readonly name: string;
  readonly #platform: PostgresPlatform;
  readonly #subscription: Subscription<PostgresTx>;

  constructor(platform: PostgresPlatform, subscription: Subscription<PostgresTx>) {
    this.name = subscription.name;
    this.#platform = platform;
    this.#subscription = subscription;
  }

  /** Makes the cursor exist; a new one reads from the beginning, and what is there already counts as replay. */
  register(): Promise<void> {
    return this.#transact(async ({ sql }) => {
      await sql(
        `insert into platform.subscribers (name, xid, position, replay_until)
         select $1, '0', 0, coalesce(max(position), 0) from platform.events on conflict do nothing`,
        [this.name],
      );
    });
  }

  /** Puts the cursor back to the beginning of the log. */
  replay(): Promise<void> {
    return this.#transact(async ({ sql }) => {
      await sql(
        `update platform.subscribers
            set xid = '0', position = 0, replay_until = (select coalesce(max(position), 0) from platform.events) where name = $1`,
        [this.name],
      );
      await sql('delete from platform.event_retries where subscriber = $1', [this.name]);
    });
  }

  /** Handles what is due for another attempt, then the next batch. True when there may be more. */
  async step(): Promise<boolean> {
    const retried = await this.#retryOne();
    try {
      return (await this.#next()) === BATCH || retried;
    } catch {
      // Someone in the batch fails: go on one by one, so that only that one waits.
      for (let i = 0; i < BATCH; i++) if ((await this.#nextAlone()) === 0) return retried;
      return true;
    }
  }

  #next(): Promise<number> {
    return this.#transact(async (tx) => {
      const batch = await this.#read(tx, BATCH);
      if (batch) await this.#handle(tx, batch.wanted, batch.cursor);
      return batch?.read ?? 0;
    });
  }

  async #nextAlone(): Promise<number> {
    let failed: EventRow | undefined;
    try {
      return await this.#transact(async (tx) => {
        const batch = await this.#read(tx, 1);
        failed = batch?.wanted[0];
        if (batch) await this.#handle(tx, batch.wanted, batch.cursor);
        return batch?.read ?? 0;
      });
    } catch (error) {
      const row = failed;
      if (!row) throw error;
      await this.#transact(async (tx) => {
        // Unless another node, which had the cursor in between, has gone past it.
        const advanced = await tx.sql(ADVANCE, [this.name, row.xid, row.position]);
        if (advanced.length > 0) await this.#fail(tx, row, 1, error);
      });
      return 1;
    }
  }

  async #read(tx: PostgresTx, limit: number) {
    const [cursor] = await tx.sql<Cursor>(CURSOR, [this.name]);
    if (!cursor) return undefined; // Another node has it.
    const rows = await tx.sql<EventRow>(READ, [cursor.xid, cursor.position, this.#subscription.types, limit]);
    const last = rows.at(-1);
    if (!last) return undefined;
    await tx.sql(ADVANCE, [this.name, last.xid, last.position]);
    return { cursor, read: rows.length, wanted: rows.filter(({ type }) => this.#subscription.types.includes(type)) };
  }

  async #handle(tx: PostgresTx, rows: readonly EventRow[], { replay_until }: Pick<Cursor, 'replay_until'>): Promise<void> {
    const isReplay = (row: EventRow): boolean => BigInt(row.position) <= BigInt(replay_until);
    const [old, fresh] = [rows.filter(isReplay), rows.filter((row) => !isReplay(row))].map((part) => part.map(toRecordedEvent)) as [
      RecordedEvent[],
      RecordedEvent[],
    ];
    if (old.length > 0) await this.#subscription.on(tx, old, true);
    if (fresh.length > 0) await this.#subscription.on(tx, fresh, false);
  }

  async #retryOne(): Promise<boolean> {
    let due: (EventRow & { readonly attempts: number }) | undefined;
    try {
      await this.#transact(async (tx) => {
        [due] = await tx.sql<EventRow & { readonly attempts: number }>(DUE, [this.name, timestamp(this.#platform.clock.now())]);
        if (!due) return;
        await this.#handle(tx, [due], { replay_until: '0' });
        await tx.sql(SETTLED, [this.name, due.position]);
      });
    } catch (error) {
      const row = due;
      if (!row) throw error;
      await this.#transact((tx) => this.#fail(tx, row, row.attempts + 1, error));
    }
    return due !== undefined;
  }

  async #fail(tx: PostgresTx, { position, xid }: EventRow, attempts: number, error: unknown): Promise<void> {
    const now = this.#platform.clock.now();
    const parkedAt = attempts >= ATTEMPTS_MAX ? timestamp(now) : null;
    const reason = (error instanceof Error ? error.message : String(error)).slice(0, 500);
    await tx.sql(FAILED, [this.name, position, xid, attempts, timestamp(now + retryDelayMs(attempts)), parkedAt, reason]);
  }

  #transact<T>(work: (tx: PostgresTx) => Promise<T>): Promise<T> {
    return transact(this.#platform, system(this.name), work);
  }
}
