import { Account } from '#domain/identity/account.ts';
import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { IdentityDeps } from '../ports.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { holdsRoles } from '../standing.ts';
import { supersedeTokens } from '../tokens/give-token.ts';
import { mailTo } from '../tokens/mail-link.ts';
import { confirmOwner, type NotConfirmed, newPasswordHash } from './check-password.ts';

export type ChangePassword = { readonly currentPassword: string; readonly newPassword: string };

type Deps = Pick<IdentityDeps, 'uow' | 'queries' | 'grants' | 'clock' | 'ids' | 'security'>;
type Refusal = NotConfirmed | IdentityErrorOf<'identity.account_not_found' | 'identity.password_not_set' | 'identity.password_weak'>;

/** Takes the current password, so where there is none a mailed link sets the first; every other session of the account ends. */
export const changePassword =
  (deps: Deps) =>
  async ({ currentPassword, newPassword }: ChangePassword, actor: Actor): Promise<Result<undefined, Refusal>> => {
    if (actor.kind !== 'account') return err({ code: 'identity.account_not_found' });
    const { accountId, sessionId } = actor;
    const confirmed = await confirmOwner(deps)(actor, currentPassword);
    if (!confirmed.ok && confirmed.error.code !== 'identity.sign_in_again') return confirmed;
    if (!confirmed.ok || confirmed.value.passwordHash === null) return err({ code: 'identity.password_not_set' });
    const account = confirmed.value;
    const role = holdsRoles(account, await deps.grants.rolesOf(accountId));
    const hash = await newPasswordHash(deps, { password: newPassword, ownWords: Account.ownWords(account), holdsRoles: role });
    if (!hash.ok) return hash;

    const [at, mailId] = [deps.clock.now(), deps.ids.next()];
    return deps.uow.run(actor, async (tx) => {
      const current = await tx.accounts.lock(accountId);
      if (!current || current.passwordHash !== account.passwordHash) return err({ code: 'identity.password_wrong' });
      await tx.accounts.save(Account.changePassword(current, hash.value, 'changed', at));
      await endSessions(tx, accountId, 'password_changed', at, sessionId);
      await supersedeTokens(tx, accountId, at, ['reset_password', 'change_email', 'second_factor']);
      const facts = { how: 'changed', at: Temporal.Instant.fromEpochMilliseconds(at).toString({ smallestUnit: 'millisecond' }) };
      await tx.mails.enqueue(mailTo(current, `password-changed:${mailId}`, 'password_changed', facts));
      return ok(undefined);
    });
  };
