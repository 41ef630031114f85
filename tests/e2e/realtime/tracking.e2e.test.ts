import { ContainerModule } from 'inversify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Platform } from '#composition/modules/platform.ts';
import { type Kitchen, openKitchen } from '../../support/kitchen.ts';
import { PROFILES } from '../../support/profiles.ts';
import { follow, Sockets, until } from '../../support/sockets.ts';
import { startWorld, type World } from '../../support/world.ts';

const HOUR = 3_600_000;

describe.each(PROFILES)('the link to an order on %s', (profile) => {
  let world: World;
  let kitchen: Kitchen;
  let sockets: Sockets;
  let ahead = 0;
  const links = async (orderId: string, token: string) => world.get(`/orders/${orderId}/tracking`, token);
  const page = async (orderId: string, token: string) => String((await world.get(`/track/${orderId}?token=${token}`)).body);
  const place = async () => (await world.order(kitchen.body([kitchen.line('dal', 2), kitchen.line('tea')]), kitchen.customer)).body;

  beforeAll(async () => {
    world = await startWorld(
      profile,
      new ContainerModule(({ rebind }) => {
        rebind(Platform.clock).toConstantValue({ now: () => Date.now() + ahead });
      }),
    );
    kitchen = await openKitchen(world);
    sockets = await Sockets.open(world);
  });
  afterAll(async () => {
    await sockets.close();
    await world.close();
  });

  it('is given to who may see the order, the same every time, and to nobody else', async () => {
    const order = await place();
    const { status, body } = await links(order.id, kitchen.customer);
    expect([status, body.url]).toEqual([200, `http://thali.test/track/${order.id}?token=${body.token}`]);
    expect((await links(order.id, kitchen.owner)).body).toEqual(body);
    const stranger = await world.account(`stranger-${profile}@link.test`);
    for (const id of [order.id, crypto.randomUUID()]) {
      expect((await links(id, stranger.token)).body).toMatchObject({ status: 404, code: 'realtime.order_not_found' });
    }
    expect((await links('nonsense', kitchen.customer)).status).toBe(400);
    expect((await world.get(`/orders/${order.id}/tracking`)).status).toBe(401);
  });

  it('shows how far the order is, what is in it, and nothing of whose it is', async () => {
    const order = await place();
    const { token } = (await links(order.id, kitchen.customer)).body;
    const before = await world.get(`/track/${order.id}?token=${token}`);
    expect(before.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(before.headers.get('referrer-policy')).toBe('no-referrer');
    expect(before.headers.get('cache-control')).toBe('no-store');
    expect(before.body).toContain('Waiting for the restaurant');
    expect(before.body).toMatch(/<b>2 ×<\/b> /);
    expect(before.body).toContain('http-equiv="refresh"');
    expect(before.body).not.toContain(kitchen.customerId);
    await kitchen.act(order.id, 'acceptance');
    expect(await page(order.id, token)).toContain('The restaurant has your order');
    await kitchen.act(order.id, 'cancellation', kitchen.owner, { reason: '<b>no gas</b>' });
    const over = await page(order.id, token);
    expect(over).toContain('The order is cancelled');
    expect(over).toContain('&lt;b&gt;no gas&lt;/b&gt;');
    expect(over).not.toContain('<script');
  });

  it('proves nothing for another order, when it was touched, or two days later', async () => {
    const [one, other] = [await place(), await place()];
    const { token } = (await links(one.id, kitchen.customer)).body;
    const no = 'This link shows no order';
    const touched = [token.slice(0, -1), `${token}x`, token.replace(/_./, '_z'), token.replace('trk_', ''), '', 'x'.repeat(300), kitchen.customer];
    for (const bad of touched) expect([bad, (await page(one.id, bad)).includes(no)]).toEqual([bad, true]);
    expect(await page(other.id, token)).toContain(no);
    expect(await page('nonsense', token)).toContain(no);
    expect(await page(one.id, token)).not.toContain(no);
    ahead += 49 * HOUR;
    expect(await page(one.id, token)).toContain(no);
    expect((await sockets.raw().ask({ connect: { token } })).error.code).toBe(109);
    ahead -= 49 * HOUR;
  });

  it('opens the socket for that order alone, or adds it to what one follows already', async () => {
    const [one, other] = [await place(), await place()];
    const { token } = (await links(one.id, kitchen.customer)).body;
    const holder = await sockets.connected(token);
    const followed = await follow(holder, `order:${one.id}`);
    const raw = await sockets.signedIn(token);
    for (const channel of [`order:${other.id}`, `user:${kitchen.customerId}`, `restaurant:${kitchen.restaurantId}:menu`])
      expect((await raw.ask({ subscribe: { channel } })).error.code).toBe(103);
    await kitchen.act(one.id, 'acceptance');
    await until(() => followed.got.some(({ data }) => data.to === 'accepted'));

    const friend = await world.account(`friend-${profile}-${crypto.randomUUID()}@link.test`);
    const friends = await sockets.signedIn(friend.token);
    const channel = `order:${one.id}`;
    expect((await friends.ask({ subscribe: { channel } })).error.code).toBe(103);
    expect((await friends.ask({ subscribe: { channel: `order:${other.id}`, token } })).error.code).toBe(103);
    expect((await friends.ask({ subscribe: { channel, token } })).subscribe).toMatchObject({ expires: true, ttl: expect.any(Number) });
    expect((await friends.ask({ sub_refresh: { channel, token } })).sub_refresh).toMatchObject({ expires: true });
    expect((await friends.ask({ sub_refresh: { channel, token: 'nonsense' } })).error.code).toBe(103);
  });
});
