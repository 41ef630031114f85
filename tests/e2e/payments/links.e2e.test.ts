import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Payments } from '#composition/modules/payments.ts';
import { PROFILES } from '../../support/profiles.ts';
import { openTill, type Till } from '../../support/till.ts';
import { type Json, startWorld, type World } from '../../support/world.ts';

describe.each(PROFILES)('payment links on %s', (profile) => {
  let world: World;
  let till: Till;
  beforeAll(async () => {
    world = await startWorld(profile);
    till = await openTill(world);
  });
  afterAll(() => world.close());

  async function eventually(ask: () => Promise<Json>, holds: (answer: Json) => boolean): Promise<Json> {
    for (let i = 0; i < 60; i++) {
      const answer = await ask();
      if (holds(answer)) return answer;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return ask();
  }
  const orderOf = async (id: string) => (await world.get(`/orders/${id}`, till.kitchen.owner)).body;

  async function paidByLink(): Promise<{ readonly order: Json; readonly payment: Json }> {
    const order = await till.order();
    const opened = await till.pay(order.id, { channel: 'link' }, till.staff.cashier);
    expect(opened.status).toBe(201);
    const linkId = till.provider.state().links.at(-1)?.id as string;
    await till.provider.pay({ payment_link_id: linkId });
    await till.provider.idle();
    return { order, payment: opened.body };
  }

  it('place their order once they are paid, as the webhook tells', async () => {
    const { order, payment } = await paidByLink();
    expect(
      (
        await eventually(
          () => orderOf(order.id),
          ({ status }) => status === 'placed',
        )
      ).status,
    ).toBe('placed');
    expect((await till.payment(payment.id)).status).toBe('captured');
    expect((await till.refund(payment.id, {})).status).toBe(201);
  });

  it('place it as well when nobody tells, and we ask', async () => {
    till.provider.setFaults([{ name: 'W5' }]);
    const { order, payment } = await paidByLink();
    till.provider.setFaults([]);
    expect((await orderOf(order.id)).status).toBe('pending');
    await world.container.get(Payments.useCases).checkPayment(payment.id);
    expect((await orderOf(order.id)).status).toBe('placed');
  });
});
