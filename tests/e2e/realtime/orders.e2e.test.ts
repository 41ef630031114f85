import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Kitchen, openKitchen } from '../../support/kitchen.ts';
import { PROFILES } from '../../support/profiles.ts';
import { type Followed, follow, Sockets, until } from '../../support/sockets.ts';
import { startWorld, type World } from '../../support/world.ts';

describe.each(PROFILES)('orders over the socket on %s', (profile) => {
  let world: World;
  let kitchen: Kitchen;
  let sockets: Sockets;

  beforeAll(async () => {
    world = await startWorld(profile);
    kitchen = await openKitchen(world);
    sockets = await Sockets.open(world);
  });
  afterAll(async () => {
    await sockets.close();
    await world.close();
  });

  it('tells the customer and the staff what becomes of an order, once it is committed', async () => {
    const staff = await follow(await sockets.connected(kitchen.owner), `restaurant:${kitchen.restaurantId}:orders`);
    const customer = await sockets.connected(kitchen.customer);
    const own = await follow(customer, `user:${kitchen.customerId}`);
    const { body: order } = await world.order(kitchen.body([kitchen.line('dal', 2)]), kitchen.customer);
    await until(() => staff.got.length === 1 && own.got.length === 1);
    expect(staff.got[0]).toMatchObject({
      type: 'order.created',
      data: { orderId: order.id, number: order.number, status: 'placed', items: 2, total: order.total },
    });
    expect(own.got).toEqual(staff.got);

    const followed = await follow(customer, `order:${order.id}`);
    expect((await kitchen.act(order.id, 'acceptance')).status).toBe(200);
    expect((await kitchen.act(order.id, 'cancellation', kitchen.owner, { reason: 'no gas' })).status).toBe(200);
    await until(() => followed.got.length === 3);
    expect(followed.got.map(({ type, data }) => [type, data.from, data.to ?? null, data.reason])).toEqual([
      ['order.status_changed', 'placed', 'accepted', null],
      ['order.status_changed', 'accepted', 'cancelled', 'no gas'],
      ['order.cancelled', 'accepted', null, 'no gas'],
    ]);
  });

  it('tells both sides of a conversation what is said, what is told to whom, and nobody else anything', async () => {
    const { body: order } = await world.order(kitchen.body([kitchen.line('tea')]), kitchen.customer);
    const say = (text: string, token: string) => world.post(`/orders/${order.id}/messages`, { text }, token);
    const { threadId } = (await say('Hello', kitchen.customer)).body;
    const channel = `chat:${threadId}`;
    const customer = await sockets.connected(kitchen.customer);
    const own = await follow(customer, `user:${kitchen.customerId}`);
    const [theirs, ours] = [await follow(customer, channel), await follow(await sockets.connected(kitchen.owner), channel)];
    const { token: stranger } = await world.account('stranger@chat.test');
    await expect(follow(await sockets.connected(stranger), channel)).rejects.toMatchObject({ message: 'unsubscribed' });
    await say('Yes?', kitchen.owner);
    const answerIn = ({ got }: Followed) => got.find(({ type, data }) => type === 'chat.message_created' && data.seq === 2); // The first may come late.
    await until(() => answerIn(theirs) !== undefined && answerIn(ours) !== undefined);
    expect(answerIn(ours)?.data).toMatchObject({ threadId, side: 'restaurant' });
    await until(() => own.got.some(({ type, data }) => type === 'notification.created' && data.category === 'support'));
    expect(JSON.stringify([theirs.got, own.got])).not.toContain('Yes?'); // What is said is read over HTTP.
  });
});
