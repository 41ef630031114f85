import { type Origin, UNKNOWN_ORIGIN } from '#application/shared/ports.ts';
import { Account } from '#domain/identity/account.ts';
import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { mask } from '#domain/identity/mask.ts';
import { networkOf } from '#domain/identity/network.ts';
import { ResetToken } from '#domain/identity/reset-token.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { ok, type Result } from '#domain/shared/result.ts';
import { hashing } from '../hashing.ts';
import { identify } from '../identify.ts';
import type { IdentityDeps, IdentityTx } from '../ports.ts';
import { holdsRoles } from '../standing.ts';
import { mintToken, supersedeTokens } from '../tokens/give-token.ts';
import { mailLink, mailTo } from '../tokens/mail-link.ts';
import { type MailAllowance, takeMail } from './mail-allowance.ts';

export type RequestReset = { readonly identifier: string };

type Deps = Pick<IdentityDeps, 'uow' | 'queries' | 'grants' | 'clock' | 'ids' | 'security'>;

/** Mails a link to whoever has the account, and says the same, after the same work, where there is none. */
export const requestReset =
  (deps: Deps) =>
  async (
    { identifier }: RequestReset,
    actor: Actor,
    origin: Origin = UNKNOWN_ORIGIN,
  ): Promise<Result<MailAllowance, IdentityErrorOf<'identity.reset_limit' | 'identity.busy'>>> => {
    const { uow, grants, clock, security } = deps;
    const { spelling, account } = await identify(deps)(identifier);
    const at = clock.now();
    const tried = { accountId: account?.id ?? null, identifier: mask(identifier), ip: networkOf(origin.ip), at } as const;
    const allowance = await takeMail(deps, 'reset', { identifier, spelling, account }, at);
    if (!allowance.ok) {
      await uow.run(actor, async (tx) => {
        const availableAt = at + allowance.error.nextResetAvailableIn * 1_000;
        return ok(tx.security.record({ type: 'identity.reset_refused', ...tried, availableAt }));
      });
      return allowance;
    }
    const minted = mintToken(deps, 'reset_password');
    const hash = await hashing(security.hashers.codes.hash(minted.verifier)); // For nobody, too: it is what takes time.
    if (!hash.ok) return hash;
    const isPartner = account !== undefined && holdsRoles(account, await grants.rolesOf(account.id));
    const { attemptsRemaining } = allowance.value.view;

    await uow.run(actor, async (tx) => {
      tx.security.record({ type: 'identity.reset_requested', ...tried, attemptsRemaining });
      const current = account && allowance.value.isMailed ? await tx.accounts.lock(account.id) : undefined;
      if (current && Account.isActive(current)) {
        await mailReset(tx, deps, { account: current, minted, verifierHash: hash.value, isPartner }, at);
      }
      return ok(undefined);
    });
    return ok(allowance.value.view);
  };

type Mailed = {
  readonly account: Account;
  readonly minted: ReturnType<typeof mintToken>;
  readonly verifierHash: string;
  readonly isPartner: boolean;
};

/** A fresh link in place of the ones before. */
export async function mailReset(
  tx: IdentityTx,
  { security: { policy } }: Pick<IdentityDeps, 'security'>,
  { account, minted, verifierHash, isPartner }: Mailed,
  at: number,
): Promise<void> {
  await supersedeTokens(tx, account.id, at, ['reset_password']);
  const { id, selector, text } = minted;
  await tx.tokens.save(ResetToken.issue({ id, accountId: account.id, selector, verifierHash, credentials: account.credentials }, policy.reset, at));
  const link = mailLink(policy, isPartner, 'reset-password', text);
  const mail = mailTo(account, `reset:${id}`, 'reset_password', { link, minutes: String(Math.round(policy.reset.ttlMs / 60_000)) });
  await tx.mails.enqueue({ ...mail, expiresAt: at + policy.reset.ttlMs });
}
