import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { type PlatformRole, platformPermissions } from '#domain/identity/roles.ts';
import type { Actor, Permission } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { HeldRole, IdentityDeps } from '../ports.ts';
import { permissionsOf } from '../standing.ts';

/** What an account holds, and what it may do by it. */
export type Held = {
  readonly platform: { readonly roles: readonly PlatformRole[]; readonly permissions: readonly Permission[] };
  readonly restaurants: readonly {
    readonly restaurantId: string;
    readonly role: string;
    readonly name: string;
    readonly permissions: readonly Permission[];
  }[];
};
/** `withheld` is why all of it sleeps for now. */
export type MyPermissions = Held & { readonly withheld: 'second_factor' | null };

/** What the actor may do where, whether or not they proved enough in this session to do it. */
export const myPermissions =
  ({ queries, grants }: Pick<IdentityDeps, 'queries' | 'grants'>) =>
  async (actor: Actor): Promise<Result<MyPermissions, IdentityErrorOf<'identity.account_not_found'>>> => {
    const account = actor.kind === 'account' ? await queries.account(actor.accountId) : undefined;
    if (actor.kind !== 'account' || !account) return err({ code: 'identity.account_not_found' });
    return ok({ ...heldBy(account.platformRoles, await grants.rolesOf(account.id)), withheld: actor.withheld ?? null });
  };

export const heldBy = (platformRoles: readonly PlatformRole[], roles: readonly HeldRole[]): Held => ({
  platform: { roles: platformRoles, permissions: platformPermissions(platformRoles) },
  restaurants: roles.map((held) => ({
    restaurantId: held.restaurantId,
    role: held.role,
    name: held.made?.name ?? held.role,
    permissions: permissionsOf(held),
  })),
});
