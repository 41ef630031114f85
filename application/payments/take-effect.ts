import { applyFacts } from '#domain/payments/observing.ts';
import type { Operation } from '#domain/payments/operation.ts';
import { Payment, PaymentId } from '#domain/payments/payment.ts';
import { Payout, PayoutId } from '#domain/payments/payout.ts';
import { Refunding } from '#domain/payments/refunding.ts';
import { invariant } from '#domain/shared/invariant.ts';
import type { Asked } from './asked.ts';
import type { PaymentsTx } from './ports.ts';
import { type SaveContext, savePayment } from './save-payment.ts';
import { applyTransfers, savePayout } from './settlement/save-payout.ts';

export const isOfPayment = ({ kind }: Operation): boolean => kind !== 'payout' && kind !== 'return';

/** What an answer means for what was asked about. */
export function takeEffect(tx: PaymentsTx, operation: Operation, asked: Asked, context: SaveContext): Promise<void> {
  if (isOfPayment(operation)) return onPayment(tx, operation, asked, context);
  return operation.kind === 'payout' ? onPayout(tx, operation, asked, context.at) : onReturn(tx, operation, asked, context.at);
}

async function onPayment(tx: PaymentsTx, { id, kind, subjectId, targetId }: Operation, asked: Asked, context: SaveContext): Promise<void> {
  const payment = await tx.payments.lock(PaymentId.of(subjectId));
  invariant(payment !== undefined, `operation ${id} is about no payment`);
  const { at } = context;
  switch (asked.outcome) {
    case 'facts':
      await savePayment(tx, payment, applyFacts(payment, asked.facts, at), context);
      return;
    case 'opened': {
      const attempt = payment.attempts.find((one) => one.id === targetId);
      if (attempt?.status !== 'opening') return;
      await savePayment(tx, payment, Payment.openAttempt(payment, targetId, asked.opened, at), context);
      return;
    }
    case 'failed': {
      if (kind === 'refund') await savePayment(tx, payment, Refunding.fail(payment, targetId, at), context);
      if (kind === 'open_order' || kind === 'open_link') {
        await savePayment(tx, payment, Payment.endAttempt(payment, targetId, asked.failure, at), context);
      }
      return;
    }
    case 'nothing_to_do':
    case 'unknown':
      return;
  }
}

async function onPayout(tx: PaymentsTx, { subjectId, processor }: Operation, asked: Asked, at: number): Promise<void> {
  if (asked.outcome === 'facts') await applyTransfers(tx, { processor, facts: asked.facts }, at);
  if (asked.outcome !== 'failed') return;
  const payout = await tx.payouts.lock(PayoutId.of(subjectId));
  invariant(payout !== undefined, `payout ${subjectId} is gone`);
  const { code, description } = asked.failure;
  await savePayout(tx, payout, Payout.refuse(payout, { code, description }, at), at);
}

/** Somebody has decided it already; what could not be done is up to people again. */
async function onReturn(tx: PaymentsTx, { subjectId }: Operation, asked: Asked, at: number): Promise<void> {
  if (asked.outcome !== 'failed') return;
  const exception = await tx.exceptions.lock(subjectId);
  invariant(exception !== undefined, `exception ${subjectId} is gone`);
  const { kind, processor, reference, restaurantId, paymentId, detail } = exception;
  const { code, description } = asked.failure;
  await tx.exceptions.raise({ kind, processor, reference, restaurantId, paymentId, detail: { ...detail, refused: `${code}: ${description}` }, at });
}
