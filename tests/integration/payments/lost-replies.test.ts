import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresOrm } from '#adapters/postgres/orm.ts';
import { createRazorpaySimulator, type RazorpaySimulator } from '#adapters/razorpay/simulator/simulator.ts';
import { DEMO_PASSWORD } from '#composition/demo.ts';
import { INVARIANTS } from '#composition/modules.ts';
import { type Cut, commitCuttingProxy, freePort, replyCuttingProxy } from '../../support/cutting-proxies.ts';
import { type Server, spawnServer } from '../../support/server.ts';
import { type ServerDatabase, serverDatabase, TEST_DATABASE_URL } from '../../support/server-databases.ts';
import type { Json } from '../../support/world.ts';

const KEYS = { keyId: 'rzp_test_lost', keySecret: 'the-key-of-the-lost-replies' };
const WEBHOOK_SECRET = 'what-the-lost-webhooks-are-signed-with';
const ORDERS = 60;
const CLIENTS = 6;
const TRIES = 60;
const SETTLED_WITHIN_MS = 150_000;

/** A server, a real database and a provider over HTTP, with proxies between them that lose what was answered. */
describe.runIf(TEST_DATABASE_URL !== undefined)('when replies are lost', () => {
  let database: ServerDatabase;
  let direct: URL;
  const commits: Cut = { share: 0, times: 0 };
  const replies: Cut = { share: 0, times: 0 };
  let simulator: RazorpaySimulator;
  let server: Server;
  let customer: Person;
  let item: { readonly restaurantId: string; readonly itemId: string };
  const closing: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    database = await serverDatabase();
    direct = new URL(database.url);
    const before = await commitCuttingProxy(direct, commits);
    const port = await freePort();
    simulator = createRazorpaySimulator({
      keys: KEYS,
      clock: { now: Date.now },
      webhooks: [{ url: `http://127.0.0.1:${port}/webhooks/razorpay`, secret: WEBHOOK_SECRET }],
    });
    const provider = await replyCuttingProxy(async (request) => simulator.app.fetch(request), replies);
    const url = new URL(direct);
    url.hostname = '127.0.0.1';
    url.port = String(before.port);
    server = await spawnServer({
      DATABASE_URL: url.href,
      PORT: String(port),
      APP_SECRET: 'a-secret-that-only-this-test-knows-000',
      RAZORPAY_BASE_URL: `http://127.0.0.1:${provider.port}`,
      RAZORPAY_KEY_ID: KEYS.keyId,
      RAZORPAY_KEY_SECRET: KEYS.keySecret,
      RAZORPAY_WEBHOOK_SECRET: WEBHOOK_SECRET,
      LOG_LEVEL: 'silent',
      FRAUD_MODE: 'shadow', // One customer buys everything here.
      RATE_LIMIT_PAYMENT: 'off',
    }).ready;
    closing.push(
      () => server.kill('SIGTERM'),
      async () => simulator.control.close(),
      before.close,
      provider.close,
    );
    customer = await signIn(server.url);
    item = await somethingToEat(server.url);
  });
  afterAll(async () => {
    for (const close of closing) await close();
    await database?.drop();
  });

  /** The same until it is answered; a client that cannot know asks again. */
  async function insist(method: string, path: string, body: unknown, keyOf: (attempt: number) => string): Promise<Json> {
    let last = '';
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const answer = await ask(server.url, method, path, { token: customer.token, body, key: keyOf(attempt) });
      last = JSON.stringify(answer ?? 'no answer');
      if (answer && answer.status < 300) return answer.body;
      if (answer && answer.status < 500 && answer.status !== 409) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
      await new Promise((resolve) => setTimeout(resolve, Math.min(2_000, 50 + 100 * attempt)));
    }
    throw new Error(`${method} ${path} was never answered: ${last}`);
  }

  const order = (keyOf: (attempt: number) => string) =>
    insist(
      'POST',
      '/orders',
      { restaurantId: item.restaurantId, diningOption: 'takeaway', payment: 'online', lines: [{ itemId: item.itemId, quantity: 1 }] },
      keyOf,
    );

  async function buy(n: number): Promise<{ readonly orderId: string; readonly providerOrderId: string }> {
    const { id: orderId } = await order(() => `order-${n}`);
    const opened = await insist('POST', `/orders/${orderId}/payments`, {}, () => `pay-${n}`);
    const { providerOrderId } = opened.checkout;
    const paid = await simulator.control.pay({ order_id: providerOrderId, method: n % 2 ? 'upi' : 'card', outcome: 'success' });
    if (n % 3 > 0 && paid.signature !== null) {
      const proof = { razorpay_payment_id: paid.payment_id, razorpay_order_id: providerOrderId, razorpay_signature: paid.signature };
      await insist('POST', `/payments/${opened.id}/confirmation`, proof, () => '').catch(() => undefined); // The others close the tab.
    }
    return { orderId, providerOrderId };
  }

  it('no order is lost or doubled, and none is paid twice', async () => {
    [commits.share, replies.share] = [0.05, 0.1];
    const bought: { readonly orderId: string; readonly providerOrderId: string }[] = [];
    let next = 0;
    await Promise.all(
      Array.from({ length: CLIENTS }, async () => {
        while (next < ORDERS) bought.push(await buy(next++));
      }),
    );
    [commits.share, replies.share] = [0, 0];
    expect(commits.times).toBeGreaterThan(5);
    expect(replies.times).toBeGreaterThan(5);

    const until = Date.now() + SETTLED_WITHIN_MS;
    let waiting = bought;
    while (waiting.length > 0 && Date.now() < until) {
      const states = await Promise.all(
        waiting.map(async (one) => ({
          ...one,
          status: (await ask(server.url, 'GET', `/orders/${one.orderId}`, { token: customer.token }))?.body.status,
        })),
      );
      waiting = states.filter(({ status }) => status !== 'placed');
      if (waiting.length > 0) await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
    expect(waiting).toEqual([]);

    const orm = createPostgresOrm(direct.href, [], 2, { count: 0 });
    try {
      const [count] = await orm.em.execute<{ orders: number; payments: number }[]>(
        `select (select count(*) from ordering.orders where customer_id = '${customer.accountId}')::int as orders, (select count(*) from payments.payments)::int as payments`,
      );
      expect(count).toEqual({ orders: ORDERS, payments: ORDERS });
      expect(new Set(bought.map(({ orderId }) => orderId)).size).toBe(ORDERS);
      const captured = simulator.control.state().payments.filter((payment) => payment.captured);
      expect(captured.map(({ order_id }) => order_id).sort()).toEqual(bought.map(({ providerOrderId }) => providerOrderId).sort());
      const broken: string[] = [];
      for (const { id, sql } of INVARIANTS) for (const row of await orm.em.execute<Json[]>(sql)) broken.push(`${id}: ${JSON.stringify(row)}`);
      expect(broken).toEqual([]);
    } finally {
      await orm.close();
    }
  }, 300_000);

  it('a client that takes a new key each time it asks again orders twice: the harness sees it', async () => {
    const before = await countOrders(direct.href, customer.accountId);
    commits.share = 0.3;
    let made = 0;
    for (let n = 0; n < 40; n++) {
      await order((attempt) => `naive-${n}-${attempt}`);
      made += 1;
    }
    commits.share = 0;
    expect(await countOrders(direct.href, customer.accountId)).toBeGreaterThan(before + made);
  }, 120_000);
});

