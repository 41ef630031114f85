import type { Job } from '#application/shared/job.ts';
import type { Log } from '#application/shared/ports.ts';
import { Order, type OrderId } from '#domain/ordering/order.ts';
import { system } from '#domain/shared/actor.ts';
import { err, ok } from '#domain/shared/result.ts';
import type { OrderingDeps } from './ports.ts';
import { saveMove } from './save-move.ts';

const BATCH = 200;

/** Every minute: unpaid orders whose hold has lapsed give their stock back. */
export const expireUnpaidOrders = ({ uow, queries, clock, log }: Pick<OrderingDeps, 'uow' | 'queries' | 'clock'> & { readonly log: Log }): Job => {
  const actor = system('expire-unpaid-orders');
  const expire = (orderId: OrderId) =>
    uow.run(actor, async (tx) => {
      const order = await tx.orders.find(orderId);
      const at = clock.now();
      if (!order || order.expiresAt === null || order.expiresAt > at) return err('not_due');
      const expired = Order.expire(order, at);
      return expired.ok ? ok(await saveMove(tx, order.status, expired.value, at)) : expired; // Refused: it was paid or cancelled meanwhile.
    });

  return {
    name: 'ordering-expire-unpaid',
    cron: '* * * * *',
    async run() {
      const now = clock.now();
      let expired = 0;
      let after: OrderId | undefined;
      for (;;) {
        const due = await queries.lapsed(now, after, BATCH);
        for (const orderId of due) {
          // One order that cannot be expired must not keep the others waiting.
          const ended = await expire(orderId).catch((error: unknown) => {
            log.error('an unpaid order could not be expired', { orderId, error });
            return undefined;
          });
          if (ended?.ok) expired += 1;
        }
        after = due.at(-1);
        if (due.length < BATCH) return expired;
      }
    },
  };
};
