import type { RecordedEvent, Subscription } from '#application/shared/events.ts';
import type { OrderEvent } from '#domain/ordering/events.ts';
import { ORDER_STATUSES } from '#domain/ordering/order.ts';
import type { OrderHistory } from './ports.ts';

/** Keeps the history of every order: a read model of its stream, rebuilt by a replay. */
export const onOrderMoved: Subscription<{ readonly history: OrderHistory }> = {
  name: 'ordering-history',
  types: ORDER_STATUSES.map((status) => `ordering.order_${status}`),
  without: ['order'],
  async on({ history }, events) {
    await history.add(
      (events as readonly RecordedEvent<OrderEvent>[]).map(({ data: { orderId, restaurantId, from, to, reason, at }, version, actor }) => ({
        orderId,
        restaurantId,
        version,
        from,
        to,
        actor,
        reason,
        at,
      })),
    );
  },
};
