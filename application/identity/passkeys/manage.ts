import { Account } from '#domain/identity/account.ts';
import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { isLastCredential } from '#domain/identity/external/last-credential.ts';
import { Passkey } from '#domain/identity/passkey.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { confirmOwner, type NotConfirmed } from '../password/check-password.ts';
import type { IdentityDeps } from '../ports.ts';
import { mailTo } from '../tokens/mail-link.ts';
import { newChallenge, takeChallenge } from './challenge.ts';

type Deps = Pick<IdentityDeps, 'uow' | 'queries' | 'clock' | 'ids' | 'security'>;
type Given = NotConfirmed | IdentityErrorOf<'identity.account_not_found'>;

/** Takes the password, and gives what a device needs to make a passkey. */
export const beginPasskey =
  (deps: Deps) =>
  async ({ password }: { readonly password?: string | undefined }, actor: Actor): Promise<Result<unknown, Given>> => {
    if (actor.kind !== 'account') return err({ code: 'identity.account_not_found' });
    const confirmed = await confirmOwner(deps)(actor, password);
    if (!confirmed.ok) return confirmed;
    const known = (await deps.queries.passkeys(actor.accountId)).map(({ credentialId }) => credentialId);
    const challenge = newChallenge(deps, `account:${actor.accountId}`, deps.clock.now());
    return ok(await deps.security.proofs.passkeys.registration(confirmed.value, known, challenge));
  };

type Added = { readonly name: string; readonly credential: object };
type AddRefusal = IdentityErrorOf<
  'identity.account_not_found' | 'identity.passkey_invalid' | 'identity.too_many_passkeys' | 'identity.display_name_malformed'
>;

/** Keeps the passkey that a device made, and tells its owner. */
export const addPasskey =
  (deps: Deps) =>
  async ({ name, credential }: Added, actor: Actor): Promise<Result<Passkey, AddRefusal>> => {
    if (actor.kind !== 'account') return err({ code: 'identity.account_not_found' });
    const { accountId } = actor;
    const called = Account.parseDisplayName(name);
    if (!called.ok) return called;
    const made = await deps.security.proofs.passkeys.registered(credential);
    const at = deps.clock.now();
    if (!made || !(await takeChallenge(deps, made.challenge, `account:${accountId}`, at))) return err({ code: 'identity.passkey_invalid' });

    const { challenge: _, ...key } = made;
    const id = deps.ids.next();
    return deps.uow.run(actor, async (tx): Promise<Result<Passkey, AddRefusal>> => {
      const account = await tx.accounts.lock(accountId); // One after the other, so that they can be counted.
      if (!account || !Account.isActive(account)) return err({ code: 'identity.account_not_found' });
      const others = await tx.passkeys.activeOf(accountId);
      const added = Passkey.add({ ...key, id, accountId, name: called.value }, others.length, at);
      if (!added.ok) return added;
      if ((await tx.passkeys.save(added.value)) !== 'saved') return err({ code: 'identity.passkey_invalid' });
      const what = 'A passkey was added: it signs in without your password.';
      await tx.mails.enqueue(mailTo(account, `passkey-added:${id}`, 'security_notice', { what }));
      return ok(added.value.state);
    });
  };

/** The actor's passkeys, the newest first. */
export const listPasskeys =
  ({ queries }: Pick<Deps, 'queries'>) =>
  async (actor: Actor): Promise<Result<readonly Passkey[], never>> =>
    ok(actor.kind === 'account' ? await queries.passkeys(actor.accountId) : []);

type RemoveRefusal = Given | IdentityErrorOf<'identity.passkey_not_found' | 'identity.last_credential'>;

/** Takes the password; another's passkey does not exist. */
export const removePasskey =
  (deps: Deps) =>
  async (
    { passkeyId, password }: { readonly passkeyId: string; readonly password?: string | undefined },
    actor: Actor,
  ): Promise<Result<undefined, RemoveRefusal>> => {
    if (actor.kind !== 'account') return err({ code: 'identity.account_not_found' });
    const { accountId } = actor;
    const confirmed = await confirmOwner(deps)(actor, password);
    if (!confirmed.ok) return confirmed;
    const at = deps.clock.now();
    return deps.uow.run(actor, async (tx): Promise<Result<undefined, RemoveRefusal>> => {
      const account = await tx.accounts.lock(accountId);
      const held = await tx.passkeys.activeOf(accountId);
      const passkey = held.find(({ id }) => id === passkeyId);
      const removed = passkey && Passkey.remove(passkey, at);
      if (!account || !removed) return err({ code: 'identity.passkey_not_found', passkeyId });
      const elsewhere = await tx.externalIdentities.activeOf(accountId);
      if (isLastCredential(account, held.length, elsewhere.length)) return err({ code: 'identity.last_credential' });
      await tx.passkeys.save(removed);
      const what = 'A passkey was removed: it no longer signs in.';
      await tx.mails.enqueue(mailTo(account, `passkey-removed:${passkeyId}`, 'security_notice', { what }));
      return ok(undefined);
    });
  };
