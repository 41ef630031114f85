import { Account } from '#domain/identity/account.ts';
import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { ok, type Result } from '#domain/shared/result.ts';
import { identify } from '../identify.ts';
import { type MailAllowance, mailLimit, takeMail } from '../password/mail-allowance.ts';
import type { IdentityDeps, IdentityTx } from '../ports.ts';
import { giveToken, mintToken } from '../tokens/give-token.ts';
import { mailLink, mailTo } from '../tokens/mail-link.ts';
import { presented, redeemed, redeemToken, TOKEN_INVALID } from '../tokens/present-token.ts';

type Deps = Pick<IdentityDeps, 'uow' | 'queries' | 'clock' | 'ids' | 'security'>;

/** Whoever has the mailed token reads the mail of the address it was sent to. */
export const verifyEmail =
  (deps: Pick<Deps, 'uow' | 'queries' | 'clock' | 'security'>) =>
  async ({ token }: { readonly token: string }, actor: Actor): Promise<Result<undefined, IdentityErrorOf<'identity.token_invalid'>>> => {
    const held = await presented(deps, token, 'verify_email');
    if (!held) return TOKEN_INVALID;
    const at = deps.clock.now();
    const done = await deps.uow.run(actor, async (tx) => {
      const won = await redeemToken(tx, held, at);
      if (!won || won.token.email !== won.account.email) return ok(undefined); // It was about an address of before.
      const change = Account.verifyEmail(won.account, at);
      if (change) await tx.accounts.save(change);
      return ok(true);
    });
    const verified = redeemed(done);
    return verified.ok ? ok(undefined) : verified;
  };

/** Asks for the mail once more; the answer is the same whether or not there is such an account, and whether or not it needs it. */
export const resendVerification =
  (deps: Deps) =>
  async ({ identifier }: { readonly identifier: string }, actor: Actor): Promise<Result<MailAllowance, IdentityErrorOf<'identity.reset_limit'>>> => {
    const { spelling, account } = await identify(deps)(identifier);
    const at = deps.clock.now();
    const allowance = await takeMail(deps, 'verification', { identifier, spelling, account }, at);
    if (!allowance.ok) return allowance;
    if (account && allowance.value.isMailed) await mailAgain(deps, account, actor);
    return ok(allowance.value.view);
  };

/** Sends the link to who knows the password but has not confirmed the address, no more often than they may ask for it. */
export async function remindOfLink(deps: Deps, account: Account, actor: Actor): Promise<void> {
  const taken = await deps.security.attempts.take([mailLimit(deps, 'verification', account.id)], deps.clock.now());
  if (taken.isAllowed) await mailAgain(deps, account, actor);
}

async function mailAgain(deps: Deps, { id }: Account, actor: Actor): Promise<void> {
  const [minted, at] = [mintToken(deps, 'verify_email'), deps.clock.now()];
  await deps.uow.run(actor, async (tx) => {
    const current = await tx.accounts.lock(id);
    if (current && Account.isActive(current) && current.emailVerifiedAt === null) await mailVerification(tx, deps, current, minted, at);
    return ok(undefined);
  });
}

/** A fresh link, to the address the account has. */
export async function mailVerification(
  tx: IdentityTx,
  deps: Pick<IdentityDeps, 'security'>,
  account: Account,
  minted: ReturnType<typeof mintToken>,
  at: number,
): Promise<void> {
  await giveToken(tx, deps, { account, purpose: 'verify_email', email: account.email }, minted, at);
  const link = mailLink(deps.security.policy, false, 'verify-email', minted.text);
  await tx.mails.enqueue(mailTo(account, `verify:${minted.id}`, 'verify_email', { link }));
}