type Person = { readonly token: string; readonly accountId: string };
type Asked = { readonly token?: string; readonly body?: unknown; readonly key?: string };

/** Undefined when no answer came. */
async function ask(
  url: string,
  method: string,
  path: string,
  { token, body, key }: Asked,
): Promise<{ readonly status: number; readonly body: Json } | undefined> {
  try {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(key && { 'idempotency-key': key }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  } catch {
    return undefined;
  }
}

async function signIn(url: string): Promise<Person> {
  const login = await ask(url, 'POST', '/auth/login', { body: { identifier: 'customer@demo.test', password: DEMO_PASSWORD } });
  const token = login?.body.accessToken;
  const me = await ask(url, 'GET', '/me', { token });
  return { token, accountId: me?.body.id };
}

async function somethingToEat(url: string): Promise<{ readonly restaurantId: string; readonly itemId: string }> {
  const restaurants = await ask(url, 'GET', '/restaurants', {});
  const restaurantId = restaurants?.body.data[0].id;
  const menu = await ask(url, 'GET', `/restaurants/${restaurantId}/menu`, {});
  const items = menu?.body.categories.filter(({ hours }: Json) => hours === null).flatMap(({ items }: Json) => items);
  return {
    restaurantId,
    itemId:
      items.find(({ groupIds, hours, name }: Json) => groupIds.length === 0 && hours === null && /Naan|Roti|Chapati|Rice|Papad/.test(name))?.id ??
      items.find(({ groupIds, hours }: Json) => groupIds.length === 0 && hours === null).id,
  };
}

async function countOrders(url: string, customerId: string): Promise<number> {
  const orm = createPostgresOrm(url, [], 2, { count: 0 });
  try {
    const [row] = await orm.em.execute<{ orders: number }[]>(
      `select count(*)::int as orders from ordering.orders where customer_id = '${customerId}'`,
    );
    return row?.orders ?? 0;
  } finally {
    await orm.close();
  }
}
