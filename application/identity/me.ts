import type { Account } from '#domain/identity/account.ts';
import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import type { Actor, Grant } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { IdentityDeps } from './ports.ts';

export type Me = { readonly account: Account; readonly grants: readonly Grant[] };

/** Who the actor is and what they may do where. */
export const me =
  ({ queries }: Pick<IdentityDeps, 'queries'>) =>
  async (actor: Actor): Promise<Result<Me, IdentityErrorOf<'identity.account_not_found'>>> => {
    const account = actor.kind === 'account' ? await queries.account(actor.accountId) : undefined;
    return actor.kind === 'account' && account ? ok({ account, grants: actor.grants }) : err({ code: 'identity.account_not_found' });
  };
