import type { Origin } from '#application/shared/ports.ts';
import type { Account } from '#domain/identity/account.ts';
import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { TOKEN_TTL_MS } from '#domain/identity/one-time-token.ts';
import type { Proof, Session } from '#domain/identity/session.ts';
import { ok, type Result } from '#domain/shared/result.ts';
import type { IdentityDeps, IdentityTx } from '../ports.ts';
import { giveToken, type mintToken } from '../tokens/give-token.ts';
import { type prepareSession, sessionFor, signedIn } from './start-session.ts';
import type { SignedIn } from './token-pair.ts';

/** One proof was right, and a second one is asked for: the challenge stands for the first meanwhile. */
export type SecondFactorAsked = { readonly challenge: string; readonly expiresInSeconds: number };

type Deps = Pick<IdentityDeps, 'grants' | 'tokens' | 'ids' | 'security'>;
type Prepared = Awaited<ReturnType<typeof prepareSession>>;
type Minted = ReturnType<typeof mintToken>;
type Proven = { readonly account: Account; readonly proof: Proof; readonly origin: Origin };
/** Without a session, the challenge was given. */
export type Opened = { readonly account: Account; readonly session: Session | undefined };

/** In the transaction that holds the account: a session, or a challenge where one proof is not enough. */
export async function openSession(
  tx: IdentityTx,
  deps: Deps,
  prepared: Prepared,
  minted: Minted,
  { account, proof, origin }: Proven,
  at: number,
): Promise<Result<Opened, IdentityErrorOf<'identity.account_closed'>>> {
  const factor = await tx.secondFactors.lock(account.id);
  const started = sessionFor(prepared, { account, factor, proofs: [proof], origin }, at);
  if (started.ok) {
    await tx.sessions.save(started.value);
    return ok({ account, session: started.value.state });
  }
  if (started.error.code !== 'identity.second_factor_required') return { ok: false, error: started.error };
  await giveToken(tx, deps, { account, purpose: 'second_factor', proof }, minted, at);
  return ok({ account, session: undefined });
}

/** What whoever opened it is told, once it is committed. */
export async function answerTo(
  deps: Deps,
  { account, session }: Opened,
  prepared: Prepared,
  minted: Minted,
  at: number,
): Promise<SignedIn | SecondFactorAsked> {
  if (session) return signedIn(deps, session, account, prepared, at);
  return { challenge: minted.text, expiresInSeconds: TOKEN_TTL_MS.second_factor / 1_000 };
}
