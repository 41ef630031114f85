import { ContainerModule } from 'inversify';
import type { Redis } from 'ioredis';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#composition/database.ts';
import { Platform } from '#composition/modules/platform.ts';
import { mailTo, tokenIn } from '../../support/mail.ts';
import { type Node, startNode } from '../../support/nodes.ts';
import { freshDatabase } from '../../support/profiles.ts';
import { HAS_REDIS, RedisServer } from '../../support/redis.ts';
import { TEST_DATABASE_URL } from '../../support/server-databases.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const TYPED = ['Canary-tiffin-7!', 'Canary-kulfi-9!', 'Canary-wrong-1984!', 'Canary-ladoo-4!'];
const [PASSWORD, NEW, WRONG, NEWEST] = TYPED as [string, string, string, string];
const STEP = 30_000;

/** Every flow with a secret in it, and then a search through all that was written anywhere. */
describe.runIf(TEST_DATABASE_URL !== undefined && HAS_REDIS)('secrets on PostgreSQL and Redis', () => {
  const clock = new VirtualClock(1_790_000_000_000);
  const lines: string[] = [];
  let redis: RedisServer;
  let database: Database;
  let node: Node;

  beforeAll(async () => {
    const write = (message: string, facts?: object): void =>
      void lines.push(JSON.stringify([message, facts], (_key, value) => (value instanceof Error ? String(value.stack) : value)));
    redis = await RedisServer.start();
    database = await freshDatabase('postgres');
    const log = new ContainerModule(({ rebind }) => void rebind(Platform.log).toConstantValue({ info: write, warn: write, error: write }));
    node = await startNode(database, redis.url, clock.override(), log);
  });
  afterAll(async () => {
    await node?.stop();
    await redis?.kill('SIGKILL');
    await database?.close();
  });

  /** Every column of every table, as text. */
  const rows = async (): Promise<ReadonlyMap<string, string>> => {
    const sql = node.container.get(Platform.sql)();
    const tables = await sql<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    const found = new Map<string, string>();
    for (const { name } of tables) {
      const texts = await sql<{ text: string }>(`select t::text as text from ${name} t`);
      found.set(name, texts.map(({ text }) => text).join('\n'));
    }
    return found;
  };
  /** Every key and what is under it, whatever it is. */
  const kept = (client: Redis) =>
    client.keys('*').then(async (keys) => {
      const dumps = await Promise.all(keys.map((key) => client.dumpBuffer(key)));
      return keys.map((key, i) => `${key} ${dumps[i]?.toString('latin1') ?? ''}`).join('\n');
    });

  it('stand in no line of the log, no column of any table and nothing of Redis', async () => {
    const { world } = node;
    const email = 'whistle@example.com';
    const secrets = new Set<string>(TYPED);
    const keep = (...texts: (string | undefined)[]) => {
      for (const text of texts) secrets.add(text ?? expect.fail('a secret is missing'));
    };
    const mailed = async (address = email) => {
      const token = tokenIn((await mailTo(node.container, address))[0]);
      keep(token, token.split('.')[1]);
      return token;
    };
    const codeOf = (secret: string) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now() });
    const send = async (path: string, body: object | undefined, token?: string, method = 'POST') =>
      (await world.call(method, path, { body, token })).body;
    const keepSession = (session: { accessToken: string; refreshToken: string; deviceToken?: string }) => {
      keep(session.accessToken, session.refreshToken, session.refreshToken.split('.').at(-1));
      if (session.deviceToken !== undefined) keep(session.deviceToken);
      return session.accessToken;
    };
    const login = (password: string) => send('/auth/login', { identifier: email, password });

    await send('/auth/register', { email, password: PASSWORD, displayName: 'Tara Sen', phone: '+91 98100 00555', username: 'tara.whistle' });
    await send('/auth/verify-email', { token: await mailed() });
    await login(WRONG);
    const first = await login(PASSWORD);
    keepSession(first);
    keepSession(await send('/auth/refresh', { refreshToken: first.refreshToken }));
    await send('/auth/reset-password', { identifier: email });
    const reset = await mailed();
    await send('/auth/verify-reset', { token: `${reset.slice(0, -3)}AAA`, newPassword: NEW });
    await send('/auth/verify-reset', { token: reset, newPassword: NEW });
    const token = keepSession(await login(NEW));
    await send('/me/email', { email: `new-${email}`, password: NEW }, token);
    await mailed(`new-${email}`);
    const begun = await send('/me/second-factor', { password: NEW }, token);
    const code = codeOf(begun.secret);
    const { backupCodes } = await send('/me/second-factor/confirmation', { code }, token);
    keep(begun.secret, begun.url, ...backupCodes, ...backupCodes.map((text: string) => text.replaceAll('-', '').slice(2)));
    const { challenge } = await login(NEW);
    keep(challenge, challenge.split('.')[1]);
    await send('/auth/second-factor', { challenge, code: '01-AAAAA-AAAAA' });
    const second = keepSession(await send('/auth/second-factor', { challenge, code: backupCodes[0] }));
    clock.advance(STEP);
    const renewed = await send('/me/second-factor/backup-codes', { password: NEW, code: codeOf(begun.secret) }, second);
    keep(...renewed.backupCodes);
    await send('/me/passkeys/options', { password: NEW }, second);
    await send('/me/password', { currentPassword: NEW, newPassword: NEWEST }, second);

    const admin = await world.account('chief@example.com', 'admin');
    const owner = await world.account('owner@example.com');
    keep(admin.token, owner.token);
    const { id } = await send('/restaurants', { name: 'Annapurna', ownerEmail: owner.email }, admin.token);
    const key = (await send(`/restaurants/${id}/api-keys`, { name: 'Till', scopes: ['orders:read'] }, owner.token)).token;
    keep(key, key.slice(-43));
    expect((await world.get(`/restaurants/${id}/orders`, key)).status).toBe(200);
    // Whoever sends one where it does not belong has it kept no more than elsewhere.
    await world.get(`/me?access_token=${second}`);
    await world.call('POST', '/auth/login', { raw: `{"password":"${PASSWORD}"` });
    await world.post('/auth/login', { identifier: PASSWORD, password: WRONG });
    await mailTo(node.container, email);
    await node.container.get(Platform.eventLog).settle();

    const tables = await rows();
    const cache = await node.redis.run(kept);
    expect([lines.length > 20, tables.size > 40, cache.length > 200, secrets.size > 40]).toEqual([true, true, true, true]);
    const places = new Map([...tables, ['the log', lines.join('\n')], ['Redis', cache]]);
    for (const [place, text] of places) {
      for (const secret of secrets) expect(text.includes(secret), `${place} holds ${secret.slice(0, 8)}…`).toBe(false);
    }
    // Nor who somebody is, where it is nobody's business.
    for (const place of ['the log', 'Redis']) expect(places.get(place)).not.toMatch(/whistle@|98100|tara\.whistle/);
    for (const place of ['platform.events', 'audit.entries']) expect(places.get(place)).not.toMatch(/\$2[aby]\$|98100 ?00555/);
    for (const place of ['platform.events', 'audit.entries', 'identity.accounts', 'notifications.emails'])
      expect(tables.get(place)?.length).toBeGreaterThan(100);
  });
});
