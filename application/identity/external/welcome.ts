import { Account } from '#domain/identity/account.ts';
import type { EmailAddress } from '#domain/identity/email-address.ts';
import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { arrivalOf } from '#domain/identity/external/arrival.ts';
import { ExternalIdentity } from '#domain/identity/external/external-identity.ts';
import { TOKEN_PURPOSES } from '#domain/identity/one-time-token.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { IdentityTx } from '../ports.ts';
import { dropProofs } from '../profile/drop-proofs.ts';
import { mailVerification } from '../profile/verify-email.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { mintToken, supersedeTokens } from '../tokens/give-token.ts';
import { mailTo } from '../tokens/mail-link.ts';
import type { ExternalDeps } from './ports.ts';
import type { Vouched } from './present-code.ts';

type Deps = Pick<ExternalDeps, 'security' | 'ids'>;

/** Everything of chance that an account of their own, or a link, would take. */
export function newcomer(deps: Deps, { profile }: Vouched, at: number) {
  const { displayName, email, isEmailVerified } = profile;
  const draft = { id: deps.ids.next(), email: email ?? ('' as EmailAddress), displayName, passwordHash: null, platformRoles: [] };
  return {
    account: Account.register({ ...draft, isVerified: isEmailVerified }, at),
    identityId: deps.ids.next(),
    verification: mintToken(deps, 'verify_email'),
  };
}

type Coming = { readonly vouched: Vouched; readonly holder: Account | undefined; readonly fresh: ReturnType<typeof newcomer> };
type Refusal = IdentityErrorOf<
  | 'identity.external_email_missing'
  | 'identity.external_email_unproven'
  | 'identity.external_identity_taken'
  | 'identity.too_many_external_identities'
>;

/** Finds or makes the account of somebody who comes from a provider for the first time, and links the two; the transaction holds the holder of the address. */
export async function welcome(tx: IdentityTx, deps: Deps, { vouched, holder, fresh }: Coming, at: number): Promise<Result<Account, Refusal>> {
  const { provider, title, profile } = vouched;
  const arrival = arrivalOf(profile, holder);
  if (!arrival.ok) return arrival;
  const account = await accountFor(tx, { vouched, holder, fresh }, at);
  if (!account) return err({ code: 'identity.external_identity_taken' });

  const { issuer, subject } = profile;
  const others = await tx.externalIdentities.activeOf(account.id);
  const linked = ExternalIdentity.link({ id: fresh.identityId, accountId: account.id, provider, issuer, subject }, others.length, at);
  if (!linked.ok) return linked;
  if ((await tx.externalIdentities.save(linked.value)) !== 'saved') return err({ code: 'identity.external_identity_taken' });
  if (arrival.value !== 'register')
    await tx.mails.enqueue(mailTo(account, `external-linked:${fresh.identityId}`, 'security_notice', { what: TOLD[arrival.value](title) }));
  else if (account.emailVerifiedAt === null) await mailVerification(tx, deps, account, fresh.verification, at);
  return ok(account);
}

const TOLD = {
  link: (title: string) => `You signed in with ${title}: it signs in to your account from now on.`,
  reclaim: (title: string) =>
    `You signed in with ${title}, and nobody had confirmed this address before. Whoever had registered with it was signed out, and the password and all that they had set up were removed.`,
} as const;

/** Undefined when somebody else has just taken the address. */
async function accountFor(tx: IdentityTx, { vouched, holder, fresh }: Coming, at: number): Promise<Account | undefined> {
  if (!holder) return (await tx.accounts.save(fresh.account)) === 'saved' ? fresh.account.state : undefined;
  if (holder.emailVerifiedAt !== null) return holder;
  const reclaimed = Account.reclaim(holder, vouched.profile.displayName, at);
  await tx.accounts.save(reclaimed);
  await endSessions(tx, holder.id, 'account_reclaimed', at);
  await supersedeTokens(tx, holder.id, at, TOKEN_PURPOSES);
  await dropProofs(tx, holder.id, at);
  return reclaimed.state;
}
