import type { PartnersErrorOf } from '#domain/partners/errors.ts';
import { beyondReach } from '#domain/partners/role.ts';
import { StaffMember } from '#domain/partners/staff.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { PartnersDeps } from './ports.ts';
import { permissionsOf } from './roles/permissions-of.ts';

export type RemoveStaff = { readonly restaurantId: string; readonly accountId: string };

type Refusal = PartnersErrorOf<'partners.staff_not_found' | 'partners.owner_required' | 'partners.last_owner' | 'partners.beyond_your_reach'>;

/** Takes somebody off the staff who may no more than whoever does it. */
export const removeStaff =
  ({ uow, rights, clock }: Pick<PartnersDeps, 'uow' | 'rights' | 'clock'>) =>
  ({ restaurantId, accountId }: RemoveStaff, actor: Actor): Promise<Result<undefined, Refusal>> =>
    uow.run(actor, async (tx) => {
      const owners = await tx.staff.lockOwners(restaurantId);
      const member = await tx.staff.find(restaurantId, accountId);
      if (!member || member.role === null) return err({ code: 'partners.staff_not_found', accountId });

      const removed = StaffMember.remove(member, owners, actor, clock.now());
      if (!removed.ok) return removed;
      const refusal = beyondReach(actor, restaurantId, (await permissionsOf(tx, rights, restaurantId, member.role)) ?? []);
      if (refusal) return err(refusal);

      await tx.staff.save(removed.value);
      return ok(undefined);
    });
