import { distinct } from '#application/shared/distinct.ts';
import type { RefundMoved } from '#domain/payments/events.ts';
import { telling } from './telling.ts';

const DAY_MS = 24 * 60 * 60_000;

/** Tells customers that their money is back. */
export const onRefundProcessed = telling<Extract<RefundMoved, { readonly type: 'payments.refund_processed' }>>(
  'notifications-refund-processed',
  ['payments.refund_processed'],
  async (events, told) => {
    const orders = await told.orders(distinct(events.map(({ orderId }) => orderId)));
    return ({ orderId, restaurantId, customerId, at }) => {
      const order = orders.get(orderId);
      if (!order) return [];
      return [
        {
          accountId: customerId,
          restaurantId,
          category: 'payments',
          isCritical: false,
          expiresAt: at + 7 * DAY_MS,
          title: `Money back for order ${order.number}`,
          body: `${order.restaurant} has paid it back. Banks take a few days to show it.`,
          link: `/track/${orderId}`,
          channels: ['sms', 'push'],
        },
      ];
    };
  },
);
