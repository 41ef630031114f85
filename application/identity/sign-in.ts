import { Account } from '#domain/identity/account.ts';
import { EmailAddress } from '#domain/identity/email-address.ts';
import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { PasswordPolicy } from '#domain/identity/password-policy.ts';
import { Session } from '#domain/identity/session.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { hashing } from './hashing.ts';
import type { IdentityDeps } from './ports.ts';
import { holdsRoles } from './standing.ts';
import { type TokenPair, tokenPair } from './token-pair.ts';

export type SignIn = { readonly identifier: string; readonly password: string };

type Deps = Pick<IdentityDeps, 'uow' | 'queries' | 'grants' | 'hasher' | 'tokens' | 'clock' | 'ids'>;
type Refusal = IdentityErrorOf<'identity.invalid_credentials' | 'identity.busy'>;

const REFUSED = err({ code: 'identity.invalid_credentials' });

/** Unknown, closed or mistyped: every failure costs one verification and is the same refusal. */
export const signIn =
  ({ uow, queries, grants, hasher, tokens, clock, ids }: Deps) =>
  async ({ identifier, password }: SignIn, actor: Actor): Promise<Result<TokenPair, Refusal>> => {
    const address = EmailAddress.parse(identifier);
    const account = address.ok ? await queries.accountByEmail(address.value) : undefined;
    const typed = PasswordPolicy.normalise(password);
    const verified = await hashing(hasher.verify(typed, account?.passwordHash));
    if (!verified.ok) return verified;
    if (!account || !verified.value || !Account.isActive(account)) return REFUSED;

    const renewed = await renewedHash(hasher, typed, account);
    const roles = await grants.rolesOf(account.id);
    const at = clock.now();
    const [id, salt] = [ids.next(), tokens.refresh.newSalt()];

    const started = await uow.run(actor, async (tx) => {
      const current = await tx.accounts.lock(account.id);
      // What was verified must still be so: a password changed meanwhile opens no session.
      if (!current || current.passwordHash !== account.passwordHash) return REFUSED;
      const change = Session.start({ id, account: current, salt, holdsRoles: holdsRoles(current, roles) }, at);
      if (!change.ok) return REFUSED;

      if (renewed !== undefined) await tx.accounts.save(Account.rehash(current, renewed, at));
      await tx.sessions.save(change.value);
      return ok(change.value.state);
    });
    return started.ok ? ok(await tokenPair(tokens, started.value, at)) : started;
  };

/** Signing in does not wait for a better hash: when there is no room for it, the next time will do. */
async function renewedHash(hasher: IdentityDeps['hasher'], password: string, { passwordHash }: Account): Promise<string | undefined> {
  if (!hasher.needsRehash(passwordHash)) return undefined;
  const hash = await hashing(hasher.hash(password));
  return hash.ok ? hash.value : undefined;
}
