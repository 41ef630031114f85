import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { SecondFactor } from '#domain/identity/second-factor.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { IdentityDeps } from '../ports.ts';
import { needsSecondFactor } from '../standing.ts';

export type SecondFactorState = { readonly isOn: boolean; readonly isRequired: boolean; readonly backupCodesLeft: number };

/** Whether the actor is asked for a second factor, must be, and how many codes are left on paper. */
export const secondFactorState =
  ({ queries, grants, security }: Pick<IdentityDeps, 'queries' | 'grants' | 'security'>) =>
  async (actor: Actor): Promise<Result<SecondFactorState, IdentityErrorOf<'identity.account_not_found'>>> => {
    const account = actor.kind === 'account' ? await queries.account(actor.accountId) : undefined;
    if (!account) return err({ code: 'identity.account_not_found' });
    const factor = await queries.secondFactor(account.id);
    return ok({
      isOn: SecondFactor.isOn(factor),
      isRequired: needsSecondFactor(security.policy, account, await grants.rolesOf(account.id)),
      backupCodesLeft: factor ? SecondFactor.codesLeft(factor) : 0,
    });
  };
