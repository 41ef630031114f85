import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { restaurantPermissions } from '#domain/identity/roles.ts';
import { ROLES_MAX } from '#domain/partners/role.ts';
import { STAFF_ROLES } from '#domain/partners/staff.ts';
import { type Kitchen, openKitchen } from '../../support/kitchen.ts';
import { PROFILES } from '../../support/profiles.ts';
import { type Json, startWorld, type World } from '../../support/world.ts';

const NOBODY = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a99';

describe.each(PROFILES)('roles that a restaurant makes on %s', (profile) => {
  let world: World;
  let kitchen: Kitchen;
  let other: Kitchen;
  let manager: { readonly accountId: string; readonly token: string; readonly email: string };
  let clerk: typeof manager;
  let made = 0;
  beforeAll(async () => {
    world = await startWorld(profile);
    kitchen = await openKitchen(world);
    other = await openKitchen(world);
    manager = await world.account('manager@roles.test');
    await give(manager.email, 'manager');
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    clerk = await world.account(`clerk${++made}@roles.test`);
  });

  const at = (path = '') => `/restaurants/${kitchen.restaurantId}${path}`;
  const give = (email: string, role: string, token = kitchen.owner) => world.post(at('/staff'), { email, role }, token);
  const make = (permissions: readonly string[], token = kitchen.owner, name = `Role ${++made}`) =>
    world.post(at('/roles'), { name, permissions }, token);
  const change = (id: string, body: object, token = kitchen.owner, headers: Record<string, string> = {}) =>
    world.call('PATCH', at(`/roles/${id}`), { body, token, headers });
  const remove = (id: string, token = kitchen.owner) => world.call('DELETE', at(`/roles/${id}`), { token });

  it('are made, read, listed beside those that every restaurant has, changed and removed', async () => {
    const created = await make(['orders:read', 'ledger:read'], kitchen.owner, 'Bookkeeper');
    expect(created).toMatchObject({
      status: 201,
      body: { name: 'Bookkeeper', description: '', permissions: ['orders:read', 'ledger:read'], isBuiltIn: false, version: 1 },
    });
    const { id } = created.body;
    expect(created.headers.get('location')).toBe(at(`/roles/${id}`));
    expect(await world.get(at(`/roles/${id}`), kitchen.owner)).toMatchObject({ status: 200, body: created.body });
    const listed = (await world.get(at('/roles'), kitchen.owner)).body.data;
    expect(listed.slice(0, STAFF_ROLES.length).map((role: Json) => [role.id, role.isBuiltIn, role.permissions])).toEqual(
      STAFF_ROLES.map((role) => [role, true, [...restaurantPermissions(role)]]),
    );
    expect(listed.at(-1)).toEqual(created.body);
    expect((await world.get(at('/roles/waiter'), kitchen.owner)).body).toMatchObject({ name: 'waiter', isBuiltIn: true });

    const etag = created.headers.get('etag') as string;
    expect(await change(id, { description: 'On Fridays' }, kitchen.owner, { 'if-match': etag })).toMatchObject({
      status: 200,
      body: { name: 'Bookkeeper', description: 'On Fridays', version: 2 },
    });
    expect(await change(id, { name: 'Late' }, kitchen.owner, { 'if-match': etag })).toMatchObject({
      status: 412,
      body: { code: 'partners.role_changed_meanwhile', version: 2 },
    });
    expect((await remove(id)).status).toBe(204);
    expect(await remove(id)).toMatchObject({ status: 404, body: { code: 'partners.role_not_found' } });
    expect((await world.get(at(`/roles/${id}`), kitchen.owner)).status).toBe(404);
  });

  it('work at once for sessions under way: given, changed, taken', async () => {
    const orders = () => world.get(at('/orders'), clerk.token);
    const ledger = () => world.get(at('/ledger'), clerk.token);
    const { id } = (await make(['orders:read'])).body;
    expect([(await orders()).status, (await ledger()).status]).toEqual([403, 403]);
    expect(await give(clerk.email, id)).toMatchObject({ status: 201, body: { role: id } });
    expect([(await orders()).status, (await ledger()).status]).toEqual([200, 403]);
    expect((await world.get('/me', clerk.token)).body.grants).toEqual([
      { restaurantId: kitchen.restaurantId, role: id, permissions: ['orders:read'] },
    ]);

    await change(id, { permissions: ['ledger:read'] });
    expect([(await orders()).status, (await ledger()).status]).toEqual([403, 200]);
    expect((await world.get('/me/permissions', clerk.token)).body).toMatchObject({
      restaurants: [{ restaurantId: kitchen.restaurantId, role: id, name: expect.stringMatching(/^Role/), permissions: ['ledger:read'] }],
      withheld: null,
    });
    expect((await world.get(at(`/roles/${id}/holders`), kitchen.owner)).body.data).toMatchObject([{ accountId: clerk.accountId, role: id }]);
    expect(await remove(id)).toMatchObject({ status: 409, body: { code: 'partners.role_held', accountIds: [clerk.accountId] } });

    expect((await world.call('DELETE', at(`/staff/${clerk.accountId}`), { token: kitchen.owner })).status).toBe(204);
    expect([(await orders()).status, (await ledger()).status]).toEqual([403, 403]);
    expect((await remove(id)).status).toBe(204);
  });

  it('never allow more than their maker holds, nor what only owners give', async () => {
    expect(await make(['payouts:write'], manager.token)).toMatchObject({
      status: 403,
      body: { code: 'partners.for_owners_to_give', permissions: ['payouts:write'] },
    });
    expect((await make(['orders:read', 'staff:write'], manager.token)).status).toBe(201);
    expect((await make(['payouts:write', 'audit:read'])).status).toBe(201);
    expect((await make(['staff:own'])).status).toBe(400);
    expect((await make(['platform:operate'])).status).toBe(400);
    expect((await make([])).status).toBe(400);
    expect((await make(['orders:read', 'orders:read'])).status).toBe(400);

    const { id: hr } = (await make(['staff:read', 'staff:write', 'orders:read'])).body;
    await give(clerk.email, hr);
    expect(await make(['orders:read', 'orders:accept'], clerk.token)).toMatchObject({
      status: 403,
      body: { code: 'partners.beyond_your_reach', permissions: ['orders:accept'] },
    });
    // Nor do they raise themselves, by the role they hold, another one, or a friend.
    expect((await change(hr, { permissions: ['staff:write', 'payments:refund'] }, clerk.token)).status).toBe(403);
    for (const role of ['manager', 'cashier', 'kitchen']) {
      expect(await give(clerk.email, role, clerk.token)).toMatchObject({ status: 403, body: { code: 'partners.beyond_your_reach' } });
    }
    expect(await give(clerk.email, 'owner', clerk.token)).toMatchObject({ status: 403, body: { code: 'partners.owner_required' } });
    // What reaches beyond them they neither change nor remove nor take.
    const { id: cash } = (await make(['payments:refund'])).body;
    expect((await change(cash, { name: 'Mine' }, clerk.token)).status).toBe(403);
    expect((await remove(cash, clerk.token)).status).toBe(403);
    expect(await world.call('DELETE', at(`/staff/${manager.accountId}`), { token: clerk.token })).toMatchObject({
      status: 403,
      body: { code: 'partners.beyond_your_reach' },
    });
    expect((await give(manager.email, hr, clerk.token)).status).toBe(403);
    // Within it they may.
    const { id: look } = (await make(['orders:read'], clerk.token)).body;
    expect((await give(kitchen.people.customer, look, clerk.token)).status).toBe(201);
    expect((await world.call('DELETE', at(`/staff/${kitchen.customerId}`), { token: clerk.token })).status).toBe(204);
  });

  it('have names of their own, and none of those that every restaurant has', async () => {
    const { id } = (await make(['orders:read'], kitchen.owner, 'Sommelier')).body;
    for (const name of ['Sommelier', 'sommelier', 'Manager', 'owner']) {
      expect(await make(['orders:read'], kitchen.owner, name)).toMatchObject({ status: 409, body: { code: 'partners.role_name_taken' } });
    }
    expect((await change(id, { name: 'SOMMELIER' })).status).toBe(200);
    expect(await change('waiter', { name: 'Mine' })).toMatchObject({ status: 409, body: { code: 'partners.role_built_in' } });
    expect(await remove('owner')).toMatchObject({ status: 409, body: { code: 'partners.role_built_in' } });
  });

  it('are nobody else’s: not another restaurant’s, not a customer’s', async () => {
    const { id } = (await make(['orders:read'])).body;
    const there = (path: string) => `/restaurants/${other.restaurantId}${path}`;
    expect((await world.get(there(`/roles/${id}`), other.owner)).status).toBe(404);
    expect((await world.get(there(`/roles/${id}/holders`), other.owner)).status).toBe(404);
    expect((await world.call('PATCH', there(`/roles/${id}`), { body: { name: 'x' }, token: other.owner })).status).toBe(404);
    expect((await world.call('DELETE', there(`/roles/${id}`), { token: other.owner })).status).toBe(404);
    expect(await world.post(there('/staff'), { email: clerk.email, role: id }, other.owner)).toMatchObject({
      status: 422,
      body: { code: 'partners.role_unknown' },
    });
    expect((await world.get(at('/roles'), other.owner)).status).toBe(404);
    expect((await make(['orders:read'], other.owner)).status).toBe(404);
    expect((await make(['orders:read'], kitchen.customer)).status).toBe(403);
    expect((await give(clerk.email, NOBODY)).status).toBe(422);
    expect((await give(clerk.email, 'admin')).status).toBe(400);
  });

  it('are bounded, and are not removed while somebody is being given them', async () => {
    const { owner, restaurantId } = await openKitchen(world);
    const path = `/restaurants/${restaurantId}`;
    const ids: string[] = [];
    for (let i = 0; i < ROLES_MAX; i++)
      ids.push((await world.post(`${path}/roles`, { name: `Role ${i}`, permissions: ['orders:read'] }, owner)).body.id);
    expect(await world.post(`${path}/roles`, { name: 'One more', permissions: ['orders:read'] }, owner)).toMatchObject({
      status: 409,
      body: { code: 'partners.too_many_roles', limit: ROLES_MAX },
    });
    for (const id of ids.slice(0, 8)) {
      const [given, removed] = await Promise.all([
        world.post(`${path}/staff`, { email: clerk.email, role: id }, owner),
        world.call('DELETE', `${path}/roles/${id}`, { token: owner }),
      ]);
      expect([
        [201, 409],
        [422, 204],
      ]).toContainEqual([given.status, removed.status]);
      const grants = (await world.get('/me', clerk.token)).body.grants.filter((grant: Json) => grant.restaurantId === restaurantId);
      if (given.status === 201) expect(grants).toMatchObject([{ role: id, permissions: ['orders:read'] }]);
    }
  });
});
