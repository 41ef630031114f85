import { ContainerModule } from 'inversify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PostgresOutlet } from '#adapters/postgres/events/outlet.ts';
import type { EventLog } from '#application/shared/event-log.ts';
import type { Outlet, RecordedEvent } from '#application/shared/events.ts';
import { Partners } from '#composition/modules/partners.ts';
import { Platform } from '#composition/modules/platform.ts';
import { Restaurant } from '#domain/partners/restaurant.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import { must } from '../../support/must.ts';
import { PROFILES, SILENT } from '../../support/profiles.ts';
import { restaurantSettings } from '../../support/restaurants.ts';
import { until } from '../../support/sockets.ts';
import { startWorld, type World } from '../../support/world.ts';

const HOUR = 3_600_000;
const nameOf = (event: RecordedEvent): string => (event.data as unknown as { settings: { name: string } }).settings.name;

describe.each(PROFILES)('an outlet of the log on %s', (profile) => {
  const taken: string[] = [];
  const tried: string[] = [];
  /** Names it throws on, and how often it still does. */
  const poisoned = new Map<string, number>();
  let isAway = false;
  let ahead = 0;
  let world: World;
  let log: EventLog;

  const outlet: Outlet = {
    name: 'probe',
    types: ['partners.restaurant_opened'],
    async deliver(events) {
      tried.push(...events.map(nameOf));
      if (isAway) return 'away';
      const bad = events.find((event) => (poisoned.get(nameOf(event)) ?? 0) > 0);
      if (bad) {
        poisoned.set(nameOf(bad), (poisoned.get(nameOf(bad)) as number) - 1);
        throw new Error('poisoned');
      }
      if (profile !== 'memory') await lockCursor(world); // Never ends where its own transaction is open.
      for (const event of events) if (!taken.includes(event.id)) taken.push(nameOf(event));
      return 'delivered';
    },
  };

  const open = async (...names: string[]) => {
    for (const name of names) {
      await world.container.get(Partners.uow).run(system('test'), async (tx) => {
        await tx.restaurants.save(must(Restaurant.open(crypto.randomUUID(), restaurantSettings({ name }), Date.now())));
        return ok(undefined);
      });
    }
  };

  beforeAll(async () => {
    const overrides = new ContainerModule(({ bind, rebind }) => {
      bind(Platform.outlets).toConstantValue(outlet);
      rebind(Platform.clock).toConstantValue({ now: () => Date.now() + ahead });
      rebind(Platform.log).toConstantValue(SILENT);
    });
    world = await startWorld(profile, overrides);
    log = world.container.get(Platform.eventLog);
  });
  afterAll(() => world.close());
  beforeEach(() => {
    taken.length = 0;
    tried.length = 0;
  });

  it('is handed what was committed, in order, while no transaction is open', async () => {
    await open('a', 'b', 'c');
    await until(() => taken.length === 3);
    expect(taken).toEqual(['a', 'b', 'c']);
    expect(tried).toEqual(taken);
  });

  it('is handed the same again, in the same order, for as long as it can deliver nothing', async () => {
    isAway = true;
    await open('d', 'e');
    await until(() => tried.filter((name) => name === 'd').length >= 2);
    expect(taken).toEqual([]);
    isAway = false;
    await until(() => taken.length === 2);
    expect(taken).toEqual(['d', 'e']);
    expect((await log.lag()).find(({ name }) => name === 'probe')).toMatchObject({ retrying: 0, parked: 0 });
  });

  it('has one that it throws on tried apart, while the others go on', async () => {
    poisoned.set('bad', 3); // With its batch, alone, and once more later.
    await open('f', 'bad', 'g');
    await until(() => taken.includes('g'));
    expect(taken).toContain('f');
    expect(taken).not.toContain('bad');
    await until(async () => {
      ahead += 60_000;
      await open('tick'); // Wakes it.
      return taken.includes('bad');
    });
    poisoned.set('hopeless', Number.POSITIVE_INFINITY);
    await open('hopeless');
    await until(async () => {
      ahead += HOUR;
      await open('tick');
      return (await log.lag()).find(({ name }) => name === 'probe')?.parked === 1;
    });
  });

  it('is never handed a replay', async () => {
    await open('h');
    await until(() => taken.includes('h'));
    await log.settle();
    tried.length = 0;
    expect(await log.replay('probe')).toBe(true);
    await log.settle();
    await open('i');
    await until(() => taken.includes('i'));
    expect(tried.filter((name) => name !== 'i' && name !== 'tick')).toEqual([]);
  });

  if (profile === 'postgres')
    it('is at work on one node at a time, and on another when that one died with it', async () => {
      const platform = world.container.get(Platform.postgres);
      await log.stop();
      let hold = (): void => undefined;
      const held = new Promise<void>((resolve) => {
        hold = resolve;
      });
      const seen: string[] = [];
      const nodeOf = (name: string, wait: Promise<void> | undefined) =>
        new PostgresOutlet(
          platform,
          {
            ...outlet,
            async deliver(events) {
              seen.push(...events.map((event) => `${name} ${nameOf(event)}`));
              await wait;
              return 'delivered';
            },
          },
          SILENT,
        );
      await open('j', 'k');
      await settled(world);
      const dying = nodeOf('one', held).step(); // It never comes back, as far as others know.
      await until(() => seen.length > 0);
      await nodeOf('two', undefined).step();
      expect(seen).toEqual(['one j', 'one k']);
      ahead += 6_000;
      await nodeOf('two', undefined).step();
      expect(seen).toEqual(['one j', 'one k', 'two j', 'two k']);
      await open('l');
      await settled(world);
      hold();
      await dying; // Late, it moves nothing back.
      await nodeOf('three', undefined).step();
      expect(seen.slice(4)).toEqual(['three l']);
      await log.start();
    });
});

/** Takes the lock on the outlet's cursor, which no transaction may hold meanwhile. */
async function lockCursor({ container }: World): Promise<void> {
  await container.get(Platform.sql)()(`select 1 from platform.subscribers where name = 'probe' for update`);
}

/** Resolves when no transaction of the server is older than what is in the log, so that the next step reads all of it. */
async function settled({ container }: World): Promise<void> {
  const sql = container.get(Platform.sql);
  const HIDDEN = 'select exists (select 1 from platform.events where xid >= pg_snapshot_xmin(pg_current_snapshot())) as hidden';
  await until(async () => (await sql()<{ hidden: boolean }>(HIDDEN))[0]?.hidden === false);
}
