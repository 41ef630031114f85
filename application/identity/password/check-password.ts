import type { Account } from '#domain/identity/account.ts';
import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { PASSWORD_MIN, PASSWORD_MIN_WITH_ROLES, PasswordPolicy } from '#domain/identity/password-policy.ts';
import { FRESH_MS, Session } from '#domain/identity/session.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { hashing } from '../hashing.ts';
import type { AccountActor, IdentityDeps } from '../ports.ts';

type Wanted = { readonly password: string; readonly ownWords: readonly string[]; readonly holdsRoles: boolean };

/** Checks a new password and hashes it; longer ones are asked of who holds a role. */
export async function newPasswordHash(
  { security: { hashers, knowledge } }: Pick<IdentityDeps, 'security'>,
  { password, ownWords, holdsRoles }: Wanted,
): Promise<Result<string, IdentityErrorOf<'identity.password_weak' | 'identity.busy'>>> {
  const min = holdsRoles ? PASSWORD_MIN_WITH_ROLES : PASSWORD_MIN;
  const strong = PasswordPolicy.check(password, ownWords, { min, isCommon: knowledge.isCommonPassword });
  if (!strong.ok) return strong;
  // Whoever cannot be asked keeps nobody out: the list of common passwords was looked at already.
  if ((await knowledge.breached.find(strong.value)) === 'yes')
    return err({ code: 'identity.password_weak', rules: ['breached'], strength: 'weak', minLength: min });
  return hashing(hashers.passwords.hash(strong.value));
}

export type NotConfirmed = IdentityErrorOf<'identity.password_wrong' | 'identity.sign_in_again' | 'identity.too_many_attempts' | 'identity.busy'>;

/**
 * The account of somebody who is signed in and shows once more that it is theirs: by the password, or, where there is none,
 * by having signed in just now. Guesses are counted like those of a sign-in: a stolen session is no way around the lock.
 */
export const confirmOwner =
  ({ queries, security, clock }: Pick<IdentityDeps, 'queries' | 'security' | 'clock'>) =>
  async (
    { accountId, sessionId }: Pick<AccountActor, 'accountId' | 'sessionId'>,
    password: string | undefined,
  ): Promise<Result<Account, NotConfirmed>> => {
    const { attempts, policy, secrets, hashers } = security;
    const at = clock.now();
    const account = await queries.account(accountId);
    if (account?.passwordHash === null) {
      const found = await queries.session(sessionId);
      return found && Session.isFresh(found.session, at) ? ok(account) : err({ code: 'identity.sign_in_again', withinMinutes: FRESH_MS / 60_000 });
    }
    if (!account || password === undefined) return err({ code: 'identity.password_wrong' });
    const key = secrets.fingerprint('password', accountId);
    const taken = await attempts.take([{ key, policy: policy.signIn }], at);
    if (!taken.isAllowed) return tooMany(taken.availableAt, at);
    const verified = await hashing(hashers.passwords.verify(PasswordPolicy.normalise(password), account.passwordHash));
    if (!verified.ok) {
      await attempts.giveBack([key], at);
      return verified;
    }
    if (!verified.value) return err({ code: 'identity.password_wrong' });
    await attempts.clear([key]);
    return ok(account);
  };

/** The refusal of who tried too often. */
export const tooMany = (availableAt: number, at: number) =>
  err({ code: 'identity.too_many_attempts', retryAfterSeconds: Math.max(1, Math.ceil((availableAt - at) / 1_000)) });
