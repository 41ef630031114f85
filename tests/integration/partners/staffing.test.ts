import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PARTNERS_INVARIANTS } from '#adapters/postgres/partners/invariants.ts';
import type { Sql } from '#adapters/postgres/sql.ts';
import { Platform } from '#composition/modules/platform.ts';
import { type Kitchen, openKitchen } from '../../support/kitchen.ts';
import { SQL_PROFILES } from '../../support/profiles.ts';
import { startWorld, type World } from '../../support/world.ts';

const ID = '00000000-0000-7000-8000-000000000007';

describe.each(SQL_PROFILES)('what is kept of staff on %s', (profile) => {
  let world: World;
  let kitchen: Kitchen;
  let sql: Sql;
  let roleId: string;
  beforeAll(async () => {
    world = await startWorld(profile);
    kitchen = await openKitchen(world);
    sql = world.container.get(Platform.sql)();
    const at = `/restaurants/${kitchen.restaurantId}`;
    roleId = (await world.post(`${at}/roles`, { name: 'Helper', permissions: ['orders:read'] }, kitchen.owner)).body.id;
    await world.post(`${at}/staff`, { email: kitchen.people.customer, role: roleId }, kitchen.owner);
    for (const email of ['a@b.test', 'c@d.test']) await world.post(`${at}/invitations`, { email, role: roleId }, kitchen.owner);
  });
  afterAll(() => world?.close());

  const findings = async (): Promise<string[]> => {
    const found: string[] = [];
    for (const { id, sql: query } of PARTNERS_INVARIANTS) if ((await sql(query)).length > 0) found.push(id);
    return found;
  };

  it.each([
    ['staffing-state-is-its-events', 'update partners.roles set version = version + 1', 'update partners.roles set version = version - 1'],
    ['staffing-state-is-its-events', 'update partners.invitations set version = 9', 'update partners.invitations set version = 1'],
    [
      'staff-hold-roles-there-are',
      'update partners.roles set id = gen_random_uuid(), version = version',
      'update partners.roles set id = (select role::uuid from partners.staff where length(role) = 36)',
    ],
    [
      'one-invitation-waits-for-an-address',
      `update partners.invitations set email = 'a@b.test' where email = 'c@d.test'`,
      `update partners.invitations set email = 'c@d.test' where id = (select id from partners.invitations order by id desc limit 1)`,
    ],
  ])('%s is missed by the doctor after %s', async (id, harm, heal) => {
    expect(await findings()).toEqual([]);
    await sql(harm);
    expect(await findings()).toContain(id);
    await sql(heal);
    expect(await findings()).toEqual([]);
  });

  it('is read by an index, however much there is', async () => {
    await sql(`
      insert into partners.staff (restaurant_id, account_id, display_name, email, role, since, version)
      select ('00000000-0000-7000-8000-' || lpad((n % 90)::text, 12, '0'))::uuid, gen_random_uuid(), 'x', 'x', case n % 9 when 0 then 'owner' else 'waiter' end, now(), 1
        from generate_series(1, 9000) n`);
    await sql(`
      insert into partners.invitations (restaurant_id, id, email, role, selector, verifier_hash, invited_by, status, sent_at, expires_at, version)
      select ('00000000-0000-7000-8000-' || lpad((n % 90)::text, 12, '0'))::uuid, gen_random_uuid(), 'x', 'rider', 's' || n, 'h', gen_random_uuid(),
             case n % 9 when 0 then 'pending' else 'accepted' end, now(), now() + (n || ' seconds')::interval, 1
        from generate_series(1, 9000) n`);
    await sql(`
      insert into identity.accounts (id, email, display_name, password_hash, credentials, platform_roles, status, registered_at, version)
      select gen_random_uuid(), 'n' || n || '@x.test', 'x', 'h', 1, '[]', 'active', now(), 1 from generate_series(1, 9000) n`);
    for (const table of ['partners.staff', 'partners.invitations', 'identity.accounts']) await sql(`analyze ${table}`);
    for (const [query, index] of [
      [
        `select 1 from partners.staff where restaurant_id = '${ID}' and role = 'owner' and account_id < '80000000-0000-4000-8000-000000000000' order by account_id desc limit 21`,
        'staff_role',
      ],
      [`select 1 from partners.invitations where restaurant_id = '${ID}' and id < '${ID}' order by id desc limit 21`, 'invitations_pkey'],
      [
        `select 1 from partners.invitations where restaurant_id = '${ID}' and status = 'pending' and expires_at > now() order by expires_at desc limit 51`,
        'invitations_pending',
      ],
      [`select 1 from partners.invitations where selector = 's7'`, 'invitations_selector'],
      [`select 1 from partners.invitations where expires_at < now() limit 1000`, 'invitations_expiry'],
      [
        `select id from identity.accounts where platform_roles <> '[]' and platform_roles ? 'admin' and status = 'active' order by id for update`,
        'accounts_platform',
      ],
    ] as const) {
      const plan = JSON.stringify(await sql(`explain ${query}`));
      expect(plan, query).toContain(index);
    }
  });
});
