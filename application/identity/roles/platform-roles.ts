import { Account } from '#domain/identity/account.ts';
import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import type { PlatformRole } from '#domain/identity/roles.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { IdentityDeps } from '../ports.ts';
import { type Held, heldBy } from './my-permissions.ts';

export type SetPlatformRole = { readonly accountId: string; readonly role: PlatformRole };
export type AccountRoles = Held & { readonly account: Account };

type NotFound = IdentityErrorOf<'identity.no_such_account'>;

/** Who an account is and what it holds where. */
export const rolesOfAccount =
  ({ queries, grants }: Pick<IdentityDeps, 'queries' | 'grants'>) =>
  async (accountId: string): Promise<Result<AccountRoles, NotFound>> => {
    const account = await queries.account(accountId);
    if (!account) return err({ code: 'identity.no_such_account', accountId });
    return ok({ account, ...heldBy(account.platformRoles, await grants.rolesOf(accountId)) });
  };

/** Gives an account a role on the platform, from the commit on. Twice is once. */
export const givePlatformRole =
  ({ uow, clock }: Pick<IdentityDeps, 'uow' | 'clock'>) =>
  ({ accountId, role }: SetPlatformRole, actor: Actor): Promise<Result<undefined, NotFound | IdentityErrorOf<'identity.account_closed'>>> =>
    uow.run(actor, async (tx) => {
      const account = await tx.accounts.lock(accountId);
      if (!account) return err({ code: 'identity.no_such_account', accountId });
      const given = Account.givePlatformRole(account, role, clock.now());
      if (!given.ok) return given;

      if (given.value) await tx.accounts.save(given.value);
      return ok(undefined);
    });

/** Takes one, unless nobody would be left to operate the platform. */
export const takePlatformRole =
  ({ uow, clock }: Pick<IdentityDeps, 'uow' | 'clock'>) =>
  (
    { accountId, role }: SetPlatformRole,
    actor: Actor,
  ): Promise<Result<undefined, NotFound | IdentityErrorOf<'identity.role_not_held' | 'identity.last_admin'>>> =>
    uow.run(actor, async (tx) => {
      const admins = role === 'admin' ? await tx.accounts.lockAdmins() : [];
      const account = await tx.accounts.lock(accountId);
      if (!account) return err({ code: 'identity.no_such_account', accountId });
      const taken = Account.takePlatformRole(account, role, admins.length, clock.now());
      if (!taken.ok) return taken;

      await tx.accounts.save(taken.value);
      return ok(undefined);
    });
