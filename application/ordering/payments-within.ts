import { Order, OrderId, type OrderStatus } from '#domain/ordering/order.ts';
import { invariant } from '#domain/shared/invariant.ts';
import type { OrderingTx } from './ports.ts';
import { saveMove } from './save-move.ts';

/** Why an order is over without its food; undefined while it is not, and once it was made. */
export const endingOf = (status: OrderStatus): 'late' | 'cancelled' | 'rejected' | undefined =>
  status === 'expired' ? 'late' : status === 'cancelled' || status === 'rejected' ? status : undefined;

/** Orders inside the transaction of a payment. */
export const paymentsWithin = (tx: Pick<OrderingTx, 'orders' | 'stock'>) => ({
  /** Places the order if it waits for its money and all of it is there; why it is over, if it is. */
  async settle(orderId: string, isPaid: boolean, at: number) {
    const order = await tx.orders.find(OrderId.of(orderId));
    invariant(order !== undefined, `a payment is for order ${orderId}, which is gone`);
    const ending = endingOf(order.status);
    if (ending !== undefined || order.status !== 'pending' || !isPaid) return ending;
    const placed = Order.pay(order, at);
    invariant(placed.ok, 'a pending order can be placed');
    await saveMove(tx, order.status, placed.value, at);
    return undefined;
  },
});
