import type { PaymentsErrorOf } from '#domain/payments/errors.ts';
import type { PaymentEvent } from '#domain/payments/events.ts';
import { type Attempt, type Channel, Payment, type PaymentId, type PaymentTerms } from '#domain/payments/payment.ts';
import { mayPay, maySeePayment } from '#domain/payments/policy.ts';
import { type Actor, may } from '#domain/shared/actor.ts';
import type { Change } from '#domain/shared/change.ts';
import { invariant } from '#domain/shared/invariant.ts';
import { Money } from '#domain/shared/money.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { mulDivRound } from '#domain/shared/rounding.ts';
import type { PayableOrder, PaymentsDeps, PaymentsTx } from './ports.ts';

type Payable = Result<PayableOrder, PaymentsErrorOf<'payments.order_not_found' | 'payments.order_not_payable' | 'payments.not_permitted'>>;

/** The order, if whoever asks may pay it and it is not over. */
export async function payable(
  { facts }: Pick<PaymentsDeps, 'facts'>,
  { orderId, channel }: { readonly orderId: string; readonly channel: Channel },
  actor: Actor,
): Promise<Payable> {
  const order = await facts.orders.find(orderId);
  if (!order || !(maySeePayment(actor, order) || mayPay(actor, order))) return err({ code: 'payments.order_not_found', orderId });
  const isStaffOnly = channel === 'link' || channel === 'cash';
  if (isStaffOnly ? !may(actor, 'payments:take', order.restaurantId) : !mayPay(actor, order)) {
    return err({ code: 'payments.not_permitted', permission: 'payments:take' });
  }
  return order.isOver ? err({ code: 'payments.order_not_payable', orderStatus: order.status }) : ok(order);
}

const BASIS_POINTS = 10_000;

/** What the order costs and whose it will be, as agreed now. */
export async function termsOf({ facts, runtime }: Pick<PaymentsDeps, 'facts' | 'runtime'>, order: PayableOrder): Promise<PaymentTerms> {
  const { restaurantId, orderId, customerId, amount, currency, tax, tip } = order;
  const rate = await facts.commissions.of(restaurantId);
  const commission = Money.of(mulDivRound(Math.max(0, amount - tax - tip), rate, BASIS_POINTS));
  return { restaurantId, orderId, customerId, amount: Money.of(amount), currency, tax: Money.of(tax), commission, openedAt: runtime.clock.now() };
}

/** The order's payment, or the one it will have. */
export async function paymentFor(
  tx: PaymentsTx,
  paymentId: PaymentId,
  terms: PaymentTerms,
): Promise<{ readonly payment: Payment; readonly isNew: boolean }> {
  const known = await tx.payments.lockOfOrder(terms.orderId);
  return known ? { payment: known, isNew: false } : { payment: Payment.open(paymentId, terms).state, isNew: true };
}

/** Two changes of one payment as one. */
export const joined = (first: Change<Payment, PaymentEvent>, then: Change<Payment, PaymentEvent>): Change<Payment, PaymentEvent> => ({
  state: then.state,
  events: [...first.events, ...then.events],
});

/** A way to pay that must be there. */
export const attemptIn = (payment: Payment, attemptId: string): Attempt => {
  const attempt = payment.attempts.find(({ id }) => id === attemptId);
  invariant(attempt !== undefined, `payment ${payment.id} has no attempt ${attemptId}`);
  return attempt;
};
