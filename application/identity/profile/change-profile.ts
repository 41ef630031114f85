import { Account, type Profile } from '#domain/identity/account.ts';
import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { Username } from '#domain/identity/username.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { IdentityDeps, Taken } from '../ports.ts';

/** What is absent stays; null takes a number or a username away. */
export type ChangeProfile = { readonly displayName?: string; readonly phone?: string | null; readonly username?: string | null };

type Malformed = IdentityErrorOf<'identity.display_name_malformed' | 'identity.phone_malformed' | 'identity.username_malformed'>;
type Refusal = Malformed | IdentityErrorOf<'identity.account_not_found' | `identity.${Taken}`>;

export const changeProfile =
  ({ uow, clock, security }: Pick<IdentityDeps, 'uow' | 'clock' | 'security'>) =>
  async (asked: ChangeProfile, actor: Actor): Promise<Result<Account, Refusal>> => {
    if (actor.kind !== 'account') return err({ code: 'identity.account_not_found' });
    const changes = parseProfile({ security }, asked);
    if (!changes.ok) return changes;
    const at = clock.now();
    return uow.run(actor, async (tx): Promise<Result<Account, Refusal>> => {
      const account = await tx.accounts.lock(actor.accountId);
      if (!account || !Account.isActive(account)) return err({ code: 'identity.account_not_found' });
      const change = Account.changeProfile(account, changes.value, at);
      if (!change) return ok(account);
      const saved = await tx.accounts.save(change);
      return saved === 'saved' ? ok(change.state) : err({ code: `identity.${saved}` });
    });
  };

/** What people typed, in the spelling it is kept in. */
export function parseProfile(
  { security: { knowledge } }: Pick<IdentityDeps, 'security'>,
  { displayName, phone, username }: ChangeProfile,
): Result<Partial<Profile>, Malformed> {
  const name = displayName === undefined ? undefined : Account.parseDisplayName(displayName);
  if (name && !name.ok) return name;
  const number = phone === undefined || phone === null ? phone : knowledge.phoneNumber(phone);
  if (phone && number === undefined) return err({ code: 'identity.phone_malformed' });
  const called = username === undefined || username === null ? undefined : Username.parse(username);
  if (called && !called.ok) return called;
  return ok({
    ...(name && { displayName: name.value }),
    ...(number !== undefined && { phone: number }),
    ...(username === null ? { username } : called && { username: called.value }),
  });
}
