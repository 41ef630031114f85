import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Kitchen, openKitchen } from '../support/kitchen.ts';
import { PROFILES } from '../support/profiles.ts';
import { restaurantSettings } from '../support/restaurants.ts';
import { type Json, startWorld, type World } from '../support/world.ts';

const NOBODY = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10';

describe.each(PROFILES)('restaurants and their staff on %s', (profile) => {
  let world: World;
  let kitchen: Kitchen;
  let admin: string;
  beforeAll(async () => {
    world = await startWorld(profile);
    kitchen = await openKitchen(world);
    admin = (await world.account('admin@partners.test', 'admin')).token;
  });
  afterAll(() => world.close());

  const open = (body: object, token: string) => world.post('/restaurants', { ...restaurantSettings(), ...body }, token);
  const patch = (body: object, token = kitchen.owner, headers: Record<string, string> = {}) =>
    world.call('PATCH', `/restaurants/${kitchen.restaurantId}`, { body, token, headers });
  const staff = (path = '') => `/restaurants/${kitchen.restaurantId}/staff${path}`;

  it('opens one for an owner of another, and for nobody else', async () => {
    const opened = await open({ name: 'Second' }, kitchen.owner);
    expect(opened).toMatchObject({ status: 201, body: { name: 'Second', currency: 'INR', version: 1 } });
    expect(opened.headers.get('location')).toBe(`/restaurants/${opened.body.id}`);
    expect(await world.get(`/restaurants/${opened.body.id}`)).toMatchObject({ status: 200, body: opened.body });
    expect((await world.get(`/restaurants/${opened.body.id}/staff`, kitchen.owner)).body.data).toMatchObject([{ role: 'owner' }]);
    expect(await open({}, kitchen.customer)).toMatchObject({ status: 403, body: { code: 'partners.not_permitted' } });
    expect((await open({}, 'nonsense')).status).toBe(401);
  });

  it('has defaults for everything but its name', async () => {
    expect(await world.post('/restaurants', { name: 'Plain' }, admin)).toMatchObject({
      status: 201,
      body: {
        currency: 'INR',
        timeZone: 'Asia/Kolkata',
        diningOptions: ['delivery', 'takeaway', 'dine_in'],
        cashRounding: 1,
        isAcceptingOrders: true,
      },
    });
  });

  it.each<[string, object, string]>([
    ['a time zone nobody lives in', { timeZone: 'Mars/Olympus' }, 'partners.time_zone_unknown'],
    ['a bare offset', { timeZone: '+05:30' }, 'partners.time_zone_unknown'],
    ['a currency nobody pays in', { currency: 'ZZZ' }, 'partners.currency_unknown'],
    ['hours that begin at the end of a day', { openingHours: [{ day: 1, from: '24:00', to: '02:00' }] }, 'partners.opening_hours_malformed'],
    [
      'two rules for one class',
      {
        taxRules: [
          { taxClass: 'food', components: [] },
          { taxClass: 'food', components: [] },
        ],
      },
      'partners.tax_rule_malformed',
    ],
    [
      'a rate finer than thousandths',
      { taxRules: [{ taxClass: 'food', components: [{ name: 'VAT', percent: 1.00001 }] }] },
      'partners.tax_rule_malformed',
    ],
    ['an owner nobody knows', { ownerEmail: 'nobody@partners.test' }, 'partners.account_not_found'],
  ])('refuses %s', async (_what, settings, code) => {
    const before = (await world.get('/restaurants?limit=100')).body.data.length;
    expect(await open(settings, admin)).toMatchObject({ status: 422, body: { code } });
    expect((await world.get('/restaurants?limit=100')).body.data).toHaveLength(before);
  });

  it('changes only what is given, and only what the caller has seen', async () => {
    const before = await world.get(`/restaurants/${kitchen.restaurantId}`);
    const etag = before.headers.get('etag') as string;
    expect((await world.call('GET', `/restaurants/${kitchen.restaurantId}`, { headers: { 'if-none-match': etag } })).status).toBe(304);
    const changed = await patch({ cashRounding: 100 }, kitchen.owner, { 'if-match': etag });
    expect(changed).toMatchObject({ status: 200, body: { ...before.body, cashRounding: 100, version: before.body.version + 1 } });
    expect(await patch({ cashRounding: 1 }, kitchen.owner, { 'if-match': etag })).toMatchObject({
      status: 412,
      body: { code: 'partners.changed_meanwhile' },
    });
    expect(await patch({ timeZone: 'Nowhere/Else' })).toMatchObject({ status: 422 });
    expect(await patch({ currency: 'GBP' })).toMatchObject({ status: 400 });
    expect(await patch({ name: 'Mine' }, kitchen.customer)).toMatchObject({ status: 403, body: { code: 'http.forbidden' } });
    expect((await world.call('PATCH', `/restaurants/${NOBODY}`, { body: { name: 'x' }, token: admin })).status).toBe(404);
    expect((await world.get(`/restaurants/${NOBODY}`)).status).toBe(404);
  });

  it('gives and takes roles, at once, and never leaves a restaurant without an owner', async () => {
    const cook = await world.account('cook@partners.test');
    const orders = () => world.get(`/restaurants/${kitchen.restaurantId}/orders`, cook.token);
    expect((await orders()).status).toBe(403);
    expect(await world.post(staff(), { email: cook.email, role: 'kitchen' }, kitchen.owner)).toMatchObject({
      status: 201,
      body: { role: 'kitchen', accountId: cook.accountId },
    });
    expect((await orders()).status).toBe(200);
    expect((await world.get('/me', cook.token)).body.grants).toMatchObject([{ restaurantId: kitchen.restaurantId, role: 'kitchen' }]);
    expect((await world.post(staff(), { email: 'x@y.test', role: 'owner' }, cook.token)).status).toBe(403);

    const me = (await world.get('/me', kitchen.owner)).body.id;
    expect(await world.call('DELETE', staff(`/${me}`), { token: kitchen.owner })).toMatchObject({
      status: 409,
      body: { code: 'partners.last_owner' },
    });
    expect(await world.post(staff(), { email: kitchen.people.owner, role: 'waiter' }, kitchen.owner)).toMatchObject({
      status: 409,
      body: { code: 'partners.last_owner' },
    });
    expect((await world.call('DELETE', staff(`/${cook.accountId}`), { token: kitchen.owner })).status).toBe(204);
    expect((await orders()).status).toBe(403);
    expect(await world.call('DELETE', staff(`/${cook.accountId}`), { token: kitchen.owner })).toMatchObject({
      status: 404,
      body: { code: 'partners.staff_not_found' },
    });
    expect((await world.post(staff(), { email: cook.email, role: 'owner' }, kitchen.owner)).status).toBe(201);
    expect((await world.get(staff('?limit=1'), kitchen.owner)).body).toMatchObject({ data: [expect.anything()], next: expect.any(String) });
    expect(await world.post(`/restaurants/${NOBODY}/staff`, { email: cook.email, role: 'owner' }, admin)).toMatchObject({ status: 404 });
    expect(await world.post(staff(), { email: 'nobody@partners.test', role: 'rider' }, kitchen.owner)).toMatchObject({
      status: 422,
      body: { code: 'partners.account_not_found' },
    });
  });

  it('lets owners and admins make and unmake owners, and no manager', async () => {
    const other = (await open({ name: 'Contested' }, kitchen.owner)).body.id;
    const at = (path = '') => `/restaurants/${other}/staff${path}`;
    const owner = (await world.get('/me', kitchen.owner)).body.id;
    const manager = await world.account('manager@partners.test');
    const roles = async () => (await world.get(at(), kitchen.owner)).body.data.map(({ email, role }: Json) => [email, role]).sort();
    await world.post(at(), { email: manager.email, role: 'manager' }, kitchen.owner);
    const before = await roles();

    const refusal = { status: 403, body: { code: 'partners.owner_required', permission: 'staff:own' } };
    expect(await world.post(at(), { email: manager.email, role: 'owner' }, manager.token)).toMatchObject(refusal);
    expect(await world.post(at(), { email: kitchen.people.customer, role: 'owner' }, manager.token)).toMatchObject(refusal);
    expect(await world.post(at(), { email: kitchen.people.owner, role: 'waiter' }, manager.token)).toMatchObject(refusal);
    expect(await world.call('DELETE', at(`/${owner}`), { token: manager.token })).toMatchObject(refusal);
    expect(await roles()).toEqual(before);
    expect((await world.post(at(), { email: kitchen.people.customer, role: 'rider' }, manager.token)).status).toBe(201);

    expect((await world.post(at(), { email: manager.email, role: 'owner' }, admin)).status).toBe(201);
    expect((await world.call('DELETE', at(`/${owner}`), { token: manager.token })).status).toBe(204);
    expect(await world.call('DELETE', at(`/${manager.accountId}`), { token: admin })).toMatchObject({
      status: 409,
      body: { code: 'partners.last_owner' },
    });
  });

  it('pages through restaurants, newest first', async () => {
    const all: Json[] = [];
    let after = '';
    do {
      const page = await world.get(`/restaurants?limit=2${after}`);
      all.push(...page.body.data);
      after = page.body.next === null ? '' : `&after=${page.body.next}`;
      expect(page.headers.get('link') ?? '').toContain(page.body.next ?? '');
    } while (after !== '');
    const ids = all.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort().reverse());
    expect(ids).toContain(kitchen.restaurantId);
  });
});
