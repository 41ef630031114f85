import { Account } from '#domain/identity/account.ts';
import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { ExternalIdentity } from '#domain/identity/external/external-identity.ts';
import { isLastCredential } from '#domain/identity/external/last-credential.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { confirmOwner, type NotConfirmed } from '../password/check-password.ts';
import { mailTo } from '../tokens/mail-link.ts';
import type { ExternalDeps } from './ports.ts';
import { CODE_INVALID, type ExternalCode, presentCode } from './present-code.ts';

type LinkRefusal = IdentityErrorOf<
  'identity.account_not_found' | 'identity.external_code_invalid' | 'identity.external_identity_taken' | 'identity.too_many_external_identities'
>;

/** Links whom the provider vouched for to the account that asked for it, and to no other; twice is once. */
export const linkExternal =
  (deps: ExternalDeps) =>
  async (code: ExternalCode, actor: Actor): Promise<Result<ExternalIdentity, LinkRefusal>> => {
    if (actor.kind !== 'account') return err({ code: 'identity.account_not_found' });
    const { accountId } = actor;
    const vouched = await presentCode(deps, code);
    if (vouched?.purpose.kind !== 'link' || vouched.purpose.accountId !== accountId) return CODE_INVALID;
    const { provider, title, profile } = vouched;
    const { issuer, subject } = profile;
    const [id, at] = [deps.ids.next(), deps.clock.now()];
    return deps.uow.run(actor, async (tx): Promise<Result<ExternalIdentity, LinkRefusal>> => {
      const account = await tx.accounts.lock(accountId);
      if (!account || !Account.isActive(account)) return err({ code: 'identity.account_not_found' });
      const known = await tx.externalIdentities.find(issuer, subject);
      if (known) return known.accountId === accountId ? ok(known) : err({ code: 'identity.external_identity_taken' });
      const others = await tx.externalIdentities.activeOf(accountId);
      const linked = ExternalIdentity.link({ id, accountId, provider, issuer, subject }, others.length, at);
      if (!linked.ok) return linked;
      if ((await tx.externalIdentities.save(linked.value)) !== 'saved') return err({ code: 'identity.external_identity_taken' });
      const what = `A sign-in with ${title} was linked: it signs in without your password.`;
      await tx.mails.enqueue(mailTo(account, `external-linked:${id}`, 'security_notice', { what }));
      return ok(linked.value.state);
    });
  };

/** The actor's external identities, the newest first. */
export const listExternal =
  ({ queries }: Pick<ExternalDeps, 'queries'>) =>
  async (actor: Actor): Promise<Result<readonly ExternalIdentity[], never>> =>
    ok(actor.kind === 'account' ? await queries.externalIdentities(actor.accountId) : []);

export type UnlinkExternal = { readonly externalIdentityId: string; readonly password?: string | undefined };
type UnlinkRefusal =
  | NotConfirmed
  | IdentityErrorOf<'identity.account_not_found' | 'identity.external_identity_not_found' | 'identity.last_credential'>;

/** Takes the password; another's does not exist, and the last credential stays. */
export const unlinkExternal =
  (deps: ExternalDeps) =>
  async ({ externalIdentityId, password }: UnlinkExternal, actor: Actor): Promise<Result<undefined, UnlinkRefusal>> => {
    if (actor.kind !== 'account') return err({ code: 'identity.account_not_found' });
    const { accountId } = actor;
    const confirmed = await confirmOwner(deps)(actor, password);
    if (!confirmed.ok) return confirmed;
    const at = deps.clock.now();
    return deps.uow.run(actor, async (tx): Promise<Result<undefined, UnlinkRefusal>> => {
      const account = await tx.accounts.lock(accountId);
      const held = await tx.externalIdentities.activeOf(accountId);
      const identity = held.find(({ id }) => id === externalIdentityId);
      const removed = identity && ExternalIdentity.remove(identity, at);
      if (!account || !removed) return err({ code: 'identity.external_identity_not_found', externalIdentityId });
      const passkeys = await tx.passkeys.activeOf(accountId);
      if (isLastCredential(account, passkeys.length, held.length)) return err({ code: 'identity.last_credential' });
      await tx.externalIdentities.save(removed);
      const title = deps.external.providers.find(({ name }) => name === identity.provider)?.title ?? identity.provider;
      const what = `The sign-in with ${title} was unlinked: it no longer signs in.`;
      await tx.mails.enqueue(mailTo(account, `external-removed:${externalIdentityId}`, 'security_notice', { what }));
      return ok(undefined);
    });
  };
