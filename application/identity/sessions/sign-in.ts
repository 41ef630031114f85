import { type Origin, UNKNOWN_ORIGIN } from '#application/shared/ports.ts';
import { Account } from '#domain/identity/account.ts';
import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { PasswordPolicy } from '#domain/identity/password-policy.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { hashing } from '../hashing.ts';
import { identify } from '../identify.ts';
import { tooMany } from '../password/check-password.ts';
import type { IdentityDeps, PasswordHasher } from '../ports.ts';
import { mintToken } from '../tokens/give-token.ts';
import { answerTo, openSession, type SecondFactorAsked } from './open-session.ts';
import { recordFailure, reserveSignIn } from './sign-in-guard.ts';
import { prepareSession } from './start-session.ts';
import type { SignedIn } from './token-pair.ts';

export type SignIn = {
  /** An address, a telephone number or a username. */
  readonly identifier: string;
  readonly password: string;
  /** What this device was given when it was signed in with before. */
  readonly deviceToken?: string | undefined;
};

type Deps = Pick<IdentityDeps, 'uow' | 'queries' | 'grants' | 'tokens' | 'clock' | 'ids' | 'security'>;
type Refusal = IdentityErrorOf<'identity.invalid_credentials' | 'identity.busy' | 'identity.too_many_attempts' | 'identity.email_not_verified'>;

const REFUSED = err({ code: 'identity.invalid_credentials' });

/** Unknown, closed, locked in silence or mistyped: every failure costs one verification and is the same refusal. */
export const signIn =
  (deps: Deps) =>
  async (
    { identifier, password, deviceToken }: SignIn,
    actor: Actor,
    origin: Origin = UNKNOWN_ORIGIN,
  ): Promise<Result<SignedIn | SecondFactorAsked, Refusal>> => {
    const { clock, security } = deps;
    const { passwords } = security.hashers;
    const { spelling, account } = await identify(deps)(identifier);
    const deviceId = account && deviceToken !== undefined ? security.proofs.devices.read(deviceToken, account) : undefined;
    const asked = clock.now();
    const reserved = await reserveSignIn(deps, { spelling, account, deviceId, origin }, asked);
    if (!reserved.isAllowed) return tooMany(reserved.availableAt, asked);

    const typed = PasswordPolicy.normalise(password);
    const verified = await hashing(passwords.verify(typed, account?.passwordHash ?? undefined));
    if (!verified.ok) return verified;
    if (!account || !verified.value || reserved.isSilenced || !Account.isActive(account)) {
      const availableAt = asked + (security.policy.signIn.lockMs[0] ?? 0);
      await recordFailure(deps, actor, { account, identifier, origin, step: 'password', remaining: reserved.remaining, availableAt }, asked);
      return REFUSED;
    }
    await security.attempts.clear(reserved.keys);
    if (security.policy.requireVerifiedEmail && account.emailVerifiedAt === null) return err({ code: 'identity.email_not_verified' });
    return enter(deps, account, { typed, deviceId, origin }, actor);
  };

type Opening = { readonly typed: string; readonly deviceId: string | undefined; readonly origin: Origin };

/** Whose password was right gets a session, or is asked for more. */
async function enter(
  deps: Deps,
  account: Account,
  { typed, deviceId, origin }: Opening,
  actor: Actor,
): Promise<Result<SignedIn | SecondFactorAsked, IdentityErrorOf<'identity.invalid_credentials'>>> {
  const renewed = await renewedHash(deps.security.hashers.passwords, typed, account);
  const prepared = await prepareSession(deps, account, deviceId);
  const minted = mintToken(deps, 'second_factor');
  const at = deps.clock.now();

  const opened = await deps.uow.run(actor, async (tx) => {
    const current = await tx.accounts.lock(account.id);
    // What was verified must still be so: a password changed meanwhile opens no session.
    if (!current || current.passwordHash !== account.passwordHash) return REFUSED;
    if (renewed !== undefined) await tx.accounts.save(Account.rehash(current, renewed, at));
    const session = await openSession(tx, deps, prepared, minted, { account: current, proof: 'password', origin }, at);
    return session.ok ? session : REFUSED;
  });
  return opened.ok ? ok(await answerTo(deps, opened.value, prepared, minted, at)) : opened;
}

/** Signing in does not wait for a better hash: when there is no room for it, the next time will do. */
async function renewedHash(hasher: PasswordHasher, password: string, { passwordHash }: Account): Promise<string | undefined> {
  if (passwordHash === null || !hasher.needsRehash(passwordHash)) return undefined;
  const hash = await hashing(hasher.hash(password));
  return hash.ok ? hash.value : undefined;
}
