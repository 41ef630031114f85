import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Notifications } from '#composition/modules/notifications.ts';
import { Platform } from '#composition/modules/platform.ts';
import { PROFILES } from '../../support/profiles.ts';
import { openTill, type Till } from '../../support/till.ts';
import { startWorld, type World } from '../../support/world.ts';

describe.each(PROFILES)('money that goes back by itself on %s', (profile) => {
  let world: World;
  let till: Till;
  beforeAll(async () => {
    world = await startWorld(profile);
    till = await openTill(world);
  });
  afterAll(() => world.close());

  const mails = async () => {
    // One subscription gives the money back, the next one tells of it.
    for (let i = 0; i < 2; i++) await world.container.get(Platform.eventLog).settle();
    await world.container.get(Notifications.send)();
    return world.container
      .get(Notifications.outbox)
      .list()
      .filter(({ subject, to }) => subject === 'Your money is on its way back' && to === till.kitchen.people.customer);
  };

  it('is told to whom it belongs, once, with how much and why', async () => {
    const { order, payment } = await till.paidOnline();
    await world.container.get(Platform.eventLog).settle();
    expect((await till.kitchen.act(order.id, 'rejection')).status).toBe(200);
    const [mail, ...more] = await mails();
    expect(more).toEqual([]);
    expect(mail?.text).toContain('The restaurant could not take your order.');
    expect(mail?.text).toContain('₹189.00 goes back');
    expect(payment.amount.amount).toBe(18_900);
    await world.container.get(Platform.eventLog).replay('notifications-money-back');
    expect(await mails()).toHaveLength(1);
  });

  it('is not told of a refund that somebody asked for', async () => {
    const { payment } = await till.paidOnline();
    const before = (await mails()).length;
    expect((await till.refund(payment.id, { amount: 100 })).status).toBe(201);
    expect(await mails()).toHaveLength(before);
  });
});
