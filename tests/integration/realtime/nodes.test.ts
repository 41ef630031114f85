import type { Centrifuge } from 'centrifuge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SOCKET_PATH } from '#adapters/websocket/gateway.ts';
import { DEMO_PASSWORD } from '#composition/demo.ts';
import { ApiClient } from '#composition/replay/client.ts';
import { openBalancer } from '../../support/balancer.ts';
import { HAS_REDIS, RedisServer } from '../../support/redis.ts';
import { type Server, spawnServer } from '../../support/server.ts';
import { type ServerDatabase, serverDatabase, TEST_DATABASE_URL } from '../../support/server-databases.ts';
import { clientOf, type Followed, follow, until } from '../../support/sockets.ts';
import type { Json } from '../../support/world.ts';

const CALLERS = 4;
const BEFORE = 25;
const AFTER = 25;

const socketOf = ({ url }: { readonly url: string }): string => `${url.replace('http', 'ws')}${SOCKET_PATH}`;
const api = ({ url }: Server, who: string) => new ApiClient(url, { identifier: `${who}@demo.test`, password: DEMO_PASSWORD });
async function tokenOf({ url }: Server, who: string): Promise<string> {
  const response = await fetch(`${url}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ identifier: `${who}@demo.test`, password: DEMO_PASSWORD }),
  });
  return ((await response.json()) as Json).accessToken;
}

describe.runIf(TEST_DATABASE_URL !== undefined && HAS_REDIS)('sockets of two nodes', () => {
  let database: ServerDatabase;
  const clients: Centrifuge[] = [];
  let redis: RedisServer;
  let env: Record<string, string>;
  let one: Server;
  let other: Server;
  let restaurantId: string;
  let order: object;
  let keys = 0;

  const connect = async (url: string, token: string): Promise<Centrifuge> => {
    const client = clientOf(url, token);
    clients.push(client);
    client.connect();
    await client.ready(20_000);
    return client;
  };
  /** The id of an order that was acknowledged; undefined when nobody answered. */
  const place = async (customer: ApiClient): Promise<string | undefined> => {
    const answer = await customer.once('POST', '/orders', order, { 'idempotency-key': `node-${++keys}` }).catch(() => undefined);
    if (answer && answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    return answer && String(answer.body['id']);
  };
  const created = ({ got }: Followed): string[] => got.filter(({ type }) => type === 'order.created').map(({ data }) => data.orderId);

  beforeAll(async () => {
    redis = await RedisServer.start();
    database = await serverDatabase();
    const { url } = database;
    env = {
      DATABASE_URL: url,
      REDIS_URL: redis.url,
      APP_SECRET: 'a-secret-of-this-test-and-nobody-else',
      DATABASE_POOL_MAX: '6',
      REDIS_PATIENCE_MS: '2000',
    };
    one = await spawnServer(env).ready;
    other = await spawnServer(env).ready;
    const { data } = (await api(one, 'customer').call('GET', '/restaurants')) as Json;
    restaurantId = data[0].id;
    const menu = (await api(one, 'customer').call('GET', `/restaurants/${restaurantId}/menu`)) as Json;
    const item = menu.categories
      .filter(({ hours }: Json) => hours === null)
      .flatMap(({ items }: Json) => items)
      .find(({ groupIds, hours }: Json) => groupIds.length === 0 && hours === null);
    order = { restaurantId, diningOption: 'takeaway', payment: 'cash', lines: [{ itemId: item.id, quantity: 1 }] };
  });
  afterAll(async () => {
    for (const client of clients) client.disconnect();
    await Promise.all([one?.kill('SIGKILL'), other?.kill('SIGKILL')]);
    await redis?.kill('SIGKILL');
    await database?.drop();
  });

  it('a session that ends on one node closes its sockets on the other, and a role that goes ends what it allowed', async () => {
    const owner = api(one, 'owner');
    const kitchen = await connect(socketOf(other), await tokenOf(other, 'kitchen'));
    const followed = await follow(kitchen, `restaurant:${restaurantId}:kitchen`);
    const staff = (await owner.call('GET', `/restaurants/${restaurantId}/staff`)) as Json;
    const { accountId } = staff.data.find(({ email }: Json) => email === 'kitchen@demo.test');
    await owner.call('DELETE', `/restaurants/${restaurantId}/staff/${accountId}`);
    await until(() => followed.subscription.state === 'unsubscribed');
    expect(kitchen.state).toBe('connected');

    const token = await tokenOf(one, 'customer');
    const customer = await connect(socketOf(other), token);
    const closed = new Promise((resolve) => customer.on('disconnected', resolve));
    await fetch(`${one.url}/auth/logout`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    expect(await closed).toMatchObject({ code: 3500 });
  });

  it('a client of a node that is killed under load has every message of the other, once and in order', async () => {
    const balancer = await openBalancer([one.url, other.url]);
    const client = await connect(socketOf(balancer), await tokenOf(one, 'owner'));
    const followed = await follow(client, `restaurant:${restaurantId}:orders`);
    const again: Json[] = [];
    followed.subscription.on('subscribed', (context) => again.push(context));

    const acknowledged = new Set<string>();
    const load = async (server: Server, isOver: () => boolean) => {
      const customer = api(server, 'customer');
      while (!isOver()) {
        const id = await place(customer);
        if (id !== undefined) acknowledged.add(id);
        else return;
      }
    };
    let wanted = Number.POSITIVE_INFINITY;
    const callers = [one, other].flatMap((server) => Array.from({ length: CALLERS }, () => load(server, () => acknowledged.size >= wanted)));
    await until(() => created(followed).length >= BEFORE);
    await one.kill('SIGKILL');
    wanted = acknowledged.size + AFTER;
    await Promise.all(callers);

    // What became of requests that nobody answered stands in the database.
    const { data } = (await api(other, 'owner').call('GET', `/restaurants/${restaurantId}/orders?limit=100`)) as Json;
    const made: string[] = data.map(({ id }: Json) => id);
    await until(() => made.every((id) => created(followed).includes(id)) && [...acknowledged].every((id) => created(followed).includes(id)));
    const ids = followed.got.map(({ id, type }) => `${id} ${type}`);
    expect(new Set(ids).size).toBe(ids.length);
    const offsets = followed.publications.map(({ offset }) => Number(offset));
    expect(offsets).toEqual(offsets.map((_, i) => (offsets[0] as number) + i));
    expect(again).toEqual([expect.objectContaining({ wasRecovering: true, recovered: true })]);
    await balancer.close();
  });

  it('Redis goes: clients stay, what was committed meanwhile comes when it is back, and a gap is told, never hidden', async () => {
    const client = await connect(socketOf(other), await tokenOf(other, 'owner'));
    const followed = await follow(client, `restaurant:${restaurantId}:orders`);
    const again: Json[] = [];
    const lost: Json[] = [];
    followed.subscription.on('subscribed', (context) => again.push(context));
    client.on('connecting', (context) => lost.push(context));
    const customer = api(other, 'customer');
    const first = await place(customer);
    await until(() => created(followed).includes(first as string));

    await redis.kill('SIGKILL');
    const while_ = [await place(customer), await place(customer)];
    expect(client.state).toBe('connected');
    expect(created(followed)).not.toContain(while_[0]);
    await redis.up(); // Empty: the streams that were are no more.
    const afterwards = await place(customer);
    await until(() => again.length > 0, 'a new subscription');
    expect(lost).toEqual([expect.objectContaining({ code: 3010 })]);
    expect(again).toEqual([expect.objectContaining({ wasRecovering: true, recovered: false })]);
    const history = await followed.subscription.history({ limit: 100 });
    const kept = history.publications.map(({ data }) => (data as Json).data.orderId);
    await until(async () => {
      const { publications } = await followed.subscription.history({ limit: 100 });
      const orders = publications.map(({ data }) => (data as Json).data.orderId);
      return [...while_, afterwards].every((id) => orders.filter((one_) => one_ === id).length === 1);
    });
    expect(kept).not.toContain(first);
    const last = await place(customer);
    await until(() => created(followed).includes(last as string));
  });
});
