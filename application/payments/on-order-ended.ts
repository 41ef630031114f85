import type { RecordedEvent, Subscription } from '#application/shared/events.ts';
import type { OrderEvent } from '#domain/ordering/events.ts';
import type { Ending } from '#domain/payments/refunding.ts';
import { contextOf } from './apply-facts.ts';
import type { PaymentsDeps, PaymentsTx } from './ports.ts';
import { giveBack, planLinkEnds, savePayment } from './save-payment.ts';

const ENDINGS: Readonly<Record<string, Ending>> = {
  'ordering.order_cancelled': 'cancelled',
  'ordering.order_rejected': 'rejected',
  'ordering.order_expired': 'late',
};

/** An order that is over gives its money back, all of it that is still here; money that comes later goes back as it comes. */
export const onOrderEnded = (deps: Pick<PaymentsDeps, 'settings' | 'runtime'>): Subscription<PaymentsTx> => ({
  name: 'payments-give-back',
  isUrgent: true,
  types: Object.keys(ENDINGS),
  without: ['order'],
  async on(tx, events, isReplay) {
    if (isReplay) return;
    const context = contextOf(deps);
    for (const { data } of events as readonly RecordedEvent<OrderEvent>[]) {
      const payment = await tx.payments.lockOfOrder(data.orderId);
      if (!payment) continue;
      await savePayment(tx, payment, giveBack({ state: payment, events: [] }, ENDINGS[data.type], context.at, context.newId), context);
      await planLinkEnds(tx, payment, context.at);
    }
  },
});
