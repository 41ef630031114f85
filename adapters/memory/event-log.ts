import type { EventLog } from '#application/shared/event-log.ts';
import type { Outlet, RecordedEvent, Subscription, SubscriptionLag } from '#application/shared/events.ts';
import type { Log } from '#application/shared/ports.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import { ATTEMPTS_MAX, reasonOf, retryDelayMs } from '../shared/backoff.ts';
import { WorkerLoop } from '../shared/worker-loop.ts';
import type { StoredEvent } from './store.ts';
import type { MemoryTx } from './tx.ts';
import { type MemoryPlatform, transactInMemory } from './unit-of-work.ts';

const BATCH = 500;
const POLL_MS = 500;

type Delivery = { readonly index: number; readonly isReplay: boolean };
export type MemoryRetry = Delivery & { readonly attempts: number; readonly dueAt: number; readonly parked: boolean; readonly lastError: string };
type Cursor = { next: number; replayUntil: number; readonly retries: Map<string, MemoryRetry> };
/** A subscription, or an outlet: what is handed over instead of handled. */
type Listener = Subscription<MemoryTx> | Outlet;
/** Nothing can be handed over for now: the cursor stays where it is. */
const AWAY = Symbol('away');
const keyOf = ({ index, isReplay }: Delivery): string => `${index}/${isReplay}`;

export const toRecordedEvent = ({ json, ...event }: StoredEvent, index: number): RecordedEvent => ({
  ...event,
  position: String(index + 1),
  data: JSON.parse(json) as { type: string },
});

/** The log of the memory profile, with the promises of the real one: cursors, batches, retries, parking, replay. */
export class MemoryEventLog implements EventLog {
  readonly #platform: MemoryPlatform;
  readonly #subscriptions: readonly Listener[];
  readonly #log: Log;
  readonly #cursors = new Map<string, Cursor>();
  #loops: readonly WorkerLoop[] = [];
  #unlisten: () => void = () => undefined;

  constructor(platform: MemoryPlatform, subscriptions: readonly Subscription<MemoryTx>[], log: Log, outlets: readonly Outlet[] = []) {
    this.#platform = platform;
    this.#subscriptions = [...subscriptions, ...outlets];
    this.#log = log;
    for (const { name } of this.#subscriptions) this.#cursors.set(name, { next: 0, replayUntil: platform.store.events.length, retries: new Map() });
  }

  async start(): Promise<void> {
    this.#loops = this.#subscriptions.map(
      (subscription) =>
        new WorkerLoop({
          step: () => this.step(subscription),
          onError: (error) => this.#log.error('a subscription could not read the log', { subscription: subscription.name, error }),
          pollMs: POLL_MS,
          gatherMs: 0,
          restMs: 5,
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
    const { store, clock } = this.#platform;
    return this.#subscriptions.map((listener) => {
      const { name } = listener;
      const { next, retries } = this.#cursor(name);
      const oldest = store.events[next];
      const parked = [...retries.values()].filter((retry) => retry.parked).length;
      return {
        name,
        isUrgent: 'deliver' in listener || listener.isUrgent === true,
        behind: store.events.length - next,
        lagSeconds: oldest ? (clock.now() - oldest.recordedAt) / 1_000 : 0,
        retrying: retries.size - parked,
        parked,
      };
    });
  }

  async replay(name: string): Promise<boolean> {
    const cursor = this.#cursors.get(name);
    if (!cursor) return false;
    await this.#alone(name, async () => {
      cursor.replayUntil = Math.max(cursor.replayUntil, cursor.next); // What comes after was never handled live: it must not become a replay.
      cursor.next = 0;
      for (const [key, { isReplay }] of cursor.retries) if (isReplay) cursor.retries.delete(key);
    });
    for (const loop of this.#loops) loop.nudge();
    return true;
  }

  async unpark(name: string): Promise<number> {
    return this.unparkSome(name, () => true);
  }

