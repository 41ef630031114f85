import { Account } from '#domain/identity/account.ts';
import { EmailAddress } from '#domain/identity/email-address.ts';
import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { mask } from '#domain/identity/mask.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { confirmOwner, type NotConfirmed, tooMany } from '../password/check-password.ts';
import type { IdentityDeps } from '../ports.ts';
import { holdsRoles } from '../standing.ts';
import { giveToken, mintToken } from '../tokens/give-token.ts';
import { mailLink, mailTo } from '../tokens/mail-link.ts';

export type ChangeEmail = { readonly email: string; readonly password?: string | undefined };

type Deps = Pick<IdentityDeps, 'uow' | 'queries' | 'grants' | 'clock' | 'ids' | 'security'>;
type Refusal = NotConfirmed | IdentityErrorOf<'identity.account_not_found' | 'identity.email_malformed' | 'identity.email_unchanged'>;

/** Nothing changes yet: a link goes to the new address, and word of it to the old one. Whether the new one is taken shows only to who reads its mail. */
export const changeEmail =
  (deps: Deps) =>
  async ({ email, password }: ChangeEmail, actor: Actor): Promise<Result<{ readonly sentTo: string }, Refusal>> => {
    if (actor.kind !== 'account') return err({ code: 'identity.account_not_found' });
    const address = EmailAddress.parse(email);
    if (!address.ok) return address;
    const confirmed = await confirmOwner(deps)(actor, password);
    if (!confirmed.ok) return confirmed;
    const { email: old, id } = confirmed.value;
    if (old === address.value) return err({ code: 'identity.email_unchanged' });

    const { attempts, policy, secrets } = deps.security;
    const at = deps.clock.now();
    const limit = { max: policy.reset.maxRequests, windowMs: policy.reset.windowMs, lockMs: [] };
    const taken = await attempts.take([{ key: secrets.fingerprint('email-change', id), policy: limit }], at);
    if (!taken.isAllowed) return tooMany(taken.availableAt, at);
    const isPartner = holdsRoles(confirmed.value, await deps.grants.rolesOf(id));
    const minted = mintToken(deps, 'change_email');

    return deps.uow.run(actor, async (tx): Promise<Result<{ readonly sentTo: string }, Refusal>> => {
      const account = await tx.accounts.lock(id);
      if (!account || !Account.isActive(account)) return err({ code: 'identity.account_not_found' });
      await giveToken(tx, deps, { account, purpose: 'change_email', email: address.value }, minted, at);
      const link = mailLink(policy, isPartner, 'confirm-email', minted.text);
      await tx.mails.enqueue(mailTo(account, `confirm-email:${minted.id}`, 'confirm_new_email', { link }, address.value));
      await tx.mails.enqueue(mailTo(account, `email-asked:${minted.id}`, 'email_change_asked', { newEmail: mask(address.value) }));
      return ok({ sentTo: mask(address.value) });
    });
  };
