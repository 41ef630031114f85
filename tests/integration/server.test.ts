import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '#composition/demo.ts';
import { ApiClient } from '#composition/replay/client.ts';
import { SQL_PROFILES } from '../support/profiles.ts';
import { type Server, spawnServer } from '../support/server.ts';
import { type ServerDatabase, serverDatabase } from '../support/server-databases.ts';
import type { Json } from '../support/world.ts';

const KILLS = 3;
const run = promisify(execFile);

describe.each(SQL_PROFILES)('the server on %s', (profile) => {
  let database: ServerDatabase;
  let dataDir: string;
  let env: Record<string, string>;
  let server: Server;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'thali-'));
    env = { DATA_DIR: dataDir, APP_SECRET: 'a-secret-of-this-test-and-nobody-else' };
    if (profile === 'postgres') {
      database = await serverDatabase();
      env['DATABASE_URL'] = database.url;
    }
    server = await spawnServer(env).ready;
  });
  afterAll(async () => {
    await server.kill('SIGKILL');
    await database?.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const client = (email: string) => new ApiClient(server.url, { identifier: email, password: DEMO_PASSWORD });
  const doctor = () => run(process.execPath, ['composition/doctor.ts'], { env: { PATH: process.env['PATH'] ?? '', ...env } });

  it('says where to go and who to log in as, and serves the demo', async () => {
    for (const word of [server.url, '/docs', 'admin@demo.test', 'owner@demo.test', 'kitchen@demo.test', 'customer@demo.test', DEMO_PASSWORD])
      expect(server.said()).toContain(word);
    const { data } = (await client('customer@demo.test').call('GET', '/restaurants')) as Json;
    const menu = (await client('customer@demo.test').call('GET', `/restaurants/${data[0].id}/menu`)) as Json;
    expect(menu.categories.flatMap((category: Json) => category.items).length).toBeGreaterThanOrEqual(40);
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
    expect(await (await fetch(`${server.url}/metrics`)).text()).toContain('http_server_request_duration_seconds_bucket');
  });

  if (profile === 'pglite')
    it('refuses a second process on its data', async () => {
      const second = spawnServer(env);
      await expect(second.ready).rejects.toThrow(/in use by process \d+/);
      expect(await second.exited).toBe(69);
    });

  it('loses no order it has acknowledged when it is killed, and doubles none', async () => {
    const acknowledged = new Map<string, string>();
    let sent = 0;
    for (let round = 0; round < KILLS; round++) {
      const { data } = (await client('customer@demo.test').call('GET', '/restaurants')) as Json;
      const menu = (await client('customer@demo.test').call('GET', `/restaurants/${data[0].id}/menu`)) as Json;
      const item = menu.categories.flatMap((category: Json) => category.items).find((one: Json) => one.isOrderableNow && one.groupIds.length === 0);
      const body = { restaurantId: data[0].id, diningOption: 'takeaway', payment: 'cash', lines: [{ itemId: item.id, quantity: 1 }] };
      const customer = client('customer@demo.test');
      await customer.call('GET', '/me');
      let isDown = false;
      const callers = Array.from({ length: 6 }, async () => {
        while (!isDown) {
          const key = `kill-${sent++}`;
          const answer = await customer.once('POST', '/orders', body, { 'idempotency-key': key }).catch(() => undefined);
          if (answer === undefined) return;
          if (answer.status === 201) acknowledged.set(key, String(answer.body['id']));
        }
      });
      const before = acknowledged.size;
      await expect.poll(() => acknowledged.size - before, { timeout: 60_000 }).toBeGreaterThan(8 + round * 5);
      await server.kill('SIGKILL');
      isDown = true;
      await Promise.all(callers);
      server = await spawnServer(env).ready;
      // Whoever got no answer asks again under the same key, and there is still one order for each.
      const again = client('customer@demo.test');
      for (const [key, id] of [...acknowledged].slice(-5))
        expect((await again.call('POST', '/orders', body, { 'idempotency-key': key }))['id']).toBe(id);
    }
    expect(acknowledged.size).toBeGreaterThan(20);
    const reader = client('customer@demo.test');
    for (const id of acknowledged.values()) expect((await reader.call('GET', `/orders/${id}`))['id']).toBe(id);
  });

  it('stops cleanly when told to, and the doctor finds nothing', async () => {
    const began = performance.now();
    expect(await server.kill('SIGTERM')).toBe(0);
    expect(performance.now() - began).toBeLessThan(15_000);
    const { stdout } = await doctor();
    expect(stdout).toMatch(/All \d+ promises are kept/);
  });
});

it.each<[string, Record<string, string>, RegExp]>([
  ['production without a server', { NODE_ENV: 'production' }, /DATABASE_URL/],
  ['production without a secret', { NODE_ENV: 'production', ALLOW_EMBEDDED_DB: '1' }, /APP_SECRET/],
  ['a port that is none', { PORT: 'http' }, /PORT/],
  ['a database of another kind', { DATABASE_URL: 'mysql://localhost/x' }, /DATABASE_URL/],
])('refuses to start with %s, and says what is wrong', async (_what, env, words) => {
  const { ready, exited } = spawnServer({ DATA_DIR: '/nonexistent', ...env });
  await expect(ready).rejects.toThrow(words);
  expect(await exited).toBe(78);
});
