import type { Job } from '#application/shared/job.ts';
import { Order, type OrderId } from '#domain/ordering/order.ts';
import { system } from '#domain/shared/actor.ts';
import { err, ok } from '#domain/shared/result.ts';
import type { OrderingDeps } from './ports.ts';
import { saveMove } from './save-move.ts';

const BATCH = 200;

/** Every minute: unpaid orders whose hold has lapsed give their stock back. */
export const expireUnpaidOrders = ({ uow, queries, clock }: Pick<OrderingDeps, 'uow' | 'queries' | 'clock'>): Job => {
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
      let expired = 0;
      for (;;) {
        const due = await queries.lapsed(clock.now(), BATCH);
        let done = 0;
        for (const orderId of due) if ((await expire(orderId)).ok) done += 1;
        expired += done;
        if (due.length < BATCH || done === 0) return expired;
      }
    },
  };
};
