import { ContainerModule } from 'inversify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MemoryTx } from '#adapters/memory/tx.ts';
import type { PostgresTx } from '#adapters/postgres/tx.ts';
import { eventually } from '#adapters/shared/eventually.ts';
import type { EventLog } from '#application/shared/event-log.ts';
import type { RecordedEvent, Subscription } from '#application/shared/events.ts';
import { Partners } from '#composition/modules/partners.ts';
import { Platform } from '#composition/modules/platform.ts';
import { Restaurant } from '#domain/partners/restaurant.ts';
import { system } from '#domain/shared/actor.ts';
import { err, ok } from '#domain/shared/result.ts';
import { PROFILES, SILENT } from '../../support/profiles.ts';
import { restaurantSettings } from '../../support/restaurants.ts';
import { startWorld, type World } from '../../support/world.ts';

const BAD = 'Poisoned';
const RETRY_MS = 1_000; // The first retry comes after a second.

/** A listener whose effect is a row: what it wrote is what took effect, and writing it twice would fail. */
class Probe {
  /** How often an event of that name still fails. */
  readonly failures = new Map<string, number>();

  on = async (insert: (id: string) => Promise<void>, events: readonly RecordedEvent[], isReplay: boolean): Promise<void> => {
    for (const event of events) {
      const { settings } = event.data as unknown as { settings: { name: string } };
      await insert(`${isReplay ? 'replay' : 'live'} ${event.id}`);
      const left = this.failures.get(settings.name) ?? 0;
      if (left === 0) continue;
      this.failures.set(settings.name, left - 1);
      throw new Error('poisoned');
    }
  };
}

