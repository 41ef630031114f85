import { ContainerModule } from 'inversify';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Platform } from '#composition/modules/platform.ts';
import { Webhooks } from '#composition/modules/webhooks.ts';
import { configured } from '../../support/config.ts';
import { eventsOf } from '../../support/events.ts';
import { type Kitchen, openKitchen } from '../../support/kitchen.ts';
import { PROFILES } from '../../support/profiles.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { openReceiver, status, verified, type WebhookReceiver } from '../../support/webhook-receiver.ts';
import { type Json, startWorld, type World } from '../../support/world.ts';

const HOUR = 3_600_000;
const NOBODY = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a99';

describe.each(PROFILES)('webhooks over HTTP on %s', (profile) => {
  let world: World;
  let kitchen: Kitchen;
  let elsewhere: Kitchen;
  let receiver: WebhookReceiver;
  let at: string;
  const clock = new VirtualClock(1_764_000_000_000);
  const open: string[] = [];
  const logged: unknown[] = [];
  beforeAll(async () => {
    const keep = (message: string, facts?: object) => void logged.push([message, facts]);
    world = await startWorld(
      profile,
      clock.override(),
      configured({ webhooks: { ports: [443], allowsLoopback: true } }),
      new ContainerModule(({ rebind }) => void rebind(Platform.log).toConstantValue({ info: keep, warn: keep, error: keep })),
    );
    kitchen = await openKitchen(world);
    elsewhere = await openKitchen(world);
    at = `/restaurants/${kitchen.restaurantId}/webhooks`;
    await world.account('cashier@hooks.test');
    await world.post(`/restaurants/${kitchen.restaurantId}/staff`, { email: 'cashier@hooks.test', role: 'cashier' }, kitchen.owner);
    await world.container.get(Platform.eventLog).settle();
  });
  afterAll(() => world?.close());

  /** A receiver of its own for each test, and no webhook of another. */
  beforeEach(async () => {
    for (const id of open.splice(0)) await world.call('DELETE', `${at}/${id}`, { token: kitchen.owner });
    receiver = await openReceiver();
    return () => receiver.close();
  });

  async function add(body: object = {}): Promise<Json> {
    const { status: code, body: added } = await world.post(at, { url: receiver.url, eventTypes: ['*'], ...body }, kitchen.owner);
    expect([code, added]).toEqual([201, expect.objectContaining({ status: 'enabled' })]);
    open.push(added.id);
    return added;
  }
  const order = async (): Promise<string> => (await world.order(kitchen.body([kitchen.line('tea')]), kitchen.customer)).body.id;
  const until = <T>(ask: () => Promise<T> | T): Promise<T> => vi.waitFor(ask, { timeout: 15_000, interval: 10 });
  const wake = () => world.container.get(Webhooks.dispatcher).nudge();
  const deliveries = async (id: string, query = ''): Promise<Json[]> => (await world.get(`${at}/${id}/deliveries${query}`, kitchen.owner)).body.data;
  const settled = () => world.container.get(Platform.eventLog).settle();

  it('tells of an order and what becomes of it, once each, signed', async () => {
    const { id, secret } = await add({ eventTypes: ['order.*'] });
    const orderId = await order();
    await kitchen.act(orderId, 'acceptance');
    await kitchen.act(orderId, 'cancellation', kitchen.owner, { reason: 'no gas' });
    await until(() => expect(receiver.received).toHaveLength(4));
    const told = receiver.received
      .map((received) => verified(secret, received))
      .sort((a, b) => (a.timestamp + a.type < b.timestamp + b.type ? -1 : 1));
    expect(told.map(({ type, data }) => [type, data.restaurantId, data.orderId])).toEqual(
      expect.arrayContaining([
        ['order.created', kitchen.restaurantId, orderId],
        ['order.status_changed', kitchen.restaurantId, orderId],
        ['order.status_changed', kitchen.restaurantId, orderId],
        ['order.cancelled', kitchen.restaurantId, orderId],
      ]),
    );
    expect(receiver.of('order.created')[0]?.json).toEqual({
      type: 'order.created',
      timestamp: new Date(clock.now()).toISOString(),
      data: {
        restaurantId: kitchen.restaurantId,
        orderId,
        number: expect.any(Number),
        businessDay: expect.any(String),
        status: 'placed',
        diningOption: 'takeaway',
        payment: 'cash',
        lines: [{ itemId: kitchen.items.tea, name: 'Tea', quantity: 1 }],
        lineCount: 1,
        total: { amount: 2_100, currency: 'INR' },
        scheduledFor: null,
      },
    });
    expect(receiver.of('order.status_changed').map(({ json: { data } }) => [data.from, data.to, data.reason])).toEqual(
      expect.arrayContaining([
        ['placed', 'accepted', null],
        ['accepted', 'cancelled', 'no gas'],
      ]),
    );
    expect(receiver.received[0]?.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'Thali-Webhooks/1.0' });
    await until(async () => expect((await deliveries(id)).map((one) => one.status)).toEqual(Array(4).fill('succeeded')));
    expect(new Set((await deliveries(id)).map((one) => one.id))).toEqual(new Set(receiver.received.map((one) => one.id)));
    await settled();
    expect(receiver.received).toHaveLength(4);
  });

  it('tells other modules’ news as well, and only what was asked for', async () => {
    await add({ eventTypes: ['menu.availability_changed', 'inventory.*', 'staff.*'] });
    const menu = `/restaurants/${kitchen.restaurantId}/menu/items/${kitchen.items.tea}/availability`;
    expect((await world.call('PUT', menu, { body: { state: 'out_of_stock' }, token: kitchen.owner })).status).toBe(200);
    await world.call('PUT', menu, { body: { state: 'in_stock' }, token: kitchen.owner });
    const { email } = await world.account(`waiter-${crypto.randomUUID()}@hooks.test`);
    await world.post(`/restaurants/${kitchen.restaurantId}/staff`, { email, role: 'waiter' }, kitchen.owner);
    await order();
    await until(() => expect(receiver.received).toHaveLength(3));
    await settled();
    expect(receiver.received.map(({ json }) => json.type).sort()).toEqual(['menu.availability_changed', 'menu.availability_changed', 'staff.added']);
    expect(receiver.of('menu.availability_changed').map(({ json }) => json.data)).toContainEqual({
      restaurantId: kitchen.restaurantId,
      itemId: kitchen.items.tea,
      optionId: null,
      availability: 'out_of_stock',
      quantity: null,
    });
    expect(JSON.stringify(receiver.received)).not.toContain(email);
  });

  it('tries again what was not taken, under the same id and with the same body, no sooner than it was asked to', async () => {
    const { id, secret } = await add({ eventTypes: ['order.created'] });
    receiver.behave = status(500, {}, 'out of order');
    await order();
    const list = () => deliveries(id);
    await until(async () =>
      expect(await list()).toMatchObject([{ status: 'waiting', attempts: 1, lastAttempt: { statusCode: 500, excerpt: 'out of order' } }]),
    );
    expect((await world.get(`${at}/${id}`, kitchen.owner)).body.failingSince).toBe(new Date(clock.now()).toISOString());

    receiver.behave = status(503, { 'retry-after': '3600' });
    clock.advance(4_000);
    wake();
    clock.advance(2_000);
    await until(async () => {
      wake();
      expect(await list()).toMatchObject([{ status: 'waiting', attempts: 2, lastAttempt: { statusCode: 503 } }]);
    });
    const [{ nextAttemptAt, lastAttempt }] = (await list()) as [Json];
    expect(Date.parse(nextAttemptAt) - Date.parse(lastAttempt.at)).toBeGreaterThanOrEqual(HOUR);

    receiver.behave = status(204);
    clock.advance(HOUR + 60_000);
    await kitchen.signIn();
    await until(async () => {
      wake();
      expect(await list()).toMatchObject([{ status: 'succeeded', attempts: 3, lastAttempt: { statusCode: 204 }, nextAttemptAt: null }]);
    });
    expect(receiver.received).toHaveLength(3);
    expect(new Set(receiver.received.map((one) => `${one.id} ${one.body}`)).size).toBe(1);
    for (const received of receiver.received) verified(secret, received);
    expect((await world.get(`${at}/${id}`, kitchen.owner)).body).toMatchObject({ status: 'enabled', failingSince: null });
  });

  it('is disabled at once by 410, and after three days in which nothing was taken; what it missed then can be replayed', async () => {
    const gone = await add({ eventTypes: ['order.created'] });
    receiver.behave = status(410);
    await order();
    const read = async (id: string): Promise<Json> => (await world.get(`${at}/${id}`, kitchen.owner)).body;
    await until(async () => expect(await read(gone.id)).toMatchObject({ status: 'disabled', disabledFor: 'gone' }));
    expect(await deliveries(gone.id)).toMatchObject([{ status: 'failed', failure: 'gone', attempts: 1 }]);
    await order();
    await settled();
    expect(await deliveries(gone.id)).toHaveLength(1); // It said that nobody is there.

    const failing = await add({ eventTypes: ['order.created'] });
    receiver.behave = status(500);
    await order();
    for (let attempt = 1; attempt <= 10; attempt++) {
      await until(async () => {
        wake();
        expect(await deliveries(failing.id)).toMatchObject([{ attempts: attempt, status: attempt === 10 ? 'failed' : 'waiting' }]);
      });
      const [{ nextAttemptAt }] = (await deliveries(failing.id)) as [Json];
      if (nextAttemptAt !== null) clock.advance(Date.parse(nextAttemptAt) - clock.now());
      await kitchen.signIn();
    }
    expect(await deliveries(failing.id)).toMatchObject([{ status: 'failed', failure: 'exhausted' }]);
    expect(await read(failing.id)).toMatchObject({ status: 'disabled', disabledFor: 'failing' });
    const asked = receiver.received.length;
    const missed = await order();
    await until(async () => expect(await deliveries(failing.id, '?status=failed')).toHaveLength(2));
    expect((await deliveries(failing.id))[0]).toMatchObject({ failure: 'endpoint_disabled', attempts: 0 });
    expect(receiver.received).toHaveLength(asked);

    const replays = (token: string, range: object = { from: new Date(0), to: new Date(clock.now() + HOUR) }) =>
      world.post(`${at}/${failing.id}/replays`, range, token);
    expect(await replays(kitchen.owner)).toMatchObject({ status: 409, body: { code: 'webhooks.endpoint_disabled' } });
    expect((await world.post(`${at}/${failing.id}/activation`, undefined, kitchen.owner)).body).toMatchObject({
      status: 'enabled',
      failingSince: null,
    });
    expect(await replays(kitchen.owner, { from: new Date(0), to: new Date(1) })).toMatchObject({
      status: 202,
      body: { replayed: 0, hasMore: false },
    });
    receiver.behave = status(200);
    expect(await replays(kitchen.owner)).toMatchObject({ status: 202, body: { replayed: 2, hasMore: false } });
    await until(async () => expect(await deliveries(failing.id, '?status=succeeded')).toHaveLength(2));
    expect(receiver.received.slice(asked).map(({ json }) => json.data.orderId)).toContain(missed);
    expect(await replays(kitchen.owner, { from: 'yesterday', to: 'today' })).toMatchObject({ status: 400 });
  });

  it('follows no redirect', async () => {
    const trap = await openReceiver();
    const { id } = await add({ eventTypes: ['order.created'] });
    receiver.behave = status(302, { location: trap.url });
    await order();
    await until(async () => expect(await deliveries(id)).toMatchObject([{ status: 'waiting', lastAttempt: { statusCode: 302 } }]));
    expect(trap.received).toEqual([]);
    await trap.close();
  });

  it('shows what a test comes to, at once and without trying again, also while it is disabled', async () => {
    const { id, secret } = await add({ eventTypes: ['order.created'] });
    const test = () => world.post(`${at}/${id}/test`, undefined, kitchen.owner);
    const good = await test();
    expect(good).toMatchObject({
      status: 200,
      body: { webhookId: id, eventType: 'webhook.test', status: 'succeeded', attempts: 1, lastAttempt: { statusCode: 200, excerpt: 'thank you' } },
    });
    expect(verified(secret, receiver.received[0] as never)).toMatchObject({ type: 'webhook.test', data: { restaurantId: kitchen.restaurantId } });
    expect(receiver.received[0]).toMatchObject({ id: good.body.id, body: good.body.body });

    receiver.behave = (_, response) => void response.destroy();
    await world.post(`${at}/${id}/deactivation`, undefined, kitchen.owner);
    expect((await test()).body).toMatchObject({ status: 'failed', failure: 'exhausted', lastAttempt: { statusCode: null, fault: 'connection' } });
    expect(receiver.received).toHaveLength(2);
    expect((await world.get(`${at}/${id}`, kitchen.owner)).body).toMatchObject({ status: 'disabled', disabledFor: 'owner', failingSince: null });
  });

  it('is sent again when somebody asks, under the same id', async () => {
    const { id } = await add({ eventTypes: ['order.created'] });
    await order();
    await until(async () => expect(await deliveries(id, '?status=succeeded')).toHaveLength(1));
    const [{ id: deliveryId }] = (await deliveries(id)) as [Json];
    const replay = (which: string, token = kitchen.owner) => world.post(`${at}/${id}/deliveries/${which}/replay`, undefined, token);
    expect(await replay(deliveryId)).toMatchObject({ status: 202, body: { status: 'waiting', replays: 1, attempts: 0 } });
    await until(() => expect(receiver.received.map((one) => one.id)).toEqual([deliveryId, deliveryId]));
    await until(async () => expect(await deliveries(id, '?status=succeeded')).toHaveLength(1));
    const { body } = await world.get(`${at}/${id}/deliveries/${deliveryId}`, kitchen.owner);
    expect(body).toMatchObject({ body: receiver.received[0]?.body, history: [{ statusCode: 200 }, { statusCode: 200 }] });

    receiver.behave = status(500);
    await replay(deliveryId);
    await until(async () => expect((await deliveries(id))[0]).toMatchObject({ status: 'waiting', attempts: 1 }));
    expect(await replay(deliveryId)).toMatchObject({ status: 409, body: { code: 'webhooks.delivery_under_way', deliveryStatus: 'waiting' } });
    expect(await replay(NOBODY)).toMatchObject({ status: 404, body: { code: 'webhooks.delivery_not_found' } });
  });

  it('is signed with both secrets while one is rotated, and then with the new one alone', async () => {
    const { id, secret: old } = await add({ eventTypes: ['order.created'] });
    const rotated = await world.post(`${at}/${id}/secret-rotation`, { overlapHours: 2 }, kitchen.owner);
    expect(rotated).toMatchObject({ status: 200, body: { id, oldSecretEndsAt: new Date(clock.now() + 2 * HOUR).toISOString(), version: 2 } });
    const { secret } = rotated.body;
    expect(secret).not.toBe(old);
    await order();
    await until(() => expect(receiver.received).toHaveLength(1));
    const during = receiver.received[0] as never;
    verified(old, during);
    verified(secret, during);

    clock.advance(2 * HOUR);
    await kitchen.signIn();
    await order();
    await until(() => expect(receiver.received).toHaveLength(2));
    const after = receiver.received[1] as never;
    verified(secret, after);
    expect(() => verified(old, after)).toThrow('No matching signature');
    expect((await world.post(`${at}/${id}/secret-rotation`, { overlapHours: 1_000 }, kitchen.owner)).status).toBe(400);
    const leaked = await world.post(`${at}/${id}/secret-rotation`, { overlapHours: 0 }, kitchen.owner);
    await order();
    await until(() => expect(receiver.received).toHaveLength(3));
    expect(() => verified(secret, receiver.received[2] as never)).toThrow('No matching signature');
    verified(leaked.body.secret, receiver.received[2] as never);
  });

  it('does not wait for one that is slow', async () => {
    const slow = await openReceiver();
    const waiting: (() => void)[] = [];
    slow.behave = (_, response) => void waiting.push(() => response.end());
    const first = await add({ url: slow.url, eventTypes: ['order.created'] });
    await add({ eventTypes: ['order.created'] });
    for (let n = 0; n < 8; n++) await order();
    await until(() => expect(receiver.received).toHaveLength(8));
    await until(() => expect(waiting).toHaveLength(4)); // No more of one endpoint at once.
    expect(await deliveries(first.id, '?status=sending')).toHaveLength(4);
    slow.behave = status(200);
    for (const go of waiting) go();
    await until(async () => expect(await deliveries(first.id, '?status=succeeded')).toHaveLength(8));
    await slow.close();
  });

  it('is listed, read, changed, turned off and on, and deleted', async () => {
    const { id, secret, ...shown } = await add({ description: 'The till', eventTypes: ['order.created', 'order.created'] });
    expect(shown).toMatchObject({ eventTypes: ['order.created'], description: 'The till', version: 1, oldSecretEndsAt: null });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect((await world.get(at, kitchen.owner)).body.data).toEqual([{ id, ...shown }]);
    const read = await world.get(`${at}/${id}`, kitchen.owner);
    expect([read.body, read.headers.get('etag')]).toEqual([{ id, ...shown }, '"1"']);

    const change = (body: object, version?: string) =>
      world.call('PATCH', `${at}/${id}`, { body, token: kitchen.owner, ...(version && { headers: { 'if-match': version } }) });
    expect(await change({ eventTypes: ['*'] }, '"1"')).toMatchObject({ status: 200, body: { eventTypes: ['*'], version: 2, url: receiver.url } });
    expect(await change({ eventTypes: ['menu.*'] }, '"1"')).toMatchObject({ status: 412, body: { code: 'webhooks.changed_meanwhile', version: 2 } });
    expect(await change({ url: 'https://user:secret@example.com/' })).toMatchObject({ status: 422, body: { fault: 'has_credentials' } });
    expect(await change({ eventTypes: ['nothing.happened'] })).toMatchObject({ status: 422, body: { eventTypes: ['nothing.happened'] } });

    const move = (noun: string) => world.post(`${at}/${id}/${noun}`, undefined, kitchen.owner);
    expect(await move('activation')).toMatchObject({ status: 409, body: { code: 'webhooks.illegal_transition', from: 'enabled', to: 'enabled' } });
    expect(await move('deactivation')).toMatchObject({ status: 200, body: { status: 'disabled', disabledFor: 'owner' } });
    await order();
    await settled();
    expect(await deliveries(id)).toEqual([]);
    expect(await move('activation')).toMatchObject({ status: 200, body: { status: 'enabled', disabledFor: null } });
    expect((await world.call('DELETE', `${at}/${id}`, { token: kitchen.owner })).status).toBe(204);
    for (const path of ['', '/deliveries']) expect((await world.get(`${at}/${id}${path}`, kitchen.owner)).status).toBe(404);
    expect((await world.call('DELETE', `${at}/${id}`, { token: kitchen.owner })).status).toBe(404);
    expect((await world.get(at, kitchen.owner)).body.data).toEqual([]);
  });

  it.each<[string, object, number, string]>([
    ['no address', { url: 'nowhere' }, 422, 'malformed'],
    ['another protocol', { url: 'ftp://example.com/' }, 422, 'malformed'],
    ['the metadata of a cloud', { url: 'https://169.254.169.254/latest' }, 422, 'not_public'],
    ['a private network', { url: 'https://10.0.0.1/' }, 422, 'not_public'],
    ['http to a public address', { url: 'http://8.8.8.8/' }, 422, 'not_https'],
    ['another port of a public address', { url: 'https://8.8.8.8:22/' }, 422, 'port_not_allowed'],
  ])('refuses %s', async (_what, body, code, fault) => {
    const answer = await world.post(at, { url: receiver.url, eventTypes: ['*'], ...body }, kitchen.owner);
    expect(answer).toMatchObject({ status: code, body: { code: 'webhooks.url_refused', fault } });
  });

  it.each<[string, object]>([
    ['no events', { eventTypes: [] }],
    ['events in words', { eventTypes: ['everything, please'] }],
    ['a description that is too long', { description: 'x'.repeat(201) }],
    ['a field there is not', { secret: 'mine' }],
  ])('refuses %s', async (_what, body) => {
    expect((await world.post(at, { url: receiver.url, eventTypes: ['*'], ...body }, kitchen.owner)).status).toBe(400);
  });

  it('keeps at most twenty of a restaurant, also when they are added at once', async () => {
    const body = { url: receiver.url, eventTypes: ['restaurant.*'] };
    const answers = await Promise.all(Array.from({ length: 23 }, () => world.post(at, body, kitchen.owner)));
    open.push(...answers.flatMap((answer) => answer.body.id ?? []));
    expect(answers.map((answer) => answer.status).sort()).toEqual([...Array(20).fill(201), ...Array(3).fill(409)]);
    expect(answers.find((answer) => answer.status === 409)?.body).toMatchObject({ code: 'webhooks.too_many_endpoints', limit: 20 });
  });

  it('is for owners, managers and programs they let', async () => {
    const { id } = await add({ eventTypes: ['order.created'] });
    await order();
    await until(async () => expect(await deliveries(id, '?status=succeeded')).toHaveLength(1));
    const [{ id: deliveryId }] = (await deliveries(id)) as [Json];
    const cashier = await world.signIn('cashier@hooks.test');
    await elsewhere.signIn();
    const operations: readonly (readonly [string, string, object?])[] = [
      ['GET', at],
      ['POST', at, { url: receiver.url, eventTypes: ['*'] }],
      ['GET', `${at}/${id}`],
      ['PATCH', `${at}/${id}`, {}],
      ['DELETE', `${at}/${id}`],
      ['POST', `${at}/${id}/activation`],
      ['POST', `${at}/${id}/deactivation`],
      ['POST', `${at}/${id}/secret-rotation`, {}],
      ['POST', `${at}/${id}/test`],
      ['POST', `${at}/${id}/replays`, { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' }],
      ['GET', `${at}/${id}/deliveries`],
      ['GET', `${at}/${id}/deliveries/${deliveryId}`],
      ['POST', `${at}/${id}/deliveries/${deliveryId}/replay`],
    ];
    for (const [method, path, body] of operations) {
      const ask = async (token: string | undefined, target = path): Promise<number> => (await world.call(method, target, { token, body })).status;
      const theirs = path.replace(kitchen.restaurantId, elsewhere.restaurantId);
      expect([method, path, await ask(undefined), await ask(cashier), await ask(kitchen.customer), await ask(elsewhere.owner)]).toEqual([
        method,
        path,
        401,
        403,
        403,
        404,
      ]);
      if (path !== at) expect([method, theirs, await ask(elsewhere.owner, theirs)]).toEqual([method, theirs, 404]);
    }
    expect((await world.get(`${at}/${id}`, kitchen.owner)).body).toMatchObject({ status: 'enabled', version: 1 });
    const { token } = (await world.post(`/restaurants/${kitchen.restaurantId}/api-keys`, { name: 'POS', scopes: ['webhooks:read'] }, kitchen.owner))
      .body;
    expect((await world.get(`${at}/${id}`, token)).status).toBe(200);
    expect((await world.call('DELETE', `${at}/${id}`, { token })).status).toBe(403);
  });

  it('tells nothing twice when the log is read again', async () => {
    await add({ eventTypes: ['order.created'] });
    await order();
    await until(() => expect(receiver.received).toHaveLength(1));
    const log = world.container.get(Platform.eventLog);
    expect(await log.replay('webhooks-deliveries')).toBe(true);
    await settled();
    await order();
    await until(() => expect(receiver.received).toHaveLength(2));
    expect(new Set(receiver.received.map(({ json }) => json.data.orderId)).size).toBe(2);
  });

  it('forgets after thirty days what was sent, and what is left of those that were deleted', async () => {
    const { id } = await add({ eventTypes: ['order.created'] });
    await order();
    await until(async () => expect(await deliveries(id, '?status=succeeded')).toHaveLength(1));
    const job = world.container.getAll(Platform.jobs).find(({ name }) => name === 'webhooks-forget-deliveries');
    clock.advance(29 * 24 * HOUR);
    await kitchen.signIn();
    await job?.run();
    expect(await deliveries(id)).toHaveLength(1);
    clock.advance(2 * 24 * HOUR);
    await kitchen.signIn();
    expect(await job?.run()).toBeGreaterThan(0);
    expect(await deliveries(id)).toEqual([]);
    expect(await job?.run()).toBe(0);
  });

  it('shows its events to whoever asks, and its numbers to who runs it', async () => {
    const { status: code, body } = await world.get('/webhook-events');
    expect([code, body.data.length]).toEqual([200, 17]);
    const created = body.data.find(({ type }: Json) => type === 'order.created');
    expect(created).toMatchObject({ example: { type: 'order.created', data: { number: 42 } }, schema: { type: 'object' } });
    const document = (await world.get('/openapi.json')).body;
    expect(Object.keys(document.webhooks)).toEqual(body.data.map(({ type }: Json) => type));
    const metrics: string = (await world.get('/metrics')).body;
    for (const line of [
      /thali_webhook_attempts_total\{outcome="accepted"\} [1-9]/,
      /thali_webhook_deliveries_waiting \d/,
      /thali_webhook_oldest_due_seconds \d/,
    ])
      expect(metrics).toMatch(line);
  });

  it('shows no secret but when it is made', async () => {
    const { id, secret } = await add();
    const rotated = (await world.post(`${at}/${id}/secret-rotation`, {}, kitchen.owner)).body.secret;
    await world.post(`${at}/${id}/test`, undefined, kitchen.owner);
    await order();
    await until(async () => expect((await deliveries(id, '?status=succeeded')).length).toBeGreaterThan(1));
    const seen = [
      await world.get(at, kitchen.owner),
      await world.get(`${at}/${id}`, kitchen.owner),
      await world.get(`${at}/${id}/deliveries`, kitchen.owner),
      await world.get(`${at}/${id}/deliveries/${(await deliveries(id))[0]?.id}`, kitchen.owner),
      await eventsOf(world.container),
      receiver.received,
      logged,
    ];
    const kept = world.container.isBound(Platform.sql)
      ? await world.container.get(Platform.sql)()('select * from webhooks.endpoints')
      : [...world.container.get(Platform.store).table('webhooks.endpoints')];
    for (const text of [secret, rotated])
      for (const place of [...seen, kept]) expect(JSON.stringify(place)).not.toContain(text.slice('whsec_'.length));
    expect(JSON.stringify(kept)).toContain('v1.');
    for (const place of seen) expect(JSON.stringify(place)).not.toMatch(/"sealed|v1\.[\w-]{1,16}\./);
    expect(JSON.stringify(await eventsOf(world.container))).not.toContain('/hook'); // Nor what an address may hold.
  });
});
