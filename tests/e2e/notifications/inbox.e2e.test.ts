import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DEFAULT_WISHES } from '#domain/notifications/inbox/preferences.ts';
import { Bells } from '../../support/inbox.ts';
import { type Kitchen, openKitchen } from '../../support/kitchen.ts';
import { PROFILES } from '../../support/profiles.ts';
import { type Json, startWorld, type World } from '../../support/world.ts';

const { version: _version, ...WISHES } = { ...DEFAULT_WISHES, version: 0 };

describe.each(PROFILES)('notifications over HTTP on %s', (profile) => {
  let world: World;
  let kitchen: Kitchen;
  const bells = new Bells();
  beforeAll(async () => {
    world = await startWorld(profile, bells.override());
    kitchen = await openKitchen(world);
  });
  afterAll(() => world?.close());

  const list = async (token: string, query = ''): Promise<Json> => (await world.get(`/me/notifications${query}`, token)).body;
  const titles = async (token: string): Promise<string[]> => (await list(token, '?limit=50')).data.map(({ title }: Json) => title);
  const subscribe = (token: string, body: object) =>
    world.post('/me/push-subscriptions', body, token, { 'user-agent': 'Mozilla/5.0 (Android) Firefox/140.0' });

  it('tell a customer how an order fares, and the restaurant that it came, at once and in their browsers', async () => {
    expect((await world.get('/push-key')).body.publicKey).toMatch(/^[\w-]{87}$/);
    const browser = bells.push.subscribe();
    expect(await subscribe(kitchen.customer, { ...browser, expirationTime: null })).toMatchObject({
      status: 201,
      body: { device: 'Firefox on Android' },
    });
    const order = (await world.order(kitchen.body([kitchen.line('dal')]), kitchen.customer)).body;
    const number = `#${String(order.number).padStart(4, '0')}`;
    await vi.waitFor(async () => expect(await titles(kitchen.owner)).toContain(`New order ${number}`), { timeout: 20_000 });
    for (const action of ['acceptance', 'preparation', 'readiness']) await kitchen.act(order.id, action);
    await vi.waitFor(() => expect(bells.titles(browser.endpoint).sort()).toEqual([`Order ${number} is accepted`, `Order ${number} is ready`]), {
      timeout: 20_000,
    });
    const { data, unread } = await list(kitchen.customer);
    expect(data[0]).toMatchObject({
      title: `Order ${number} is ready`,
      link: `/track/${order.id}`,
      isCritical: true,
      readAt: null,
      category: 'orders',
    });
    expect(unread).toBe(2);
    expect((await world.call('PUT', `/me/notifications/${data[1].id}/receipt`, { token: kitchen.customer })).status).toBe(204);
    expect((await list(kitchen.customer, '?unread=true')).data).toMatchObject([{ id: data[0].id }]);
    expect((await world.call('PUT', '/me/notifications/receipt', { token: kitchen.customer, body: { upTo: data[0].id } })).body).toEqual({ read: 1 });
    expect(await list(kitchen.customer)).toMatchObject({ unread: 0 });
    expect(await world.call('PUT', `/me/notifications/${data[0].id}/receipt`, { token: kitchen.owner })).toMatchObject({
      status: 404,
      body: { code: 'notifications.notice_not_found' },
    });
  });

  it('tell the other side that somebody has written', async () => {
    const order = (await world.order(kitchen.body([kitchen.line('tea')]), kitchen.customer)).body;
    await world.post(`/orders/${order.id}/messages`, { text: 'Hello' }, kitchen.customer);
    await world.post(`/orders/${order.id}/messages`, { text: 'Yes?' }, kitchen.owner);
    await vi.waitFor(
      async () => {
        expect(await titles(kitchen.owner)).toContain('A customer has written');
        expect(await titles(kitchen.customer)).toContain('Annapurna has written to you');
      },
      { timeout: 20_000 },
    );
    expect(await titles(kitchen.owner)).not.toContain('Annapurna has written to you');
  });

  it('are told as their reader wishes', async () => {
    const path = '/me/notification-preferences';
    const before = await world.get(path, kitchen.owner);
    expect(before).toMatchObject({ status: 200, body: { ...WISHES, version: 0 } });
    expect(before.headers.get('etag')).toBe('"0"');
    const put = (body: object, version?: string) =>
      world.call('PUT', path, { token: kitchen.owner, body, ...(version !== undefined && { headers: { 'if-match': version } }) });
    const wishes = { ...WISHES, quietHours: { from: '22:00', to: '07:00' }, digests: { stock: 'daily' } };
    expect(await put(wishes, '"0"')).toMatchObject({ status: 200, body: { ...wishes, version: 1 } });
    expect(await put(wishes, '"0"')).toMatchObject({ status: 412, body: { code: 'notifications.changed_meanwhile', version: 1 } });
    expect(await put({ ...wishes, timeZone: 'Mars/Phobos' })).toMatchObject({ status: 422, body: { code: 'notifications.time_zone_unknown' } });
    expect((await put({ ...wishes, quietHours: { from: '24:00', to: '07:00' } })).status).toBe(400);
    expect((await put({ ...wishes, channels: {} })).status).toBe(400);
    expect((await put({ ...wishes, digests: { stock: 'weekly' } })).status).toBe(400);
    const loud = { ...WISHES.channels.security, email: false };
    expect((await put({ ...wishes, channels: { ...WISHES.channels, security: loud } })).body.channels.security.email).toBe(true);
  });

  it('reach only browsers that may be reached, and so many', async () => {
    const { token } = await world.account('many@inbox.test');
    expect(await subscribe(token, { ...bells.push.subscribe(), endpoint: 'https://127.0.0.1/x' })).toMatchObject({
      status: 422,
      body: { code: 'notifications.push_address_refused' },
    });
    const { endpoint } = bells.push.subscribe();
    expect((await subscribe(token, { endpoint, keys: { p256dh: 'short', auth: 'x' } })).status).toBe(400);
    const made: string[] = [];
    for (let n = 0; n < 20; n++) made.push((await subscribe(token, bells.push.subscribe())).body.id);
    expect(await subscribe(token, bells.push.subscribe())).toMatchObject({ status: 409, body: { limit: 20 } });
    expect((await world.get('/me/push-subscriptions', token)).body.data).toHaveLength(20);
    const remove = (by: string) => world.call('DELETE', `/me/push-subscriptions/${made[0]}`, { token: by });
    expect((await remove(kitchen.customer)).status).toBe(404);
    expect((await remove(token)).status).toBe(204);
    expect(await remove(token)).toMatchObject({ status: 404, body: { code: 'notifications.push_subscription_not_found' } });
    expect((await world.get('/me/notifications')).status).toBe(401);
  });
});
