import { ContainerModule } from 'inversify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Platform } from '#composition/modules/platform.ts';
import { type Kitchen, openKitchen } from '../../support/kitchen.ts';
import { PROFILES } from '../../support/profiles.ts';
import { startWorld, type World } from '../../support/world.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOBODY = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a99';

describe.each(PROFILES)('API keys on %s', (profile) => {
  let world: World;
  let kitchen: Kitchen;
  let elsewhere: Kitchen;
  const clock = { at: Date.parse('2026-11-21T10:30:00Z') };
  beforeAll(async () => {
    world = await startWorld(profile, new ContainerModule(({ rebind }) => void rebind(Platform.clock).toConstantValue({ now: () => clock.at })));
    kitchen = await openKitchen(world);
    elsewhere = await openKitchen(world);
  });
  afterAll(() => world.close());

  const at = (where: Kitchen, rest = '') => `/restaurants/${where.restaurantId}${rest}`;
  const issue = async (body: object = {}, token = kitchen.owner) =>
    world.post(at(kitchen, '/api-keys'), { name: 'Aggregator', scopes: ['orders:read', 'stock:read'], ...body }, token);
  const orders = (token: string, where = kitchen, ip?: string) => world.call('GET', at(where, '/orders'), { token, ...(ip && { ip }) });

  it('are shown once, open what their scopes say in their restaurant, and nothing else', async () => {
    const issued = await issue({ expiresAt: new Date(clock.at + DAY).toISOString() });
    expect(issued.status).toBe(201);
    const { token, id } = issued.body;
    expect(token).toMatch(/^thali_live_[\w-]{22}_[\w-]{43}$/);
    expect((await orders(token)).status).toBe(200);
    expect((await world.get(at(kitchen, '/stock-levels'), token)).status).toBe(200);

    const denied = await world.post(at(kitchen, '/stock-items'), { name: 'Salt', unit: 'kg', lowStockThreshold: 1 }, token);
    expect([denied.status, denied.body.code]).toEqual([403, 'http.forbidden']);
    expect((await orders(token, elsewhere)).status).toBe(404); // Another restaurant is not there.

    const list = await world.get(at(kitchen, '/api-keys'), kitchen.owner);
    expect(JSON.stringify(list.body)).not.toContain(token.slice(-43));
    expect(list.body.data[0]).toMatchObject({ id, name: 'Aggregator', status: 'active', lastUsedAt: new Date(clock.at).toISOString() });
    expect(Object.keys(list.body.data[0])).not.toContain('secretHash');
  });

  it('may do nothing that only a person may', async () => {
    const { token } = (await issue({ scopes: ['restaurants:write', 'orders:read', 'menu:write'] })).body;
    const asks: [string, string, object | undefined][] = [
      ['GET', '/me', undefined],
      ['GET', '/me/orders', undefined],
      ['POST', '/auth/logout', undefined],
      ['POST', '/restaurants', {}],
      ['GET', at(kitchen, '/staff'), undefined],
      ['POST', at(kitchen, '/staff'), { email: kitchen.people.customer, role: 'owner' }],
      ['GET', at(kitchen, '/api-keys'), undefined],
      ['POST', at(kitchen, '/api-keys'), { name: 'More', scopes: ['orders:read'] }],
      ['DELETE', at(kitchen, `/api-keys/${NOBODY}`), undefined],
      ['GET', at(kitchen, '/audit'), undefined],
      ['GET', '/audit', undefined],
    ];
    for (const [method, path, body] of asks) {
      const answer = await world.call(method, path, { token, ...(body && { body }) });
      expect([method, path, answer.status]).toEqual([method, path, 403]);
    }
    const placed = await world.order(kitchen.body([kitchen.line('tea')]), token);
    expect([placed.status, placed.body.code]).toEqual([403, 'http.person_required']);
    for (const scope of ['staff:write', 'keys:write', 'audit:read', 'platform:operate', 'ratelimit:bypass', 'nonsense'])
      expect((await issue({ scopes: [scope] })).status).toBe(400);
  });

  it('act in their own name', async () => {
    const { token, id } = (await issue({ scopes: ['orders:read', 'orders:accept'] })).body;
    const order = (await world.order(kitchen.body([kitchen.line('tea')]), kitchen.customer)).body;
    expect((await kitchen.act(order.id, 'acceptance', token)).status).toBe(200);
    await world.container.get(Platform.eventLog).settle();
    const history = (await world.get(`/orders/${order.id}/history`, kitchen.owner)).body.data;
    expect(history.at(-1)).toMatchObject({ to: 'accepted', actor: `api_key:${id}` });
  });

  it('end when they are revoked, when they expire, and for whoever makes them up', async () => {
    const { token, id } = (await issue()).body;
    const short = (await issue({ expiresAt: new Date(clock.at + MINUTE).toISOString() })).body.token;
    expect([(await orders(token)).status, (await orders(short)).status]).toEqual([200, 200]);
    expect((await world.call('DELETE', at(kitchen, `/api-keys/${id}`), { token: kitchen.owner })).status).toBe(204);
    expect((await orders(token)).status).toBe(401);
    const again = await world.call('DELETE', at(kitchen, `/api-keys/${id}`), { token: kitchen.owner });
    expect([again.status, again.body.code]).toEqual([409, 'identity.api_key_revoked']);
    expect((await world.call('DELETE', at(kitchen, `/api-keys/${NOBODY}`), { token: kitchen.owner })).status).toBe(404);
    expect((await world.call('DELETE', at(elsewhere, `/api-keys/${id}`), { token: elsewhere.owner })).status).toBe(404);

    clock.at += MINUTE;
    expect((await orders(short)).status).toBe(401);
    const live = (await issue()).body.token;
    const other = (await issue()).body.token;
    const flipped = live.slice(0, -1) + (live.endsWith('A') ? 'B' : 'A');
    for (const forged of [flipped, live.slice(0, -1), `${live}x`, live.slice(0, 33) + other.slice(33), 'thali_live_', live.replace('live', 'test')])
      expect((await orders(forged)).status).toBe(401);
    const basic = await world.call('GET', at(kitchen, '/orders'), { headers: { authorization: `Basic ${live}` } });
    expect(basic.status).toBe(401);
    expect((await world.get(`${at(kitchen, '/orders')}?api_key=${live}`)).status).toBe(401);
  });

  it('hold only from the networks they are for', async () => {
    const { token } = (await issue({ networks: ['203.0.113.0/24', '2001:db8::/32'] })).body;
    const from = async (ip: string) => (await orders(token, kitchen, ip)).status;
    expect([await from('203.0.113.9'), await from('2001:db8::1'), await from('::ffff:203.0.113.9')]).toEqual([200, 200, 200]);
    expect([await from('203.0.114.1'), await from('::1'), await from('127.0.0.1')]).toEqual([401, 401, 401]);
    for (const network of ['everywhere', '10.0.0.0/33', '']) expect((await issue({ networks: [network] })).status).toBe(400);
  });

  it('are never more than whoever gave them, from that moment on', async () => {
    const email = `manager-${profile}@keys.test`;
    const manager = await world.account(email);
    const hire = (role: string) => world.post(at(kitchen, '/staff'), { email, role }, kitchen.owner);
    await hire('owner');
    const token = (await issue({ scopes: ['orders:read', 'stock:read'] }, manager.token)).body.token;
    expect((await orders(token)).status).toBe(200);
    await hire('waiter'); // Who reads orders, and no stock.
    expect([(await orders(token)).status, (await world.get(at(kitchen, '/stock-levels'), token)).status]).toEqual([200, 403]);
    await world.call('DELETE', at(kitchen, `/staff/${manager.accountId}`), { token: kitchen.owner });
    expect((await orders(token)).status).toBe(403);
  });

  it.each<[string, () => object, number, string]>([
    ['no scopes', () => ({ scopes: [] }), 400, 'http.invalid_request'],
    ['a scope twice', () => ({ scopes: ['orders:read', 'orders:read'] }), 400, 'http.invalid_request'],
    ['somebody to be', () => ({ issuedBy: NOBODY }), 400, 'http.invalid_request'],
    ['no name', () => ({ name: ' ' }), 400, 'http.invalid_request'],
    ['a time that has passed', () => ({ expiresAt: new Date(clock.at).toISOString() }), 422, 'identity.api_key_expiry_out_of_range'],
    ['a time too far off', () => ({ expiresAt: new Date(clock.at + 731 * DAY).toISOString() }), 422, 'identity.api_key_expiry_out_of_range'],
  ])('are not issued with %s', async (_what, body, status, code) => {
    await kitchen.signIn();
    const answer = await issue(body());
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('are for owners to give', async () => {
    await kitchen.signIn();
    await world.post(at(kitchen, '/staff'), { email: kitchen.people.customer, role: 'manager' }, kitchen.owner);
    expect((await issue({}, await world.signIn(kitchen.people.customer))).status).toBe(403);
    expect((await issue({}, elsewhere.owner)).status).toBe(404);
  });
});
