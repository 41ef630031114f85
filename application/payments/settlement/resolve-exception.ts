import type { PaymentsErrorOf } from '#domain/payments/errors.ts';
import { Operation } from '#domain/payments/operation.ts';
import { PaymentId } from '#domain/payments/payment.ts';
import { PayoutId } from '#domain/payments/payout.ts';
import { Refunding } from '#domain/payments/refunding.ts';
import type { SettlementErrorOf } from '#domain/payments/settlement/errors.ts';
import { PaymentException, type ResolutionAction } from '#domain/payments/settlement/exception.ts';
import { writtenOff } from '#domain/payments/settlement/write-off.ts';
import { type Actor, nameOf } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { applyProviderFacts, contextOf } from '../apply-facts.ts';
import { runOperation } from '../run-operation.ts';
import { type SaveContext, savePayment } from '../save-payment.ts';
import { checkPayment } from '../sweep-payments.ts';
import type { SettlementDeps, SettlementTx } from './ports.ts';
import { checkPayout } from './sweep-payouts.ts';

export type ResolveException = { readonly exceptionId: string; readonly action: ResolutionAction; readonly note: string };

type Refusal =
  | SettlementErrorOf<'payments.exception_not_found' | 'payments.exception_resolved' | 'payments.action_not_offered'>
  | PaymentsErrorOf<'payments.not_captured' | 'payments.refund_too_large' | 'payments.refund_not_found'>;
type Done = Result<string | undefined, Refusal>;

/**
 * Deals with what the program could not know. Who did, and why, is written together with what it changes in our books; what has to be
 * asked of a provider is asked afterwards, as any operation is. Of two people at once, one does it.
 */
export const resolveException =
  (deps: Pick<SettlementDeps, 'uow' | 'payments'>) =>
  async ({ exceptionId, action, note }: ResolveException, actor: Actor): Promise<Result<PaymentException, Refusal>> => {
    const context = contextOf(deps.payments);
    const { at } = context;
    const resolved = await deps.uow.run(
      actor,
      async (tx): Promise<Result<{ exception: PaymentException; operationId: string | undefined }, Refusal>> => {
        const exception = await tx.exceptions.lock(exceptionId);
        if (!exception) return err({ code: 'payments.exception_not_found', exceptionId });
        const change = PaymentException.resolve(exception, { action, note, by: nameOf(actor), at });
        if (!change.ok) return change;
        const done = await inBooks(tx, exception, action, context);
        if (!done.ok) return done;
        await tx.exceptions.save(change.value);
        const { state, events } = change.value;
        return ok({ exception: { ...state, version: state.version + events.length }, operationId: done.value });
      },
    );
    if (!resolved.ok) return resolved;
    const { exception, operationId } = resolved.value;
    if (operationId !== undefined) await runOperation(deps.payments)(operationId, true);
    if (action === 'recheck') await recheck(deps, exception);
    return ok(exception);
  };

/** What an action does in our own books; the operation that goes on with it, if one does. */
async function inBooks(tx: SettlementTx, exception: PaymentException, action: ResolutionAction, context: SaveContext): Promise<Done> {
  const { at } = context;
  switch (action) {
    case 'recheck':
      return ok(undefined);
    case 'refund_again':
      return refundAgain(tx, exception, context);
    case 'retry': {
      const operation = await tx.operations.lock(exception.reference);
      if (operation) await tx.operations.save(Operation.hurry(operation, at));
      return ok(exception.reference);
    }
    case 'refund_at_provider': {
      const { id, processor, restaurantId } = exception;
      const operation = Operation.plan({ kind: 'return', processor, restaurantId, subjectId: id, targetId: id }, at);
      await tx.operations.plan([operation]);
      return ok(operation.id);
    }
    case 'write_off':
      await tx.ledger.post(writtenOff(exception, at));
      return ok(undefined);
  }
}

/** Sets aside once more what a refund that failed owed. */
async function refundAgain(tx: SettlementTx, { paymentId, reference }: PaymentException, context: SaveContext): Promise<Done> {
  const payment = paymentId === null ? undefined : await tx.payments.lock(PaymentId.of(paymentId));
  const failed = payment?.refunds.find(({ id }) => id === reference);
  if (!payment || !failed) return err({ code: 'payments.refund_not_found', refundId: reference });
  const { amount, reason, note, lines, chargeId } = failed;
  const id = context.newId();
  const change = Refunding.request(payment, { id, amount, reason, note, lines, chargeId }, context.at);
  if (!change.ok) return change;
  await savePayment(tx, payment, change.value, context);
  return ok(Operation.idOf({ kind: 'refund', targetId: id }));
}

/** Asks the provider how it stands, and takes what it says; if it is still wrong it will be told of again. */
async function recheck(
  { payments }: Pick<SettlementDeps, 'payments'>,
  { kind, processor, reference, paymentId, detail }: PaymentException,
): Promise<void> {
  if (paymentId !== null) await checkPayment(payments)(PaymentId.of(paymentId));
  else if (kind === 'payout_failed' || kind === 'facts_contradict') await checkPayout(payments)({ id: PayoutId.of(reference), processor });
  if (kind !== 'missing_here') return;
  const told = detail['what'] === 'charge' ? await payments.providers.get(processor)?.charge(reference) : undefined;
  if (told?.outcome === 'succeeded') await applyProviderFacts(payments)({ processor, facts: [told.value] }, { kind: 'system', name: 'recheck' });
}
