import type { PartnersErrorOf } from '#domain/partners/errors.ts';
import { CustomRole, type RoleContent } from '#domain/partners/role.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { PartnersDeps } from '../ports.ts';
import { isBuiltIn } from './permissions-of.ts';

export type ChangeRole = {
  readonly restaurantId: string;
  readonly roleId: string;
  readonly changes: Partial<RoleContent>;
  /** The version the caller has seen, when they insist on it. */
  readonly expectedVersion: number | undefined;
};

type Refusal = PartnersErrorOf<
  | 'partners.role_not_found'
  | 'partners.role_built_in'
  | 'partners.role_changed_meanwhile'
  | 'partners.role_name_taken'
  | 'partners.permission_not_grantable'
  | 'partners.for_owners_to_give'
  | 'partners.beyond_your_reach'
>;

/** Whoever holds the role may do what it says from the commit on. */
export const changeRole =
  ({ uow, rights, clock }: Pick<PartnersDeps, 'uow' | 'rights' | 'clock'>) =>
  async ({ restaurantId, roleId, changes, expectedVersion }: ChangeRole, actor: Actor): Promise<Result<CustomRole, Refusal>> => {
    if (isBuiltIn(roleId)) return err({ code: 'partners.role_built_in', roleId });
    const at = clock.now();
    return uow.run(actor, async (tx) => {
      await tx.restaurants.lock(restaurantId);
      const others = await tx.roles.of(restaurantId);
      const role = others.find(({ id }) => id === roleId);
      if (!role) return err({ code: 'partners.role_not_found', roleId });
      const changed = CustomRole.change(role, changes, expectedVersion, { others, bounds: rights, actor }, at);
      if (!changed.ok) return changed;

      await tx.roles.save(changed.value);
      return ok({ ...changed.value.state, version: role.version + changed.value.events.length });
    });
  };
