import { ContainerModule } from 'inversify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CHANNELS_MAX } from '#adapters/websocket/desk.ts';
import { readConfig } from '#composition/config.ts';
import { Platform } from '#composition/modules/platform.ts';
import { Realtime } from '#composition/modules/realtime.ts';
import { NO_LIMITS } from '../../support/entrance.ts';
import { type Kitchen, openKitchen } from '../../support/kitchen.ts';
import { follow, Sockets, until } from '../../support/sockets.ts';
import { type Json, startWorld, type World } from '../../support/world.ts';

const THREAD = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a99';
const PER_USER = 6;
const MINUTE = 60_000;

/** What the protocol promises is the same on every store. */
describe('the socket', () => {
  let world: World;
  let kitchen: Kitchen;
  let sockets: Sockets;
  let waiter: { readonly accountId: string; readonly token: string; readonly email: string };
  let ahead = 0;
  const read: unknown[] = [];

  beforeAll(async () => {
    const config = readConfig({
      NODE_ENV: 'test',
      BCRYPT_COST: '4',
      DATA_DIR: '/nonexistent',
      PUBLIC_URL: 'http://thali.test',
      CORS_ORIGINS: 'https://app.example.com',
      SOCKETS_PER_USER: String(PER_USER),
      SOCKETS_PER_NETWORK: '60',
      ...NO_LIMITS,
    });
    const overrides = new ContainerModule(({ rebind }) => {
      rebind(Platform.config).toConstantValue(config);
      rebind(Platform.clock).toConstantValue({ now: () => Date.now() + ahead });
      rebind(Realtime.conversations).toConstantValue({
        isMember: async (threadId, actor) => threadId === THREAD && actor.kind === 'account' && actor.accountId === waiter.accountId,
        markRead: async (threadId, actor, seq) => void read.push([threadId, actor.kind === 'account' ? actor.accountId : '', seq]),
      });
    });
    world = await startWorld('memory', overrides);
    kitchen = await openKitchen(world);
    waiter = await world.account('waiter@socket.test');
    await world.post(`/restaurants/${kitchen.restaurantId}/staff`, { email: waiter.email, role: 'waiter' }, kitchen.owner);
    sockets = await Sockets.open(world);
  });
  afterAll(async () => {
    await sockets.close();
    await world.close();
  });
  afterEach(() => sockets.clear());
  const restaurant = (topic: string) => `restaurant:${kitchen.restaurantId}:${topic}`;

  it('lets nobody in without a token of ours, in the first frame', async () => {
    expect((await sockets.raw().ask({ connect: { token: 'nonsense' } })) ?? 'closed').toBe('closed');
    for (const first of [{ connect: {} }, { connect: { token: 'nonsense' } }]) {
      const raw = sockets.raw();
      await raw.ask(first);
      expect(await raw.closed).toEqual({ code: 3500, reason: 'invalid token' });
    }
    const inAddress = sockets.raw({}, `${sockets.url}?token=${waiter.token}`);
    await inAddress.ask({ subscribe: { channel: `user:${waiter.accountId}` } });
    expect((await inAddress.closed).code).toBe(3501);
    for (const nonsense of [
      '{',
      '[]',
      '{"id":1}',
      '{"id":1,"connect":{},"rpc":{}}',
      '{"connect":{}}',
      '{"id":1,"connect":{"token":5}}',
      '{"id":1,"fly":{}}',
    ]) {
      const raw = sockets.raw();
      await raw.opened;
      raw.socket.send(nonsense);
      expect([nonsense, (await raw.closed).code]).toEqual([nonsense, 3501]);
    }
  });

  it('opens for our own pages and those that may call us, and for what is no browser', async () => {
    const status = (origin: string) =>
      new Promise((resolve) => {
        const { socket } = sockets.raw({ origin });
        socket.on('open', () => resolve(101));
        socket.on('unexpected-response', (_, response) => resolve(response.statusCode));
      });
    const own = new URL(sockets.url).host;
    const origins = [
      'https://app.example.com',
      'http://thali.test',
      `http://${own}`,
      'https://evil.example',
      'null',
      'https://app.example.com.evil.example',
    ];
    expect(await Promise.all(origins.map(status))).toEqual([101, 101, 101, 403, 403, 403]);
    const elsewhere = sockets.raw({}, sockets.url.replace('/connection/websocket', '/other'));
    await expect(elsewhere.opened).rejects.toThrow('404');
  });

  it('allows what a person may follow, and nothing else', async () => {
    const raw = await sockets.signedIn(waiter.token);
    const customer = await sockets.signedIn(kitchen.customer);
    const { body: order } = await world.order(kitchen.body([kitchen.line('tea')]), kitchen.customer);
    const may = async (socket: typeof raw, channel: string) =>
      ((await socket.ask({ subscribe: { channel } })).error?.code ?? 'yes') as number | 'yes';
    const NO = 103;
    const cases: [string, number | 'yes', number | 'yes'][] = [
      [restaurant('orders'), 'yes', NO],
      [restaurant('tables'), 'yes', NO],
      [restaurant('kitchen'), NO, NO],
      [restaurant('dashboard'), NO, NO],
      [restaurant('staff'), 'yes', NO],
      [restaurant('menu'), 'yes', 'yes'],
      [restaurant('secrets'), NO, NO],
      [`restaurant:${crypto.randomUUID()}:orders`, NO, NO],
      [`role:${kitchen.restaurantId}:waiter`, 'yes', NO],
      [`role:${kitchen.restaurantId}:owner`, NO, NO],
      [`user:${waiter.accountId}`, 'yes', NO],
      [`user:${kitchen.customerId}`, NO, 'yes'],
      [`order:${order.id}`, 'yes', 'yes'],
      [`order:${crypto.randomUUID()}`, NO, NO],
      [`chat:${THREAD}`, 'yes', NO],
      [`chat:${crypto.randomUUID()}`, NO, NO],
      [`ORDER:${order.id}`, NO, NO],
      ['*', NO, NO],
    ];
    for (const [channel, ofWaiter, ofCustomer] of cases)
      expect([channel, await may(raw, channel), await may(customer, channel)]).toEqual([channel, ofWaiter, ofCustomer]);
    expect((await raw.ask({ subscribe: { channel: restaurant('orders') } })).error.code).toBe(105);
    for (const command of ['history', 'presence', 'presence_stats'])
      expect((await customer.ask({ [command]: { channel: restaurant('orders') } })).error.code).toBe(NO);
    expect((await customer.ask({ publish: { channel: `order:${order.id}`, data: { type: 'typing' } } })).error.code).toBe(NO);
  });

  it('fills what a client missed, or says that it cannot', async () => {
    const owner = await sockets.connected(kitchen.owner);
    const followed = await follow(owner, restaurant('orders'));
    owner.disconnect();
    const made = [];
    for (let i = 0; i < 3; i++) made.push((await world.order(kitchen.body([kitchen.line('tea')]), kitchen.customer)).body.id);
    const again: Json[] = [];
    followed.subscription.on('subscribed', (context) => again.push(context));
    owner.connect();
    await until(() => followed.got.length === 3);
    expect(followed.got.map(({ data }) => data.orderId)).toEqual(made);
    expect(again[0]).toMatchObject({ wasRecovering: true, recovered: true, hasRecoveredPublications: true });

    const raw = await sockets.signedIn(kitchen.owner);
    const { epoch, offset } = (await raw.ask({ subscribe: { channel: restaurant('orders') } })).subscribe;
    await raw.ask({ unsubscribe: { channel: restaurant('orders') } });
    const from = async (position: object) => raw.ask({ subscribe: { channel: restaurant('orders'), recover: true, ...position } });
    expect((await from({ epoch: 'elsewhere', offset })).subscribe).toMatchObject({ was_recovering: true, recovered: false, epoch, offset });
    await raw.ask({ unsubscribe: { channel: restaurant('orders') } });
    expect((await from({ epoch: 'elsewhere', offset, flag: 2 })).error.code).toBe(112);
    expect((await from({ epoch, offset: offset - 1 })).subscribe).toMatchObject({ recovered: true, offset: offset - 1, publications: [{ offset }] });
  });

  it('shows what a channel keeps', async () => {
    const owner = await sockets.connected(kitchen.owner);
    const { subscription } = await follow(owner, restaurant('orders'));
    const { body: order } = await world.order(kitchen.body([kitchen.line('tea')]), kitchen.customer);
    await until(async () => (await subscription.history({ limit: 1, reverse: true })).publications[0]?.data.data.orderId === order.id);
    const { publications, offset, epoch } = await subscription.history({ limit: 2, reverse: true });
    expect(publications.map((one) => one.offset)).toEqual([offset, offset - 1]);
    expect((await subscription.history({ limit: 5, since: { epoch, offset: offset - 1 } })).publications).toHaveLength(1);
    expect((await subscription.history({ limit: 0 })).publications).toEqual([]);
    await expect(subscription.history({ limit: 5, since: { epoch: 'gone', offset: 1 } })).rejects.toMatchObject({ code: 112 });
  });

  it('knows who is there: two tabs are two clients and one person, who comes once and goes once', async () => {
    const watcher = await sockets.connected(kitchen.owner);
    const watched = await follow(watcher, restaurant('staff'), { joinLeave: true });
    const seen: string[] = [];
    watched.subscription.on('join', ({ info }) => seen.push(`${info.user === waiter.accountId ? 'waiter' : 'owner'} came`));
    watched.subscription.on('leave', ({ info }) => seen.push(`${info.user === waiter.accountId ? 'waiter' : 'owner'} went`));
    const tabs = [await sockets.connected(waiter.token), await sockets.connected(waiter.token)] as const;
    const clients = async () => (await watched.subscription.presenceStats()).numClients;
    for (const tab of tabs) await follow(tab, restaurant('staff'));
    await until(async () => (await clients()) === 3, 'three clients', 50);
    expect(await watched.subscription.presenceStats()).toEqual({ numClients: 3, numUsers: 2 });
    const present = await watched.subscription.presence();
    expect(Object.values(present.clients).filter(({ user }) => user === waiter.accountId)).toHaveLength(2);
    tabs[0].disconnect();
    await until(async () => (await clients()) === 2, 'two clients', 50);
    tabs[1].disconnect();
    await until(() => seen.includes('waiter went'));
    expect(seen.filter((one) => one.startsWith('waiter'))).toEqual(['waiter came', 'waiter went']);
    const menu = await follow(watcher, restaurant('menu'));
    await expect(menu.subscription.presence()).rejects.toMatchObject({ code: 108 });
  });

  it('passes on who is writing, now and then, and who has read, and keeps neither', async () => {
    const [owner, other] = [await sockets.connected(kitchen.owner), await sockets.connected(waiter.token)];
    const heard = await follow(owner, restaurant('staff'));
    const writer = await follow(other, restaurant('staff'));
    const before = (await heard.subscription.history({ limit: 0 })).offset;
    for (let i = 0; i < 5; i++) await writer.subscription.publish({ type: 'typing' });
    await other.send({ type: 'typing', channel: restaurant('staff') });
    await other.rpc('read', { channel: restaurant('staff'), seq: 7 });
    await until(() => heard.got.some(({ type }) => type === 'chat.message_read'));
    const data = { channel: restaurant('staff'), accountId: waiter.accountId };
    expect(heard.got.map((one) => [one.type, one.data])).toEqual([
      ['chat.typing', data],
      ['chat.message_read', { ...data, seq: 7 }],
    ]);
    expect((await heard.subscription.history({ limit: 0 })).offset).toBe(before);
    await follow(other, `chat:${THREAD}`);
    await other.rpc('read', { channel: `chat:${THREAD}`, seq: 3 });
    expect(read).toEqual([[THREAD, waiter.accountId, 3]]);
    await expect(writer.subscription.publish({ type: 'order.created' })).rejects.toMatchObject({ code: 107 });
    await expect(other.rpc('fly', {})).rejects.toMatchObject({ code: 104 });
    await expect(other.rpc('read', { channel: restaurant('staff') })).rejects.toMatchObject({ code: 107 });
  });

  it('lets a client stay with a newer token of its own session, and with no other', async () => {
    const login = (await world.post('/auth/login', { identifier: waiter.email, password: 'Dosa-And-Chutney-1!' })).body;
    const raw = await sockets.signedIn(login.accessToken);
    const renewed = (await world.post('/auth/refresh', { refreshToken: login.refreshToken })).body;
    expect((await raw.ask({ refresh: { token: renewed.accessToken } })).refresh).toMatchObject({ expires: true, ttl: expect.any(Number) });
    await raw.ask({ refresh: { token: await world.signIn(waiter.email) } });
    expect((await raw.closed).code).toBe(3500);
  });

  it('closes what has had its time: tokens that expire, whoever shows none, and clients that answer no ping', async () => {
    const client = await sockets.connected(await world.signIn(waiter.email));
    const raw = await sockets.signedIn(await world.signIn(waiter.email));
    const silent = sockets.raw();
    await silent.opened;
    const reasons: Json[] = [];
    client.on('connecting', (context) => reasons.push(context));
    client.on('disconnected', (context) => reasons.push(context));
    ahead += MINUTE;
    expect((await silent.closed).code).toBe(3502);
    await until(() => raw.got.some((one) => Object.keys(one).length === 0), 'a ping'); // The stock client answers it.
    ahead += MINUTE;
    expect((await raw.closed).code).toBe(3012);
    expect(reasons).toEqual([]);
    ahead += 14 * MINUTE;
    await until(() => reasons.length > 0);
    expect(reasons[0]).toMatchObject({ code: 3005 });
    const late = sockets.raw();
    expect((await late.ask({ connect: { token: kitchen.owner } })).error.code).toBe(109);
    await kitchen.signIn();
    waiter = { ...waiter, token: await world.signIn(waiter.email) };
  });

  it('ends what a revoked session, or a role that went, had', async () => {
    const staff = await world.account('leaver@socket.test');
    await world.post(`/restaurants/${kitchen.restaurantId}/staff`, { email: staff.email, role: 'manager' }, kitchen.owner);
    const client = await sockets.connected(staff.token);
    const [orders, menu] = [await follow(client, restaurant('orders')), await follow(client, restaurant('menu'))];
    await world.call('DELETE', `/restaurants/${kitchen.restaurantId}/staff/${staff.accountId}`, { token: kitchen.owner });
    await until(() => orders.subscription.state === 'unsubscribed');
    expect([client.state, menu.subscription.state]).toEqual(['connected', 'subscribed']);
    const closed = new Promise((resolve) => client.on('disconnected', resolve));
    await world.post('/auth/logout', undefined, staff.token);
    expect(await closed).toMatchObject({ code: 3500 });
    const { body: order } = await world.order(kitchen.body([kitchen.line('tea')]), kitchen.customer);
    expect(orders.got.map(({ data }) => data.orderId)).not.toContain(order.id);
  });

  it('is bounded: commands, frames, fragments, channels, and sockets of one person', async () => {
    const busy = await sockets.signedIn(waiter.token);
    await busy.opened;
    for (let i = 0; i < 350; i++) busy.socket.send(JSON.stringify({ id: 1_000 + i, presence_stats: { channel: restaurant('orders') } }));
    expect((await busy.closed).code).toBe(3013);
    const refused = busy.got.filter(({ error }) => error?.code === 111);
    expect(refused[0].error.temporary).toBe(true);

    const large = await sockets.signedIn(waiter.token);
    large.socket.send(JSON.stringify({ id: 9, rpc: { method: 'read', data: 'x'.repeat(65 * 1024) } }));
    expect((await large.closed).code).toBe(1009);
    const shreds = await sockets.signedIn(waiter.token);
    for (let i = 0; i < 200; i++) shreds.socket.send(' ', { fin: false });
    expect([1006, 1008]).toContain((await shreds.closed).code);

    const eager = await world.account('eager@socket.test');
    await Promise.all(Array.from({ length: PER_USER }, () => sockets.signedIn(eager.token)));
    const one = sockets.raw();
    await one.ask({ connect: { token: eager.token } });
    expect((await one.closed).code).toBe(3504);
  });

  it('lets one client follow so many channels, of restaurants that there are', async () => {
    const raw = await sockets.signedIn(kitchen.customer);
    expect((await raw.ask({ subscribe: { channel: `restaurant:${crypto.randomUUID()}:menu` } })).error.code).toBe(103);
    const orders = await Promise.all(Array.from({ length: CHANNELS_MAX }, () => world.order(kitchen.body([kitchen.line('tea')]), kitchen.customer)));
    const codes: unknown[] = [];
    for (const { body } of orders) codes.push((await raw.ask({ subscribe: { channel: `order:${body.id}` } })).error?.code);
    expect(codes.filter((code) => code !== undefined)).toEqual([]);
    expect((await raw.ask({ subscribe: { channel: restaurant('menu') } })).error.code).toBe(106);
  });

  it('drops a client that does not read, and goes on for the others', async () => {
    const slow = await sockets.signedIn(kitchen.owner);
    await slow.ask({ subscribe: { channel: restaurant('staff') } });
    const good = await follow(await sockets.connected(waiter.token), restaurant('staff'));
    slow.socket.pause();
    const broker = world.container.get(Realtime.broker);
    const before = sockets.gateway.stats.closedSlow;
    const text = JSON.stringify({ id: 'x', type: 'test', data: 'x'.repeat(60_000) });
    let sent = 0;
    await until(async () => {
      await broker.publish(restaurant('staff'), text, `slow-${++sent}`);
      return sockets.gateway.stats.closedSlow > before;
    });
    await broker.publish(restaurant('staff'), '{"type":"last"}', 'slow-last');
    await until(() => good.got.some(({ type }) => type === 'last'));
    expect(good.got).toHaveLength(sent + 1);
  });

  it('sends everybody to another node when it goes', async () => {
    const own = await Sockets.open(world);
    const client = await own.connected(waiter.token);
    const reasons: Json[] = [];
    client.on('connecting', (context) => reasons.push(context));
    await own.gateway.close();
    await until(() => reasons.length > 0);
    expect(reasons[0]).toMatchObject({ code: 3001 });
    expect(own.gateway.stats.connections).toBe(0);
    await own.close();
  });
});
