import { postingsOf } from '#domain/payments/books.ts';
import type { PaymentEvent } from '#domain/payments/events.ts';
import { Operation } from '#domain/payments/operation.ts';
import { Payment } from '#domain/payments/payment.ts';
import { Refunding } from '#domain/payments/refunding.ts';
import type { Change } from '#domain/shared/change.ts';
import { invariant } from '#domain/shared/invariant.ts';
import type { PaymentsTx } from './ports.ts';
import { nextCheckAt } from './sweep-payments.ts';

/** What saving needs to know that is not in the transaction. `newId` may be called any number of times. */
export type SaveContext = { readonly at: number; newId(): string; readonly captureWithinMs: number };

/**
 * The one way a payment is saved: with its events, its postings, and all that follows from them at once. Money that came places the
 * order; money that is not owed is set aside to go back; whatever a provider has to be asked for is planned.
 */
export async function savePayment(tx: PaymentsTx, before: Payment, change: Change<Payment, PaymentEvent>, context: SaveContext): Promise<Payment> {
  if (change.events.length === 0) return before;
  const { at } = context;
  const followed = await withDuties(tx, change, context);
  const { state, events } = followed;
  await tx.payments.save(followed);
  await tx.payments.checkAt(state.id, nextCheckAt(state, at));
  await tx.ledger.post(postingsOf(before, events));
  await tx.operations.plan(operationsFor(state, events, context));
  if (events.some(movesMoney) && Payment.isPaid(state)) await planLinkEnds(tx, state, at);
  for (const event of events) {
    if (event.type !== 'payments.refund_failed') continue;
    const { restaurantId, refundId: reference, amount } = event;
    const processor = processorOfRefund(state, reference);
    await tx.exceptions.raise({ kind: 'refund_failed', processor, reference, restaurantId, paymentId: state.id, detail: { amount }, at });
  }
  return { ...state, version: state.version + events.length };
}

/** Only money that moves changes what we owe. */
const movesMoney = ({ type }: PaymentEvent): boolean => type === 'payments.charge_captured';

async function withDuties(tx: PaymentsTx, change: Change<Payment, PaymentEvent>, { at, newId }: SaveContext): Promise<Change<Payment, PaymentEvent>> {
  if (!change.events.some(movesMoney)) return change;
  const ending = await tx.orders.settle(change.state.orderId, Payment.isPaid(change.state), at);
  return giveBack(change, ending, at, newId);
}

/** Sets aside all that is owed to the customer without being asked. */
export function giveBack(
  change: Change<Payment, PaymentEvent>,
  ending: Parameters<typeof Refunding.duties>[1],
  at: number,
  newId: () => string,
): Change<Payment, PaymentEvent> {
  let { state } = change;
  const events = [...change.events];
  for (const duty of Refunding.duties(state, ending)) {
    const requested = Refunding.request(state, { ...duty, id: newId(), note: null, lines: [] }, at);
    invariant(requested.ok, `payment ${state.id} owes what it has not got`);
    events.push(...requested.value.events);
    state = requested.value.state;
  }
  return { state, events };
}

function operationsFor(payment: Payment, events: readonly PaymentEvent[], { at, captureWithinMs }: SaveContext): readonly Operation[] {
  const { id: subjectId, restaurantId } = payment;
  const planned: Operation[] = [];
  for (const event of events) {
    if (event.type === 'payments.refund_requested' && event.refund.reason !== 'elsewhere') {
      const processor = processorOfRefund(payment, event.refund.id);
      if (!isByHand(processor)) planned.push(Operation.plan({ kind: 'refund', processor, restaurantId, subjectId, targetId: event.refund.id }, at));
    }
  }
  if (events.some(({ type }) => type === 'payments.charge_authorized' || type === 'payments.attempt_released')) {
    for (const { chargeId, attempt, at: begunAt } of Payment.capturable(payment)) {
      // What the provider captures by itself is asked for only if it has not done so by the end of its time.
      const dueAt = attempt.capture === 'automatic' ? Math.max(at, begunAt + captureWithinMs) : at;
      planned.push(Operation.plan({ kind: 'capture', processor: attempt.processor, restaurantId, subjectId, targetId: chargeId }, at, dueAt));
    }
  }
  return planned;
}

/** What was paid, or is over, can no longer be paid through a link that somebody still has. */
export const planLinkEnds = (tx: PaymentsTx, { id: subjectId, restaurantId, attempts }: Payment, at: number): Promise<void> =>
  tx.operations.plan(
    attempts
      .filter(({ linkId, status }) => linkId !== null && status === 'open')
      .map(({ id, processor }) => Operation.plan({ kind: 'cancel_link', processor, restaurantId, subjectId, targetId: id }, at)),
  );

/** Processors that are people: nobody but them can say that money came or went. */
export const isByHand = (processor: string): boolean => processor === 'cash' || processor === 'bank_transfer';

export function processorOfRefund(payment: Payment, refundId: string): string {
  const refund = payment.refunds.find(({ id }) => id === refundId);
  const charge = refund && payment.observed.charges[refund.chargeId];
  const attempt = charge && Payment.attemptOf(payment, charge);
  invariant(attempt !== undefined, `refund ${refundId} is of a charge that belongs to no attempt`);
  return attempt.processor;
}
