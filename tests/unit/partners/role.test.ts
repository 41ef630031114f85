import { describe, expect, it } from 'vitest';
import { GRANTABLE, HANDED_ON_BY_OWNER, PERMISSIONS, restaurantPermissions } from '#domain/identity/roles.ts';
import { INVITATIONS_MAX, Invitation } from '#domain/partners/invitation.ts';
import { CustomRole, ROLES_MAX } from '#domain/partners/role.ts';
import { type Actor, type Permission, system } from '#domain/shared/actor.ts';
import { must } from '../../support/must.ts';

const AT = 1_000;
const bounds = { grantable: GRANTABLE, ofOwner: HANDED_ON_BY_OWNER };
const working = (role: string, restaurantId = 'here'): Actor => ({
  kind: 'account',
  accountId: role,
  sessionId: 's',
  permissions: [],
  grants: [{ restaurantId, role, permissions: restaurantPermissions(role) }],
});
const admin: Actor = { kind: 'account', accountId: 'admin', sessionId: 's', permissions: PERMISSIONS, grants: [] };
const draft = (permissions: readonly Permission[] = ['orders:read'], name = 'Helper') => ({
  id: 'r1',
  restaurantId: 'here',
  name,
  description: '',
  permissions,
});
const make = (actor: Actor, given = draft(), others: readonly CustomRole[] = []) => CustomRole.make(given, { others, bounds, actor }, AT);
const made = (permissions?: readonly Permission[], id = 'r1'): CustomRole => ({ ...draft(permissions), id, version: 3 });

describe('what a role may consist of', () => {
  it.each<[string, Actor, readonly Permission[], string | undefined]>([
    ['an owner: what owners may', working('owner'), ['payouts:write', 'keys:write', 'audit:read'], undefined],
    ['an admin: the same', admin, ['payouts:write'], undefined],
    ['a manager: what managers may', working('manager'), ['staff:write', 'payments:refund'], undefined],
    ['a manager: what owners may', working('manager'), ['orders:read', 'audit:read'], 'partners.for_owners_to_give'],
    ['an owner: being an owner', working('owner'), ['staff:own'], 'partners.permission_not_grantable'],
    ['an admin: operating the platform', admin, ['platform:operate'], 'partners.permission_not_grantable'],
    ['a waiter: what cashiers may', working('waiter'), ['payments:refund'], 'partners.beyond_your_reach'],
    ['the owner of another place', working('owner', 'elsewhere'), ['orders:read'], 'partners.beyond_your_reach'],
  ])('by %s', (_, actor, permissions, code) => {
    const result = make(actor, draft(permissions));
    expect(result.ok ? undefined : result.error.code).toBe(code);
  });

  it('is the bounds that identity sets: all but being an owner', () => {
    expect([...GRANTABLE].sort()).toEqual([...restaurantPermissions('owner')].filter((one) => one !== 'staff:own').sort());
    expect(HANDED_ON_BY_OWNER.every((one) => GRANTABLE.includes(one) && !restaurantPermissions('manager').includes(one))).toBe(true);
  });

  it('is said once, whatever is repeated', () => {
    expect(must(make(system('demo'), draft(['orders:read', 'orders:read']))).state.permissions).toEqual(['orders:read']);
  });
});

it('a restaurant makes so many roles and no more', () => {
  const others = (n: number) => Array.from({ length: n }, (_, i) => ({ ...made(undefined, `o${i}`), name: `Other ${i}` }));
  expect(make(working('owner'), draft(), others(ROLES_MAX - 1)).ok).toBe(true);
  expect(make(working('owner'), draft(), others(ROLES_MAX))).toMatchObject({ error: { code: 'partners.too_many_roles', limit: ROLES_MAX } });
});

it('a name stands once, however it is written, and keeps standing where it is', () => {
  const other = { ...made(undefined, 'r2'), name: 'Chef de Rang' };
  expect(make(working('owner'), draft(['orders:read'], 'CHEF de rang'), [other])).toMatchObject({ error: { code: 'partners.role_name_taken' } });
  expect(make(working('owner'), draft(['orders:read'], 'Kitchen'))).toMatchObject({ error: { code: 'partners.role_name_taken' } });
  const setting = { others: [other, made()], bounds, actor: working('owner') };
  expect(must(CustomRole.change(other, { name: 'chef de rang' }, 3, setting, AT)).state.name).toBe('chef de rang');
});

it('what reaches beyond somebody they neither change nor remove, and what is held nobody removes', () => {
  const role = made(['orders:read', 'payments:refund']);
  const by = (actor: Actor) => ({ others: [role], bounds, actor });
  expect(CustomRole.change(role, { permissions: ['orders:read'] }, undefined, by(working('waiter')), AT)).toMatchObject({
    error: { code: 'partners.beyond_your_reach', permissions: ['payments:refund'] },
  });
  expect(CustomRole.remove(role, [], working('waiter'), AT)).toMatchObject({ error: { code: 'partners.beyond_your_reach' } });
  expect(CustomRole.remove(role, ['asha'], working('manager'), AT)).toEqual({
    ok: false,
    error: { code: 'partners.role_held', accountIds: ['asha'] },
  });
  expect(CustomRole.change(role, {}, 2, by(working('manager')), AT)).toMatchObject({
    error: { code: 'partners.role_changed_meanwhile', version: 3 },
  });
  expect(must(CustomRole.remove(role, [], working('manager'), AT)).events).toEqual([
    { type: 'partners.role_removed', restaurantId: 'here', roleId: 'r1', at: AT },
  ]);
});

describe('an invitation', () => {
  const given = { id: 'i', restaurantId: 'here', email: 'a@b.test', role: 'waiter', selector: 's', verifierHash: 'h', invitedBy: 'o', hours: 24 };
  it('is one of so many that wait', () => {
    expect(Invitation.send(given, INVITATIONS_MAX - 1, AT).ok).toBe(true);
    expect(Invitation.send(given, INVITATIONS_MAX, AT)).toMatchObject({ error: { code: 'partners.too_many_invitations', limit: INVITATIONS_MAX } });
  });
  it('holds until its hour, to the millisecond', () => {
    const { state } = must(Invitation.send(given, 0, AT));
    const accept = (at: number) => Invitation.accept(state, { accountId: 'x', email: 'a@b.test', isConfirmed: true }, at).ok;
    expect([accept(state.expiresAt - 1), accept(state.expiresAt)]).toEqual([true, false]);
    expect(Invitation.accept(state, { accountId: 'x', email: 'a@b.test', isConfirmed: false }, AT)).toMatchObject({
      error: { code: 'partners.address_unconfirmed' },
    });
  });
  it('is worth what whoever sent it may give now', () => {
    const { state } = must(Invitation.send({ ...given, role: 'owner' }, 0, AT));
    const may = (actor: Actor, role: string) => Invitation.inviterRefusal({ ...state, role }, actor, restaurantPermissions(role)) === undefined;
    expect([may(working('owner'), 'owner'), may(working('manager'), 'owner'), may(admin, 'owner')]).toEqual([true, false, true]);
    expect([may(working('manager'), 'cashier'), may(working('cashier'), 'cashier'), may(working('owner', 'elsewhere'), 'cashier')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
