import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Platform } from '#composition/modules/platform.ts';
import { SQL_PROFILES } from '../../support/profiles.ts';
import { openTill, proofOf, type Till } from '../../support/till.ts';
import { type Answer, startWorld, type World } from '../../support/world.ts';

/** Counts do not depend on the machine. Each holds BEGIN and COMMIT, and what is asked outside the transaction. */
describe.each(SQL_PROFILES)('statements of payments on %s', (profile) => {
  let world: World;
  let till: Till;
  beforeAll(async () => {
    world = await startWorld(profile);
    till = await openTill(world);
    await till.paidInCash(); // What is read once is read now.
    await world.container.get(Platform.eventLog).settle();
    await world.container.get(Platform.eventLog).stop(); // Nobody else may talk to the database while we count.
    for (const worker of world.container.getAll(Platform.workers)) await worker.stop();
    till.provider.configure({ webhookLatencySeconds: [3_600, 3_600] });
  });
  afterAll(() => world.close());

  /** The least of three: what is kept in memory is checked against the database once a second, whoever comes then. */
  async function counted<T>(prepare: () => Promise<T>, work: (prepared: T) => Promise<Answer>): Promise<number> {
    const counts: number[] = [];
    for (let i = 0; i < 3; i++) {
      const prepared = await prepare();
      const before = world.database.statements.count;
      const { status, body } = await work(prepared);
      counts.push(world.database.statements.count - before);
      expect([status < 300, body]).toEqual([true, body]);
    }
    return Math.min(...counts);
  }

  it.each<[string, number, () => Promise<number>]>([
    [
      'takes cash',
      12,
      () =>
        counted(
          () => till.order(),
          ({ id }) => till.pay(id, { channel: 'cash' }, till.staff.waiter),
        ),
    ],
    [
      'opens the checkout',
      42, // A third of them for the judgement of fraud, and its own transaction.
      () =>
        counted(
          () => till.order(),
          ({ id }) => till.pay(id, {}),
        ),
    ],
    [
      'answers an open one',
      7,
      () =>
        counted(
          () => till.atCheckout(),
          ({ order }) => till.pay(order.id, {}),
        ),
    ],
    [
      'confirms a payment',
      11,
      () =>
        counted(
          async () => {
            const { payment, providerOrderId } = await till.atCheckout();
            return { payment, proof: proofOf(await till.provider.pay({ order_id: providerOrderId })) };
          },
          ({ payment, proof }) => world.post(`/payments/${payment.id}/confirmation`, proof, till.kitchen.customer),
        ),
    ],
    [
      'refunds cash',
      12,
      () =>
        counted(
          () => till.paidInCash(),
          ({ payment }) => till.refund(payment.id, {}),
        ),
    ],
    [
      'refunds at the provider',
      24,
      () =>
        counted(
          () => till.paidOnline(),
          ({ payment }) => till.refund(payment.id, {}),
        ),
    ],
    [
      'takes a transfer',
      10,
      () =>
        counted(
          async () => {
            const order = await till.order();
            return { order, payment: (await till.pay(order.id, { channel: 'bank_transfer' })).body };
          },
          ({ order, payment }) => world.post(`/payments/${payment.id}/receipt`, { amount: order.total.amount, reference: 'UTR' }, till.staff.cashier),
        ),
    ],
    [
      'reads a payment',
      1,
      () =>
        counted(
          () => till.paidInCash(),
          ({ payment }) => world.get(`/payments/${payment.id}`, till.kitchen.customer),
        ),
    ],
    [
      "reads an order's payment",
      1,
      () =>
        counted(
          () => till.paidInCash(),
          ({ order }) => world.get(`/orders/${order.id}/payments`, till.kitchen.customer),
        ),
    ],
    [
      "lists a restaurant's payments",
      1,
      () =>
        counted(
          async () => till.kitchen.restaurantId,
          (id) => world.get(`/restaurants/${id}/payments`, till.staff.waiter),
        ),
    ],
    [
      'lists the ledger',
      1,
      () =>
        counted(
          async () => till.kitchen.restaurantId,
          (id) => world.get(`/restaurants/${id}/ledger`, till.kitchen.owner),
        ),
    ],
    [
      'reads the balances',
      1,
      () =>
        counted(
          async () => till.kitchen.restaurantId,
          (id) => world.get(`/restaurants/${id}/balances`, till.kitchen.owner),
        ),
    ],
  ])('%s in %i', async (_what, budget, count) => {
    expect(await count()).toBe(budget);
  });
});
