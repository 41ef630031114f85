import type { OrderEvent } from '#domain/ordering/events.ts';
import { Order, type OrderStatus } from '#domain/ordering/order.ts';
import type { Change } from '#domain/shared/change.ts';
import type { OrderingTx } from './ports.ts';

/** Saves a move and settles the order's stock if it ended it; the order as it now stands. */
export async function saveMove(
  { orders, stock }: Pick<OrderingTx, 'orders' | 'stock'>,
  from: OrderStatus,
  change: Change<Order, OrderEvent>,
  at: number,
): Promise<Order> {
  const { state, events } = change;
  await orders.save(change);
  const outcome = Order.settlement(from, state.status);
  if (outcome) await stock.settle({ restaurantId: state.restaurantId, orderId: state.id, outcome, at });
  return { ...state, version: state.version + events.length };
}
