import type { EventLog } from '#application/shared/event-log.ts';
import type { Outlet, Subscription, SubscriptionLag } from '#application/shared/events.ts';
import type { Log } from '#application/shared/ports.ts';
import type { Committed } from '../../shared/committed.ts';
import { Gate } from '../../shared/gate.ts';
import { WorkerLoop } from '../../shared/worker-loop.ts';
import { type Sql, sqlOf, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';
import type { PostgresPlatform } from '../unit-of-work.ts';
import { rebaseIfRestored } from './cluster.ts';
import { PostgresOutlet } from './outlet.ts';
import { PostgresSubscriber } from './subscriber.ts';

const LOOK_MS = 500;
/** What waits is seen by one look for all of them; without one a subscription looks for itself this often. */
const POLL_MS = 60_000;
const GATHER_MS = 10;
const REST_MS = 200;
/** So far back a look sees what there is of each type; who is further behind reads for itself. */
const RECENT = 2_000;
/** People wait for what an outlet hands over. */
const OUTLET_REST_MS = 25;

const LAG = `
  select s.name,
         (select count(*) from platform.events e where (e.xid, e.position) > (s.xid, s.position))::int as behind,
         coalesce(extract(epoch from $2::timestamptz - (select min(e.recorded_at) from platform.events e where (e.xid, e.position) > (s.xid, s.position))), 0)::float as lag_seconds,
         (select count(*) from platform.event_retries r where r.subscriber = s.name and r.parked_at is null)::int as retrying,
         (select count(*) from platform.event_retries r where r.subscriber = s.name and r.parked_at is not null)::int as parked
    from platform.subscribers s where s.name = any($1) order by s.name`;
const PENDING = `
  select exists (select 1 from platform.events e join platform.subscribers s on s.name = any($1)
                  where e.position <= $2::bigint and (e.xid, e.position) > (s.xid, s.position)) as pending`;
// An installation at rest asks this twice a second, however many listen, and no more.
const IS_QUIET = `
  select not exists (select 1 from platform.event_retries r where r.subscriber = any($1) and r.parked_at is null and r.due_at <= $2::timestamptz)
     and not exists (
       select 1 from platform.events e
        where (e.xid, e.position) > (select s.xid, s.position from platform.subscribers s where s.name = any($1) order by s.xid, s.position limit 1)
          and e.xid < pg_snapshot_xmin(pg_current_snapshot())) as is_quiet`;
/**
 * Who has something to do, in one statement for all of them. A cursor with nothing of its types ($1) between it and the end of the log is moved there on the way.
 */
const WAITING = `
  with mine as (
    select s.name, s.xid, s.position, w.types
      from jsonb_to_recordset($1::jsonb) as w (name text, types text[]) join platform.subscribers s on s.name = w.name),
  recent as materialized (
    select e.xid, e.position, e.type from platform.events e
     where (e.xid, e.position) > (select m.xid, m.position from mine m order by m.xid, m.position limit 1)
       and e.xid < pg_snapshot_xmin(pg_current_snapshot())
     order by e.xid desc, e.position desc limit ${RECENT}),
  newest as materialized (select xid, position from recent order by xid desc, position desc limit 1),
  oldest as materialized (select xid, position from recent order by xid, position limit 1),
  last_of as materialized (select distinct on (type) type, xid, position from recent order by type, xid desc, position desc),
  behind as (select m.* from mine m, newest n where (m.xid, m.position) < (n.xid, n.position)),
  idle as (
    select s.name from platform.subscribers s join behind b on b.name = s.name and (b.xid, b.position) = (s.xid, s.position), oldest o
     where ((select count(*) from recent) < ${RECENT} or (b.xid, b.position) >= (o.xid, o.position))
       and not exists (select 1 from last_of l where l.type = any(b.types) and (l.xid, l.position) > (b.xid, b.position))
       for update of s skip locked),
  moved as (update platform.subscribers s set xid = n.xid, position = n.position from idle i, newest n where s.name = i.name returning s.name)
  select m.name,
         exists (select 1 from platform.event_retries r where r.subscriber = m.name and r.parked_at is null and r.due_at <= $2::timestamptz) as owes,
         exists (select 1 from behind b where b.name = m.name) and not exists (select 1 from moved v where v.name = m.name) as is_behind
    from mine m`;
/** All that is parked of a subscription, or of one event ($2). */
export const UNPARK = `
  update platform.event_retries r set parked_at = null, attempts = 0, due_at = $3::timestamptz
   where r.subscriber = $1 and r.parked_at is not null
     and ($2::uuid is null or (r.xid, r.position) = (select e.xid, e.position from platform.events e where e.id = $2::uuid)) returning 1`;
type WaitingRow = { readonly name: string; readonly owes: boolean; readonly is_behind: boolean };
type LagRow = { readonly name: string; readonly behind: number; readonly lag_seconds: number; readonly retrying: number; readonly parked: number };

export class PostgresEventLog implements EventLog {
  readonly #platform: PostgresPlatform;
  readonly #log: Log;
  readonly #subscribers: readonly (PostgresSubscriber | PostgresOutlet)[];
  /** However slow the others are, they hold no more than half of the connections. */
  readonly #others: Gate;
  readonly #owing = new Set<string>();
  #loops: ReadonlyMap<string, WorkerLoop> = new Map();
  #loopsOf: ReadonlyMap<string, readonly WorkerLoop[]> = new Map();
  #watch: WorkerLoop | undefined;
  #unlisten: () => void = () => undefined;

  constructor(platform: PostgresPlatform, subscriptions: readonly Subscription<PostgresTx>[], log: Log, outlets: readonly Outlet[] = []) {
    this.#platform = platform;
    this.#log = log;
    this.#subscribers = [
      ...outlets.map((outlet) => new PostgresOutlet(platform, outlet, log)),
      ...subscriptions.map((subscription) => new PostgresSubscriber(platform, subscription, log)),
    ].toSorted((a, b) => Number(b.isUrgent) - Number(a.isUrgent));
    this.#others = new Gate(Math.max(1, Math.floor((platform.orm.config.get('pool').max ?? 1) / 2)));
  }

  async start(): Promise<void> {
    await rebaseIfRestored(this.#platform, this.#log);
    for (const subscriber of this.#subscribers) await subscriber.register();
    this.#loops = new Map(
      this.#subscribers.map((subscriber) => [
        subscriber.name,
        new WorkerLoop({
          step: () => (subscriber.isUrgent ? this.#step(subscriber) : this.#others.through(() => this.#step(subscriber))),
          onError: (error) => this.#log.error('a subscription could not read the log', { subscription: subscriber.name, error }),
          pollMs: POLL_MS,
          gatherMs: GATHER_MS,
          restMs: subscriber instanceof PostgresOutlet ? OUTLET_REST_MS : REST_MS,
        }),
      ]),
    );
    this.#loopsOf = byType(this.#subscribers, this.#loops);
    this.#watch = new WorkerLoop({
      step: () => this.#look(),
      onError: (error) => this.#log.error('what waits in the log could not be seen', { error }),
      pollMs: LOOK_MS,
      gatherMs: 0,
      restMs: 0,
    });
    for (const loop of [...this.#loops.values(), this.#watch]) loop.start();
    this.#unlisten = this.#platform.committed.listen((events) => this.#nudge(events));
  }

  async stop(): Promise<void> {
    this.#unlisten();
    await this.#watch?.stop();
    await Promise.all([...this.#loops.values()].map((loop) => loop.stop()));
  }

  async lag(): Promise<readonly SubscriptionLag[]> {
    const rows = await this.#sql()<LagRow>(LAG, [this.#subscribers.map(({ name }) => name), this.#now()]);
    const isUrgent = new Map(this.#subscribers.map((one) => [one.name, one.isUrgent]));
    return rows.map(({ lag_seconds, ...row }) => ({ ...row, isUrgent: isUrgent.get(row.name) === true, lagSeconds: lag_seconds }));
  }

  async replay(name: string): Promise<boolean> {
    const subscriber = this.#subscribers.find((one) => one.name === name);
    await subscriber?.replay();
    this.#loops.get(name)?.nudge();
    return subscriber !== undefined;
  }

  async unpark(name: string): Promise<number> {
    const rows = await this.#sql()(UNPARK, [name, null, this.#now()]);
    this.#watch?.nudge();
    return rows.length;
  }

  async settle(): Promise<void> {
    const [mark] = await this.#sql()<{ position: string }>('select coalesce(max(position), 0) as position from platform.events');
    for (;;) {
      const [state] = await this.#sql()<{ pending: boolean }>(PENDING, [this.#subscribers.map(({ name }) => name), mark?.position ?? 0]);
      if (!state?.pending) return;
      this.#watch?.nudge();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async #look(): Promise<boolean> {
    const names = [...this.#loops.keys()];
    const [seen] = await this.#sql()<{ readonly is_quiet: boolean }>(IS_QUIET, [names, this.#now()]);
    if (seen?.is_quiet) return false;
    const rows = await this.#sql()<WaitingRow>(WAITING, [JSON.stringify(this.#subscribers.map(({ name, types }) => ({ name, types }))), this.#now()]);
    for (const { name, owes, is_behind } of rows) {
      if (owes) this.#owing.add(name);
      if (owes || is_behind) this.#loops.get(name)?.nudge();
    }
    return false;
  }

  /** Asks for what is due again only if it was seen to be, and then until nothing is. */
  async #step(subscriber: PostgresSubscriber | PostgresOutlet): Promise<boolean> {
    const owes = this.#owing.delete(subscriber.name);
    const hasMore = await subscriber.step(owes);
    if (owes && hasMore) this.#owing.add(subscriber.name);
    return hasMore;
  }

  /** Who does not listen to any of it is brought past it by a look. */
  #nudge(events: Committed): void {
    for (const type of new Set(events.map(({ type }) => type))) for (const loop of this.#loopsOf.get(type) ?? []) loop.nudge();
  }

  #now(): string {
    return timestamp(this.#platform.clock.now());
  }

  #sql(): Sql {
    return sqlOf(this.#platform.orm.em.fork());
  }
}

const byType = (
  subscribers: readonly (PostgresSubscriber | PostgresOutlet)[],
  loops: ReadonlyMap<string, WorkerLoop>,
): ReadonlyMap<string, readonly WorkerLoop[]> => {
  const found = new Map<string, WorkerLoop[]>();
  for (const { name, types } of subscribers) for (const type of types) found.set(type, [...(found.get(type) ?? []), loops.get(name) as WorkerLoop]);
  return found;
};
