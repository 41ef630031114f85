import type { PaymentsErrorOf } from '#domain/payments/errors.ts';
import type { SettlementErrorOf } from '#domain/payments/settlement/errors.ts';
import { PayoutAccount } from '#domain/payments/settlement/payout-account.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { isByHand } from '../save-payment.ts';
import type { SettlementDeps } from './ports.ts';

export type WritePayoutAccount = {
  readonly restaurantId: string;
  readonly account: string;
  /** The one there is when it is left out. */
  readonly processor: string | undefined;
  readonly commissionBasisPoints: number | null | undefined;
  readonly expectedVersion: number | undefined;
};
type Refusal = PaymentsErrorOf<'payments.not_permitted'> | SettlementErrorOf<'payments.processor_not_configured' | 'payments.payout_account_changed'>;

/** Says where a restaurant's money goes. */
export const writePayoutAccount =
  ({ uow, payments: { providers, runtime } }: Pick<SettlementDeps, 'uow' | 'payments'>) =>
  async (command: WritePayoutAccount, actor: Actor): Promise<Result<PayoutAccount, Refusal>> => {
    const { restaurantId, account, commissionBasisPoints, expectedVersion } = command;
    const configured = [...providers.keys()].filter((name) => !isByHand(name));
    const processor = command.processor ?? configured[0];
    if (processor === undefined || !configured.includes(processor)) {
      return err({ code: 'payments.processor_not_configured', processor: processor ?? '', configured });
    }
    const at = runtime.clock.now();
    return uow.run(actor, async (tx): Promise<Result<PayoutAccount, Refusal>> => {
      const before = (await tx.accounts.lock(restaurantId)) ?? PayoutAccount.none(restaurantId);
      if (expectedVersion !== undefined && expectedVersion !== before.version) {
        return err({ code: 'payments.payout_account_changed', version: before.version });
      }
      const change = PayoutAccount.write(before, { processor, account, commissionBasisPoints }, actor, at);
      if (!change.ok) return change;
      const { state, events } = change.value;
      if (events.length > 0) await tx.accounts.save(change.value);
      return ok({ ...state, version: state.version + events.length });
    });
  };
