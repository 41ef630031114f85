import { Account } from '#domain/identity/account.ts';
import { OneTimeToken, type TokenPurpose } from '#domain/identity/one-time-token.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { IdentityDeps, IdentityTx } from '../ports.ts';

export const TOKEN_INVALID = err({ code: 'identity.token_invalid' });

/** What somebody presents: which token they mean, and whether they know its secret. */
export type Presented = { readonly selector: string; readonly accountId: string; readonly email: string | null; readonly isGenuine: boolean };

/** Looks a text up, outside the transaction that redeems it. Undefined when we never gave it out. */
export async function presented(
  { queries, security: { secrets } }: Pick<IdentityDeps, 'queries' | 'security'>,
  text: string,
  purpose: Exclude<TokenPurpose, 'reset_password'>,
): Promise<Presented | undefined> {
  const parts = secrets.read(text, purpose);
  const token = parts && (await queries.token(parts.selector));
  if (!parts || token?.purpose !== purpose) return undefined;
  return { selector: parts.selector, accountId: token.accountId, email: token.email, isGenuine: secrets.matches(parts.verifier, token.verifierHash) };
}

/**
 * Redeems a token once. Ok even when it does not hold, because what came of the attempt must be kept: the answer is then
 * undefined, and the caller refuses after the commit.
 */
export async function redeemToken(
  tx: IdentityTx,
  { selector, accountId, isGenuine }: Presented,
  at: number,
): Promise<{ readonly account: Account; readonly token: OneTimeToken } | undefined> {
  const account = await tx.accounts.lock(accountId);
  const token = await tx.tokens.lock(selector);
  if (!account || !token || !Account.isActive(account)) return undefined;
  const redemption = OneTimeToken.redeem(token, { isGenuine, credentials: account.credentials }, at);
  if ('change' in redemption) await tx.tokens.save(redemption.change);
  return redemption.outcome === 'redeemed' ? { account, token } : undefined;
}

/** Turns an answer that had to be committed into the refusal it is. */
export const redeemed = <T>(answer: Result<T | undefined, never>): Result<T, { readonly code: 'identity.token_invalid' }> =>
  answer.ok && answer.value !== undefined ? ok(answer.value) : TOKEN_INVALID;
