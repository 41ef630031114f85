import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '#composition/demo.ts';
import { ApiClient } from '#composition/replay/client.ts';
import { type Server, spawnServer } from '../../support/server.ts';
import { type ServerDatabase, serverDatabase, TEST_DATABASE_URL } from '../../support/server-databases.ts';
import { ok, openReceiver, verified, type WebhookReceiver } from '../../support/webhook-receiver.ts';
import type { Json } from '../../support/world.ts';

describe.runIf(TEST_DATABASE_URL !== undefined)('a server that sends webhooks on PostgreSQL', () => {
  let database: ServerDatabase;
  let env: Record<string, string>;
  let server: Server;
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    database = await serverDatabase();
    const dataDir = await mkdtemp(join(tmpdir(), 'thali-'));
    env = { DATABASE_URL: database.url, DATA_DIR: dataDir, APP_SECRET: 'a-secret-of-this-test-and-nobody-else', WEBHOOK_ALLOW_LOOPBACK: '1' };
    receiver = await openReceiver();
    server = await spawnServer(env).ready;
  });
  afterAll(async () => {
    await server?.kill('SIGKILL');
    await receiver?.close();
    await database?.drop();
    await rm(env['DATA_DIR'] as string, { recursive: true, force: true });
  });

  const owner = () => new ApiClient(server.url, { identifier: 'owner@demo.test', password: DEMO_PASSWORD });

  it('sends again, under the same id, what it was sending when it was killed', async () => {
    const { data } = (await owner().call('GET', '/restaurants')) as Json;
    const at = `/restaurants/${data[0].id}`;
    const { id, secret } = (await owner().call('POST', `${at}/webhooks`, { url: receiver.url, eventTypes: ['restaurant.changed'] })) as Json;
    receiver.behave = () => undefined; // It has it, and has not said so.
    await owner().call('PATCH', at, { isAcceptingOrders: false });
    await expect.poll(() => receiver.received.length, { timeout: 20_000 }).toBe(1);
    await server.kill('SIGKILL');

    receiver.behave = ok;
    server = await spawnServer(env).ready;
    const client = new Client(database.url);
    await client.connect();
    const { rows } = await client.query(`update webhooks.deliveries set due_at = now() where status = 'sending' returning id`); // Its lease is over.
    await client.end();
    await expect.poll(() => receiver.received.length, { timeout: 20_000 }).toBe(2);
    expect(receiver.received.map((received) => received.id)).toEqual([rows[0].id, rows[0].id]);
    expect(receiver.received.map((received) => verified(secret, received).data.isAcceptingOrders)).toEqual([false, false]);
    const delivery = async (): Promise<Json> => owner().call('GET', `${at}/webhooks/${id}/deliveries/${rows[0].id}`);
    await expect.poll(delivery, { timeout: 20_000 }).toMatchObject({ status: 'succeeded', attempts: 2, history: [{ statusCode: 200 }] });
  });
});
