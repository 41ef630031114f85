import type { EventLog } from '#application/shared/event-log.ts';
import type { RecordedEvent, Subscription, SubscriptionLag } from '#application/shared/events.ts';
import type { Log } from '#application/shared/ports.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import { ATTEMPTS_MAX, retryDelayMs } from '../shared/backoff.ts';
import { WorkerLoop } from '../shared/worker-loop.ts';
import type { StoredEvent } from './store.ts';
import type { MemoryTx } from './tx.ts';
import { type MemoryPlatform, transactInMemory } from './unit-of-work.ts';

const BATCH = 500;
const POLL_MS = 500;

type Retry = { readonly index: number; readonly attempts: number; readonly dueAt: number; readonly parked: boolean };
type Cursor = { next: number; replayUntil: number; readonly retries: Map<number, Retry> };

export const toRecordedEvent = ({ json, ...event }: StoredEvent, index: number): RecordedEvent => ({
  ...event,
  position: String(index + 1),
  data: JSON.parse(json) as { type: string },
});

/** The log of the memory profile, with the promises of the real one: cursors, batches, retries, parking, replay. */
export class MemoryEventLog implements EventLog {
  readonly #platform: MemoryPlatform;
  readonly #subscriptions: readonly Subscription<MemoryTx>[];
  readonly #log: Log;
  readonly #cursors = new Map<string, Cursor>();
  #loops: readonly WorkerLoop[] = [];
  #unlisten: () => void = () => undefined;

  constructor(platform: MemoryPlatform, subscriptions: readonly Subscription<MemoryTx>[], log: Log) {
    this.#platform = platform;
    this.#subscriptions = subscriptions;
    this.#log = log;
    for (const { name } of subscriptions) this.#cursors.set(name, { next: 0, replayUntil: platform.store.events.length, retries: new Map() });
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
    return this.#subscriptions.map(({ name }) => {
      const { next, retries } = this.#cursor(name);
      const oldest = store.events[next];
      const parked = [...retries.values()].filter((retry) => retry.parked).length;
      return {
        name,
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
    cursor.next = 0;
    cursor.replayUntil = this.#platform.store.events.length;
    cursor.retries.clear();
    for (const loop of this.#loops) loop.nudge();
    return true;
  }

  async unpark(name: string): Promise<number> {
    const { retries } = this.#cursor(name);
    const parked = [...retries.values()].filter((retry) => retry.parked);
    for (const { index } of parked) retries.set(index, { index, attempts: 0, dueAt: this.#platform.clock.now(), parked: false });
    for (const loop of this.#loops) loop.nudge();
    return parked.length;
  }

  async settle(): Promise<void> {
    const until = this.#platform.store.events.length;
    while ([...this.#cursors.values()].some(({ next }) => next < until)) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  /** Handles what is due for another attempt, then the next batch. True when there may be more. */
  async step(subscription: Subscription<MemoryTx>): Promise<boolean> {
    const { store } = this.#platform;
    const cursor = this.#cursor(subscription.name);
    const retried = await this.#retryOne(subscription, cursor);
    const from = cursor.next;
    const to = Math.min(store.events.length, from + BATCH);
    try {
      await this.#handle(subscription, from, to, cursor.replayUntil);
    } catch {
      for (let index = from; index < to; index++) {
        await this.#handle(subscription, index, index + 1, cursor.replayUntil).catch((error) => this.#fail(subscription, cursor, index, 1, error));
      }
    }
    if (cursor.next === from) cursor.next = to; // Unless a replay moved it meanwhile.
    return retried || to - from === BATCH;
  }

  async #retryOne(subscription: Subscription<MemoryTx>, cursor: Cursor): Promise<boolean> {
    const now = this.#platform.clock.now();
    const due = [...cursor.retries.values()].find(({ parked, dueAt }) => !parked && dueAt <= now);
    if (!due) return false;
    try {
      await this.#handle(subscription, due.index, due.index + 1, 0);
      cursor.retries.delete(due.index);
    } catch (error) {
      this.#fail(subscription, cursor, due.index, due.attempts + 1, error);
    }
    return true;
  }

  async #handle({ name, types, on }: Subscription<MemoryTx>, from: number, to: number, replayUntil: number): Promise<void> {
    const events = this.#platform.store.events
      .slice(from, to)
      .map((event, i) => ({ event: toRecordedEvent(event, from + i), isReplay: from + i < replayUntil }))
      .filter(({ event }) => types.includes(event.data.type));
    for (const isReplay of [true, false]) {
      const part = events.filter((one) => one.isReplay === isReplay).map(({ event }) => event);
      if (part.length === 0) continue;
      await transactInMemory(this.#platform, system(name), async (tx) => ok(await on(tx, part, isReplay)));
    }
  }

  #fail({ name }: Subscription<MemoryTx>, { retries }: Cursor, index: number, attempts: number, error: unknown): void {
    const dueAt = this.#platform.clock.now() + retryDelayMs(attempts);
    retries.set(index, { index, attempts, dueAt, parked: attempts >= ATTEMPTS_MAX });
    this.#log.warn('a subscription failed on an event', { subscription: name, attempts, error });
  }

  #cursor(name: string): Cursor {
    const cursor = this.#cursors.get(name);
    if (!cursor) throw new Error(`no subscription named ${name}`);
    return cursor;
  }
}
