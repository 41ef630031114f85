import type { EventLog } from '#application/shared/event-log.ts';
import type { Outlet, Subscription, SubscriptionLag } from '#application/shared/events.ts';
import type { Log } from '#application/shared/ports.ts';
import { Gate } from '../../shared/gate.ts';
import { WorkerLoop } from '../../shared/worker-loop.ts';
import { type Sql, sqlOf, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';
import type { PostgresPlatform } from '../unit-of-work.ts';
import { rebaseIfRestored } from './cluster.ts';
import { PostgresOutlet } from './outlet.ts';
import { PostgresSubscriber } from './subscriber.ts';

const POLL_MS = 500;
const GATHER_MS = 10;
const REST_MS = 200;
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
/** All that is parked of a subscription, or of one event ($2). */
export const UNPARK = `
  update platform.event_retries r set parked_at = null, attempts = 0, due_at = $3::timestamptz
   where r.subscriber = $1 and r.parked_at is not null
     and ($2::uuid is null or (r.xid, r.position) = (select e.xid, e.position from platform.events e where e.id = $2::uuid)) returning 1`;
type LagRow = { readonly name: string; readonly behind: number; readonly lag_seconds: number; readonly retrying: number; readonly parked: number };

export class PostgresEventLog implements EventLog {
  readonly #platform: PostgresPlatform;
  readonly #log: Log;
  readonly #subscribers: readonly (PostgresSubscriber | PostgresOutlet)[];
  /** However slow the others are, they hold no more than half of the connections. */
  readonly #others: Gate;
  #loops: readonly WorkerLoop[] = [];
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
    this.#loops = this.#subscribers.map(
      (subscriber) =>
        new WorkerLoop({
          step: () => (subscriber.isUrgent ? subscriber.step() : this.#others.through(() => subscriber.step())),
          onError: (error) => this.#log.error('a subscription could not read the log', { subscription: subscriber.name, error }),
          pollMs: POLL_MS,
          gatherMs: GATHER_MS,
          restMs: subscriber instanceof PostgresOutlet ? OUTLET_REST_MS : REST_MS,
        }),
    );
    for (const loop of this.#loops) loop.start();
    this.#unlisten = this.#platform.committed.listen(() => {
      for (const loop of this.#loops) loop.nudge();
    });
  }

  async stop(): Promise<void> {
    this.#unlisten();
    await Promise.all(this.#loops.map((loop) => loop.stop()));
  }

  async lag(): Promise<readonly SubscriptionLag[]> {
    const rows = await this.#sql()<LagRow>(LAG, [this.#subscribers.map(({ name }) => name), this.#now()]);
    const isUrgent = new Map(this.#subscribers.map((one) => [one.name, one.isUrgent]));
    return rows.map(({ lag_seconds, ...row }) => ({ ...row, isUrgent: isUrgent.get(row.name) === true, lagSeconds: lag_seconds }));
  }

  async replay(name: string): Promise<boolean> {
    const subscriber = this.#subscribers.find((one) => one.name === name);
    await subscriber?.replay();
    for (const loop of this.#loops) loop.nudge();
    return subscriber !== undefined;
  }

  async unpark(name: string): Promise<number> {
    const rows = await this.#sql()(UNPARK, [name, null, this.#now()]);
    for (const loop of this.#loops) loop.nudge();
    return rows.length;
  }

  async settle(): Promise<void> {
    const [mark] = await this.#sql()<{ position: string }>('select coalesce(max(position), 0) as position from platform.events');
    for (;;) {
      const [state] = await this.#sql()<{ pending: boolean }>(PENDING, [this.#subscribers.map(({ name }) => name), mark?.position ?? 0]);
      if (!state?.pending) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  #now(): string {
    return timestamp(this.#platform.clock.now());
  }

  #sql(): Sql {
    return sqlOf(this.#platform.orm.em.fork());
  }
}
