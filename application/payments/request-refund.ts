import type { PaymentsErrorOf } from '#domain/payments/errors.ts';
import { applyFacts } from '#domain/payments/observing.ts';
import { Operation } from '#domain/payments/operation.ts';
import type { Payment, PaymentId } from '#domain/payments/payment.ts';
import { maySeePayment } from '#domain/payments/policy.ts';
import type { Refund, RefundedLine } from '#domain/payments/refund.ts';
import { amountOfLines } from '#domain/payments/refunded-lines.ts';
import { Refunding } from '#domain/payments/refunding.ts';
import { type Actor, may, nameOf } from '#domain/shared/actor.ts';
import { invariant } from '#domain/shared/invariant.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { contextOf } from './apply-facts.ts';
import type { PaymentsDeps } from './ports.ts';
import { runOperation } from './run-operation.ts';
import { isByHand, processorOfRefund, savePayment } from './save-payment.ts';

export type RequestRefund = {
  readonly paymentId: PaymentId;
  /** In minor units; all that can still be given back when neither this nor lines are said. */
  readonly amount: number | null;
  readonly lines: readonly RefundedLine[];
  readonly note: string | null;
  readonly key: string;
  readonly fingerprint: string;
};
export type Refunded = { readonly payment: Payment; readonly refund: Refund };

type Refusal = PaymentsErrorOf<
  | 'payments.payment_not_found'
  | 'payments.not_permitted'
  | 'payments.not_captured'
  | 'payments.refund_too_large'
  | 'payments.line_not_found'
  | 'payments.line_refunded'
  | 'payments.idempotency_key_reused'
  | 'payments.request_in_progress'
>;
type Deps = Pick<PaymentsDeps, 'uow' | 'queries' | 'facts' | 'providers' | 'settings' | 'runtime'>;

/**
 * Gives money back: set aside in our books first, so that no two refunds can ever exceed what was taken, then asked of the provider.
 * Cash is handed over at once by whoever asks.
 */
export const requestRefund =
  (deps: Deps) =>
  async (command: RequestRefund, actor: Actor): Promise<Result<Refunded, Refusal>> => {
    const { paymentId, lines, note, key, fingerprint } = command;
    const known = await deps.queries.find(paymentId);
    if (!known || !maySeePayment(actor, known)) return err({ code: 'payments.payment_not_found', paymentId });
    if (!may(actor, 'payments:refund', known.restaurantId)) return err({ code: 'payments.not_permitted', permission: 'payments:refund' });
    const order = lines.length === 0 ? undefined : await deps.facts.orders.find(known.orderId);

    const context = contextOf(deps);
    const id = context.newId();
    const requested = await deps.uow.run(actor, async (tx): Promise<Result<Refunded, Refusal>> => {
      const payment = await tx.payments.lock(paymentId);
      invariant(payment !== undefined, `payment ${paymentId} is gone`);
      const claim = await tx.requests.claim({ scope: `refunds:${nameOf(actor)}`, key, fingerprint, outcome: id });
      if (claim === 'running') return err({ code: 'payments.request_in_progress' });
      if (claim !== 'claimed')
        return claim.fingerprint === fingerprint ? ok(refunded(payment, claim.outcome)) : err({ code: 'payments.idempotency_key_reused' });

      const amount = lines.length === 0 ? ok(command.amount) : amountOfLines(payment, order?.lines ?? [], lines);
      if (!amount.ok) return amount;
      const change = Refunding.request(payment, { id, amount: amount.value, reason: 'requested', note, lines }, context.at);
      if (!change.ok) return change;
      const saved = await savePayment(tx, payment, change.value, context);
      return ok(refunded(processorOfRefund(saved, id) === 'cash' ? await handOver(tx, saved, id, context) : saved, id));
    });
    if (!requested.ok || isByHand(processorOfRefund(requested.value.payment, requested.value.refund.id))) return requested;
    await runOperation(deps)(Operation.idOf({ kind: 'refund', targetId: requested.value.refund.id }), true);
    const after = await deps.queries.find(paymentId);
    return ok(refunded(after ?? requested.value.payment, requested.value.refund.id));
  };

type Tx = Parameters<Parameters<Deps['uow']['run']>[1]>[0];

/** People have given it back: that is the fact. */
function handOver(tx: Tx, payment: Payment, refundId: string, context: Parameters<typeof savePayment>[3]): Promise<Payment> {
  const { chargeId, amount } = refunded(payment, refundId).refund;
  const { currency } = payment;
  const fact = { kind: 'refund', providerRefundId: refundId, chargeId, amount, currency, status: 'processed', refundId, at: context.at } as const;
  return savePayment(tx, payment, applyFacts(payment, [fact], context.at), context);
}

function refunded(payment: Payment, refundId: string): Refunded {
  const refund = payment.refunds.find(({ id }) => id === refundId);
  invariant(refund !== undefined, `refund ${refundId} is not on payment ${payment.id}`);
  return { payment, refund };
}

export type CompleteRefund = { readonly paymentId: PaymentId; readonly refundId: string };
type CompletionRefusal = PaymentsErrorOf<
  'payments.payment_not_found' | 'payments.refund_not_found' | 'payments.not_permitted' | 'payments.refund_not_by_hand'
>;

/** Says that a refund which people make, in cash or by bank, has been made. */
export const completeRefund =
  (deps: Deps) =>
  ({ paymentId, refundId }: CompleteRefund, actor: Actor): Promise<Result<Refunded, CompletionRefusal>> => {
    const context = contextOf(deps);
    return deps.uow.run(actor, async (tx): Promise<Result<Refunded, CompletionRefusal>> => {
      const payment = await tx.payments.lock(paymentId);
      if (!payment || !maySeePayment(actor, payment)) return err({ code: 'payments.payment_not_found', paymentId });
      if (!may(actor, 'payments:refund', payment.restaurantId)) return err({ code: 'payments.not_permitted', permission: 'payments:refund' });
      const refund = payment.refunds.find(({ id }) => id === refundId);
      if (!refund) return err({ code: 'payments.refund_not_found', refundId });
      const processor = processorOfRefund(payment, refundId);
      if (!isByHand(processor) || refund.status === 'failed')
        return err({ code: 'payments.refund_not_by_hand', processor, refundStatus: refund.status });
      return ok(refunded(refund.status === 'processed' ? payment : await handOver(tx, payment, refundId, context), refundId));
    });
  };
