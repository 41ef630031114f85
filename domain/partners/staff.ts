import { type Actor, may, type Permission } from '../shared/actor.ts';
import type { Change } from '../shared/change.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { PartnersErrorOf } from './errors.ts';
import type { PartnersEvent } from './events.ts';

export const STAFF_ROLES = ['owner', 'manager', 'cashier', 'waiter', 'kitchen', 'rider'] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

/** One account's place in one restaurant. Someone removed stays on record, and may come back. */
export type StaffMember = {
  readonly restaurantId: string;
  readonly accountId: string;
  readonly displayName: string;
  readonly email: string;
  /** One of STAFF_ROLES or the id of a role that the restaurant made; null once they are removed. */
  readonly role: string | null;
  readonly since: number;
  readonly version: number;
};

export type Person = Pick<StaffMember, 'accountId' | 'displayName' | 'email'>;

type StaffChange = Change<StaffMember, PartnersEvent>;
type OwnersError = PartnersErrorOf<'partners.owner_required' | 'partners.last_owner'>;

/** What it takes to make or unmake an owner: were writing staff enough, a manager could take the restaurant from its owner. */
export const OWN: Permission = 'staff:own';

/** The owner a restaurant is opened with; there is nobody yet whom it could be asked of. */
function firstOwner(restaurantId: string, person: Person, at: number): StaffChange {
  return join(undefined, restaurantId, person, 'owner', at);
}

/** Gives the person the role, in place of any other they hold there; `owners` is how many the restaurant has. */
function add(
  before: StaffMember | undefined,
  { restaurantId, person, role }: { readonly restaurantId: string; readonly person: Person; readonly role: string },
  owners: number,
  actor: Actor,
  at: number,
): Result<StaffChange, OwnersError> {
  const refusal = ownersRefusal(before?.role ?? null, role, { restaurantId, accountId: person.accountId }, owners, actor);
  return refusal ? err(refusal) : ok(join(before, restaurantId, person, role, at));
}

/** Takes their role; `owners` is how many the restaurant has. */
function remove(member: StaffMember, owners: number, actor: Actor, at: number): Result<StaffChange, OwnersError> {
  const { restaurantId, accountId } = member;
  const refusal = ownersRefusal(member.role, null, member, owners, actor);
  if (refusal) return err(refusal);
  return ok({ state: { ...member, role: null }, events: [{ type: 'partners.staff_removed', restaurantId, accountId, at }] });
}

/** Owners are made and unmade by owners, and a restaurant is never left with nobody who may decide. */
function ownersRefusal(
  from: string | null,
  to: string | null,
  { restaurantId, accountId }: Pick<StaffMember, 'restaurantId' | 'accountId'>,
  owners: number,
  actor: Actor,
): OwnersError | undefined {
  if (from !== 'owner' && to !== 'owner') return undefined;
  if (!may(actor, OWN, restaurantId)) return { code: 'partners.owner_required', accountId, permission: OWN };
  return to !== 'owner' && owners <= 1 ? { code: 'partners.last_owner', accountId } : undefined;
}

function join(before: StaffMember | undefined, restaurantId: string, person: Person, role: string, at: number): StaffChange {
  const state: StaffMember = { restaurantId, ...person, role, since: at, version: before?.version ?? 0 };
  return { state, events: [{ type: 'partners.staff_added', restaurantId, accountId: person.accountId, role, at }] };
}

export const StaffMember = { firstOwner, add, remove };
