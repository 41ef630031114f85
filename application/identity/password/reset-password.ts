import { type Origin, UNKNOWN_ORIGIN } from '#application/shared/ports.ts';
import { Account } from '#domain/identity/account.ts';
import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { ResetToken } from '#domain/identity/reset-token.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { ok, type Result } from '#domain/shared/result.ts';
import { hashing } from '../hashing.ts';
import type { IdentityDeps, IdentityTx } from '../ports.ts';
import { dropProofs } from '../profile/drop-proofs.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { keysOfAccount } from '../sessions/sign-in-guard.ts';
import { holdsRoles } from '../standing.ts';
import { supersedeTokens } from '../tokens/give-token.ts';
import { mailTo } from '../tokens/mail-link.ts';
import { redeemed, TOKEN_INVALID } from '../tokens/present-token.ts';
import { newPasswordHash } from './check-password.ts';

export type ResetPassword = { readonly token: string; readonly newPassword: string };

type Deps = Pick<IdentityDeps, 'uow' | 'queries' | 'grants' | 'clock' | 'security'>;
type Refusal = IdentityErrorOf<'identity.token_invalid' | 'identity.password_weak' | 'identity.busy'>;

/** Sets a new password once for a mailed token, ends every session, and signs nobody in: a second factor is still asked for. */
export const resetPassword =
  (deps: Deps) =>
  async ({ token, newPassword }: ResetPassword, actor: Actor, origin: Origin = UNKNOWN_ORIGIN): Promise<Result<undefined, Refusal>> => {
    const { uow, queries, grants, clock, security } = deps;
    const parts = security.secrets.read(token, 'reset_password');
    const found = parts && (await queries.token(parts.selector));
    const known = ResetToken.is(found) ? found : undefined;
    const genuine = await hashing(security.hashers.codes.verify(parts?.verifier ?? '', known?.verifierHash));
    if (!genuine.ok) return genuine;
    const account = known && (await queries.account(known.accountId));
    if (!account || !parts || !Account.isActive(account)) return TOKEN_INVALID;

    // A password that will not do must not cost the token; a token that no longer holds learns nothing of passwords, and costs no work.
    const { outcome } = ResetToken.redeem(known, { isGenuine: genuine.value, credentials: account.credentials }, clock.now());
    const role = holdsRoles(account, await grants.rolesOf(account.id));
    const hash =
      outcome === 'redeemed' ? await newPasswordHash(deps, { password: newPassword, ownWords: Account.ownWords(account), holdsRoles: role }) : ok('');
    if (!hash.ok) return hash;

    const at = clock.now();
    const { value: isGenuine } = genuine;
    const done = await uow.run(actor, async (tx) => {
      const current = await tx.accounts.lock(account.id);
      const locked = await tx.tokens.lock(parts.selector);
      if (!current || !ResetToken.is(locked) || !Account.isActive(current)) return ok(undefined);
      const redemption = ResetToken.redeem(locked, { isGenuine, credentials: current.credentials }, at);
      if ('change' in redemption) await tx.tokens.save(redemption.change);
      if (redemption.outcome !== 'redeemed') return ok(undefined); // Kept all the same: a miss counts.
      await replacePassword(tx, current, hash.value, locked.id, at);
      return ok(current);
    });
    const won = redeemed(done);
    if (!won.ok) return won;
    await security.attempts.clear(keysOfAccount(deps, won.value, origin));
    return ok(undefined);
  };

/**
 * The new password, and the end of all that the old one had opened. Whoever held the account before anybody had confirmed
 * its address may not have been its owner: their second factor must not stand in the owner's way, nor their passkey, or their account elsewhere, open the owner's door.
 */
async function replacePassword(tx: IdentityTx, account: Account, hash: string, tokenId: string, at: number): Promise<void> {
  const change = Account.changePassword(account, hash, 'reset', at);
  await tx.accounts.save(change);
  await endSessions(tx, account.id, 'password_reset', at);
  if (account.emailVerifiedAt === null) await dropProofs(tx, account.id, at);
  await supersedeTokens(tx, account.id, at, ['reset_password', 'change_email', 'second_factor', 'verify_email']);
  await tx.mails.enqueue(
    mailTo(account, `password-reset:${tokenId}`, 'password_changed', {
      how: 'reset',
      at: Temporal.Instant.fromEpochMilliseconds(at).toString({ smallestUnit: 'millisecond' }),
    }),
  );
}
