import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { PASSWORD_MIN, PASSWORD_MIN_WITH_ROLES, PasswordPolicy } from '#domain/identity/password-policy.ts';
import { err, type Result } from '#domain/shared/result.ts';
import { hashing } from '../hashing.ts';
import type { IdentityDeps } from '../ports.ts';

type Wanted = { readonly password: string; readonly ownWords: readonly string[]; readonly holdsRoles: boolean };

/** Checks a new password and hashes it; longer ones are asked of who holds a role. */
export async function newPasswordHash(
  { security: { hashers, knowledge } }: Pick<IdentityDeps, 'security'>,
  { password, ownWords, holdsRoles }: Wanted,
): Promise<Result<string, IdentityErrorOf<'identity.password_weak' | 'identity.busy'>>> {
  const min = holdsRoles ? PASSWORD_MIN_WITH_ROLES : PASSWORD_MIN;
  const strong = PasswordPolicy.check(password, ownWords, { min, isCommon: knowledge.isCommonPassword });
  return strong.ok ? hashing(hashers.passwords.hash(strong.value)) : strong;
}

type Asked = { readonly accountId: string; readonly password: string };

/**
 * The account of somebody who is signed in and gives their password once more. Their guesses are counted like those of
 * a sign-in: a stolen session is no way around the lock.
 */
export const confirmPassword =
  ({ queries, security, clock }: Pick<IdentityDeps, 'queries' | 'security' | 'clock'>) =>
  async ({ accountId, password }: Asked) => {
    const { attempts, policy, secrets, hashers } = security;
    const key = secrets.fingerprint('password', accountId);
    const at = clock.now();
    const taken = await attempts.take([{ key, policy: policy.signIn }], at);
    if (!taken.isAllowed) return tooMany(taken.availableAt, at);
    const account = await queries.account(accountId);
    const verified = await hashing(hashers.passwords.verify(PasswordPolicy.normalise(password), account?.passwordHash));
    if (!verified.ok) {
      await attempts.giveBack([key], at);
      return verified;
    }
    if (!account || !verified.value) return err({ code: 'identity.password_wrong' });
    await attempts.clear([key]);
    return { ok: true, value: account } as const;
  };

/** The refusal of who tried too often. */
export const tooMany = (availableAt: number, at: number) =>
  err({ code: 'identity.too_many_attempts', retryAfterSeconds: Math.max(1, Math.ceil((availableAt - at) / 1_000)) });