describe.each(PROFILES)('the event log on %s', (profile) => {
  const probe = new Probe();
  const warnings: unknown[] = [];
  let world: World;
  let log: EventLog;
  const subscription = { name: 'probe', types: ['partners.restaurant_opened'] };

  beforeAll(async () => {
    const overrides = new ContainerModule(({ bind, rebind }) => {
      const memory: Subscription<MemoryTx> = {
        ...subscription,
        on: (tx, events, replay) => probe.on(async (id) => tx.insert('test.seen', id, { id }), events, replay),
      };
      const postgres: Subscription<PostgresTx> = {
        ...subscription,
        on: (tx, events, replay) => probe.on(async (id) => void (await tx.sql('insert into public.seen values ($1)', [id])), events, replay),
      };
      rebind(Platform.log).toConstantValue({ ...SILENT, warn: (message, facts) => void warnings.push({ message, ...facts }) });
      bind(Platform.memorySubscriptions).toConstantValue(memory);
      bind(Platform.postgresSubscriptions).toConstantValue(postgres);
    });
    world = await startWorld(profile, overrides);
    const { store } = world.database;
    if (store.kind === 'sql') await store.orm.em.fork().execute('create table public.seen (id text primary key, n serial)');
    log = world.container.get(Platform.eventLog);
  });
  afterAll(() => world.close());

  const open = async (name: string): Promise<void> => {
    const opened = Restaurant.open(world.container.get(Platform.ids).next(), restaurantSettings({ name }), 1);
    if (!opened.ok) throw new Error('fixture');
    await world.container.get(Partners.uow).run(system('test'), async (tx) => ok(await tx.restaurants.save(opened.value)));
  };
  const lagOfProbe = async () => (await log.lag()).find(({ name }) => name === 'probe');
  const effects = async (kind: 'live' | 'replay'): Promise<string[]> => {
    const { store } = world.database;
    const ids =
      store.kind === 'memory'
        ? world.container
            .get(Platform.store)
            .rows<{ id: string }>('test.seen')
            .map(({ id }) => id)
        : (await world.container.get(Platform.sql)()<{ id: string }>('select id from public.seen order by n')).map(({ id }) => id);
    return ids.filter((id) => id.startsWith(kind));
  };
  const forgetReplays = async (): Promise<void> => {
    const { store } = world.database;
    if (store.kind === 'sql') await store.orm.em.fork().execute(`delete from public.seen where id like 'replay %'`);
    else for (const id of await effects('replay')) world.container.get(Platform.store).table('test.seen').delete(id);
  };
  const settled = async (kind: 'live' | 'replay', count: number): Promise<number> => {
    await eventually(
      () => effects(kind),
      (seen) => seen.length >= count,
      RETRY_MS + 15_000, // A busy machine is no failure.
    );
    await log.settle();
    return (await effects(kind)).length;
  };

  it('hands every committed event to a subscription once, in order', async () => {
    for (let i = 0; i < 30; i++) await open(`Restaurant ${i}`);
    expect(await settled('live', 30)).toBe(30);
    const ids = await effects('live');
    expect(ids).toEqual([...ids].sort());
    expect(await lagOfProbe()).toMatchObject({ behind: 0, retrying: 0, parked: 0 });
  });

  it('hands over nothing of a transaction that was refused', async () => {
    const opened = Restaurant.open(world.container.get(Platform.ids).next(), restaurantSettings({ name: 'Never' }), 1);
    if (!opened.ok) throw new Error('fixture');
    await world.container.get(Partners.uow).run(system('test'), async (tx) => {
      await tx.restaurants.save(opened.value);
      return err('changed our mind');
    });
    expect(await settled('live', 30)).toBe(30);
  });

  it('lets nothing wait behind an event that fails, and tries that one again', async () => {
    probe.failures.set(BAD, 2); // Once in a batch, and once alone.
    await open(BAD);
    await open('After');
    expect(await settled('live', 31)).toBe(31);
    await eventually(lagOfProbe, (lag) => lag?.retrying === 1, 1_000);
    expect(await lagOfProbe()).toMatchObject({ retrying: 1, parked: 0 });

    expect(await settled('live', 32)).toBe(32);
    expect(await lagOfProbe()).toMatchObject({ retrying: 0, parked: 0 });
    expect(warnings).toEqual([
      {
        message: 'a subscription failed on an event',
        subscription: 'probe',
        type: 'partners.restaurant_opened',
        position: expect.any(String),
        attempts: 1,
        reason: 'poisoned',
      },
    ]);
  });

  it('replays the whole log on request, and says that it does', async () => {
    expect(await effects('replay')).toEqual([]);
    expect(await log.replay('probe')).toBe(true);
    expect(await settled('replay', 32)).toBe(32);
    expect(await effects('live')).toHaveLength(32);

    await open('Fresh');
    expect(await settled('live', 33)).toBe(33);
    expect(await log.replay('nobody')).toBe(false);
  });

  it('keeps what is still owed live through a replay, and replays what fails in it on its own', async () => {
    await forgetReplays();
    probe.failures.set('Owed', 4); // In a batch and alone, live; in a batch and alone, replayed.
    await open('Owed');
    await eventually(lagOfProbe, (lag) => lag?.retrying === 1, 1_000);
    await log.stop();
    await open('Unread');
    await log.replay('probe');
    await log.start();
    expect(await settled('replay', 34)).toBe(34);
    expect(await settled('live', 35)).toBe(35);
    expect(await lagOfProbe()).toMatchObject({ behind: 0, retrying: 0, parked: 0 });
    expect(warnings).toHaveLength(3);
  });

  it('undoes a batch that was half replay and half live as a whole', async () => {
    await forgetReplays();
    await log.stop();
    probe.failures.set('Late', 2);
    await open('Late');
    await log.replay('probe');
    await log.start();
    expect(await settled('replay', 35)).toBe(35);
    expect(await settled('live', 36)).toBe(36);
    expect(await lagOfProbe()).toMatchObject({ behind: 0, retrying: 0, parked: 0 });
    expect(warnings).toHaveLength(4);
  });
});
