import type { OrderingErrorOf } from '#domain/ordering/errors.ts';
import { Order, type OrderAction, type OrderId } from '#domain/ordering/order.ts';
import { permit } from '#domain/ordering/policy.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { OrderingDeps } from './ports.ts';
import { saveMove } from './save-move.ts';

export type ActOnOrder = { readonly orderId: OrderId; readonly action: OrderAction; readonly reason: string | null };

export type ActionRefusal = OrderingErrorOf<
  | 'ordering.order_not_found'
  | 'ordering.not_permitted'
  | 'ordering.too_late_to_cancel'
  | 'ordering.not_a_delivery'
  | 'ordering.not_dispatched'
  | 'ordering.illegal_transition'
>;

/** Moves an order one step along its life; the end of it settles the stock it holds. */
export const actOnOrder =
  ({ uow, clock }: Pick<OrderingDeps, 'uow' | 'clock'>) =>
  ({ orderId, action, reason }: ActOnOrder, actor: Actor): Promise<Result<Order, ActionRefusal>> =>
    uow.run(actor, async (tx) => {
      const order = await tx.orders.find(orderId);
      if (!order) return err({ code: 'ordering.order_not_found', orderId });
      const permitted = permit(actor, order, action);
      if (!permitted.ok) return permitted;

      const at = clock.now();
      const moved = Order.act(order, action, reason, at);
      return moved.ok ? ok(await saveMove(tx, order.status, moved.value, at)) : moved;
    });
