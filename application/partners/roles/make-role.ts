import type { PartnersErrorOf } from '#domain/partners/errors.ts';
import { CustomRole, type RoleContent } from '#domain/partners/role.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { PartnersDeps } from '../ports.ts';

export type MakeRole = { readonly restaurantId: string } & RoleContent;

type Refusal = PartnersErrorOf<
  | 'partners.restaurant_not_found'
  | 'partners.too_many_roles'
  | 'partners.role_name_taken'
  | 'partners.permission_not_grantable'
  | 'partners.for_owners_to_give'
  | 'partners.beyond_your_reach'
>;

/** Makes a role out of what its maker may do themselves. */
export const makeRole =
  ({ uow, rights, clock, ids }: Pick<PartnersDeps, 'uow' | 'rights' | 'clock' | 'ids'>) =>
  (command: MakeRole, actor: Actor): Promise<Result<CustomRole, Refusal>> => {
    const { restaurantId } = command;
    const id = ids.next();
    const at = clock.now();
    return uow.run(actor, async (tx) => {
      if (!(await tx.restaurants.lock(restaurantId))) return err({ code: 'partners.restaurant_not_found', restaurantId });
      const others = await tx.roles.of(restaurantId);
      const made = CustomRole.make({ ...command, id }, { others, bounds: rights, actor }, at);
      if (!made.ok) return made;

      await tx.roles.save(made.value);
      return ok({ ...made.value.state, version: made.value.events.length });
    });
  };
