import type { SettlementErrorOf } from '#domain/payments/settlement/errors.ts';
import type { PayoutAccount } from '#domain/payments/settlement/payout-account.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { invariant } from '#domain/shared/invariant.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { Commissions } from '../ports.ts';
import { acceptDispute, contestDispute } from './answer-dispute.ts';
import type { PayoutQueries, SettlementDeps, SettlementSettings } from './ports.ts';
import { requestPayout } from './request-payout.ts';
import { resolveException } from './resolve-exception.ts';
import { removeMethod, saveMethod } from './saved-methods.ts';
import { writePayoutAccount } from './write-payout-account.ts';

/** Everything the outside may ask of what becomes of the money: payouts, the providers' books, repairs, disputes, saved methods. */
export const createSettlement = (deps: SettlementDeps) => {
  const { payouts, books, cases, methods } = deps.queries;
  return {
    async payoutAccount(restaurantId: string): Promise<Result<PayoutAccount, SettlementErrorOf<'payments.no_payout_account'>>> {
      const account = await payouts.account(restaurantId);
      return account ? ok(account) : err({ code: 'payments.no_payout_account' });
    },
    writePayoutAccount: writePayoutAccount(deps),
    requestPayout: requestPayout(deps),
    payouts: payouts.forRestaurant,
    settlements: books.settlements,
    rowsOfSettlement: books.rowsOf,
    exceptions: cases.exceptions,
    resolveException: resolveException(deps),
    disputes: cases.disputes,
    contestDispute: contestDispute(deps),
    acceptDispute: acceptDispute(deps),
    methodsOf(actor: Actor) {
      invariant(actor.kind === 'account', 'only an account has ways to pay');
      return methods.ofAccount(actor.accountId);
    },
    saveMethod: saveMethod(deps),
    removeMethod: removeMethod(deps),
  };
};
export type Settlement = ReturnType<typeof createSettlement>;

/** What the platform keeps of a restaurant's sales: as agreed with it, or as of everybody. */
export const commissionsOf = (queries: Pick<PayoutQueries, 'account'>, settings: SettlementSettings): Commissions => ({
  of: async (restaurantId) => (await queries.account(restaurantId))?.commissionBasisPoints ?? settings.commissionBasisPoints,
});
