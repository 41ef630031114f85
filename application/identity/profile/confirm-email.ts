import { Account } from '#domain/identity/account.ts';
import type { EmailAddress } from '#domain/identity/email-address.ts';
import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { mask } from '#domain/identity/mask.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { removeExternalIdentities } from '../external/remove-all.ts';
import { hashing } from '../hashing.ts';
import { removePasskeys } from '../passkeys/remove-all.ts';
import { mailReset } from '../password/request-reset.ts';
import type { IdentityDeps } from '../ports.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { holdsRoles } from '../standing.ts';
import { giveToken, mintToken, supersedeTokens } from '../tokens/give-token.ts';
import { mailLink, mailTo } from '../tokens/mail-link.ts';
import { type Presented, presented, redeemed, redeemToken, TOKEN_INVALID } from '../tokens/present-token.ts';
import { closeWithin } from './close-account.ts';

type Deps = Pick<IdentityDeps, 'uow' | 'queries' | 'grants' | 'clock' | 'ids' | 'security'>;
type Refusal = IdentityErrorOf<'identity.token_invalid' | 'identity.email_taken'>;
const TAKEN = err({ code: 'identity.email_taken' });

/** The new address is the account's from now on; the old one gets a link that takes it back. */
export const confirmEmail =
  (deps: Deps) =>
  async ({ token }: { readonly token: string }, actor: Actor): Promise<Result<undefined, Refusal>> => {
    const held = await presented(deps, token, 'change_email');
    const before = held && (await deps.queries.account(held.accountId));
    if (!held || !before) return TOKEN_INVALID;
    const isPartner = holdsRoles(before, await deps.grants.rolesOf(before.id));
    const minted = mintToken(deps, 'undo_email');
    const at = deps.clock.now();

    const done = await deps.uow.run(actor, async (tx): Promise<Result<true | undefined, typeof TAKEN.error>> => {
      const won = await redeemToken(tx, held, at);
      if (!won || won.token.email === null) return ok(undefined);
      const { account, token: used } = won;
      const change = Account.changeEmail(account, used.email as EmailAddress, 'changed', at);
      if ((await tx.accounts.save(change)) !== 'saved') return TAKEN;
      await supersedeTokens(tx, account.id, at, ['reset_password', 'verify_email', 'second_factor']);
      await giveToken(tx, deps, { account: change.state, purpose: 'undo_email', email: account.email }, minted, at);
      const undoLink = mailLink(deps.security.policy, isPartner, 'undo-email', minted.text);
      await tx.mails.enqueue(mailTo(account, `email-changed:${minted.id}`, 'email_changed', { newEmail: mask(change.state.email), undoLink }));
      return ok(true);
    });
    if (!done.ok) return done;
    const confirmed = redeemed(done);
    return confirmed.ok ? ok(undefined) : confirmed;
  };

/** The old address took it back: somebody else was in the account, so every session ends, no passkey and nothing that was linked elsewhere signs in, and a link for a new password goes out. */
export const undoEmail =
  (deps: Deps) =>
  async ({ token }: { readonly token: string }, actor: Actor): Promise<Result<undefined, Refusal | IdentityErrorOf<'identity.busy'>>> => {
    const held = await presented(deps, token, 'undo_email');
    const before = held && (await deps.queries.account(held.accountId));
    if (!held || !before) return TOKEN_INVALID;
    const minted = mintToken(deps, 'reset_password');
    const hash = await hashing(deps.security.hashers.codes.hash(minted.verifier));
    if (!hash.ok) return hash;
    const isPartner = holdsRoles(before, await deps.grants.rolesOf(before.id));
    const squatter = await squatterOf(deps, held);
    const at = deps.clock.now();

    const done = await deps.uow.run(actor, async (tx): Promise<Result<true | undefined, typeof TAKEN.error>> => {
      const won = await redeemToken(tx, held, at);
      if (!won || won.token.email === null) return ok(undefined);
      const inTheWay = squatter && (await tx.accounts.lock(squatter.id));
      if (inTheWay && isSquatting(inTheWay, won.token.email)) await closeWithin(tx, inTheWay, at);
      const change = Account.changeEmail(won.account, won.token.email as EmailAddress, 'undone', at);
      if ((await tx.accounts.save(change)) !== 'saved') return TAKEN;
      await endSessions(tx, won.account.id, 'email_changed', at);
      await removePasskeys(tx, won.account.id, at);
      await removeExternalIdentities(tx, won.account.id, at);
      await supersedeTokens(tx, won.account.id, at, ['change_email', 'verify_email', 'second_factor']);
      // Those of the addresses that came after this one are somebody else's to follow.
      await supersedeTokens(tx, won.account.id, at, ['undo_email'], won.token.issuedAt);
      await mailReset(tx, deps, { account: change.state, minted, verifierHash: hash.value, isPartner }, at);
      return ok(true);
    });
    if (!done.ok) return done;
    const undone = redeemed(done);
    return undone.ok ? ok(undefined) : undone;
  };

/**
 * Whoever registered with the old address since and could not confirm it: whoever took the account over would do so, to
 * keep its owner out. Who was given a role meanwhile is somebody, and stays.
 */
async function squatterOf({ queries, grants }: Pick<Deps, 'queries' | 'grants'>, { email, accountId }: Presented): Promise<Account | undefined> {
  const holder = email === null ? undefined : await queries.accountByEmail(email as EmailAddress);
  if (!holder || holder.id === accountId || !isSquatting(holder, email)) return undefined;
  return holdsRoles(holder, await grants.rolesOf(holder.id)) ? undefined : holder;
}

const isSquatting = (account: Account, email: string | null): boolean => account.email === email && account.emailVerifiedAt === null;
