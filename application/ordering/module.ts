import type { OrderingErrorOf } from '#domain/ordering/errors.ts';
import type { Order, OrderId } from '#domain/ordering/order.ts';
import { maySee } from '#domain/ordering/policy.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { actOnOrder } from './act-on-order.ts';
import { placeOrder } from './place-order.ts';
import type { HistoryEntry, OrderingDeps } from './ports.ts';
import { quoteOrder } from './quote-order.ts';

type NotFound = OrderingErrorOf<'ordering.order_not_found'>;

/** Everything the outside may ask of ordering. */
export const createOrdering = (deps: OrderingDeps) => {
  const { queries } = deps;
  const order = async (orderId: OrderId, actor: Actor): Promise<Result<Order, NotFound>> => {
    const found = await queries.find(orderId);
    return found && maySee(actor, found) ? ok(found) : err({ code: 'ordering.order_not_found', orderId });
  };
  return {
    quoteOrder: quoteOrder(deps),
    placeOrder: placeOrder(deps),
    actOnOrder: actOnOrder(deps),
    order,
    async history(orderId: OrderId, actor: Actor): Promise<Result<readonly HistoryEntry[], NotFound>> {
      const found = await order(orderId, actor);
      return found.ok ? ok(await queries.history(orderId, found.value.version)) : found;
    },
    ordersOfCustomer: queries.forCustomer,
    ordersOfRestaurant: queries.forRestaurant,
  };
};
export type Ordering = ReturnType<typeof createOrdering>;
