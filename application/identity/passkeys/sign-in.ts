import { type Origin, UNKNOWN_ORIGIN } from '#application/shared/ports.ts';
import { Account } from '#domain/identity/account.ts';
import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { Passkey } from '#domain/identity/passkey.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { IdentityDeps } from '../ports.ts';
import { prepareSession, sessionFor, signedIn } from '../sessions/start-session.ts';
import type { SignedIn } from '../sessions/token-pair.ts';
import { newChallenge, takeChallenge } from './challenge.ts';

type Deps = Pick<IdentityDeps, 'uow' | 'queries' | 'grants' | 'tokens' | 'clock' | 'ids' | 'security'>;
type Refusal = IdentityErrorOf<'identity.passkey_invalid' | 'identity.email_not_verified'>;

const INVALID = err({ code: 'identity.passkey_invalid' });

/** What a device needs to prove that it has one of our passkeys; it knows itself whose. */
export const beginPasskeySignIn = (deps: Pick<Deps, 'clock' | 'ids' | 'security'>) => async (): Promise<Result<unknown, never>> =>
  ok(await deps.security.proofs.passkeys.authentication(newChallenge(deps, 'sign-in', deps.clock.now())));

/** A passkey is two proofs in one: whoever has it and opened it needs neither password nor code. */
export const signInWithPasskey =
  (deps: Deps) =>
  async ({ credential }: { readonly credential: object }, actor: Actor, origin: Origin = UNKNOWN_ORIGIN): Promise<Result<SignedIn, Refusal>> => {
    const { queries, security } = deps;
    const credentialId = security.proofs.passkeys.credentialIdOf(credential);
    const passkey = credentialId === undefined ? undefined : await queries.passkey(credentialId);
    const proven = passkey && (await security.proofs.passkeys.proven(credential, passkey));
    const at = deps.clock.now();
    if (!proven || !(await takeChallenge(deps, proven.challenge, 'sign-in', at))) return INVALID;
    const account = await queries.account(passkey.accountId);
    if (!account || !Account.isActive(account)) return INVALID;
    if (security.policy.requireVerifiedEmail && account.emailVerifiedAt === null) return err({ code: 'identity.email_not_verified' });

    const prepared = await prepareSession(deps, account);
    const opened = await deps.uow.run(actor, async (tx) => {
      const current = await tx.accounts.lock(account.id);
      const held = (await tx.passkeys.activeOf(account.id)).find(({ id }) => id === passkey.id);
      const used = held && Passkey.use(held, proven.counter, at);
      if (!current || !used) return INVALID;
      const factor = await tx.secondFactors.lock(account.id);
      const change = sessionFor(prepared, { account: current, factor, proofs: ['passkey'], origin }, at);
      if (!change.ok) return INVALID;
      await tx.passkeys.save(used);
      await tx.sessions.save(change.value);
      return ok({ session: change.value.state, account: current });
    });
    return opened.ok ? ok(await signedIn(deps, opened.value.session, opened.value.account, prepared, at)) : opened;
  };
