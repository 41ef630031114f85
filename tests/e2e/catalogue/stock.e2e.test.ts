import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Partners } from '#composition/modules/partners.ts';
import { Restaurant } from '#domain/partners/restaurant.ts';
import { StaffMember } from '#domain/partners/staff.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import { must } from '../../support/must.ts';
import { PROFILES } from '../../support/profiles.ts';
import { restaurantSettings } from '../../support/restaurants.ts';
import { startWorld, type World } from '../../support/world.ts';

describe.each(PROFILES)('the menu and the stockroom on %s', (profile) => {
  let world: World;
  let token: string;
  const restaurantId = crypto.randomUUID();
  const menu = `/restaurants/${restaurantId}/menu`;

  beforeAll(async () => {
    world = await startWorld(profile);
    const email = 'asha@annapurna.test';
    const { accountId } = await world.account(email);
    await world.container.get(Partners.uow).run(system('test'), async (tx) => {
      await tx.restaurants.save(must(Restaurant.open(restaurantId, restaurantSettings(), 1)));
      await tx.staff.save(StaffMember.firstOwner(restaurantId, { accountId, displayName: 'Asha', email }, 1));
      return ok(undefined);
    });
    token = (await world.post('/auth/login', { identifier: email, password: 'Dosa-And-Chutney-1!' })).body.accessToken;
  });
  afterAll(() => world?.close());

  const send = async (method: string, path: string, body: unknown) => {
    const answer = await world.call(method, path, { token, body, headers: { 'idempotency-key': crypto.randomUUID() } });
    if (answer.status >= 400) throw new Error(JSON.stringify(answer.body));
    return answer.body;
  };
  const availability = async (itemId: string) => (await world.get(`${menu}/items/${itemId}/availability`)).body;

  it('takes an item off by itself when an ingredient runs out, and counts down what is counted', async () => {
    const category = await send('POST', `${menu}/categories`, { name: 'Meals' });
    const item = await send('POST', `${menu}/items`, { categoryId: category.id, name: 'Thali', price: 12_900 });
    const paneer = await send('POST', `/restaurants/${restaurantId}/stock-items`, { name: 'Paneer', unit: 'kg' });
    await send('PUT', `/restaurants/${restaurantId}/recipes/${item.id}`, { lines: [{ stockItemId: paneer.id, quantity: 0.15 }] });
    expect(await availability(item.id)).toMatchObject({ state: 'out_of_stock', setTo: 'in_stock', isOrderableNow: false, portions: 0 });

    await send('POST', `/restaurants/${restaurantId}/stock-movements`, { kind: 'receipt', stockItemId: paneer.id, quantity: 1 });
    const limitedBy = { stockItemId: paneer.id, name: 'Paneer', unit: 'kg', available: 1, needed: 0.15 };
    expect(await availability(item.id)).toMatchObject({ state: 'in_stock', isOrderableNow: true, portions: 6, limitedBy });

    expect(await send('PUT', `${menu}/items/${item.id}/availability`, { state: 'quantity', quantity: 2 })).toMatchObject({
      state: 'quantity',
      portions: 2,
    });
    const order = { restaurantId, diningOption: 'takeaway', payment: 'cash', lines: [{ itemId: item.id, quantity: 2 }] };
    expect((await world.order(order, token)).status).toBe(201);
    expect(await availability(item.id)).toMatchObject({ state: 'out_of_stock', setTo: 'quantity', portions: 0, isOrderableNow: false });
    expect((await world.get(menu)).body.categories[0].items[0].availability).toEqual({ state: 'out_of_stock', quantity: null });
    expect((await world.order(order, token)).status).toBe(409);

    expect(await send('PUT', `${menu}/items/${item.id}/availability`, { state: 'in_stock' })).toMatchObject({ state: 'in_stock', portions: 4 });
  });
});
