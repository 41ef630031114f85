import type { PartnersErrorOf } from '#domain/partners/errors.ts';
import { StaffMember, type StaffRole } from '#domain/partners/staff.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { PartnersDeps } from './ports.ts';

export type AddStaff = { readonly restaurantId: string; readonly email: string; readonly role: StaffRole };

type Refusal = PartnersErrorOf<'partners.restaurant_not_found' | 'partners.account_not_found' | 'partners.owner_required' | 'partners.last_owner'>;

/** Gives an existing account a role in the restaurant, in place of any other it holds there. */
export const addStaff =
  ({ uow, people, clock }: Pick<PartnersDeps, 'uow' | 'people' | 'clock'>) =>
  async ({ restaurantId, email, role }: AddStaff, actor: Actor): Promise<Result<StaffMember, Refusal>> => {
    const person = await people.find(email);
    if (!person) return err({ code: 'partners.account_not_found', email });
    const at = clock.now();

    return uow.run(actor, async (tx) => {
      if (!(await tx.restaurants.find(restaurantId))) return err({ code: 'partners.restaurant_not_found', restaurantId });
      const owners = await tx.staff.lockOwners(restaurantId);
      const before = await tx.staff.find(restaurantId, person.accountId);
      const added = StaffMember.add(before, { restaurantId, person, role }, owners, actor, at);
      if (!added.ok) return added;

      await tx.staff.save(added.value);
      return ok(added.value.state);
    });
  };
