import { Account } from '#domain/identity/account.ts';
import { EmailAddress } from '#domain/identity/email-address.ts';
import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { PasswordPolicy } from '#domain/identity/password-policy.ts';
import type { PlatformRole } from '#domain/identity/roles.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { invariant } from '#domain/shared/invariant.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { hashing } from './hashing.ts';
import type { IdentityDeps } from './ports.ts';

export type RegisterAccount = {
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
  /** Given by the system alone: the first admin, the demo's people. */
  readonly platformRole?: PlatformRole;
};

type Refusal = IdentityErrorOf<
  'identity.email_malformed' | 'identity.display_name_malformed' | 'identity.password_weak' | 'identity.email_taken' | 'identity.busy'
>;

/** The password is hashed whether or not the address is taken. */
export const registerAccount =
  ({ uow, hasher, clock, ids }: Pick<IdentityDeps, 'uow' | 'hasher' | 'clock' | 'ids'>) =>
  async ({ email, password, displayName, platformRole }: RegisterAccount, actor: Actor): Promise<Result<Account, Refusal>> => {
    invariant(platformRole === undefined || actor.kind === 'system', 'only the system gives platform roles');
    const address = EmailAddress.parse(email);
    if (!address.ok) return address;
    const name = Account.parseDisplayName(displayName);
    if (!name.ok) return name;
    const strong = PasswordPolicy.check(password, [name.value, EmailAddress.localPart(address.value)]);
    if (!strong.ok) return strong;
    const hash = await hashing(hasher.hash(strong.value));
    if (!hash.ok) return hash;

    const platformRoles = platformRole === undefined ? [] : [platformRole];
    const change = Account.register(
      { id: ids.next(), email: address.value, displayName: name.value, passwordHash: hash.value, platformRoles },
      clock.now(),
    );
    return uow.run(actor, async (tx) => {
      if ((await tx.accounts.save(change)) === 'email_taken') return err({ code: 'identity.email_taken' });
      return ok(change.state);
    });
  };
