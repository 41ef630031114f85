import { Account } from '#domain/identity/account.ts';
import { platformPermissions, restaurantPermissions } from '#domain/identity/roles.ts';
import { Session } from '#domain/identity/session.ts';
import type { AccountActor, Grants, IdentityDeps } from './ports.ts';

/** Whether an account is more than a customer. */
export const holdsRoles = ({ platformRoles }: Account, roles: Awaited<ReturnType<Grants['rolesOf']>>): boolean =>
  platformRoles.length > 0 || roles.length > 0;

/** Whom a session stands for at this moment and what they may do; undefined when it or its account has ended. */
export const standingOf =
  ({ queries, grants, clock }: Pick<IdentityDeps, 'queries' | 'grants' | 'clock'>) =>
  async (sessionId: string): Promise<AccountActor | undefined> => {
    const found = await queries.session(sessionId);
    if (!found || !Session.isAlive(found.session, clock.now()) || !Account.isActive(found.account)) return undefined;

    const { id: accountId, platformRoles } = found.account;
    const roles = await grants.rolesOf(accountId);
    return {
      kind: 'account',
      accountId,
      sessionId,
      permissions: platformPermissions(platformRoles),
      grants: roles.map(({ restaurantId, role }) => ({ restaurantId, role, permissions: restaurantPermissions(role) })),
    };
  };
