import { endingOf } from '#application/ordering/payments-within.ts';
import type { OrderQueries, Restaurants } from '#application/ordering/ports.ts';
import type { PayableOrders } from '#application/payments/ports.ts';
import { OrderId } from '#domain/ordering/order.ts';

/** Orders as payments sees them. */
export const payableOrders = (orders: OrderQueries, restaurants: Restaurants): PayableOrders => ({
  async find(orderId) {
    const order = await orders.find(OrderId.of(orderId));
    if (!order) return undefined;
    const { restaurantId, customerId, number, status, price, currency, expiresAt, lines } = order;
    const taxOf = (shares: readonly { readonly amount: number }[]): number => shares.reduce((sum, { amount }) => sum + amount, 0);
    return {
      orderId,
      restaurantId,
      restaurantName: (await restaurants.find(restaurantId))?.name ?? '',
      customerId,
      number,
      status,
      isOver: endingOf(status) !== undefined || status === 'returned',
      amount: price.total,
      tax: taxOf(price.taxes),
      tip: price.tip,
      currency,
      expiresAt: status === 'pending' ? expiresAt : null,
      lines: lines.map(({ name, quantity, subtotal, taxes }) => ({
        name,
        quantity,
        total: subtotal + (price.pricesIncludeTax ? 0 : taxOf(taxes)),
      })),
    };
  },
});
