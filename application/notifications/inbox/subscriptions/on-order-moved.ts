import { distinct } from '#application/shared/distinct.ts';
import type { OrderEvent } from '#domain/ordering/events.ts';
import { telling } from './telling.ts';

type OrderStatus = OrderEvent['to'];
const HOUR_MS = 60 * 60_000;

type Words = { readonly title: string; readonly body: string; readonly isCritical: boolean; readonly lastsMs: number };

/** What a customer is told of, and for how long it is of use. What they did themselves is no news. */
const OF_CUSTOMER: { readonly [Status in OrderStatus]?: (number: string, isDelivered: boolean, reason: string | null) => Words } = {
  accepted: (number) => ({ title: `Order ${number} is accepted`, body: 'The kitchen has it.', isCritical: false, lastsMs: 2 * HOUR_MS }),
  ready: (number, isDelivered) =>
    isDelivered
      ? { title: `Order ${number} is ready`, body: 'A rider takes it to you next.', isCritical: false, lastsMs: HOUR_MS }
      : { title: `Order ${number} is ready`, body: 'It waits for you.', isCritical: true, lastsMs: 2 * HOUR_MS },
  out_for_delivery: (number) => ({ title: `Order ${number} is on its way`, body: 'The rider has it.', isCritical: true, lastsMs: 2 * HOUR_MS }),
  completed: (number) => ({ title: `Order ${number} is done`, body: 'Enjoy your meal.', isCritical: false, lastsMs: 6 * HOUR_MS }),
  rejected: (number, _isDelivered, reason) => ({
    title: `Order ${number} was not taken`,
    body: reason ?? 'The restaurant cannot make it.',
    isCritical: true,
    lastsMs: 24 * HOUR_MS,
  }),
  cancelled: (number, _isDelivered, reason) => ({
    title: `Order ${number} was cancelled`,
    body: reason ?? 'It will not be made.',
    isCritical: true,
    lastsMs: 24 * HOUR_MS,
  }),
  expired: (number) => ({ title: `Order ${number} has expired`, body: 'It was not paid in time.', isCritical: false, lastsMs: 24 * HOUR_MS }),
};
const TOLD = Object.keys(OF_CUSTOMER) as readonly OrderStatus[];

/** Tells customers how their orders fare. Mail about orders is written by itself, with all that is in them. */
export const onOrderMoved = telling<OrderEvent>(
  'notifications-order-moved',
  TOLD.map((status) => `ordering.order_${status}` as const),
  async (events, told) => {
    const orders = await told.orders(distinct(events.map(({ orderId }) => orderId)));
    return ({ orderId, restaurantId, customerId, to, reason, at }) => {
      const order = orders.get(orderId);
      const words = order && OF_CUSTOMER[to]?.(order.number, order.isDelivered, reason);
      if (!order || !words) return [];
      const { lastsMs, isCritical, title, body } = words;
      const facts = { accountId: customerId, restaurantId, category: 'orders', isCritical, expiresAt: at + lastsMs } as const;
      return [{ ...facts, title, body: `${order.restaurant}: ${body}`, link: `/track/${orderId}`, channels: ['sms', 'push'] }];
    };
  },
);

/** Tells who accepts orders at a restaurant that one has come. */
export const onOrderPlaced = telling<OrderEvent>('notifications-order-placed', ['ordering.order_placed'], async (events, told) => {
  const orders = await told.orders(distinct(events.map(({ orderId }) => orderId)));
  const holders = await told.holders(distinct(events.map(({ restaurantId }) => restaurantId)), 'orders:accept');
  return ({ orderId, restaurantId, at }) => {
    const order = orders.get(orderId);
    if (!order) return [];
    return (holders.get(restaurantId) ?? []).map((accountId) => ({
      accountId,
      restaurantId,
      category: 'orders',
      isCritical: false,
      expiresAt: at + HOUR_MS,
      title: `New order ${order.number}`,
      body: `${order.restaurant}: it waits to be accepted.`,
      link: `/orders/${orderId}`,
      channels: ['push'],
    }));
  };
});
