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
  readonly role: StaffRole | null;
  readonly since: number;
  readonly version: number;
};

type Person = Pick<StaffMember, 'accountId' | 'displayName' | 'email'>;

/** Gives the person the role, in place of any other they hold there. */
function add(before: StaffMember | undefined, restaurantId: string, person: Person, role: StaffRole, at: number): Change<StaffMember, PartnersEvent> {
  const state: StaffMember = { restaurantId, ...person, role, since: at, version: before?.version ?? 0 };
  return { state, events: [{ type: 'partners.staff_added', restaurantId, accountId: person.accountId, role, at }] };
}

/** Refuses to leave a restaurant with nobody who may decide; `owners` is how many it has. */
function remove(member: StaffMember, owners: number, at: number): Result<Change<StaffMember, PartnersEvent>, PartnersErrorOf<'partners.last_owner'>> {
  const { restaurantId, accountId } = member;
  if (member.role === 'owner' && owners <= 1) return err({ code: 'partners.last_owner', accountId });
  return ok({ state: { ...member, role: null }, events: [{ type: 'partners.staff_removed', restaurantId, accountId, at }] });
}

export const StaffMember = { add, remove };
