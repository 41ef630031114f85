import { type Origin, UNKNOWN_ORIGIN } from '#application/shared/ports.ts';
import { Account } from '#domain/identity/account.ts';
import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { mask } from '#domain/identity/mask.ts';
import { networkOf } from '#domain/identity/network.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { hashing } from '../hashing.ts';
import type { IdentityDeps } from '../ports.ts';
import { holdsRoles } from '../standing.ts';
import { mintToken } from '../tokens/give-token.ts';
import { mailReset } from './request-reset.ts';

export type StartReset = { readonly accountId: string };
type Refusal = IdentityErrorOf<'identity.no_such_account' | 'identity.account_closed' | 'identity.busy'>;

/** Whoever operates the platform has a link mailed to an account's own address. They neither see it nor choose the password. */
export const startReset =
  ({ uow, queries, grants, clock, ids, security }: Pick<IdentityDeps, 'uow' | 'queries' | 'grants' | 'clock' | 'ids' | 'security'>) =>
  async ({ accountId }: StartReset, actor: Actor, origin: Origin = UNKNOWN_ORIGIN): Promise<Result<{ readonly sentTo: string }, Refusal>> => {
    const account = await queries.account(accountId);
    if (!account) return err({ code: 'identity.no_such_account', accountId });
    const minted = mintToken({ ids, security }, 'reset_password');
    const hash = await hashing(security.hashers.codes.hash(minted.verifier));
    if (!hash.ok) return hash;
    const isPartner = holdsRoles(account, await grants.rolesOf(accountId));
    const at = clock.now();
    return uow.run(actor, async (tx): Promise<Result<{ readonly sentTo: string }, Refusal>> => {
      const current = await tx.accounts.lock(accountId);
      if (!current || !Account.isActive(current)) return err({ code: 'identity.account_closed', accountId });
      const sentTo = mask(current.email);
      const facts = { accountId, identifier: sentTo, ip: networkOf(origin.ip), at, attemptsRemaining: security.policy.reset.maxRequests };
      tx.security.record({ type: 'identity.reset_requested', ...facts });
      await mailReset(tx, { security }, { account: current, minted, verifierHash: hash.value, isPartner }, at);
      return ok({ sentTo });
    });
  };
