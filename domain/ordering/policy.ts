import { type Actor, may } from '../shared/actor.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { OrderingErrorOf } from './errors.ts';
import { ORDER_ACTIONS, ORDER_NEXT, type Order, type OrderAction } from './order.ts';

type Refusal = OrderingErrorOf<'ordering.order_not_found' | 'ordering.not_permitted' | 'ordering.too_late_to_cancel'>;

const isCustomerOf = (actor: Actor, order: Order): boolean => actor.kind === 'account' && actor.accountId === order.customerId;

/** An order one may not see does not exist for one. */
export const maySee = (actor: Actor, order: Order): boolean => isCustomerOf(actor, order) || may(actor, 'orders:read', order.restaurantId);

/** Staff act by permission; a customer may take an order back until the kitchen has accepted it. */
export function permit(actor: Actor, order: Order, action: OrderAction): Result<undefined, Refusal> {
  if (!maySee(actor, order)) return err({ code: 'ordering.order_not_found', orderId: order.id });
  const { permission } = ORDER_ACTIONS[action];
  if (may(actor, permission, order.restaurantId)) return ok(undefined);
  if (action !== 'cancellation' || !isCustomerOf(actor, order)) return err({ code: 'ordering.not_permitted', action, permission });
  const { status } = order;
  // What has ended is refused by the table, in its own words.
  const isTheirs = status === 'pending' || status === 'placed' || ORDER_NEXT[status].length === 0;
  return isTheirs ? ok(undefined) : err({ code: 'ordering.too_late_to_cancel', orderStatus: status });
}
