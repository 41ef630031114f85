import type { RecordedEvent, Subscription } from '#application/shared/events.ts';
import type { ReviewEvent } from '#domain/fraud/events.ts';
import { Payment, PaymentId } from '#domain/payments/payment.ts';
import { contextOf } from './apply-facts.ts';
import type { PaymentsDeps, PaymentsTx } from './ports.ts';
import { savePayment } from './save-payment.ts';

/** A payment that was held for review is captured once somebody has approved it, or as soon as it is authorised. */
export const onReviewApproved = (deps: Pick<PaymentsDeps, 'settings' | 'runtime'>): Subscription<PaymentsTx> => ({
  name: 'payments-release',
  isUrgent: true,
  types: ['fraud.review_approved'],
  async on(tx, events, isReplay) {
    if (isReplay) return;
    const context = contextOf(deps);
    for (const { data } of events as readonly RecordedEvent<ReviewEvent>[]) {
      const payment = await tx.payments.lock(PaymentId.of(data.paymentId));
      if (payment) await savePayment(tx, payment, Payment.release(payment, context.at), context);
    }
  },
});