  unparkSome(name: string, isMeant: (retry: MemoryRetry) => boolean): number {
    const { retries } = this.#cursor(name);
    const parked = [...retries.values()].filter((retry) => retry.parked && isMeant(retry));
    for (const retry of parked) retries.set(keyOf(retry), { ...retry, attempts: 0, dueAt: this.#platform.clock.now(), parked: false });
    for (const loop of this.#loops) loop.nudge();
    return parked.length;
  }

  /** What a subscription could not take yet, in the order of the log. */
  retriesOf(name: string): readonly MemoryRetry[] {
    const retries = [...(this.#cursors.get(name)?.retries.values() ?? [])];
    return retries.sort((a, b) => a.index - b.index || Number(a.isReplay) - Number(b.isReplay));
  }

  discard(name: string, retry: MemoryRetry): void {
    this.#cursor(name).retries.delete(keyOf(retry));
  }

  /** How many events of the log a subscription has had. */
  had(name: string): number {
    return this.#cursor(name).next;
  }

  subscription(name: string): Subscription<MemoryTx> | undefined {
    return this.#subscriptions.find((one): one is Subscription<MemoryTx> => one.name === name && 'on' in one);
  }

  async settle(): Promise<void> {
    const until = this.#platform.store.events.length;
    while ([...this.#cursors.values()].some(({ next }) => next < until)) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  /** Handles what is due for another attempt, then the next batch. True when there may be more. */
  step(subscription: Listener): Promise<boolean> {
    return this.#alone(subscription.name, async () => {
      const cursor = this.#cursor(subscription.name);
      const retried = await this.#retryOne(subscription, cursor);
      const from = cursor.next;
      const to = Math.min(this.#platform.store.events.length, from + BATCH);
      const batch = Array.from({ length: to - from }, (_, i) => ({ index: from + i, isReplay: from + i < cursor.replayUntil }));
      try {
        await this.#handle(subscription, batch);
        cursor.next = to;
      } catch (failure) {
        if (failure === AWAY) return retried;
        for (const delivery of batch) {
          const failed = await this.#handle(subscription, [delivery]).catch((error: unknown) => ({ error }));
          if (failed?.error === AWAY) return retried;
          if (failed) this.#fail(subscription, cursor, delivery, 1, failed.error);
          cursor.next = delivery.index + 1;
        }
      }
      return retried || batch.length === BATCH;
    });
  }

  async #retryOne(subscription: Listener, cursor: Cursor): Promise<boolean> {
    const now = this.#platform.clock.now();
    const due = [...cursor.retries.values()].find(({ parked, dueAt }) => !parked && dueAt <= now);
    if (!due) return false;
    try {
      await this.#handle(subscription, [due]);
      cursor.retries.delete(keyOf(due));
    } catch (error) {
      if (error === AWAY) return false;
      this.#fail(subscription, cursor, due, due.attempts + 1, error);
    }
    return true;
  }

  async #handle(listener: Listener, deliveries: readonly Delivery[]): Promise<undefined> {
    const wanted = deliveries
      .map(({ index, isReplay }) => ({ event: toRecordedEvent(this.#event(index), index), isReplay }))
      .filter(({ event }) => listener.types.includes(event.data.type));
    const part = (isReplay: boolean) => wanted.filter((one) => one.isReplay === isReplay).map(({ event }) => event);
    if (wanted.length === 0) return;
    if ('deliver' in listener) {
      if (part(false).length > 0 && (await listener.deliver(part(false))) === 'away') throw AWAY;
      return;
    }
    await transactInMemory(this.#platform, system(listener.name), async (tx) => {
      for (const isReplay of [true, false]) if (part(isReplay).length > 0) await listener.on(tx, part(isReplay), isReplay);
      return ok(undefined);
    });
  }

  #fail({ name }: Listener, { retries }: Cursor, { index, isReplay }: Delivery, attempts: number, error: unknown): void {
    const dueAt = this.#platform.clock.now() + retryDelayMs(attempts);
    retries.set(keyOf({ index, isReplay }), { index, isReplay, attempts, dueAt, parked: attempts >= ATTEMPTS_MAX, lastError: reasonOf(error) });
    const { data, position, traceId } = toRecordedEvent(this.#event(index), index);
    this.#log.warn('a subscription failed on an event', {
      subscription: name,
      type: data.type,
      position,
      attempts,
      reason: reasonOf(error),
      ...(traceId !== undefined && { traceId }),
    });
  }

  /** Nothing moves a cursor while a batch is under way. */
  async #alone<T>(name: string, work: () => Promise<T>): Promise<T> {
    const release = await this.#platform.store.acquire(`platform.subscribers/${name}`);
    try {
      return await work();
    } finally {
      release();
    }
  }

  #event(index: number): StoredEvent {
    const event = this.#platform.store.events[index];
    if (!event) throw new Error(`there is no event at ${index}`);
    return event;
  }

  #cursor(name: string): Cursor {
    const cursor = this.#cursors.get(name);
    if (!cursor) throw new Error(`no subscription named ${name}`);
    return cursor;
  }
}
