import type { PartnersErrorOf } from '#domain/partners/errors.ts';
import { StaffMember } from '#domain/partners/staff.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { PartnersDeps } from './ports.ts';

export type RemoveStaff = { readonly restaurantId: string; readonly accountId: string };

export const removeStaff =
  ({ uow, clock }: Pick<PartnersDeps, 'uow' | 'clock'>) =>
  (
    { restaurantId, accountId }: RemoveStaff,
    actor: Actor,
  ): Promise<Result<undefined, PartnersErrorOf<'partners.staff_not_found' | 'partners.owner_required' | 'partners.last_owner'>>> =>
    uow.run(actor, async (tx) => {
      const owners = await tx.staff.lockOwners(restaurantId);
      const member = await tx.staff.find(restaurantId, accountId);
      if (!member || member.role === null) return err({ code: 'partners.staff_not_found', accountId });

      const removed = StaffMember.remove(member, owners, actor, clock.now());
      if (!removed.ok) return removed;

      await tx.staff.save(removed.value);
      return ok(undefined);
    });
