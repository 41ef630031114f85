import { WriteConflict } from '#application/shared/unit-of-work.ts';
import type { PaymentsErrorOf } from '#domain/payments/errors.ts';
import { Operation } from '#domain/payments/operation.ts';
import { Payout, PayoutId } from '#domain/payments/payout.ts';
import type { SettlementErrorOf } from '#domain/payments/settlement/errors.ts';
import { type Actor, nameOf } from '#domain/shared/actor.ts';
import { invariant } from '#domain/shared/invariant.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { runOperation } from '../run-operation.ts';
import type { SettlementDeps } from './ports.ts';
import { savePayout } from './save-payout.ts';

export type RequestPayout = {
  readonly restaurantId: string;
  /** In minor units; everything the restaurant is owed when it is left out. */
  readonly amount: number | null;
  readonly key: string;
  readonly fingerprint: string;
};

type Refusal =
  | SettlementErrorOf<'payments.payout_account_unset' | 'payments.payout_too_large'>
  | PaymentsErrorOf<'payments.idempotency_key_reused' | 'payments.request_in_progress'>;

/**
 * Pays a restaurant what it is owed: set aside in our books first, one payout of a restaurant after the other, so that all of them
 * together never exceed what there is; then asked of the processor.
 */
export const requestPayout =
  (deps: Pick<SettlementDeps, 'uow' | 'facts' | 'payments'>) =>
  async ({ restaurantId, amount, key, fingerprint }: RequestPayout, actor: Actor): Promise<Result<Payout, Refusal>> => {
    const { clock, ids } = deps.payments.runtime;
    const currency = await deps.facts.restaurants.currencyOf(restaurantId);
    invariant(currency !== undefined, `restaurant ${restaurantId} is gone`);
    const [id, at] = [PayoutId.of(ids.next()), clock.now()];

    const requested = await deps.uow.run(actor, async (tx): Promise<Result<Payout, Refusal>> => {
      const to = await tx.accounts.lock(restaurantId);
      const claim = await tx.requests.claim({ scope: `payouts:${restaurantId}:${nameOf(actor)}`, key, fingerprint, outcome: id });
      if (claim === 'running') return err({ code: 'payments.request_in_progress' });
      if (claim !== 'claimed') {
        if (claim.fingerprint !== fingerprint) return err({ code: 'payments.idempotency_key_reused' });
        return ok(await replayed(tx, claim.outcome));
      }
      if (to?.account == null || to.processor === null) return err({ code: 'payments.payout_account_unset' });
      const payable = await tx.accounts.payable(restaurantId, currency);
      const { processor, account } = to;
      const change = Payout.request(id, { restaurantId, processor, account, amount, currency, requestedAt: at }, payable);
      if (!change.ok) return change;
      const saved = await savePayout(tx, change.value.state, change.value, at);
      await tx.operations.plan([Operation.plan({ kind: 'payout', processor, restaurantId, subjectId: id, targetId: id }, at)]);
      return ok(saved);
    });
    if (!requested.ok) return requested;
    await runOperation(deps.payments)(Operation.idOf({ kind: 'payout', targetId: requested.value.id }), true);
    return ok((await deps.payments.queries.payout(requested.value.id)) ?? requested.value);
  };

async function replayed(tx: Parameters<Parameters<SettlementDeps['uow']['run']>[1]>[0], payoutId: string): Promise<Payout> {
  const payout = await tx.payouts.lock(PayoutId.of(payoutId));
  if (!payout) throw new WriteConflict(`the request's payout ${payoutId} is not there yet`);
  return payout;
}
