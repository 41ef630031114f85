import { ContainerModule } from 'inversify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Platform } from '#composition/modules/platform.ts';
import { PROFILES, testConfig } from '../../support/profiles.ts';
import { openTill, proofOf, type Till } from '../../support/till.ts';
import { type Json, startWorld, type World } from '../../support/world.ts';

/** Where fraud is asked before any provider is, and its answer counts. */
describe.each(PROFILES)('paying under the eyes of fraud on %s', (profile) => {
  let world: World;
  let till: Till;
  beforeAll(async () => {
    const enforced = new ContainerModule(({ rebind }) => {
      rebind(Platform.config).toConstantValue({ ...testConfig, fraudMode: 'enforce' });
    });
    world = await startWorld(profile, enforced);
    till = await openTill(world);
  });
  afterAll(() => world.close());

  const at = () => `/restaurants/${till.kitchen.restaurantId}`;
  /** An order of somebody who eats at their own till: it is always looked at. */
  async function ofStaff(): Promise<Json> {
    const placed = await world.order(till.kitchen.body([till.kitchen.line('dal')], { payment: 'online' }), till.staff.cashier);
    expect(placed.status).toBe(201);
    return placed.body;
  }
  async function eventually<T>(ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
    for (let i = 0; i < 100; i++) {
      const answer = await ask();
      if (holds(answer)) return answer;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return ask();
  }
  const order = async (id: string) => (await world.get(`/orders/${id}`, till.kitchen.owner)).body;

  it('a customer on the deny list is declined, is not told why, and no provider hears of it', async () => {
    const denied = await world.post(
      `${at()}/fraud/list-entries`,
      { list: 'deny', kind: 'customer', value: till.kitchen.customerId, reason: 'chargebacks' },
      till.kitchen.owner,
    );
    expect(denied.status).toBe(201);
    const before = till.provider.log().length;
    const { id } = await till.order();
    const declined = await till.pay(id, {});
    expect(declined).toMatchObject({ status: 402, body: { code: 'payments.declined' } });
    expect(JSON.stringify(declined.body)).not.toMatch(/chargeback|deny|list|fraud/i);
    expect(till.provider.log().length).toBe(before);
    expect((await world.get(`/orders/${id}/payments`, till.kitchen.owner)).body.data).toEqual([]);
    const [entry] = (await world.get(`${at()}/fraud/list-entries`, till.kitchen.owner)).body.data;
    expect((await world.call('DELETE', `${at()}/fraud/list-entries/${entry.id}`, { token: till.kitchen.owner })).status).toBe(204);
    expect((await till.pay(id, {})).status).toBe(201);
  });

  /** A payment that is authorised and waits for somebody to look at it. */
  async function held(): Promise<{ readonly order: Json; readonly paymentId: string; readonly chargeId: string; readonly reviewId: string }> {
    const made = await ofStaff();
    const opened = await till.pay(made.id, {}, till.staff.cashier);
    expect(opened.status).toBe(201);
    const paid = await till.provider.pay({ order_id: opened.body.checkout.providerOrderId });
    expect(paid.status).toBe('authorized');
    const confirmed = await world.post(`/payments/${opened.body.id}/confirmation`, proofOf(paid), till.staff.cashier);
    expect(confirmed.body).toMatchObject({ status: 'authorized', captured: { amount: 0 } });
    expect((await order(made.id)).status).toBe('pending');
    const reviews = (await world.get(`${at()}/fraud/reviews?status=open`, till.kitchen.owner)).body.data;
    const review = reviews.find(({ orderId }: Json) => orderId === made.id);
    return { order: made, paymentId: opened.body.id, chargeId: paid.payment_id, reviewId: review.id };
  }

  it('what is held for review is authorised and not captured, and is captured once it is approved', async () => {
    const { order: made, paymentId, reviewId } = await held();
    expect((await world.post(`/fraud/reviews/${reviewId}/claim`, undefined, till.kitchen.owner)).status).toBe(200);
    expect((await world.post(`/fraud/reviews/${reviewId}/approval`, { reason: 'I know them' }, till.kitchen.owner)).status).toBe(200);
    const payment = await eventually(
      async () => (await world.get(`/payments/${paymentId}`, till.kitchen.owner)).body,
      ({ status }) => status === 'captured',
    );
    expect(payment).toMatchObject({ status: 'captured', captured: payment.amount });
    expect(
      (
        await eventually(
          () => order(made.id),
          ({ status }) => status === 'placed',
        )
      ).status,
    ).toBe('placed');
  });

  it('what is rejected is never captured: its order is over, and its stock is back', async () => {
    const { order: made, paymentId, chargeId, reviewId } = await held();
    await world.post(`/fraud/reviews/${reviewId}/claim`, undefined, till.kitchen.owner);
    expect((await world.post(`/fraud/reviews/${reviewId}/rejection`, { reason: 'not them' }, till.kitchen.owner)).status).toBe(200);
    expect(
      (
        await eventually(
          () => order(made.id),
          ({ status }) => status === 'cancelled',
        )
      ).status,
    ).toBe('cancelled');
    await world.container.get(Platform.eventLog).settle();
    for (const job of world.container.getAll(Platform.jobs)) if (job.name === 'payments-operations') await job.run();
    expect((await world.get(`/payments/${paymentId}`, till.kitchen.owner)).body).toMatchObject({ status: 'authorized', captured: { amount: 0 } });
    expect(till.provider.state().payments.find(({ id }) => id === chargeId)).toMatchObject({ captured: false });
  });
});
