import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Kitchen, openKitchen } from '../support/kitchen.ts';
import { PROFILES } from '../support/profiles.ts';
import { type Json, startWorld, type World } from '../support/world.ts';

describe.each(PROFILES)('lists on %s', (profile) => {
  let world: World;
  let kitchen: Kitchen;
  /** Ids of the orders by status, newest first. */
  const orders: Record<'placed' | 'accepted' | 'cancelled', string[]> = { placed: [], accepted: [], cancelled: [] };
  beforeAll(async () => {
    world = await startWorld(profile);
    kitchen = await openKitchen(world);
    const elsewhere = await openKitchen(world);
    for (const action of ['acceptance', undefined, 'cancellation', undefined, 'acceptance', 'cancellation', undefined]) {
      const { id } = (await world.order(kitchen.body([kitchen.line('dal')]), kitchen.customer)).body;
      await world.order(elsewhere.body([elsewhere.line('dal')]), kitchen.customer);
      if (action) await kitchen.act(id, action);
      orders[action === 'acceptance' ? 'accepted' : action ? 'cancelled' : 'placed'].unshift(id);
    }
  });
  afterAll(() => world.close());

  /** The pages of a list, from one Link header to the next. */
  async function pages(path: string, token = kitchen.owner): Promise<Json[][]> {
    const found: Json[][] = [];
    for (let at: string | undefined = path; at !== undefined; ) {
      const { status, body, headers } = await world.get(at, token);
      expect(status).toBe(200);
      found.push(body.data);
      at = /^<(.+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
      expect(at === undefined).toBe(body.next === null);
    }
    return found;
  }
  const idsOf = (all: Json[][]) => all.map((page) => page.map(({ id }) => id));
  const inTwos = (ids: string[]) => Array.from({ length: Math.ceil(ids.length / 2) }, (_, i) => ids.slice(2 * i, 2 * i + 2));
  const at = (path: string) => `/restaurants/${kitchen.restaurantId}${path}`;

  it.each(['placed', 'accepted', 'cancelled'] as const)('keep to the orders that are %s from page to page', async (status) => {
    expect(idsOf(await pages(at(`/orders?status=${status}&limit=2`)))).toEqual(inTwos(orders[status]));
  });

  it('show every order of the restaurant without a filter, newest first', async () => {
    const all = Object.values(orders).flat().sort().reverse();
    expect(all).toHaveLength(7);
    expect(idsOf(await pages(at('/orders?limit=2')))).toEqual(inTwos(all));
    expect(idsOf(await pages(at('/orders?status=rejected')))).toEqual([[]]);
    expect((await pages('/me/orders?limit=2', kitchen.customer)).flat()).toHaveLength(14);
  });

  it('keep to one status of reservations and to one stock item, too', async () => {
    const held = (await pages(at('/reservations?status=held&limit=2'))).flat();
    expect(held.map(({ status }) => status)).toEqual(Array(5).fill('held'));
    const moved = (await pages(at(`/stock-movements?stockItemId=${kitchen.stock.lentils}&limit=2`))).flat();
    expect(new Set(moved.map(({ stockItemId }) => stockItemId))).toEqual(new Set([kitchen.stock.lentils]));
    expect(moved).toHaveLength(10); // A receipt, seven holds, and two released.
  });
});
