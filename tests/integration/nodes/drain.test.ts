import { request } from 'node:http';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#adapters/shared/eventually.ts';
import { type Server, spawnServer } from '../../support/server.ts';
import { type ServerDatabase, serverDatabase, TEST_DATABASE_URL } from '../../support/server-databases.ts';

const WAIT_MS = 20_000;

describe.runIf(TEST_DATABASE_URL !== undefined)('a process that is told to stop, on PostgreSQL', () => {
  let database: ServerDatabase;
  const env: Record<string, string> = { APP_SECRET: 'a-secret-of-this-test-and-nobody-else', DEMO: '0', DRAIN_SECONDS: '2' };
  const nodes: Server[] = [];
  let sql: Client;
  beforeAll(async () => {
    database = await serverDatabase();
    env['DATABASE_URL'] = database.url;
    sql = new Client({ connectionString: env['DATABASE_URL'] });
    await sql.connect();
  });
  afterAll(async () => {
    await sql?.end();
    await Promise.all(nodes.map((node) => node.kill('SIGKILL')));
    await database?.drop();
  });
  const start = async (more: Record<string, string> = {}): Promise<Server> => {
    const node = await spawnServer({ ...env, ...more }).ready;
    nodes.push(node);
    return node;
  };

  it('says so, answers what is under way, takes no more, and ends with 0', async () => {
    const node = await start();
    const { hostname, port } = new URL(node.url);
    const body = JSON.stringify({ identifier: 'nobody@demo.test', password: 'Not-A-Password-1!' });
    // A request whose body is still on its way when the process is told to stop.
    const slow = request({
      hostname,
      port,
      method: 'POST',
      path: '/auth/login',
      headers: { 'content-type': 'application/json', 'content-length': body.length },
    });
    const answered = new Promise<number | undefined>((resolve, reject) =>
      slow.once('response', ({ statusCode }) => resolve(statusCode)).once('error', reject),
    );
    slow.write(body.slice(0, 10));
    const ready = async (): Promise<number> => (await fetch(`${node.url}/health/ready`)).status;
    expect(await ready()).toBe(200);

    const ended = node.kill('SIGTERM');
    expect(await eventually(ready, (status) => status === 503, WAIT_MS)).toBe(503);
    const isRefused = () =>
      fetch(`${node.url}/health/live`).then(
        () => false,
        () => true,
      );
    expect(await eventually(isRefused, (refused) => refused, WAIT_MS)).toBe(true);
    slow.end(body.slice(10));
    expect(await answered).toBe(401);
    expect(await ended).toBe(0);
  });

  it('works with others that share its database though nothing joins them, and warns loudly', async () => {
    const [first, second] = [await start({ PROCESS_ROLE: 'web' }), await start({ PROCESS_ROLE: 'worker' })];
    const body = JSON.stringify({ email: 'guest@nodes.test', password: 'Idli-And-Sambar-1!', displayName: 'A guest' });
    const registered = await fetch(`${first.url}/auth/register`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    expect(registered.status).toBe(201);
    // The trail is written by a subscription, which only the worker has: it finds by itself what the other committed.
    const trail = async () => (await sql.query(`select 1 from audit.entries where type = 'identity.account_registered'`)).rows.length;
    expect(await eventually(trail, (count) => count > 0, WAIT_MS)).toBe(1);
    expect(
      await eventually(
        async () => first.said() + second.said(),
        (said) => /WARNING.*REDIS_URL/.test(said),
        WAIT_MS,
      ),
    ).toMatch(/WARNING.*REDIS_URL/);
    const checks = async () =>
      ((await (await fetch(`${first.url}/health`)).json()) as { checks: Record<string, { status: string; detail: string }> }).checks;
    const seen = await eventually(checks, ({ nodes: found }) => found?.status === 'warn', WAIT_MS);
    expect(seen['nodes']?.detail).toMatch(/^2 nodes; several nodes share this database/);
    expect((await fetch(`${first.url}/health/ready`)).status).toBe(200);
    expect(await Promise.all([first.kill('SIGTERM'), second.kill('SIGTERM')])).toEqual([0, 0]);
  });
});
