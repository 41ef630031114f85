import { type Origin, UNKNOWN_ORIGIN } from '#application/shared/ports.ts';
import { Account } from '#domain/identity/account.ts';
import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { OneTimeToken } from '#domain/identity/one-time-token.ts';
import type { Session } from '#domain/identity/session.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { invariant } from '#domain/shared/invariant.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { tooMany } from '../password/check-password.ts';
import type { IdentityDeps, IdentityTx } from '../ports.ts';
import { recordFailure } from '../sessions/sign-in-guard.ts';
import { prepareSession, sessionFor, signedIn } from '../sessions/start-session.ts';
import type { SignedIn } from '../sessions/token-pair.ts';
import { type Presented, presented } from '../tokens/present-token.ts';
import { type ProvenCode, proveCode, takeCode } from './prove-code.ts';

export type CompleteSignIn = {
  readonly challenge: string;
  /** Of the phone, or from paper. */
  readonly code: string;
  readonly deviceToken?: string | undefined;
};

type Deps = Pick<IdentityDeps, 'uow' | 'queries' | 'grants' | 'tokens' | 'clock' | 'ids' | 'security'>;
type Refusal = IdentityErrorOf<'identity.challenge_invalid' | 'identity.code_invalid' | 'identity.too_many_attempts' | 'identity.busy'>;
type Outcome =
  | { readonly outcome: 'started'; readonly session: Session; readonly account: Account }
  | { readonly outcome: 'wrong' }
  | { readonly outcome: 'ended' };

const NO_CHALLENGE = err({ code: 'identity.challenge_invalid' });

/** Gives the session that the first proof alone did not. Each code works once, and wrong ones have a count of their own. */
export const completeSignIn =
  (deps: Deps) =>
  async ({ challenge, code, deviceToken }: CompleteSignIn, actor: Actor, origin: Origin = UNKNOWN_ORIGIN): Promise<Result<SignedIn, Refusal>> => {
    const { queries, clock, security } = deps;
    const held = await presented(deps, challenge, 'second_factor');
    const account = held?.isGenuine ? await queries.account(held.accountId) : undefined;
    if (!held || !account) return NO_CHALLENGE;

    const asked = clock.now();
    const key = security.secrets.fingerprint('second-factor', account.id);
    const taken = await security.attempts.take([{ key, policy: security.policy.secondFactor }], asked);
    if (!taken.isAllowed) return tooMany(taken.availableAt, asked);
    const proven = await proveCode(deps, await queries.secondFactor(account.id), code, asked);
    if (!proven.ok) return proven;

    const deviceId = deviceToken === undefined ? undefined : security.proofs.devices.read(deviceToken, account);
    const prepared = await prepareSession(deps, account, deviceId);
    const at = clock.now();
    const done = await deps.uow.run(actor, async (tx): Promise<Result<Outcome, never>> => {
      const step = await takeStep(tx, held, proven.value, at);
      if (step.outcome !== 'proven') return ok(step);
      const started = sessionFor(prepared, { ...step, origin }, at);
      invariant(started.ok, 'a session that was proven twice begins');
      await tx.sessions.save(started.value);
      return ok({ outcome: 'started', session: started.value.state, account: step.account });
    });
    if (!done.ok) return done;
    if (done.value.outcome === 'ended') return NO_CHALLENGE;
    if (done.value.outcome === 'wrong') {
      const availableAt = asked + (security.policy.secondFactor.lockMs[0] ?? 0);
      const failure = { account, identifier: account.email, origin, step: 'second_factor', remaining: taken.remaining, availableAt } as const;
      await recordFailure(deps, actor, failure, at);
      return err({ code: 'identity.code_invalid' });
    }
    await security.attempts.clear([key]);
    return ok(await signedIn(deps, done.value.session, done.value.account, prepared, at));
  };

/** Takes challenge and code together, or counts a wrong code against the challenge. */
async function takeStep(tx: IdentityTx, { selector, accountId }: Presented, proven: ProvenCode | undefined, at: number) {
  const account = await tx.accounts.lock(accountId);
  const token = await tx.tokens.lock(selector);
  if (!account || !token || !Account.isActive(account)) return { outcome: 'ended' } as const;
  const factor = await tx.secondFactors.lock(accountId);
  const used = takeCode(factor, proven, at);
  const redemption = OneTimeToken.redeem(token, { isGenuine: used !== undefined, credentials: account.credentials }, at);
  if ('change' in redemption) await tx.tokens.save(redemption.change);
  if (redemption.outcome === 'missed' || redemption.outcome === 'exhausted') return { outcome: 'wrong' } as const;
  if (redemption.outcome !== 'redeemed' || !used || !proven) return { outcome: 'ended' } as const;
  await tx.secondFactors.save(used);
  return { outcome: 'proven', account, factor: used.state, proofs: [token.proof ?? 'password', proven.method] } as const;
}
