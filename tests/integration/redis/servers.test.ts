import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '#composition/demo.ts';
import { HAS_REDIS, nowhere, RedisServer } from '../../support/redis.ts';
import { type Server, spawnServer } from '../../support/server.ts';
import { type ServerDatabase, serverDatabase, TEST_DATABASE_URL } from '../../support/server-databases.ts';
import type { Json } from '../../support/world.ts';

const [OLD, NEW] = ['the-old-secret-of-this-test-and-nobody-else', 'the-new-secret-of-this-test-and-nobody-else'];
const SOON_MS = 1_000;

type Reply = { readonly status: number; readonly body: Json; readonly headers: Headers };
async function call(server: Server, method: string, path: string, token?: string, body?: object): Promise<Reply> {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : JSON.parse(text), headers: response.headers };
}
const logIn = (server: Server, identifier: string, password = DEMO_PASSWORD) =>
  call(server, 'POST', '/auth/login', undefined, { identifier, password });

it('a server starts without the Redis it was told of, says so, and serves', async () => {
  const server = await spawnServer({ DATABASE_URL: 'memory:', REDIS_URL: await nowhere() }).ready;
  expect(server.said()).toMatch(/redis +does not answer; going on without it/);
  expect((await logIn(server, 'customer@demo.test')).status).toBe(200);
  expect((await call(server, 'GET', '/health')).body).toMatchObject({ status: 'warn', checks: { redis: { status: 'warn' } } });
  expect(await server.kill('SIGTERM')).toBe(0);
});

// Two processes need a database that two can open.
describe.runIf(TEST_DATABASE_URL !== undefined && HAS_REDIS)('two servers of one installation', () => {
  let database: ServerDatabase;
  let redis: RedisServer;
  let env: Record<string, string>;
  let one: Server;
  let other: Server;
  beforeAll(async () => {
    redis = await RedisServer.start();
    database = await serverDatabase();
    const { url } = database;
    env = { DATABASE_URL: url, REDIS_URL: redis.url, APP_SECRET: OLD, DATABASE_POOL_MAX: '4', REDIS_PATIENCE_MS: '2000' };
    one = await spawnServer(env).ready;
    other = await spawnServer(env).ready;
  });
  afterAll(async () => {
    await Promise.all([one.kill('SIGKILL'), other.kill('SIGKILL')]);
    await redis.kill('SIGKILL');
    await database?.drop();
  });

  it('end a session everywhere at once', async () => {
    expect(one.said()).toMatch(/redis +connected/);
    const { accessToken } = (await logIn(one, 'customer@demo.test')).body;
    for (let i = 0; i < 5; i++) expect((await call(other, 'GET', '/me', accessToken)).status).toBe(200); // Well known there.
    expect((await call(one, 'POST', '/auth/logout', accessToken)).status).toBe(204);
    const began = performance.now();
    let status = 200;
    while (status === 200 && performance.now() - began < SOON_MS) ({ status } = await call(other, 'GET', '/me', accessToken));
    expect(status).toBe(401);
  });

  it('see at once what the other changed', async () => {
    const owner = (await logIn(one, 'owner@demo.test')).body.accessToken;
    const id = (await call(one, 'GET', '/restaurants')).body.data[0].id;
    const names = async (server: Server) => (await call(server, 'GET', `/restaurants/${id}/menu`)).body.categories.map(({ name }: Json) => name);
    await names(other); // Held there, and trusted for a second.
    expect((await call(one, 'POST', `/restaurants/${id}/menu/categories`, owner, { name: 'Brand new' })).status).toBe(201);
    await pause(150);
    expect(await names(other)).toContain('Brand new');
  });

  it('count attempts together, and go on counting when Redis is gone', async () => {
    // Guesses that nothing but the limits counts: wrong passwords are kept count of in the database as well.
    const attempts = async (server: Server, n: number) => {
      const statuses: number[] = [];
      for (let i = 0; i < n; i++) statuses.push((await call(server, 'POST', '/auth/refresh', undefined, { refreshToken: 'guessed' })).status);
      return statuses;
    };
    expect([...(await attempts(one, 3)), ...(await attempts(other, 3))]).toEqual([401, 401, 401, 401, 401, 429]);

    const { accessToken } = (await logIn(one, 'customer@demo.test')).body;
    const timed = async () => {
      const began = performance.now();
      const { status } = await call(one, 'GET', '/me', accessToken);
      return { status, ms: performance.now() - began };
    };
    const usual: number[] = [];
    for (let i = 0; i < 20; i++) usual.push((await timed()).ms);
    await redis.kill('SIGKILL');
    const after = [];
    for (let i = 0; i < 50; i++) after.push(await timed());
    expect(new Set(after.map(({ status }) => status))).toEqual(new Set([200]));
    expect(Math.max(...after.map(({ ms }) => ms))).toBeLessThan(Math.max(...usual) + 50);
    expect(await attempts(one, 3)).toEqual([401, 401, 429]); // Its own three count on.

    const health = await call(one, 'GET', '/health');
    expect([health.status, health.body.status, health.body.checks.redis.status]).toEqual([200, 'warn', 'warn']);
    expect((await call(one, 'GET', '/health/ready')).status).toBe(200);
    // A session ends all the same, here and there.
    expect((await call(one, 'POST', '/auth/logout', accessToken)).status).toBe(204);
    expect([(await call(one, 'GET', '/me', accessToken)).status, (await call(other, 'GET', '/me', accessToken)).status]).toEqual([401, 401]);

    await redis.up();
    for (let i = 0; i < 60 && (await call(one, 'GET', '/health')).body.status !== 'pass'; i++) await pause(100);
    expect((await call(one, 'GET', '/health')).body.checks.redis.status).toBe('pass');
  });

  it('turn their secret over while sessions, passwords and keys go on', async () => {
    const owner = (await logIn(one, 'owner@demo.test')).body;
    const id = (await call(one, 'GET', '/restaurants')).body.data[0].id;
    const key = (await call(one, 'POST', `/restaurants/${id}/api-keys`, owner.accessToken, { name: 'POS', scopes: ['orders:read'] })).body.token;
    await one.kill('SIGTERM');
    one = await spawnServer({ ...env, APP_SECRET: `${NEW},${OLD}` }).ready;
    expect((await call(one, 'GET', '/me', owner.accessToken)).status).toBe(200);
    expect((await call(one, 'GET', `/restaurants/${id}/orders`, key)).status).toBe(200);
    const renewed = await call(one, 'POST', '/auth/refresh', undefined, { refreshToken: owner.refreshToken });
    expect(renewed.status).toBe(200);
    expect((await logIn(one, 'owner@demo.test')).status).toBe(200); // Hashed anew, under the new secret.

    // Whoever knows only the old one does not know what was made since; only the new one, not what is older.
    expect((await call(other, 'GET', '/me', renewed.body.accessToken)).status).toBe(401);
    await one.kill('SIGTERM');
    one = await spawnServer({ ...env, APP_SECRET: NEW }).ready;
    expect((await call(one, 'GET', '/me', owner.accessToken)).status).toBe(401);
    expect((await call(one, 'GET', `/restaurants/${id}/orders`, key)).status).toBe(401);
    expect((await call(one, 'GET', '/me', renewed.body.accessToken)).status).toBe(200);
    expect((await logIn(one, 'owner@demo.test')).status).toBe(200);
  });
});
