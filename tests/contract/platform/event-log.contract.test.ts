import { ContainerModule } from 'inversify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MemoryTx } from '#adapters/memory/tx.ts';
import type { PostgresTx } from '#adapters/postgres/tx.ts';
import type { EventLog } from '#application/shared/event-log.ts';
import type { RecordedEvent, Subscription } from '#application/shared/events.ts';
import { Partners } from '#composition/modules/partners.ts';
import { Platform } from '#composition/modules/platform.ts';
import { Restaurant } from '#domain/partners/restaurant.ts';
import { system } from '#domain/shared/actor.ts';
import { err, ok } from '#domain/shared/result.ts';
import { eventually } from '#adapters/shared/eventually.ts';
import { PROFILES } from '../../support/profiles.ts';
import { restaurantSettings } from '../../support/restaurants.ts';
import { startWorld, type World } from '../../support/world.ts';

type Seen = { readonly id: string; readonly isReplay: boolean };
const BAD = 'Poisoned';
const DELAY_MS = 1_100; // The first retry comes after a second.

/** A listener whose effect is a row, so that what it saw twice it could not have written twice. */
class Probe {
  failures = 0;
  readonly calls: Seen[] = [];

  on = async (insert: (id: string) => Promise<void>, events: readonly RecordedEvent[], isReplay: boolean): Promise<void> => {
    for (const event of events) {
      const { settings } = event.data as unknown as { settings: { name: string } };
      if (!isReplay) await insert(event.id);
      if (settings.name === BAD && this.failures > 0) {
        this.failures -= 1;
        throw new Error('poisoned');
      }
      this.calls.push({ id: event.id, isReplay });
    }
  };
}

describe.each(PROFILES)('the event log on %s', (profile) => {
  const probe = new Probe();
  let world: World;
  let log: EventLog;
  const subscription = { name: 'probe', types: ['partners.restaurant_opened'] };

  beforeAll(async () => {
    const overrides = new ContainerModule(({ bind }) => {
      const memory: Subscription<MemoryTx> = { ...subscription, on: (tx, events, replay) => probe.on(async (id) => tx.insert('test.seen', id, { id }), events, replay) };
      const postgres: Subscription<PostgresTx> = {
        ...subscription,
        on: (tx, events, replay) => probe.on(async (id) => void (await tx.sql('insert into public.seen values ($1::uuid)', [id])), events, replay),
      };
      bind(Platform.memorySubscriptions).toConstantValue(memory);
      bind(Platform.postgresSubscriptions).toConstantValue(postgres);
    });
    world = await startWorld(profile, overrides);
    const { store } = world.database;
    if (store.kind === 'sql') await store.orm.em.fork().execute('create table public.seen (id uuid primary key)');
    log = world.container.get(Platform.eventLog);
  });
  afterAll(() => world.close());

  const open = async (name: string): Promise<void> => {
    const opened = Restaurant.open(world.container.get(Platform.ids).next(), restaurantSettings({ name }), 1);
    if (!opened.ok) throw new Error('fixture');
    await world.container.get(Partners.uow).run(system('test'), async (tx) => ok(await tx.restaurants.save(opened.value)));
  };
  const lagOfProbe = async () => (await log.lag()).find(({ name }) => name === 'probe');
  const calls = (count: number, withinMs = 5_000) =>
    eventually(
      async () => probe.calls.length,
      (seen) => seen >= count,
      withinMs,
    );

  it('hands every committed event to a subscription once, in order', async () => {
    for (let i = 0; i < 30; i++) await open(`Restaurant ${i}`);
    await log.settle();
    expect(await calls(30)).toBe(30);
    const ids = probe.calls.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort());
    expect(await lagOfProbe()).toMatchObject({ behind: 0, retrying: 0, parked: 0 });
  });

  it('hands over nothing of a transaction that was refused', async () => {
    const before = probe.calls.length;
    const opened = Restaurant.open(world.container.get(Platform.ids).next(), restaurantSettings({ name: 'Never' }), 1);
    if (!opened.ok) throw new Error('fixture');
    await world.container.get(Partners.uow).run(system('test'), async (tx) => {
      await tx.restaurants.save(opened.value);
      return err('changed our mind');
    });
    await log.settle();
    expect(probe.calls.length).toBe(before);
  });

  it('lets nothing wait behind an event that fails, and tries that one again', async () => {
    const before = probe.calls.length;
    probe.failures = 2; // In the batch, and then alone.
    await Promise.all([open('Before'), open(BAD), open('After')]);
    await calls(before + 2);
    await log.settle();
    expect(probe.calls.length).toBe(before + 2);
    expect(await lagOfProbe()).toMatchObject({ retrying: 1, parked: 0 });

    await calls(before + 3, DELAY_MS + 3_000);
    expect(probe.calls.length).toBe(before + 3);
    expect(await lagOfProbe()).toMatchObject({ retrying: 0, parked: 0 });
  });

  it('replays the whole log on request, and says that it does', async () => {
    const known = new Set(probe.calls.map(({ id }) => id)).size;
    probe.calls.length = 0;
    expect(await log.replay('probe')).toBe(true);
    await calls(known);
    await log.settle();
    expect(probe.calls).toHaveLength(known);
    expect(probe.calls.every(({ isReplay }) => isReplay)).toBe(true);

    await open('Fresh');
    await calls(known + 1);
    expect(probe.calls.at(-1)?.isReplay).toBe(false);
    expect(await log.replay('nobody')).toBe(false);
  });
});
