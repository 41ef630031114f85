import type { EventQueries, EventSearch, EventView, LogControl, Retry } from '#application/platform/events.ts';
import type { Range, RangeReplay, RangeReplays } from '#application/platform/range-replays.ts';
import { pageOf } from '#application/shared/page.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import { type MemoryEventLog, type MemoryRetry, toRecordedEvent } from '../event-log.ts';
import { newestFirst } from '../paging.ts';
import type { MemoryStore } from '../store.ts';
import type { MemoryTx } from '../tx.ts';
import { type MemoryPlatform, transactInMemory } from '../unit-of-work.ts';

const REPLAYS = 'platform.range_replays';
const BATCH = 200;

const viewsOf = (store: MemoryStore): EventView[] => store.events.map(toRecordedEvent);

function matches({ data, stream, restaurantId, actor, recordedAt }: EventView, search: EventSearch): boolean {
  return (
    (search.type === undefined || data.type === search.type) &&
    (search.stream === undefined || stream === search.stream) &&
    (search.restaurantId === undefined || restaurantId === search.restaurantId) &&
    (search.actor === undefined || actor === search.actor) &&
    (search.from === undefined || recordedAt >= search.from) &&
    (search.to === undefined || recordedAt < search.to)
  );
}

export const memoryEventQueries = (store: MemoryStore, log: MemoryEventLog): EventQueries => ({
  async search(search, page) {
    const found = viewsOf(store).filter((event) => matches(event, search));
    return pageOf(
      newestFirst(found, ({ id }) => id, page),
      page.limit,
      ({ id }) => id,
      (event) => event,
    );
  },
  find: async (id) => viewsOf(store).find((event) => event.id === id),
  async statistics(since) {
    const recent = viewsOf(store).filter(({ recordedAt }) => recordedAt >= since);
    return [...Map.groupBy(recent, ({ data }) => data.type)]
      .map(([type, events]) => ({ type, count: events.length, lastAt: Math.max(...events.map(({ recordedAt }) => recordedAt)) }))
      .sort((a, b) => (a.type < b.type ? -1 : 1));
  },
  async retries(subscription, { isParked }, { limit, after }) {
    const rows = log
      .retriesOf(subscription)
      .filter(({ parked }) => isParked === undefined || parked === isParked)
      .filter((retry) => after === undefined || placeOf(retry) > after);
    return pageOf(rows.slice(0, limit + 1), limit, placeOf, (retry): Retry => {
      const { id, position, data } = viewsOf(store)[retry.index] as EventView;
      const { isReplay, attempts, dueAt, parked, lastError } = retry;
      return { eventId: id, type: data.type, position, isReplay, attempts, dueAt, isParked: parked, lastError };
    });
  },
});

const placeOf = ({ index, isReplay }: MemoryRetry): string => `${String(index + 1).padStart(20, '0')}${isReplay ? 'r' : ''}`;

export function memoryLogControl(tx: MemoryTx, { store, clock }: MemoryPlatform, log: MemoryEventLog): LogControl {
  const indexOf = (eventId: string): number => store.events.findIndex(({ id }) => id === eventId);
  const parkedOf = (subscription: string, eventId: string): readonly MemoryRetry[] =>
    log.retriesOf(subscription).filter(({ index, parked }) => parked && index === indexOf(eventId));
  return {
    knows: (subscription) => log.subscription(subscription) !== undefined,
    async unpark(subscription, eventId) {
      const isMeant = ({ index }: MemoryRetry): boolean => eventId === undefined || index === indexOf(eventId);
      tx.afterCommit(() => void log.unparkSome(subscription, isMeant));
      return log.retriesOf(subscription).filter((retry) => retry.parked && isMeant(retry)).length;
    },
    async discard(subscription, eventId) {
      const parked = parkedOf(subscription, eventId);
      const [first] = parked;
      if (!first) return undefined;
      tx.afterCommit(() => {
        for (const retry of parked) log.discard(subscription, retry);
      });
      const { data, position } = viewsOf(store)[first.index] as EventView;
      return { type: data.type, position };
    },
    async replayRange(subscription, range, id, requestedBy) {
      const wanted = eventsOf(store, log, subscription, range);
      const [first, last] = [wanted[0], wanted.at(-1)];
      if (!first || !last) return undefined;
      const replay: MemoryReplay = {
        id,
        subscription,
        fromPosition: first.position,
        toPosition: last.position,
        types: range.types ?? null,
        handled: 0,
        status: 'running',
        requestedBy,
        requestedAt: clock.now(),
        endedAt: null,
        lastError: null,
        done: Number(first.position) - 1,
      };
      tx.insert(REPLAYS, id, replay);
      return replay;
    },
  };
}

type MemoryReplay = RangeReplay & { /** How many events of the log lie behind it. */ readonly done: number };

/** What a subscription has had of a range. */
function eventsOf(store: MemoryStore, log: MemoryEventLog, name: string, { from, to, types }: Range): EventView[] {
  const handles = log.subscription(name)?.types ?? [];
  const isIn = ({ position, recordedAt, data }: EventView): boolean =>
    (from === undefined || ('position' in from ? Number(position) >= Number(from.position) : recordedAt >= from.at)) &&
    (to === undefined || ('position' in to ? Number(position) <= Number(to.position) : recordedAt <= to.at)) &&
    (types === undefined || types.includes(data.type)) &&
    handles.includes(data.type);
  return viewsOf(store).slice(0, log.had(name)).filter(isIn);
}

export const memoryRangeReplays = (platform: MemoryPlatform, log: MemoryEventLog): RangeReplays => {
  const { store, clock } = platform;
  return {
    async advance(id) {
      const name = store.row<MemoryReplay>(REPLAYS, id)?.subscription ?? 'replay';
      const advanced = await transactInMemory(platform, system(name), async (tx) => {
        await tx.lock(REPLAYS, [id]);
        const replay = tx.get<MemoryReplay>(REPLAYS, id);
        if (replay?.status !== 'running') return ok(false);
        const { fromPosition, toPosition, types, done } = replay;
        const range = { from: { position: fromPosition }, to: { position: toPosition }, types: types ?? undefined };
        const batch = eventsOf(store, log, name, range)
          .filter(({ position }) => Number(position) > done)
          .slice(0, BATCH);
        if (batch.length > 0) await log.subscription(name)?.on(tx, batch, true);
        const hasMore = batch.length === BATCH;
        const [handled, now] = [replay.handled + batch.length, clock.now()];
        const next = { ...replay, handled, lastError: null, done: Number(batch.at(-1)?.position ?? done) };
        tx.set(REPLAYS, id, hasMore ? next : { ...next, status: 'done', endedAt: now });
        if (!hasMore) {
          const event = { type: 'platform.replay_done', replayId: id, subscription: name, handled, at: now };
          tx.append({ stream: `range_replay:${id}`, version: 1, restaurantId: null }, [event]);
        }
        return ok(hasMore);
      });
      return advanced.value;
    },
    async noteFailure(id, lastError) {
      await transactInMemory(platform, system('replay'), async (tx) => {
        const replay = tx.get<MemoryReplay>(REPLAYS, id);
        if (replay) tx.set(REPLAYS, id, { ...replay, lastError });
        return ok(undefined);
      });
    },
    find: async (id) => store.row<MemoryReplay>(REPLAYS, id),
    list: async (limit) => store.rows<MemoryReplay>(REPLAYS).reverse().slice(0, limit),
  };
};
