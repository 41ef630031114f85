import { Account } from '#domain/identity/account.ts';
import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { TOKEN_PURPOSES } from '#domain/identity/one-time-token.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { confirmOwner, type NotConfirmed } from '../password/check-password.ts';
import type { IdentityDeps, IdentityTx } from '../ports.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { supersedeTokens } from '../tokens/give-token.ts';
import { mailTo } from '../tokens/mail-link.ts';
import { dropProofs } from './drop-proofs.ts';

type Deps = Pick<IdentityDeps, 'uow' | 'queries' | 'grants' | 'clock' | 'security'>;
type Refusal =
  | NotConfirmed
  | IdentityErrorOf<'identity.account_not_found' | 'identity.account_closed' | 'identity.still_owner' | 'identity.last_admin'>;

/** Ends an account for good: name, address and number are forgotten, and whatever it was given is worth nothing. Orders stay, without who it was. */
export const closeAccount =
  (deps: Deps) =>
  async ({ password }: { readonly password?: string | undefined }, actor: Actor): Promise<Result<undefined, Refusal>> => {
    if (actor.kind !== 'account') return err({ code: 'identity.account_not_found' });
    const confirmed = await confirmOwner(deps)(actor, password);
    if (!confirmed.ok) return confirmed;
    const roles = await deps.grants.rolesOf(actor.accountId);
    const restaurantIds = roles.filter(({ role }) => role === 'owner').map(({ restaurantId }) => restaurantId);
    if (restaurantIds.length > 0) return err({ code: 'identity.still_owner', restaurantIds });
    const at = deps.clock.now();
    return deps.uow.run(actor, async (tx): Promise<Result<undefined, Refusal>> => {
      const admins = confirmed.value.platformRoles.includes('admin') ? await tx.accounts.lockAdmins() : [];
      if (admins.length === 1 && admins[0] === actor.accountId) return err({ code: 'identity.last_admin', accountId: actor.accountId });
      const account = await tx.accounts.lock(actor.accountId);
      if (!account) return err({ code: 'identity.account_not_found' });
      const closed = await closeWithin(tx, account, at);
      if (!closed.ok) return closed;
      await tx.mails.enqueue(mailTo(account, `closed:${account.id}`, 'security_notice', { what: 'Your account was closed.' }));
      return ok(undefined);
    });
  };

/** The end of an account and of all that opened it; the transaction holds it. */
export async function closeWithin(
  tx: IdentityTx,
  account: Account,
  at: number,
): Promise<Result<undefined, IdentityErrorOf<'identity.account_closed'>>> {
  const closed = Account.close(account, at);
  if (!closed.ok) return closed;
  await tx.accounts.save(closed.value);
  await endSessions(tx, account.id, 'account_closed', at);
  await supersedeTokens(tx, account.id, at, TOKEN_PURPOSES);
  await dropProofs(tx, account.id, at);
  return ok(undefined);
}
