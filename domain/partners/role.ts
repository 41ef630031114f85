import { type Actor, may, type Permission } from '../shared/actor.ts';
import type { Change } from '../shared/change.ts';
import { invariant } from '../shared/invariant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { PartnersErrorOf } from './errors.ts';
import type { PartnersEvent } from './events.ts';
import { OWN, STAFF_ROLES } from './staff.ts';

export const ROLES_MAX = 50;
export const ROLE_NAME_MAX = 60;
export const ROLE_DESCRIPTION_MAX = 500;

/** A role that a restaurant made for its own staff, beside those that every restaurant has. */
export type CustomRole = {
  readonly id: string;
  readonly restaurantId: string;
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly Permission[];
  readonly version: number;
};
export type RoleContent = Pick<CustomRole, 'name' | 'description' | 'permissions'>;

/** What a role may consist of at all, and what of that only an owner hands on. Both are for identity to say. */
export type RoleBounds = { readonly grantable: readonly Permission[]; readonly ofOwner: readonly Permission[] };
/** Where a role is made: by whom, among which others, within what. */
type Setting = { readonly others: readonly CustomRole[]; readonly bounds: RoleBounds; readonly actor: Actor };

type RoleChange = Change<CustomRole, PartnersEvent>;
type ReachError = PartnersErrorOf<'partners.beyond_your_reach'>;
type ContentError = ReachError | PartnersErrorOf<'partners.permission_not_grantable' | 'partners.for_owners_to_give' | 'partners.role_name_taken'>;

/** Nobody hands on, or takes away, more than they hold themselves. */
export function beyondReach(actor: Actor, restaurantId: string, permissions: readonly Permission[]): ReachError | undefined {
  const missing = [...new Set(permissions)].filter((permission) => !may(actor, permission, restaurantId));
  return missing.length > 0 ? { code: 'partners.beyond_your_reach', permissions: missing } : undefined;
}

function make(
  draft: Omit<CustomRole, 'version'>,
  setting: Setting,
  at: number,
): Result<RoleChange, ContentError | PartnersErrorOf<'partners.too_many_roles'>> {
  if (setting.others.length >= ROLES_MAX) return err({ code: 'partners.too_many_roles', limit: ROLES_MAX });
  const state: CustomRole = { ...draft, permissions: [...new Set(draft.permissions)], version: 0 };
  const refusal = contentRefusal(state, setting);
  return refusal ? err(refusal) : ok({ state, events: [{ type: 'partners.role_made', ...factsOf(state), at }] });
}

/** `expected` is the version the caller has seen; undefined when they do not care. What it allowed before must be within their reach as well. */
function change(
  role: CustomRole,
  changes: Partial<RoleContent>,
  expected: number | undefined,
  setting: Setting,
  at: number,
): Result<RoleChange, ContentError | PartnersErrorOf<'partners.role_changed_meanwhile'>> {
  const { version } = role;
  const refusedBefore = beyondReach(setting.actor, role.restaurantId, role.permissions);
  if (refusedBefore) return err(refusedBefore);
  if (expected !== undefined && expected !== version) return err({ code: 'partners.role_changed_meanwhile', version });
  const changed = { ...role, ...changes };
  const state: CustomRole = { ...changed, permissions: [...new Set(changed.permissions)] };
  const refusal = contentRefusal(state, setting);
  return refusal ? err(refusal) : ok({ state, events: [{ type: 'partners.role_changed', ...factsOf(state), at }] });
}

/** `holders` are the accounts that work in it. */
function remove(
  role: CustomRole,
  holders: readonly string[],
  actor: Actor,
  at: number,
): Result<RoleChange, ReachError | PartnersErrorOf<'partners.role_held'>> {
  const { id: roleId, restaurantId } = role;
  const refusal = beyondReach(actor, restaurantId, role.permissions);
  if (refusal) return err(refusal);
  if (holders.length > 0) return err({ code: 'partners.role_held', accountIds: holders });
  return ok({ state: role, events: [{ type: 'partners.role_removed', restaurantId, roleId, at }] });
}

function contentRefusal(role: CustomRole, { others, bounds, actor }: Setting): ContentError | undefined {
  const { id, restaurantId, name, permissions } = role;
  const strange = permissions.filter((permission) => !bounds.grantable.includes(permission));
  if (strange.length > 0) return { code: 'partners.permission_not_grantable', permissions: strange };
  const owners = permissions.filter((permission) => bounds.ofOwner.includes(permission));
  if (owners.length > 0 && !may(actor, OWN, restaurantId)) return { code: 'partners.for_owners_to_give', permissions: owners };
  const beyond = beyondReach(actor, restaurantId, permissions);
  if (beyond) return beyond;
  const names = [...STAFF_ROLES, ...others.flatMap((other) => (other.id === id ? [] : [other.name]))];
  return names.some((taken) => fold(taken) === fold(name)) ? { code: 'partners.role_name_taken', name } : undefined;
}

const fold = (name: string): string => name.normalize('NFKC').toLowerCase();
const factsOf = ({ id: roleId, restaurantId, name, description, permissions }: CustomRole) => ({
  restaurantId,
  roleId,
  name,
  description,
  permissions,
});

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(role: CustomRole): CustomRole {
  invariant(role.name.trim() !== '' && role.name.length <= ROLE_NAME_MAX, `role ${role.id} has a name`);
  invariant(role.permissions.length > 0 && new Set(role.permissions).size === role.permissions.length, `role ${role.id} allows something, each once`);
  invariant(!role.permissions.includes(OWN), `role ${role.id} makes no owners`);
  return role;
}

export const CustomRole = { make, change, remove, check };
