import type { PartnersErrorOf } from '#domain/partners/errors.ts';
import { beyondReach } from '#domain/partners/role.ts';
import { StaffMember } from '#domain/partners/staff.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { PartnersDeps } from './ports.ts';
import { permissionsOf } from './roles/permissions-of.ts';

/** `role` is one that every restaurant has, or the id of one of its own. */
export type AddStaff = { readonly restaurantId: string; readonly email: string; readonly role: string };

type Refusal = PartnersErrorOf<
  | 'partners.restaurant_not_found'
  | 'partners.account_not_found'
  | 'partners.role_unknown'
  | 'partners.owner_required'
  | 'partners.last_owner'
  | 'partners.beyond_your_reach'
>;

/** Gives an existing account a role in the restaurant, in place of any other it holds there. */
export const addStaff =
  ({ uow, people, rights, clock }: Pick<PartnersDeps, 'uow' | 'people' | 'rights' | 'clock'>) =>
  async ({ restaurantId, email, role }: AddStaff, actor: Actor): Promise<Result<StaffMember, Refusal>> => {
    const person = await people.find(email);
    if (!person) return err({ code: 'partners.account_not_found', email });
    const at = clock.now();

    return uow.run(actor, async (tx) => {
      if (!(await tx.restaurants.find(restaurantId))) return err({ code: 'partners.restaurant_not_found', restaurantId });
      const owners = await tx.staff.lockOwners(restaurantId);
      const permissions = await permissionsOf(tx, rights, restaurantId, role);
      if (permissions === undefined) return err({ code: 'partners.role_unknown', role });
      const before = await tx.staff.find(restaurantId, person.accountId);
      const added = StaffMember.add(before, { restaurantId, person, role }, owners, actor, at);
      if (!added.ok) return added;
      const given = (before?.role && (await permissionsOf(tx, rights, restaurantId, before.role))) || [];
      const refusal = beyondReach(actor, restaurantId, [...permissions, ...given]);
      if (refusal) return err(refusal);

      await tx.staff.save(added.value);
      return ok(added.value.state);
    });
  };
