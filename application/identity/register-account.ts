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
};

type Deps = Pick<IdentityDeps, 'uow' | 'clock' | 'ids' | 'security'>;
export type BadRegistration = IdentityErrorOf<
  | 'identity.email_malformed'
  | 'identity.display_name_malformed'
  | 'identity.phone_malformed'
  | 'identity.username_malformed'
  | 'identity.password_weak'
  | 'identity.busy'
>;
type Registration = Parameters<typeof Account.register>[0];

/** The password is hashed whether or not the address is taken. Whom the system registers, it vouches for; everybody else is asked by mail. */
export const registerAccount =
  (deps: Deps) =>
  async (asked: RegisterAccount, actor: Actor): Promise<Result<Account, BadRegistration | IdentityErrorOf<`identity.${Taken}`>>> => {
    const registration = await registrationOf(deps, asked, actor);
    return registration.ok ? openAccount(deps, registration.value, actor) : registration;
  };

/** What somebody asks for as an account, checked, with its password hashed: all that needs no look at other accounts. */
export async function registrationOf(
  deps: Deps,
  { email, password, displayName, phone, username, platformRole }: RegisterAccount,
  actor: Actor,
): Promise<Result<Registration, BadRegistration>> {
  const isVerified = actor.kind === 'system';
  invariant(platformRole === undefined || isVerified, 'only the system gives platform roles');
  const address = EmailAddress.parse(email);
  if (!address.ok) return address;
  const profile = parseProfile(deps, { displayName, ...(phone !== undefined && { phone }), ...(username !== undefined && { username }) });
  if (!profile.ok) return profile;
  const { displayName: name = '', username: called } = profile.value;
  const ownWords = [name, EmailAddress.localPart(address.value), ...(called ? [called] : [])];
  const hash = await newPasswordHash(deps, { password, ownWords, holdsRoles: platformRole !== undefined });
  if (!hash.ok) return hash;
  const platformRoles = platformRole === undefined ? [] : [platformRole];
  return ok({ ...profile.value, id: deps.ids.next(), email: address.value, displayName: name, passwordHash: hash.value, platformRoles, isVerified });
}

/** Opens the account and asks its owner by mail, unless its names are taken. */
export function openAccount(deps: Deps, registration: Registration, actor: Actor): Promise<Result<Account, IdentityErrorOf<`identity.${Taken}`>>> {
  const at = deps.clock.now();
  const change = Account.register(registration, at);
  const minted = mintToken(deps, 'verify_email');
  return deps.uow.run(actor, async (tx): Promise<Result<Account, IdentityErrorOf<`identity.${Taken}`>>> => {
    const saved = await tx.accounts.save(change);
    if (saved !== 'saved') return err({ code: `identity.${saved}` });
    if (change.state.emailVerifiedAt === null) await mailVerification(tx, deps, change.state, minted, at);
    return ok(change.state);
  });
}
