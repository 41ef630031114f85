import type { Subscription } from '#application/shared/events.ts';
import type { Log } from '#application/shared/ports.ts';
import { system } from '#domain/shared/actor.ts';
import { ATTEMPTS_MAX, reasonOf, retryDelayMs } from '../../shared/backoff.ts';
import { isOutage } from '../outage.ts';
import { timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';
import { type PostgresPlatform, transact } from '../unit-of-work.ts';
import { EVENT_COLUMNS, type EventRow, toRecordedEvent } from './log.ts';

export const BATCH = 500;

export const REGISTER = `
  insert into platform.subscribers (name, xid, position, replay_xid, replay_position)
  select $1, '0', 0, coalesce(e.xid, '0'), coalesce(e.position, 0)
    from (select) as one
    left join (select xid, position from platform.events where xid < pg_snapshot_xmin(pg_current_snapshot())
                order by xid desc, position desc limit 1) e on true
  on conflict do nothing`;
// What lies above the cursor was never handled live: it must not become a replay. A second replay goes as far as the first.
export const REPLAY = `
  update platform.subscribers
     set replay_xid = case when (xid, position) > (replay_xid, replay_position) then xid else replay_xid end,
         replay_position = case when (xid, position) > (replay_xid, replay_position) then position else replay_position end,
         xid = '0', position = 0
   where name = $1`;
/**
 * The next batch of subscription $1 after its cursor, of which only the events of its types ($2), without their $3, and the
 * last come back. Only below the oldest transaction still running: what is above may yet be joined by an event with a lower position.
 */
const batch = (limit: number, lock = '', more = ''): string => `
  with cursor as (select xid, position, replay_xid, replay_position from platform.subscribers where name = $1 ${lock}),
  batch as materialized (
    select e.*, c.xid as from_xid, c.position as from_position, c.replay_xid, c.replay_position
      from cursor c, lateral (
        select * from platform.events e
         where (e.xid, e.position) > (c.xid, c.position) and e.xid < pg_snapshot_xmin(pg_current_snapshot())
         order by e.xid, e.position limit ${limit}) e),
  last as (select xid, position from batch order by xid desc, position desc limit 1) ${more}
  select ${EVENT_COLUMNS.replace('e.data', 'case when e.type = any($2::text[]) then e.data - $3::text[] end as data')},
         (e.xid, e.position) <= (e.replay_xid, e.replay_position) as is_replay, (select count(*) from batch)::int as read,
         e.from_xid::text as from_xid, e.from_position, e.replay_xid::text as replay_xid, e.replay_position
    from batch e, last
   where e.type = any($2::text[]) or (e.xid, e.position) = (last.xid, last.position)
   order by e.xid, e.position`;
export const READ = batch(BATCH);
// Another node that has the batch in hand is not waited for.
const MOVED = ', moved as (update platform.subscribers s set xid = last.xid, position = last.position from last where s.name = $1)';
const TAKE = batch(BATCH, 'for update skip locked', MOVED);
const TAKE_ONE = batch(1, 'for update skip locked', MOVED);
// Only if nobody moved the cursor since it was read: not another node, not a replay, not the commit whose reply was lost.
export const ADVANCE = `
  update platform.subscribers set xid = $2::text::xid8, position = $3::bigint
   where name = $1 and (xid, position, replay_xid, replay_position) = ($4::text::xid8, $5::bigint, $6::text::xid8, $7::bigint) returning 1`;
export const SET_ASIDE = `
  insert into platform.event_retries (subscriber, position, is_replay, attempts, due_at, parked_at, last_error, xid)
  values ($1, $2::bigint, $3, $4, $5::timestamptz, $6::timestamptz, $7, $8::text::xid8)
  on conflict do nothing`;
export const FAILED_AGAIN = `
  update platform.event_retries set attempts = $4, due_at = $5::timestamptz, parked_at = $6::timestamptz, last_error = $7
   where subscriber = $1 and position = $2::bigint and is_replay = $3 and attempts = $8 returning 1`;
const DUE = `
  select r.attempts, r.is_replay, ${EVENT_COLUMNS}
    from platform.event_retries r join platform.events e on e.xid = r.xid and e.position = r.position
   where r.subscriber = $1 and r.parked_at is null and r.due_at <= $2::timestamptz
   order by r.due_at limit 1 for update of r skip locked`;
export const SETTLED = 'delete from platform.event_retries where subscriber = $1 and position = $2::bigint and is_replay = $3';

export type Cursor = {
  readonly from_xid: string;
  readonly from_position: string;
  readonly replay_xid: string;
  readonly replay_position: string;
};
export type Delivery = EventRow & { readonly is_replay: boolean };
/** An event of a batch, where the cursor stood before the batch, and how many events the batch had. */
export type Read = Delivery & Cursor & { readonly read: number };
type Due = Delivery & { readonly attempts: number };

/** What ADVANCE wants to know. */
export const advanceParams = (name: string, from: Cursor, to: EventRow): readonly unknown[] => [
  name,
  to.xid,
  to.position,
  from.from_xid,
  from.from_position,
  from.replay_xid,
  from.replay_position,
];

/** Drives one subscription over the log: its effects and its cursor commit together. */
export class PostgresSubscriber {
  readonly name: string;
  readonly isUrgent: boolean;
  readonly types: readonly string[];
  readonly #platform: PostgresPlatform;
  readonly #subscription: Subscription<PostgresTx>;
  readonly #log: Log;

  constructor(platform: PostgresPlatform, subscription: Subscription<PostgresTx>, log: Log) {
    this.name = subscription.name;
    this.isUrgent = subscription.isUrgent === true;
    this.types = subscription.types;
    this.#platform = platform;
    this.#subscription = subscription;
    this.#log = log;
  }

  /** Makes the cursor exist; a new one reads from the beginning, and what is there already counts as replay. */
  register(): Promise<void> {
    return this.#transact(async ({ sql }) => void (await sql(REGISTER, [this.name])));
  }

  /** Puts the cursor back to the beginning of the log. What is still owed live stays owed. */
  replay(): Promise<void> {
    return this.#transact(async ({ sql }) => {
      await sql(REPLAY, [this.name]);
      await sql('delete from platform.event_retries where subscriber = $1 and is_replay', [this.name]);
    });
  }

  /** Handles what is due for another attempt, unless nothing is known to be, then the next batch. True when there may be more. */
  async step(owes = true): Promise<boolean> {
    const retried = owes && (await this.#retryOne());
    try {
      return (await this.#next()) === BATCH || retried;
    } catch (error) {
      if (isOutage(error)) throw error;
      // Someone in the batch fails: go on one by one, so that only that one waits.
      for (let i = 0; i < BATCH; i++) if ((await this.#nextAlone()) === 0) return retried;
      return true;
    }
  }

  #next(): Promise<number> {
    return this.#transact(async (tx) => {
      const rows = await this.#take(tx, TAKE);
      await this.#handle(tx, rows);
      return rows.at(-1)?.read ?? 0;
    });
  }

  async #nextAlone(): Promise<number> {
    let taken: Read | undefined;
    try {
      return await this.#transact(async (tx) => {
        [taken] = await this.#take(tx, TAKE_ONE);
        if (!taken) return 0;
        await this.#handle(tx, [taken]);
        return 1;
      });
    } catch (error) {
      if (!taken || isOutage(error)) throw error;
      const row = taken;
      const isOurs = await this.#transact(async (tx) => {
        if ((await tx.sql(ADVANCE, advanceParams(this.name, row, row))).length === 0) return false;
        await tx.sql(SET_ASIDE, [...this.#failure(row, 1, error), row.xid]);
        return true;
      });
      if (isOurs) this.#tell(row, 1, error);
      return 1;
    }
  }

  /** Reads the next batch and moves the cursor over it, in one statement. */
  #take({ sql }: PostgresTx, statement: string): Promise<readonly Read[]> {
    const { types, without = [] } = this.#subscription;
    return sql<Read>(statement, [this.name, types, without]);
  }

  async #handle(tx: PostgresTx, rows: readonly Delivery[]): Promise<void> {
    const wanted = rows.filter(({ type }) => this.#subscription.types.includes(type));
    for (const isReplay of [true, false]) {
      const part = wanted.filter((row) => row.is_replay === isReplay).map(toRecordedEvent);
      if (part.length > 0) await this.#subscription.on(tx, part, isReplay);
    }
  }

  async #retryOne(): Promise<boolean> {
    let due: Due | undefined;
    try {
      await this.#transact(async (tx) => {
        [due] = await tx.sql<Due>(DUE, [this.name, timestamp(this.#platform.clock.now())]);
        if (!due) return;
        await this.#handle(tx, [due]);
        await tx.sql(SETTLED, [this.name, due.position, due.is_replay]);
      });
    } catch (error) {
      if (!due || isOutage(error)) throw error;
      const row = due;
      const attempts = row.attempts + 1;
      const updated = await this.#transact((tx) => tx.sql(FAILED_AGAIN, [...this.#failure(row, attempts, error), row.attempts]));
      if (updated.length > 0) this.#tell(row, attempts, error);
    }
    return due !== undefined;
  }

  #failure({ position, is_replay }: Delivery, attempts: number, error: unknown): readonly unknown[] {
    const now = this.#platform.clock.now();
    const parkedAt = attempts >= ATTEMPTS_MAX ? timestamp(now) : null;
    return [this.name, position, is_replay, attempts, timestamp(now + retryDelayMs(attempts)), parkedAt, reasonOf(error)];
  }

  #tell({ type, position, trace_id: traceId }: Delivery, attempts: number, error: unknown): void {
    const facts = { subscription: this.name, type, position, attempts, reason: reasonOf(error), ...(traceId !== null && { traceId }) };
    this.#log.warn('a subscription failed on an event', facts);
  }

  #transact<T>(work: (tx: PostgresTx) => Promise<T>): Promise<T> {
    return transact(this.#platform, system(this.name), work);
  }
}
