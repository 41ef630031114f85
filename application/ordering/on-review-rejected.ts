import type { RecordedEvent, Subscription } from '#application/shared/events.ts';
import type { Clock } from '#application/shared/ports.ts';
import type { ReviewEvent } from '#domain/fraud/events.ts';
import { Order, OrderId } from '#domain/ordering/order.ts';
import type { OrderingTx } from './ports.ts';
import { saveMove } from './save-move.ts';

/** An order whose payment was found to be somebody else's is cancelled, if it still waits for its money. */
export const onReviewRejected = ({ clock }: { readonly clock: Clock }): Subscription<Pick<OrderingTx, 'orders' | 'stock'>> => ({
  name: 'ordering-review',
  isUrgent: true,
  types: ['fraud.review_rejected'],
  async on(tx, events, isReplay) {
    if (isReplay) return;
    for (const { data } of events as readonly RecordedEvent<ReviewEvent>[]) {
      const order = await tx.orders.find(OrderId.of(data.orderId));
      if (order?.status !== 'pending') continue;
      const at = clock.now();
      const cancelled = Order.refusePayment(order, at);
      if (cancelled.ok) await saveMove(tx, order.status, cancelled.value, at);
    }
  },
});
