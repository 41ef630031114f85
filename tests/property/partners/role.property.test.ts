import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GRANTABLE, HANDED_ON_BY_OWNER, PERMISSIONS, restaurantPermissions } from '#domain/identity/roles.ts';
import { beyondReach, CustomRole } from '#domain/partners/role.ts';
import { STAFF_ROLES, StaffMember } from '#domain/partners/staff.ts';
import type { Actor, Permission } from '#domain/shared/actor.ts';

const HERE = 'here';
const bounds = { grantable: GRANTABLE, ofOwner: HANDED_ON_BY_OWNER };
const actorWith = (accountId: string, permissions: readonly Permission[]): Actor => ({
  kind: 'account',
  accountId,
  sessionId: 's',
  permissions: [],
  grants: [{ restaurantId: HERE, role: 'x', permissions }],
});
const permissions = fc.uniqueArray(fc.constantFrom(...PERMISSIONS), { minLength: 1, maxLength: 8 });
const who = fc.nat(2);
const step = fc.oneof(
  fc.record({ kind: fc.constant('make' as const), who, permissions }),
  fc.record({ kind: fc.constant('change' as const), who, role: fc.nat(5), permissions }),
  fc.record({ kind: fc.constant('give' as const), who, to: who, role: fc.nat(5) }),
  fc.record({ kind: fc.constant('give built in' as const), who, to: who, name: fc.constantFrom(...STAFF_ROLES) }),
  fc.record({ kind: fc.constant('remove' as const), who, role: fc.nat(5) }),
);

it('whatever people make, change and give among themselves, together they never come to hold more than at first', () => {
  fc.assert(
    fc.property(fc.tuple(permissions, permissions, permissions), fc.array(step, { maxLength: 30 }), (first, script) => {
      const start = new Set<Permission>(first.flat());
      const roles: CustomRole[] = [];
      /** What each holds: what they began with, or the role they were given. */
      const held: { permissions: readonly Permission[]; roleId?: string }[] = first.map((own) => ({ permissions: own }));
      const holds = (i: number): readonly Permission[] => {
        const { roleId, permissions: own } = held[i] as (typeof held)[number];
        return roleId === undefined ? own : (roles.find(({ id }) => id === roleId)?.permissions ?? []);
      };
      for (const [n, one] of script.entries()) {
        const actor = actorWith(String(one.who), holds(one.who));
        const known = 'role' in one ? roles[one.role] : undefined;
        const setting = { others: roles, bounds, actor };
        if (one.kind === 'make') {
          const made = CustomRole.make(
            { id: `r${n}`, restaurantId: HERE, name: `Role ${n}`, description: '', permissions: one.permissions },
            setting,
            1,
          );
          if (made.ok) roles.push(CustomRole.check(made.value.state));
          if (made.ok) expect(one.permissions.every((permission) => holds(one.who).includes(permission))).toBe(true);
        } else if (one.kind === 'change' && known) {
          const changed = CustomRole.change(known, { permissions: one.permissions }, undefined, setting, 1);
          if (changed.ok) roles[roles.indexOf(known)] = CustomRole.check(changed.value.state);
        } else if (one.kind === 'give' && known) {
          if (!beyondReach(actor, HERE, [...known.permissions, ...holds(one.to)])) held[one.to] = { permissions: [], roleId: known.id };
        } else if (one.kind === 'give built in') {
          const person = { accountId: String(one.to), displayName: 'x', email: 'x@y.test' };
          const added = StaffMember.add(undefined, { restaurantId: HERE, person, role: one.name }, 1, actor, 1);
          const given = restaurantPermissions(one.name);
          if (added.ok && !beyondReach(actor, HERE, [...given, ...holds(one.to)])) held[one.to] = { permissions: given };
        } else if (one.kind === 'remove' && known) {
          const holders = held.flatMap(({ roleId }, i) => (roleId === known.id ? [String(i)] : []));
          const removed = CustomRole.remove(known, holders, actor, 1);
          if (removed.ok) roles.splice(roles.indexOf(known), 1);
          if (removed.ok) expect(holders).toEqual([]);
        }
        for (const i of held.keys()) expect(holds(i).filter((permission) => !start.has(permission))).toEqual([]);
      }
      // No role makes owners, and what only owners give is in none that somebody else could have made.
      for (const role of roles) expect(role.permissions).not.toContain('staff:own');
      if (!start.has('staff:own')) for (const role of roles) expect(role.permissions.filter((one) => HANDED_ON_BY_OWNER.includes(one))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
