import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#adapters/shared/eventually.ts';
import { DEMO_PASSWORD } from '#composition/demo.ts';
import { ApiClient } from '#composition/replay/client.ts';
import { TEST_REDIS_URL } from '../../support/profiles.ts';
import { type Server, spawnServer } from '../../support/server.ts';
import { type ServerDatabase, serverDatabase, TEST_DATABASE_URL } from '../../support/server-databases.ts';
import type { Json } from '../../support/world.ts';

const run = promisify(execFile);
const WAIT_MS = 60_000;
const ORDERS = 60;
const GUESTS = 12;

describe.runIf(TEST_DATABASE_URL !== undefined && TEST_REDIS_URL !== undefined)('three nodes on one PostgreSQL and Redis', () => {
  let database: ServerDatabase;
  const env: Record<string, string> = {
    APP_SECRET: 'a-secret-of-this-test-and-nobody-else',
    FRAUD_MODE: 'shadow',
    REDIS_URL: TEST_REDIS_URL ?? '',
    REDIS_PREFIX: `thali_test_${randomBytes(6).toString('hex')}`,
    REDIS_PATIENCE_MS: '1000',
    RATE_LIMIT_AUTH: 'off',
  };
  const nodes: Server[] = [];
  let sql: Client;
  let restaurantId: string;
  let order: object;
  let survivor = 2;

  beforeAll(async () => {
    database = await serverDatabase();
    env['DATABASE_URL'] = database.url;
    // All at once, on an empty database: one migrates it, one makes the demo, and the others wait for them.
    const started = (['web', 'web', 'worker', 'worker'] as const).map((role) => spawnServer({ ...env, PROCESS_ROLE: role }).ready);
    nodes.push(...(await Promise.all(started)));
    sql = new Client({ connectionString: env['DATABASE_URL'] });
    await sql.connect();
    const customer = client(0, 'customer@demo.test');
    restaurantId = ((await customer.call('GET', '/restaurants')) as Json).data[0].id;
    const menu = (await customer.call('GET', `/restaurants/${restaurantId}/menu`)) as Json;
    const item = menu.categories.flatMap((category: Json) => category.items).find((one: Json) => one.isOrderableNow && one.groupIds.length === 0);
    order = { restaurantId, diningOption: 'takeaway', payment: 'cash', lines: [{ itemId: item.id, quantity: 1 }] };
  }, 120_000);
  afterAll(async () => {
    await sql?.end();
    await Promise.all(nodes.map((node) => node.kill('SIGKILL')));
    await database?.drop();
  });

  const at = (index: number): Server => nodes[index] as Server;
  const client = (index: number, email: string) => new ApiClient(at(index).url, { identifier: email, password: DEMO_PASSWORD });
  const rows = async (text: string): Promise<Json[]> => (await sql.query(text)).rows;
  const one = async (text: string): Promise<number> => Number((await rows(text))[0].n);
  const health = async (index: number): Promise<Json> => (await fetch(`${at(index).url}/health`)).json();

  it('know of each other, and each does what it is there for', async () => {
    const admin = client(1, 'admin@demo.test');
    const listed = (await admin.call('GET', '/admin/nodes')) as Json;
    expect(listed.data.map(({ role }: Json) => role).sort()).toEqual(['web', 'web', 'worker', 'worker']);
    for (const node of listed.data) expect(node.load.memoryMb).toBeGreaterThan(0);
    expect((await health(2)).checks.nodes).toEqual({ status: 'pass', detail: '4 nodes' });
    expect((await fetch(`${at(2).url}/restaurants`)).status).toBe(404);
    expect((await fetch(`${at(2).url}/metrics`)).status).toBe(200);
    expect(await (await fetch(`${at(0).url}/metrics`)).text()).toContain('thali_nodes{role="worker"} 2');
  });

  it('lose and double nothing when one of each kind is killed under load', async () => {
    const acknowledged = new Map<string, string>();
    let sent = 0;
    const caller = async (index: number): Promise<void> => {
      const customer = client(index, 'customer@demo.test');
      if (!(await customer.call('GET', '/me').catch(() => undefined))) return; // It is dead before we came to ask.
      while (sent < ORDERS) {
        const key = `order-${sent++}`;
        const answer = await customer.once('POST', '/orders', order, { 'idempotency-key': key }).catch(() => undefined);
        if (answer === undefined) return;
        if (answer.status === 201) acknowledged.set(key, String(answer.body['id']));
      }
    };
    const guest = async (index: number, n: number): Promise<void> => {
      const body = JSON.stringify({ email: `guest${n}@nodes.test`, password: 'Idli-And-Sambar-1!', displayName: 'A guest' });
      await fetch(`${at(index).url}/auth/register`, { method: 'POST', body, headers: { 'content-type': 'application/json' } }).catch(() => undefined);
    };
    const callers = [0, 1, 0, 1].map(caller);
    const guests = Array.from({ length: GUESTS }, (_, n) => guest(n % 2, n));
    const admin = client(0, 'admin@demo.test');
    const replay = (await admin.call('POST', '/admin/events/subscriptions/audit-trail/replays', {})) as Json;
    await eventually(
      async () => acknowledged.size,
      (size) => size >= 10,
      WAIT_MS,
    );
    const [leader] = await rows(`select n.pid from platform.leases l join platform.nodes n on n.id::text = l.holder where l.task = 'watch-nodes'`);
    survivor = at(2).pid === leader.pid ? 3 : 2;
    await Promise.all([at(1).kill('SIGKILL'), at(survivor === 2 ? 3 : 2).kill('SIGKILL')]);
    await Promise.all([...callers, ...guests]);
    await Promise.all(Array.from({ length: GUESTS }, (_, n) => guest(0, n)));
    // Whoever got no answer asks the node that is left under the same key.
    const customer = client(0, 'customer@demo.test');
    for (let n = 0; n < sent; n++) {
      const { id } = (await customer.call('POST', '/orders', order, { 'idempotency-key': `order-${n}` })) as Json;
      expect(acknowledged.get(`order-${n}`) ?? id).toBe(id);
      acknowledged.set(`order-${n}`, id);
    }
    expect(acknowledged.size).toBe(sent);
    expect(new Set(acknowledged.values()).size).toBe(sent);
    expect(await one(`select count(*) n from ordering.orders where restaurant_id = '${restaurantId}'`)).toBe(sent);

    // The subscriptions of the worker that is left have seen each event once.
    const settled = await eventually(
      () =>
        one(`select count(*) n from ordering.order_history h join ordering.orders o on o.id = h.order_id where o.restaurant_id = '${restaurantId}'`),
      (count) => count >= sent,
      WAIT_MS,
    );
    expect(settled).toBe(sent);
    const lag = await eventually(
      async () => ((await admin.call('GET', '/admin/events/subscriptions')) as Json).data,
      (data: Json[]) => data.every(({ behind, retrying, parked }) => behind + retrying + parked === 0),
      WAIT_MS,
    );
    expect(lag.filter(({ behind, retrying, parked }: Json) => behind + retrying + parked > 0)).toEqual([]);
    const mails = `select to_address from notifications.emails where to_address like 'guest%@nodes.test' order by 1`;
    expect(await rows(mails)).toEqual(
      Array.from({ length: GUESTS }, (_, n) => ({ to_address: `guest${n}@nodes.test` })).sort((a, b) => (a.to_address < b.to_address ? -1 : 1)),
    );
    const doubled = `select event_id from audit.entries group by event_id having count(*) > 1`;
    expect(await rows(doubled)).toEqual([]);
    const done = await eventually(
      async () => (await admin.call('GET', `/admin/events/replays/${replay.id}`)) as Json,
      ({ status }) => status === 'done',
      WAIT_MS,
    );
    expect(done.status).toBe('done');
  }, 120_000);

  it('notice that one is gone, once, and let another lead', async () => {
    const lost = await eventually(
      () => rows(`select data ->> 'nodeId' as id, data ->> 'role' as role from platform.events where type = 'platform.node_lost'`),
      (found) => found.length === 2,
      WAIT_MS,
    );
    expect(lost.map(({ role }) => role).sort()).toEqual(['web', 'worker']);
    expect(new Set(lost.map(({ id }) => id)).size).toBe(2);
    const [lease] = await rows(`select holder from platform.leases where task = 'watch-nodes' and expires_at > now()`);
    const alive = await rows(`select id, role, pid from platform.nodes`);
    expect(alive.find(({ id }) => id === lease.holder)).toMatchObject({ role: 'worker', pid: at(survivor).pid });
    expect((await health(0)).checks.nodes.detail).toBe('2 nodes');
  }, 90_000);

  it('stop cleanly, sign off, and the doctor finds nothing', async () => {
    expect(await Promise.all([at(0).kill('SIGTERM'), at(survivor).kill('SIGTERM')])).toEqual([0, 0]);
    expect(await rows('select 1 from platform.nodes')).toEqual([]);
    const { stdout } = await run(process.execPath, ['composition/doctor.ts'], { env: { PATH: process.env['PATH'] ?? '', ...env } });
    expect(stdout).toMatch(/All \d+ promises are kept/);
  }, 60_000);
});
