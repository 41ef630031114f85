import type { Redis } from 'ioredis';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#adapters/shared/eventually.ts';
import type { Database } from '#composition/database.ts';
import { Identity } from '#composition/modules/identity.ts';
import { mailTo, tokenIn } from '../../support/mail.ts';
import { type Node, startNode } from '../../support/nodes.ts';
import { freshDatabase } from '../../support/profiles.ts';
import { HAS_REDIS, RedisServer } from '../../support/redis.ts';
import { TEST_DATABASE_URL } from '../../support/server-databases.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const PASSWORD = 'tiffin-At-7-sharp';
const NEW = 'Kulfi-at-9-maybe';
const SOON_MS = 1_000;
const STEP = 30_000;
const MANY = 20;

// Two processes need a database that two can open, and a Redis that the test may break.
describe.runIf(TEST_DATABASE_URL !== undefined && HAS_REDIS)('two processes on PostgreSQL and Redis', () => {
  const clock = new VirtualClock(1_790_000_000_000);
  let redis: RedisServer;
  let database: Database;
  let one: Node;
  let other: Node;
  let made = 0;

  beforeAll(async () => {
    redis = await RedisServer.start();
    database = await freshDatabase('postgres');
    one = await startNode(database, redis.url, clock.override());
    other = await startNode(database, redis.url, clock.override());
  });
  afterAll(async () => {
    await one?.stop();
    await other?.stop();
    await redis?.kill('SIGKILL');
    await database?.close();
  });

  const person = async () => {
    const email = `nomad${++made}@example.com`;
    expect((await one.world.post('/auth/register', { email, password: PASSWORD, displayName: 'Tara Sen' })).status).toBe(201);
    return email;
  };
  const login = async (email: string, node = one) => (await node.world.post('/auth/login', { identifier: email, password: PASSWORD })).body;
  const me = async (token: string, node = other) => (await node.world.get('/me', token)).status;
  const refresh = (refreshToken: string, node: Node) => node.world.post('/auth/refresh', { refreshToken });
  const both = (i: number): Node => (i % 2 === 0 ? one : other);
  const wellKnown = async (token: string) => {
    for (let i = 0; i < 3; i++) expect(await me(token)).toBe(200);
  };
  const endsSoon = async (token: string) =>
    expect(
      await eventually(
        () => me(token),
        (status) => status !== 200,
        SOON_MS,
      ),
    ).toBe(401);
  const codeOf = (secret: string) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now() });
  const enrolled = async () => {
    const email = await person();
    const { accessToken } = await login(email);
    const { secret } = (await one.world.post('/me/second-factor', { password: PASSWORD }, accessToken)).body;
    const { backupCodes } = (await one.world.post('/me/second-factor/confirmation', { code: codeOf(secret) }, accessToken)).body;
    clock.advance(STEP);
    return { email, secret: secret as string, backupCodes: backupCodes as string[] };
  };

  it('signing out on one ends the session on the other', async () => {
    const { accessToken } = await login(await person());
    await wellKnown(accessToken);
    expect((await one.world.post('/auth/logout', undefined, accessToken)).status).toBe(204);
    await endsSoon(accessToken);
  });

  it('and does so while nobody can hear of it, because Redis lets nobody publish or listen', async () => {
    const { accessToken } = await login(await person());
    await wellKnown(accessToken);
    await one.redis.run((client) => client.call('ACL', 'SETUSER', 'default', 'resetchannels'));
    const isDeaf = (client: Redis) =>
      client.publish('nodes:committed', 'x').then(
        () => false,
        ({ message }: Error) => message.includes('NOPERM'),
      );
    expect(await one.redis.run(isDeaf)).toBe(true);
    try {
      expect((await one.world.post('/auth/logout', undefined, accessToken)).status).toBe(204);
      await endsSoon(accessToken);
    } finally {
      await one.redis.run((client) => client.call('ACL', 'SETUSER', 'default', 'allchannels'));
    }
    expect(await me(accessToken)).toBe(401); // And stays so.
    const listeners = (client: Redis) => client.pubsub('NUMSUB', 'nodes:committed') as Promise<[string, number]>;
    expect(
      await eventually(
        () => one.redis.run(listeners),
        ([, count]) => Number(count) === 2,
        10_000,
      ),
    ).toEqual(['nodes:committed', 2]);
  });

  it('and does so without Redis at all, which is then asked for nothing', async () => {
    const { accessToken } = await login(await person());
    await wellKnown(accessToken);
    await redis.kill('SIGKILL');
    expect(await me(accessToken)).toBe(200);
    expect((await one.world.post('/auth/logout', undefined, accessToken)).status).toBe(204);
    expect(await me(accessToken)).toBe(401);
    await redis.up();
    await eventually(
      async () => one.redis.stats.isAway || other.redis.stats.isAway,
      (isAway) => !isAway,
      10_000,
    );
    expect(await me(accessToken)).toBe(401);
  });

  it('what was ended or used up stays so when everything is started again, Redis empty', async () => {
    const email = await person();
    const [out, rotated] = [await login(email), await login(email)];
    await one.world.post('/auth/logout', undefined, out.accessToken);
    const successor = (await refresh(rotated.refreshToken, one)).body.refreshToken;
    expect((await refresh(successor, one)).status).toBe(200);
    clock.advance(11_000);
    await other.redis.run((client) => client.flushall());
    await other.stop();
    other = await startNode(database, redis.url, clock.override());
    expect(await me(out.accessToken)).toBe(401);
    expect((await refresh(out.refreshToken, other)).body.code).toBe('identity.refresh_token_invalid');
    expect((await refresh(rotated.refreshToken, other)).body.code).toBe('identity.refresh_token_reused');
    expect(await me(rotated.accessToken)).toBe(401); // The whole session went with it.
  });

  it('renewals at once on both get one and the same next token', async () => {
    const { refreshToken } = await login(await person());
    const answers = await Promise.all(Array.from({ length: MANY }, (_, i) => refresh(refreshToken, both(i))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.refreshToken)).size).toBe(1);
    expect((await refresh(answers[0]?.body.refreshToken, other)).status).toBe(200);
  });

  it('one of many who use a link for a new password at once wins', async () => {
    const email = await person();
    await one.world.post('/auth/reset-password', { identifier: email });
    const token = tokenIn((await mailTo(one.container, email))[0]);
    const use = (i: number) => both(i).world.post('/auth/verify-reset', { token, newPassword: `${NEW}-${i}` });
    const answers = await Promise.all(Array.from({ length: MANY }, (_, i) => use(i)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array.from({ length: MANY - 1 }, () => 400)]);
  });

  it('a code of the phone and a backup code are each good once, however many sign-ins wait for one', async () => {
    const { email, secret, backupCodes } = await enrolled();
    for (const code of [codeOf(secret), backupCodes[0] as string]) {
      const { challenge } = await login(email);
      const answer = (i: number) => both(i).world.post('/auth/second-factor', { challenge, code });
      const answers = await Promise.all(Array.from({ length: MANY }, (_, i) => answer(i)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      clock.advance(60 * 60_000); // Whoever lost has used up their attempts.
    }
  });

  it('five of a hundred guesses at once reach the password', async () => {
    const email = await person();
    let verified = 0;
    for (const { container } of [one, other]) {
      const hasher = container.get(Identity.hasher);
      const verify = hasher.verify.bind(hasher);
      hasher.verify = (...given) => {
        verified += 1;
        return verify(...given);
      };
    }
    const guess = (i: number) => both(i).world.post('/auth/login', { identifier: email, password: `wrong-${i}` });
    await Promise.all(Array.from({ length: 100 }, (_, i) => guess(i)));
    expect(verified).toBe(5);
  });
});
