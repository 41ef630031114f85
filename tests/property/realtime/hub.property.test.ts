import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MemoryBroker } from '#adapters/memory/realtime/broker.ts';
import type { Connection } from '#adapters/websocket/connection.ts';
import { Hub } from '#adapters/websocket/hub.ts';
import { type Broker, BrokerAway, type Ears, type Heard } from '#application/realtime/ports.ts';

const CHANNEL = 'order:one';

/** A broker whose every word travels: it may be lost, doubled or overtaken, and its answers take as long as they like. */
class Faulty {
  inner = new MemoryBroker(() => 0);
  readonly underway: Heard[] = [];
  isAway = false;
  #ears: Ears | undefined;
  readonly broker: Broker;

  constructor(scheduler: fc.Scheduler) {
    this.#wire();
    const slowly = async <T>(ask: () => Promise<T>, label: string): Promise<T> => {
      await scheduler.schedule(Promise.resolve(), `${label} asked`);
      if (this.isAway) throw new BrokerAway('away');
      const answer = await ask();
      await scheduler.schedule(Promise.resolve(), `${label} answered`);
      return answer;
    };
    this.broker = {
      publish: (channel, data, key) => this.inner.publish(channel, data, key),
      signal: () => Promise.resolve(),
      listen: () => slowly(async () => undefined, 'listen'),
      ignore: () => undefined,
      since: (channel, from) => slowly(() => this.inner.since(channel, from), 'since'),
      page: (channel, request) => this.inner.page(channel, request),
      attach: (ears) => {
        this.#ears = ears;
      },
      close: () => Promise.resolve(),
    };
  }

  /** All that was kept is gone, and what comes is another stream. */
  flush(): void {
    this.inner = new MemoryBroker(() => 0);
    this.#wire();
  }

  #wire(): void {
    void this.inner.listen(CHANNEL);
    this.inner.attach({ hear: (_, heard) => this.underway.push(heard), interrupted: () => undefined });
  }

  deliver(at: number, isKept: boolean): void {
    const i = at % Math.max(1, this.underway.length);
    const heard = this.underway[i];
    if (!isKept) this.underway.splice(i, 1);
    if (heard) this.#ears?.hear(CHANNEL, heard);
  }
}

/** One who follows: where it began, and all it was told since. */
class Follower {
  readonly offsets: number[] = [];
  from: number | undefined;
  closedWith: number | undefined;
  readonly connection = {
    send: (text: Buffer) => {
      if (this.closedWith === undefined) this.offsets.push(JSON.parse(text.toString()).push.pub.offset);
      return true;
    },
    close: ({ code }: { readonly code: number }) => {
      this.closedWith ??= code;
    },
  } as unknown as Connection;
}

const CALM = ['publish', 'publish', 'join', 'rejoin', 'deliver', 'deliver', 'double', 'check', 'leave'] as const;
const LOSSY = [...CALM, 'lose'] as const;
const WILD = [...LOSSY, 'away', 'back', 'flush'] as const;
type Step = { readonly do: (typeof WILD)[number]; readonly at: number };
/** What can go wrong is chosen first: where everything can, little can be demanded. */
const story: fc.Arbitrary<Step[]> = fc
  .constantFrom<readonly Step['do'][]>(CALM, LOSSY, WILD)
  .chain((kinds) => fc.array(fc.record({ do: fc.constantFrom(...kinds), at: fc.nat({ max: 5 }) }), { minLength: 10, maxLength: 60, size: 'max' }));

it('whatever is lost, doubled or late on the way: who follows is told everything once and in order, or sent to come back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), story, async (scheduler, steps) => {
      const faulty = new Faulty(scheduler);
      const hub = new Hub(faulty.broker, () => undefined);
      const followers: Follower[] = [];
      const pending: Promise<unknown>[] = [];
      let published = 0;
      let isFlushed = false;
      const join = (since: number | undefined) => {
        const follower = new Follower();
        followers.push(follower);
        const seat = async () => {
          const { epoch } = (await faulty.inner.since(CHANNEL)).position;
          const from = since === undefined ? undefined : { epoch, offset: since };
          const { stretch, begin } = await hub.seat(follower.connection, CHANNEL, from, false);
          if (from && !stretch.isComplete) expect(isFlushed).toBe(true); // Or everything is kept.
          follower.from = from && stretch.isComplete ? from.offset : stretch.position.offset;
          follower.offsets.push(...stretch.publications.map(({ offset }) => offset));
          begin();
        };
        pending.push(
          seat().catch((error: unknown) => {
            if (!(error instanceof BrokerAway)) throw error;
            follower.closedWith = 100;
          }),
        );
      };
      const act: Readonly<Record<Step['do'], (at: number) => unknown>> = {
        publish: () => faulty.broker.publish(CHANNEL, '{}', `${++published}`),
        join: () => join(undefined),
        rejoin: (at) => join(Math.max(0, published - at)),
        deliver: (at) => faulty.deliver(at, false),
        double: (at) => faulty.deliver(at, true),
        lose: (at) => faulty.underway.splice(at, 1),
        check: () => pending.push(hub.checkAll()),
        leave: (at) => {
          const [gone] = followers.splice(at, 1);
          if (gone) hub.unseat(gone.connection, CHANNEL);
        },
        away: () => {
          faulty.isAway = true;
        },
        back: () => {
          faulty.isAway = false;
        },
        flush: () => {
          faulty.flush();
          isFlushed = true;
          published = 0;
        },
      };
      for (const one of steps) {
        await act[one.do](one.at);
        for (let i = 0; i < one.at % 3 && scheduler.count() > 0; i++) {
          await scheduler.waitOne();
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
      faulty.isAway = false;
      const rest = async () => {
        for (let quiet = 0; quiet < 3; quiet++) {
          while (scheduler.count() > 0) await scheduler.waitOne();
          await new Promise((resolve) => setImmediate(resolve));
          if (scheduler.count() > 0) quiet = -1;
        }
      };
      await rest();
      await Promise.all(pending);
      while (faulty.underway.length > 0) faulty.deliver(0, false);
      await rest();
      const open = () => followers.filter(({ from, closedWith }) => from !== undefined && closedWith === undefined);
      const isClean = !steps.some(({ do: what }) => what === 'lose' || what === 'away' || what === 'flush');
      if (isClean) for (const { from = 0, offsets } of open()) expect(from + offsets.length).toBe(published);
      pending.push(hub.checkAll()); // As it does every half minute.
      await rest();
      await Promise.all(pending);

      for (const { from = 0, offsets, closedWith } of followers) {
        expect([undefined, 100, ...(isFlushed ? [3010] : [])]).toContain(closedWith);
        expect(offsets).toEqual(offsets.map((_, i) => from + 1 + i));
      }
      for (const { from = 0, offsets } of open()) expect(from + offsets.length).toBe(published);
    }),
    { numRuns: 400 },
  );
});
