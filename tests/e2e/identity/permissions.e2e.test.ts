import { readFileSync } from 'node:fs';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { permissionsDocument } from '#adapters/http/permission-matrix.ts';
import { Platform } from '#composition/modules/platform.ts';
import { PERMISSIONS, PLATFORM_ROLES, platformPermissions, RESTAURANT_ROLES, restaurantPermissions } from '#domain/identity/roles.ts';
import { configured } from '../../support/config.ts';
import { type Kitchen, openKitchen } from '../../support/kitchen.ts';
import { PROFILES, testConfig } from '../../support/profiles.ts';
import { type Json, startWorld, type World } from '../../support/world.ts';

const NOBODY = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a99';
const PASSWORD = 'Dosa-And-Chutney-1!';

describe.each(PROFILES)('permissions on %s', (profile) => {
  let world: World;
  let kitchen: Kitchen;
  let admin: { readonly accountId: string; readonly token: string };
  beforeAll(async () => {
    world = await startWorld(profile);
    kitchen = await openKitchen(world);
    admin = await world.account('root@permissions.test', 'admin');
  });
  afterAll(() => world?.close());

  const role = (method: string, accountId: string, name: string, token = admin.token) =>
    world.call(method, `/admin/accounts/${accountId}/roles/${name}`, { token });

  it('are told to whoever asks about themselves', async () => {
    expect((await world.get('/me/permissions', kitchen.customer)).body).toEqual({
      platform: { roles: [], permissions: [] },
      restaurants: [],
      withheld: null,
    });
    expect((await world.get('/me/permissions', kitchen.owner)).body).toEqual({
      platform: { roles: [], permissions: [] },
      restaurants: [{ restaurantId: kitchen.restaurantId, role: 'owner', name: 'owner', permissions: [...restaurantPermissions('owner')] }],
      withheld: null,
    });
    expect((await world.get('/me/permissions', admin.token)).body.platform).toEqual({ roles: ['admin'], permissions: [...PERMISSIONS] });
    expect((await world.get('/me/permissions')).status).toBe(401);
  });

  it('are one table for whoever operates the platform, which says what each is for', async () => {
    const { body } = await world.get('/admin/permissions', admin.token);
    expect(body.roles.map((entry: Json) => [entry.role, entry.permissions])).toEqual([
      ...RESTAURANT_ROLES.map((name) => [name, [...restaurantPermissions(name)]]),
      ...PLATFORM_ROLES.map((name) => [name, [...platformPermissions([name])]]),
    ]);
    expect(body.permissions.map((entry: Json) => entry.permission)).toEqual([...PERMISSIONS]);
    for (const { purpose } of body.permissions) expect(purpose.length).toBeGreaterThan(5);
    expect((await world.get('/admin/permissions', kitchen.owner)).status).toBe(403);
  });

  it('of the platform are given and taken by admins, at once, and written into the trail', async () => {
    const helper = await world.account('helper@permissions.test');
    const look = () => world.get(`/restaurants/${kitchen.restaurantId}/orders`, helper.token);
    expect((await look()).status).toBe(403);
    expect((await role('PUT', helper.accountId, 'support')).status).toBe(204);
    expect((await role('PUT', helper.accountId, 'support')).status).toBe(204);
    expect((await look()).status).toBe(200);
    expect((await world.get(`/admin/accounts/${helper.accountId}/roles`, admin.token)).body).toMatchObject({
      account: { email: 'helper@permissions.test', platformRoles: ['support'] },
      platform: { roles: ['support'] },
      restaurants: [],
    });
    // Support helps, and raises nobody.
    expect((await role('PUT', helper.accountId, 'admin', helper.token)).status).toBe(403);
    expect((await role('PUT', helper.accountId, 'admin', kitchen.owner)).status).toBe(403);
    expect((await role('DELETE', helper.accountId, 'support')).status).toBe(204);
    expect((await look()).status).toBe(403);
    expect(await role('DELETE', helper.accountId, 'support')).toMatchObject({ status: 409, body: { code: 'identity.role_not_held' } });
    expect((await role('PUT', NOBODY, 'support')).status).toBe(404);
    expect((await role('PUT', helper.accountId, 'owner')).status).toBe(400);
    expect((await world.get(`/admin/accounts/${NOBODY}/roles`, admin.token)).status).toBe(404);

    await world.container.get(Platform.eventLog).settle();
    const trail = (await world.get('/audit?type=identity.platform_role_given', admin.token)).body.data;
    expect(trail).toHaveLength(1);
    expect(trail[0]).toMatchObject({
      class: 'sensitive',
      actor: `account:${admin.accountId}`,
      data: { accountId: helper.accountId, role: 'support' },
    });
  });

  it('of the platform never go from everybody, however many let go at once', async () => {
    const people = [admin];
    for (const name of ['b', 'c']) {
      people.push(await world.account(`${name}@permissions.test`));
      expect((await role('PUT', people.at(-1)?.accountId as string, 'admin')).status).toBe(204);
    }
    const opener = (await world.get('/me', await world.signIn(kitchen.people.owner.replace('owner', 'admin')))).body;
    expect(opener.platformRoles).toEqual(['admin']);
    expect((await role('DELETE', opener.id, 'admin')).status).toBe(204);

    const answers = await Promise.all(people.map(({ accountId, token }) => role('DELETE', accountId, 'admin', token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 204, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('identity.last_admin');
    const { token } = people[answers.findIndex(({ status }) => status === 409)] as typeof admin;
    expect(await world.call('DELETE', '/me', { body: { password: PASSWORD }, token })).toMatchObject({
      status: 409,
      body: { code: 'identity.last_admin' },
    });
    expect((await world.get('/admin/permissions', token)).status).toBe(200);
  });
});

describe.each(PROFILES)('a role that a restaurant made, where a second factor guards money on %s', (profile) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(profile, configured({ identity: { ...testConfig.identity, secondFactorPermissions: ['payments:refund'] } }));
  });
  afterAll(() => world?.close());

  it('sleeps until it is shown, and says what sleeps; one that moves no money does not', async () => {
    const kitchen = await openKitchen(world);
    const at = `/restaurants/${kitchen.restaurantId}`;
    const [clerk, look] = [await world.account('clerk@permissions.test'), await world.account('look@permissions.test')];
    const make = async (name: string, permissions: string[]) => (await world.post(`${at}/roles`, { name, permissions }, kitchen.owner)).body.id;
    const refunds = await make('Refunds', ['orders:read', 'payments:refund']);
    await world.post(`${at}/staff`, { email: clerk.email, role: refunds }, kitchen.owner);
    await world.post(`${at}/staff`, { email: look.email, role: await make('Looks', ['orders:read']) }, kitchen.owner);
    expect((await world.get(`${at}/orders`, look.token)).status).toBe(200);
    expect(await world.get(`${at}/orders`, clerk.token)).toMatchObject({ status: 403, body: { code: 'http.second_factor_required' } });
    expect((await world.get('/me', clerk.token)).body.grants).toEqual([]);
    expect((await world.get('/me/permissions', clerk.token)).body).toMatchObject({
      restaurants: [{ role: refunds, name: 'Refunds', permissions: ['orders:read', 'payments:refund'] }],
      withheld: 'second_factor',
    });
    const { secret } = (await world.post('/me/second-factor', { password: PASSWORD }, clerk.token)).body;
    await world.post('/me/second-factor/confirmation', { code: new TOTP({ secret: Secret.fromBase32(secret) }).generate() }, clerk.token);
    expect((await world.get(`${at}/orders`, clerk.token)).status).toBe(200);
    expect((await world.get('/me/permissions', clerk.token)).body.withheld).toBeNull();
    // A cashier refunds too; that role is named in SECOND_FACTOR_ROLES or it is not.
    await world.post(`${at}/staff`, { email: look.email, role: 'cashier' }, kitchen.owner);
    expect((await world.get(`${at}/orders`, look.token)).status).toBe(200);
  });
});

it('PERMISSIONS.md is what the code says: run npm run permissions:docs', async () => {
  const world = await startWorld('memory');
  const routes = world.container.getAll(Platform.routes).flat();
  await world.close();
  expect(readFileSync('PERMISSIONS.md', 'utf8')).toBe(permissionsDocument(routes));
});
