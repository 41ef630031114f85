import type { PartnersErrorOf } from '#domain/partners/errors.ts';
import { CustomRole } from '#domain/partners/role.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { PartnersDeps } from '../ports.ts';
import { isBuiltIn } from './permissions-of.ts';

export type RemoveRole = { readonly restaurantId: string; readonly roleId: string };

type Refusal = PartnersErrorOf<'partners.role_not_found' | 'partners.role_built_in' | 'partners.role_held' | 'partners.beyond_your_reach'>;

export const removeRole =
  ({ uow, clock }: Pick<PartnersDeps, 'uow' | 'clock'>) =>
  async ({ restaurantId, roleId }: RemoveRole, actor: Actor): Promise<Result<undefined, Refusal>> => {
    if (isBuiltIn(roleId)) return err({ code: 'partners.role_built_in', roleId });
    const at = clock.now();
    return uow.run(actor, async (tx) => {
      await tx.restaurants.lock(restaurantId); // Nobody is given the role while it goes.
      const role = await tx.roles.find(restaurantId, roleId);
      if (!role) return err({ code: 'partners.role_not_found', roleId });
      const removed = CustomRole.remove(role, await tx.staff.holders(restaurantId, roleId), actor, at);
      if (!removed.ok) return removed;

      await tx.roles.remove(removed.value);
      return ok(undefined);
    });
  };
