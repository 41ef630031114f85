import { Account } from '#domain/identity/account.ts';
import { EmailAddress } from '#domain/identity/email-address.ts';
import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import type { PlatformRole } from '#domain/identity/roles.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { invariant } from '#domain/shared/invariant.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { newPasswordHash } from './password/check-password.ts';
import type { IdentityDeps, Taken } from './ports.ts';
import { parseProfile } from './profile/change-profile.ts';
import { mailVerification } from './profile/verify-email.ts';
import { mintToken } from './tokens/give-token.ts';

export type RegisterAccount = {
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
  readonly phone?: string;
  readonly username?: string;
  /** Given by the system alone: the first admin, the demo's people. */
  readonly platformRole?: PlatformRole;
  /** The text of an invitation, when they were asked to work somewhere. */
  readonly invitation?: string;
};

type Deps = Pick<IdentityDeps, 'uow' | 'clock' | 'ids' | 'security'>;
export type BadRegistration = IdentityErrorOf<
  | 'identity.email_malformed'
  | 'identity.display_name_malformed'
  | 'identity.phone_malformed'
  | 'identity.username_malformed'
  | 'identity.password_weak'
  | 'identity.busy'
  | 'identity.invitation_refused'
>;
type Invited = Awaited<ReturnType<IdentityDeps['security']['invited']>>;
type Registration = Parameters<typeof Account.register>[0] & { readonly invited: Invited };
export type NotOpened = IdentityErrorOf<`identity.${Taken}` | 'identity.invitation_refused'>;

/**
 * The password is hashed whether or not the address is taken. Whom the system registers, it vouches for; whoever has an
 * invitation reads the mail it came in, and works where they were invited from the same moment; everybody else is asked by mail.
 */
export const registerAccount =
  (deps: Deps) =>
  async (asked: RegisterAccount, actor: Actor): Promise<Result<Account, BadRegistration | NotOpened>> => {
    const registration = await registrationOf(deps, asked, actor);
    return registration.ok ? openAccount(deps, registration.value, actor) : registration;
  };

/** What somebody asks for as an account, checked, with its password hashed: all that needs no look at other accounts. */
export async function registrationOf(
  deps: Deps,
  { email, password, displayName, phone, username, platformRole, invitation }: RegisterAccount,
  actor: Actor,
): Promise<Result<Registration, BadRegistration>> {
  const isVerified = actor.kind === 'system';
  invariant(platformRole === undefined || isVerified, 'only the system gives platform roles');
  const invited = invitation === undefined ? undefined : await deps.security.invited(invitation);
  if (invitation !== undefined && !invited) return err({ code: 'identity.invitation_refused', reason: 'invalid' });
  const address = EmailAddress.parse(email);
  if (!address.ok) return address;
  // Before anything is looked up: an invitation of one's own must not tell whether others have an account.
  if (invited && invited.email !== address.value) return err({ code: 'identity.invitation_refused', reason: 'not_yours' });
  const profile = parseProfile(deps, { displayName, ...(phone !== undefined && { phone }), ...(username !== undefined && { username }) });
  if (!profile.ok) return profile;
  const { displayName: name = '', username: called } = profile.value;
  const ownWords = [name, EmailAddress.localPart(address.value), ...(called ? [called] : [])];
  const hash = await newPasswordHash(deps, { password, ownWords, holdsRoles: platformRole !== undefined || invited !== undefined });
  if (!hash.ok) return hash;
  const platformRoles = platformRole === undefined ? [] : [platformRole];
  const account = { id: deps.ids.next(), email: address.value, displayName: name, passwordHash: hash.value, platformRoles, isVerified };
  return ok({ ...profile.value, ...account, invited });
}

/** Opens the account, unless its names are taken, and asks its owner by mail whether it is theirs, unless an invitation has shown it. */
export function openAccount(deps: Deps, { invited, ...registration }: Registration, actor: Actor): Promise<Result<Account, NotOpened>> {
  const at = deps.clock.now();
  const registered = Account.register(registration, at);
  const verified = invited && Account.verifyEmail(registered.state, at);
  const change = verified ? { state: verified.state, events: [...registered.events, ...verified.events] } : registered;
  const minted = mintToken(deps, 'verify_email');
  return deps.uow.run(actor, async (tx): Promise<Result<Account, NotOpened>> => {
    const saved = await tx.accounts.save(change);
    if (saved !== 'saved') return err({ code: `identity.${saved}` });
    if (invited) {
      const { id: accountId, displayName, email } = change.state;
      const accepted = await tx.invitations.accept(invited, { accountId, displayName, email }, at);
      if (!accepted.ok) return accepted;
    } else if (change.state.emailVerifiedAt === null) await mailVerification(tx, deps, change.state, minted, at);
    return ok(change.state);
  });
}
