import { Account } from '#domain/identity/account.ts';
import { customPermissions, platformPermissions, restaurantPermissions } from '#domain/identity/roles.ts';
import { Session } from '#domain/identity/session.ts';
import type { Permission } from '#domain/shared/actor.ts';
import type { IdentityPolicy } from './policy.ts';
import type { AccountActor, HeldRole, IdentityDeps } from './ports.ts';

type Roles = readonly HeldRole[];

/** What a role allows where it is held. */
export const permissionsOf = ({ role, made }: HeldRole): readonly Permission[] =>
  made ? customPermissions(made.permissions) : restaurantPermissions(role);

/** Whether an account is more than a customer. */
export const holdsRoles = ({ platformRoles }: Account, roles: Roles): boolean => platformRoles.length > 0 || roles.length > 0;

/** Whether what an account may do is to be had only with a second factor. */
export const needsSecondFactor = (
  { secondFactorRoles, secondFactorPermissions, secondFactorExempt }: IdentityPolicy,
  { platformRoles, email }: Account,
  roles: Roles,
): boolean =>
  !secondFactorExempt.includes(email) &&
  ([...platformRoles, ...roles.map(({ role }) => role)].some((role) => secondFactorRoles.includes(role)) ||
    roles.some((held) => held.made && permissionsOf(held).some((permission) => secondFactorPermissions.includes(permission))));

export const grantsOf = (roles: Roles): AccountActor['grants'] =>
  roles.map((held) => ({ restaurantId: held.restaurantId, role: held.role, permissions: permissionsOf(held) }));

/** Whom a session stands for at this moment and what they may do; undefined when it or its account has ended. */
export const standingOf =
  ({ queries, grants, clock, security: { policy } }: Pick<IdentityDeps, 'queries' | 'grants' | 'clock' | 'security'>) =>
  async (sessionId: string): Promise<AccountActor | undefined> => {
    const found = await queries.session(sessionId);
    if (!found || !Session.isAlive(found.session, clock.now()) || !Account.isActive(found.account)) return undefined;

    const { id: accountId, platformRoles } = found.account;
    const roles = await grants.rolesOf(accountId);
    const actor = { kind: 'account', accountId, sessionId } as const;
    // Whoever must prove more than a password, and has not, is a customer until they do.
    if (needsSecondFactor(policy, found.account, roles) && !Session.hasSecondProof(found.session)) {
      return { ...actor, permissions: [], grants: [], withheld: 'second_factor' };
    }
    return {
      ...actor,
      permissions: platformPermissions(platformRoles),
      grants: grantsOf(roles),
    };
  };
