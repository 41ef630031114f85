import type { Outlet, RecordedEvent } from '#application/shared/events.ts';
import type { Log } from '#application/shared/ports.ts';
import { system } from '#domain/shared/actor.ts';
import { ATTEMPTS_MAX, reasonOf, retryDelayMs } from '../../shared/backoff.ts';
import { type Sql, sqlOf, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';
import { type PostgresPlatform, transact } from '../unit-of-work.ts';
import { EVENT_COLUMNS, toRecordedEvent } from './log.ts';
import {
  ADVANCE,
  advanceParams,
  BATCH,
  type Cursor,
  type Delivery,
  FAILED_AGAIN,
  READ,
  REGISTER,
  REPLAY,
  type Read,
  SET_ASIDE,
  SETTLED,
} from './subscriber.ts';

/** Longer than handing over a batch takes; so long others wait for a node that died with one in its hands. */
const LEASE_MS = 5_000;

const LEASE = `
  update platform.subscribers set leased_until = $6::timestamptz
   where name = $1 and (xid, position, replay_xid, replay_position) = ($2::text::xid8, $3::bigint, $4::text::xid8, $5::bigint)
     and (leased_until is null or leased_until <= $7::timestamptz) returning 1`;
const RELEASE = 'update platform.subscribers set leased_until = null where name = $1';
const DUE = `
  update platform.event_retries r set due_at = $3::timestamptz
    from platform.events e
   where e.xid = r.xid and e.position = r.position and (r.subscriber, r.position, r.is_replay) in (
     select d.subscriber, d.position, d.is_replay from platform.event_retries d
      where d.subscriber = $1 and d.parked_at is null and d.due_at <= $2::timestamptz order by d.due_at limit 1 for update skip locked)
  returning r.attempts, r.is_replay, ${EVENT_COLUMNS}`;

type Due = Delivery & { readonly attempts: number };
type Failed = { readonly row: Delivery; readonly error: unknown };

/**
 * Drives one outlet over the log: a batch is handed over first, with no transaction open, and its cursor moves afterwards.
 * While it is out the cursor is lent to this node; if it dies another hands the same over again, in the same order.
 */
export class PostgresOutlet {
  readonly name: string;
  /** People wait for what it hands over. */
  readonly isUrgent = true;
  readonly types: readonly string[];
  readonly #platform: PostgresPlatform;
  readonly #outlet: Outlet;
  readonly #log: Log;

  constructor(platform: PostgresPlatform, outlet: Outlet, log: Log) {
    this.name = outlet.name;
    this.types = outlet.types;
    this.#platform = platform;
    this.#outlet = outlet;
    this.#log = log;
  }

  async register(): Promise<void> {
    await this.#sql()(REGISTER, [this.name]);
  }

  replay(): Promise<void> {
    return this.#transact(async ({ sql }) => {
      await sql(REPLAY, [this.name]);
      await sql(RELEASE, [this.name]); // What is out now moves no cursor any more.
      await sql('delete from platform.event_retries where subscriber = $1 and is_replay', [this.name]);
    });
  }

  /** Hands over what is due for another attempt, unless nothing is known to be, then the next batch. True when there may be more. */
  async step(owes = true): Promise<boolean> {
    const retried = owes && (await this.#retryOne());
    const { types, without = [] } = this.#outlet;
    const rows = await this.#sql()<Read>(READ, [this.name, types, without]);
    const last = rows.at(-1);
    if (!last) return retried;

    const live = rows.filter(({ type, is_replay }) => !is_replay && types.includes(type));
    if (live.length > 0 && !(await this.#lease(last))) return retried; // Another node is at it.
    const failed = await this.#handOver(live);
    if (failed === 'away') {
      await this.#sql()(RELEASE, [this.name]);
      return retried;
    }
    await this.#advance(last, failed);
    return retried || last.read === BATCH;
  }

  async #lease({ from_xid, from_position, replay_xid, replay_position }: Cursor): Promise<boolean> {
    const now = this.#platform.clock.now();
    const times = [timestamp(now + LEASE_MS), timestamp(now)];
    const leased = await this.#sql()(LEASE, [this.name, from_xid, from_position, replay_xid, replay_position, ...times]);
    return leased.length > 0;
  }

  /** Those that cannot be handed over at all; the rest was, in its order. */
  async #handOver(rows: readonly Delivery[]): Promise<readonly Failed[] | 'away'> {
    if (rows.length === 0) return [];
    const whole = await this.#deliver(rows.map(toRecordedEvent));
    if (whole === 'delivered') return [];
    if (whole === 'away') return 'away';
    const failed: Failed[] = [];
    for (const row of rows) {
      const one = await this.#deliver([toRecordedEvent(row)]);
      if (one === 'away') return 'away';
      if (one !== 'delivered') failed.push({ row, error: one.error });
    }
    return failed;
  }

  async #deliver(events: readonly RecordedEvent[]): Promise<'delivered' | 'away' | { readonly error: unknown }> {
    try {
      return await this.#outlet.deliver(events);
    } catch (error) {
      return { error };
    }
  }

  async #advance(last: Read, failed: readonly Failed[]): Promise<void> {
    const advanced = await this.#transact(async ({ sql }) => {
      const moved = await sql(ADVANCE, advanceParams(this.name, last, last));
      if (moved.length === 0) return false;
      for (const { row, error } of failed) await sql(SET_ASIDE, [...this.#failure(row, 1, error), row.xid]);
      await sql(RELEASE, [this.name]);
      return true;
    });
    if (advanced) for (const { row, error } of failed) this.#tell(row, 1, error);
  }

  async #retryOne(): Promise<boolean> {
    const now = this.#platform.clock.now();
    const [due] = await this.#sql()<Due>(DUE, [this.name, timestamp(now), timestamp(now + LEASE_MS)]);
    if (!due) return false;
    const ended = due.is_replay ? 'delivered' : await this.#deliver([toRecordedEvent(due)]);
    if (ended === 'away') return false; // It is due again when the lease is over.
    if (ended === 'delivered') {
      await this.#sql()(SETTLED, [this.name, due.position, due.is_replay]);
      return true;
    }
    const attempts = due.attempts + 1;
    const updated = await this.#sql()(FAILED_AGAIN, [...this.#failure(due, attempts, ended.error), due.attempts]);
    if (updated.length > 0) this.#tell(due, attempts, ended.error);
    return true;
  }

  #failure({ position, is_replay }: Delivery, attempts: number, error: unknown): readonly unknown[] {
    const now = this.#platform.clock.now();
    const parkedAt = attempts >= ATTEMPTS_MAX ? timestamp(now) : null;
    return [this.name, position, is_replay, attempts, timestamp(now + retryDelayMs(attempts)), parkedAt, reasonOf(error)];
  }

  #tell({ type, position }: Delivery, attempts: number, error: unknown): void {
    this.#log.warn('an outlet failed on an event', { outlet: this.name, type, position, attempts, reason: reasonOf(error) });
  }

  #sql(): Sql {
    return sqlOf(this.#platform.orm.em.fork());
  }

  #transact<T>(work: (tx: PostgresTx) => Promise<T>): Promise<T> {
    return transact(this.#platform, system(this.name), work);
  }
}
