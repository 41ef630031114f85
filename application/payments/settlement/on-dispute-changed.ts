import type { RecordedEvent, Subscription } from '#application/shared/events.ts';
import type { DisputeChanged } from '#domain/payments/events.ts';
import type { DisputeList } from './ports.ts';

/** Keeps the list of disputes, as they stand last. */
export const onDisputeChanged: Subscription<{ readonly disputes: DisputeList }> = {
  name: 'payments-disputes',
  types: ['payments.dispute_changed'],
  async on(tx, events) {
    await tx.disputes.put(
      (events as readonly RecordedEvent<DisputeChanged>[]).map(({ data, version }) => {
        const { dispute, restaurantId, paymentId, orderId } = data;
        return { ...dispute, restaurantId, paymentId, orderId, version };
      }),
    );
  },
};
