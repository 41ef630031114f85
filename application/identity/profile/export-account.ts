import type { Account } from '#domain/identity/account.ts';
import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import type { ExternalIdentity } from '#domain/identity/external/external-identity.ts';
import { SecondFactor } from '#domain/identity/second-factor.ts';
import type { Session } from '#domain/identity/session.ts';
import type { Actor, Grant } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { IdentityDeps } from '../ports.ts';

/** All that is kept about somebody's account here. */
export type AccountExport = {
  readonly account: Account;
  readonly grants: readonly Grant[];
  readonly sessions: readonly Session[];
  readonly secondFactor: { readonly isOn: boolean; readonly backupCodesLeft: number };
  readonly externalIdentities: readonly ExternalIdentity[];
  readonly exportedAt: number;
};

export const exportAccount =
  ({ queries, clock }: Pick<IdentityDeps, 'queries' | 'clock'>) =>
  async (actor: Actor): Promise<Result<AccountExport, IdentityErrorOf<'identity.account_not_found'>>> => {
    const account = actor.kind === 'account' ? await queries.account(actor.accountId) : undefined;
    if (actor.kind !== 'account' || !account) return err({ code: 'identity.account_not_found' });
    const [sessions, factor, externalIdentities] = await Promise.all([
      queries.sessions(account.id),
      queries.secondFactor(account.id),
      queries.externalIdentities(account.id),
    ]);
    const secondFactor = { isOn: SecondFactor.isOn(factor), backupCodesLeft: factor ? SecondFactor.codesLeft(factor) : 0 };
    return ok({ account, grants: actor.grants, sessions, secondFactor, externalIdentities, exportedAt: clock.now() });
  };
