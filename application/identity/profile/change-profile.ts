import { Account, type Profile } from '#domain/identity/account.ts';
import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { Username } from '#domain/identity/username.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { IdentityDeps, Taken } from '../ports.ts';
import { mailTo } from '../tokens/mail-link.ts';

/** What is absent stays; null takes a number or a username away. */
export type ChangeProfile = { readonly displayName?: string; readonly phone?: string | null; readonly username?: string | null };

type Malformed = IdentityErrorOf<'identity.display_name_malformed' | 'identity.phone_malformed' | 'identity.username_malformed'>;
type Refusal = Malformed | IdentityErrorOf<'identity.account_not_found' | `identity.${Taken}`>;

/** What somebody is known by besides their address. */
const NAMES = [
  ['phone', 'telephone number'],
  ['username', 'username'],
] as const;

export const changeProfile =
  ({ uow, clock, ids, security }: Pick<IdentityDeps, 'uow' | 'clock' | 'ids' | 'security'>) =>
  async (asked: ChangeProfile, actor: Actor): Promise<Result<Account, Refusal>> => {
    if (actor.kind !== 'account') return err({ code: 'identity.account_not_found' });
    const changes = parseProfile({ security }, asked);
    if (!changes.ok) return changes;
    const [at, mailId] = [clock.now(), ids.next()];
    return uow.run(actor, async (tx): Promise<Result<Account, Refusal>> => {
      const account = await tx.accounts.lock(actor.accountId);
      if (!account || !Account.isActive(account)) return err({ code: 'identity.account_not_found' });
      const change = Account.changeProfile(account, changes.value, at);
      if (!change) return ok(account);
      const saved = await tx.accounts.save(change);
      if (saved !== 'saved') return err({ code: `identity.${saved}` });
      const names = NAMES.filter(([field]) => change.state[field] !== account[field]).map(([, what]) => what);
      if (names.length > 0) {
        const what = `The ${names.join(' and the ')} you sign in with was changed or removed.`;
        await tx.mails.enqueue(mailTo(account, `names:${mailId}`, 'security_notice', { what }));
      }
      return ok(change.state);
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
