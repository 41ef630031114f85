import { ContainerModule } from 'inversify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cache } from '#application/platform/cache.ts';
import { Platform } from '#composition/modules/platform.ts';
import { type Kitchen, openKitchen } from '../../support/kitchen.ts';
import { SQL_PROFILES } from '../../support/profiles.ts';
import { startWorld, type World } from '../../support/world.ts';

const READS = 100;
const NO_CACHE: Cache = { getOrSet: (_key, _keeping, load) => load(), invalidate: async () => undefined, forget: async () => undefined };
const withoutCache = new ContainerModule(({ rebind }) => void rebind(Platform.cache).toConstantValue(NO_CACHE));

/** Counts do not depend on the machine. */
describe.each(SQL_PROFILES)('what is read from memory on %s', (profile) => {
  let cached: World;
  let uncached: World;
  let kitchen: Kitchen;
  let plain: Kitchen;
  beforeAll(async () => {
    [cached, uncached] = [await startWorld(profile), await startWorld(profile, withoutCache)];
    [kitchen, plain] = [await openKitchen(cached), await openKitchen(uncached)];
    for (const { container } of [cached, uncached]) {
      await container.get(Platform.eventLog).settle();
      await container.get(Platform.eventLog).stop(); // Nobody else may talk to the database while we count.
    }
  });
  afterAll(async () => {
    await cached.close();
    await uncached.close();
  });

  const statements = async (world: World, path: string, token?: string): Promise<number> => {
    const before = world.database.statements.count;
    for (let i = 0; i < READS; i++) expect((await world.get(path, token)).status).toBe(200);
    return world.database.statements.count - before;
  };
  const menu = ({ restaurantId }: Kitchen) => `/restaurants/${restaurantId}/menu`;

  it.each<[string, (kitchen: Kitchen) => string]>([
    ['the menu', menu],
    ['a restaurant', ({ restaurantId }) => `/restaurants/${restaurantId}`],
    ['the restaurants', () => '/restaurants'],
    ['the staff', ({ restaurantId }) => `/restaurants/${restaurantId}/staff`],
  ])('a hundred readers of %s cost the database at most a fifth of what they cost without', async (_what, path) => {
    const without = await statements(uncached, path(plain), plain.owner);
    const withIt = await statements(cached, path(kitchen), kitchen.owner);
    expect(without).toBeGreaterThanOrEqual(READS);
    expect(withIt).toBeLessThanOrEqual(without / 5);
  });

  it('a price, a setting, a member of staff and a portion less are seen by whoever reads next', async () => {
    const { restaurantId, owner, items } = kitchen;
    const at = `/restaurants/${restaurantId}`;
    const priceOf = async () => {
      const { body } = await cached.get(menu(kitchen));
      return body.categories
        .flatMap((category: { items: { id: string; price: { amount: number } }[] }) => category.items)
        .find(({ id }: { id: string }) => id === items.tea).price.amount;
    };
    for (const amount of [1_234, 1_235, 1_236]) {
      await priceOf();
      const changed = await cached.call('PATCH', `${at}/menu/items/${items.tea}`, { token: owner, body: { price: amount } });
      expect([changed.status, await priceOf()]).toEqual([200, amount]);
    }

    const names = async () => [(await cached.get(at)).body.name, (await cached.get('/restaurants')).body.data[0].name];
    await names();
    await cached.call('PATCH', at, { token: owner, body: { name: 'Renamed' } });
    expect(await names()).toEqual(['Renamed', 'Renamed']);

    const staff = async () => (await cached.get(`${at}/staff`, owner)).body.data.length;
    const before = await staff();
    const { email, accountId } = await cached.account('cook@kitchen.test');
    await cached.post(`${at}/staff`, { email, role: 'kitchen' }, owner);
    expect(await staff()).toBe(before + 1);
    await cached.call('DELETE', `${at}/staff/${accountId}`, { token: owner });
    expect(await staff()).toBe(before);

    const portions = async () => (await cached.get(`${at}/menu/items/${items.dal}/availability`)).body.portions;
    const left = await portions();
    expect((await cached.order(kitchen.body([kitchen.line('dal', 3)]), kitchen.customer)).status).toBe(201);
    expect(await portions()).toBe(left - 3);
  });
});
