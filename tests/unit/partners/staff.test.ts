import { describe, expect, it } from 'vitest';
import { restaurantPermissions } from '#domain/identity/roles.ts';
import { STAFF_ROLES, StaffMember, type StaffRole } from '#domain/partners/staff.ts';
import { type Actor, ANONYMOUS, system } from '#domain/shared/actor.ts';

const HERE = 'here';
const AT = 1_000;
const person = { accountId: 'asha', displayName: 'Asha', email: 'asha@annapurna.test' };

const working = (role: StaffRole, restaurantId = HERE): Actor => ({
  kind: 'account',
  accountId: 'someone',
  sessionId: 's',
  permissions: [],
  grants: [{ restaurantId, role, permissions: restaurantPermissions(role) }],
});
const admin: Actor = { kind: 'account', accountId: 'admin', sessionId: 's', permissions: ['staff:own'], grants: [] };
const member = (role: StaffRole | null): StaffMember => ({ restaurantId: HERE, ...person, role, since: 1, version: 4 });

const REQUIRED = { ok: false, error: { code: 'partners.owner_required', accountId: person.accountId, permission: 'staff:own' } };
const LAST = { ok: false, error: { code: 'partners.last_owner', accountId: person.accountId } };

describe('who may make and unmake owners', () => {
  const add = (from: StaffRole | null, to: StaffRole, actor: Actor, owners = 2) =>
    StaffMember.add(from === null ? undefined : member(from), { restaurantId: HERE, person, role: to }, owners, actor, AT);

  it.each<[string, Actor, boolean]>([
    ['an owner', working('owner'), true],
    ['an admin', admin, true],
    ['the system', system('demo'), true],
    ['a manager', working('manager'), false],
    ['a cook', working('kitchen'), false],
    ['the owner of another restaurant', working('owner', 'elsewhere'), false],
    ['nobody', ANONYMOUS, false],
  ])('%s', (_who, actor, may) => {
    for (const changed of [
      add(null, 'owner', actor),
      add('manager', 'owner', actor),
      add('owner', 'manager', actor),
      add('owner', 'owner', actor),
      StaffMember.remove(member('owner'), 2, actor, AT),
    ]) {
      if (may) expect(changed.ok).toBe(true);
      else expect(changed).toEqual(REQUIRED);
    }
  });

  it('a manager gives and takes every other role', () => {
    for (const role of STAFF_ROLES.filter((one) => one !== 'owner')) {
      expect(add(null, role, working('manager'))).toMatchObject({ ok: true, value: { state: { role, since: AT } } });
      expect(add(role, 'rider', working('manager')).ok).toBe(true);
      expect(StaffMember.remove(member(role), 1, working('manager'), AT).ok).toBe(true);
    }
  });

  it('is asked before anything is told of how many owners there are', () => {
    expect(StaffMember.remove(member('owner'), 1, working('manager'), AT)).toEqual(REQUIRED);
    expect(add('owner', 'waiter', working('manager'), 1)).toEqual(REQUIRED);
  });
});

describe('the last owner', () => {
  const owner = working('owner');
  const demote = (owners: number) => StaffMember.add(member('owner'), { restaurantId: HERE, person, role: 'waiter' }, owners, owner, AT);

  it('stays, and stays an owner', () => {
    expect(demote(1)).toEqual(LAST);
    expect(StaffMember.remove(member('owner'), 1, owner, AT)).toEqual(LAST);
    expect(StaffMember.remove(member('owner'), 1, admin, AT)).toEqual(LAST);
    expect(StaffMember.add(member('owner'), { restaurantId: HERE, person, role: 'owner' }, 1, owner, AT).ok).toBe(true);
  });

  it('may go once there is another', () => {
    expect(demote(2)).toMatchObject({ ok: true, value: { state: { role: 'waiter' } } });
    expect(StaffMember.remove(member('owner'), 2, owner, AT)).toEqual({
      ok: true,
      value: {
        state: { ...member(null), role: null },
        events: [{ type: 'partners.staff_removed', restaurantId: HERE, accountId: person.accountId, at: AT }],
      },
    });
  });
});

it('a restaurant begins with its first owner, whom nobody had to make', () => {
  expect(StaffMember.firstOwner(HERE, person, AT)).toEqual({
    state: { restaurantId: HERE, ...person, role: 'owner', since: AT, version: 0 },
    events: [{ type: 'partners.staff_added', restaurantId: HERE, accountId: person.accountId, role: 'owner', at: AT }],
  });
});

it('someone who comes back goes on where their record ended', () => {
  const back = StaffMember.add(member(null), { restaurantId: HERE, person, role: 'rider' }, 1, working('manager'), AT);
  expect(back).toMatchObject({ ok: true, value: { state: { role: 'rider', version: 4, since: AT } } });
});
