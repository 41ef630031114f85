import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryRateLimits } from '#adapters/memory/rate-limits.ts';
import { RedisAway, type RedisConnection } from '#adapters/redis/connection.ts';
import { RedisSessionStandings } from '#adapters/redis/identity/session-standings.ts';
import { RedisRateLimits } from '#adapters/redis/rate-limits.ts';
import { RateLimitsWithFallback } from '#adapters/redis/rate-limits-with-fallback.ts';
import { CommitSignal } from '#adapters/shared/committed.ts';
import type { AccountActor } from '#application/identity/ports.ts';
import type { Budget } from '#application/platform/rate-limits.ts';
import { freshRedis, HAS_REDIS, nowhere, RedisServer } from '../../support/redis.ts';
import { median } from '../../support/timing.ts';

/** What a call may cost more than with Redis there: on a machine that is busy with other things both are slower. */
const SLOWER_MS = 50;
const PATIENCE_MS = 40;
const FIVE: Budget = { limit: { name: 'auth', max: 5, windowMs: 60_000 }, key: 'somebody' };
const PLENTY: Budget = { limit: { name: 'general', max: 10_000, windowMs: 60_000 }, key: 'somebody' };

const timed = async <T>(ask: () => Promise<T>): Promise<{ readonly value: T; readonly ms: number }> => {
  const began = performance.now();
  return { value: await ask(), ms: performance.now() - began };
};

it('a Redis that was never there keeps nobody waiting, neither at the start nor later', async () => {
  const opened = await timed(async () => freshRedis({ url: await nowhere(), patienceMs: PATIENCE_MS }));
  expect(opened.ms).toBeLessThan(3_000);
  const connection = opened.value;
  expect(connection.stats).toMatchObject({ isAway: true, calls: 0 });
  const limits = new RateLimitsWithFallback(new RedisRateLimits(connection), new MemoryRateLimits(Date.now));
  const times: number[] = [];
  for (let i = 0; i < 6; i++) {
    const { value, ms } = await timed(() => limits.take([FIVE], `ticket-${i}`));
    expect(value.isGranted).toBe(i < 5);
    times.push(ms);
  }
  expect(median(times)).toBeLessThan(SLOWER_MS);
  await limits.putBack([FIVE], 'ticket-0');
  expect((await limits.take([FIVE], 'another')).isGranted).toBe(true);
  await expect(connection.run((redis) => redis.ping())).rejects.toThrow(RedisAway);
  await connection.close();
});

describe.runIf(HAS_REDIS).each(['SIGKILL', 'SIGSTOP'] as const)('Redis meets %s', (signal) => {
  let server: RedisServer;
  let connection: RedisConnection;
  beforeAll(async () => {
    server = await RedisServer.start();
    connection = await freshRedis({ url: server.url, patienceMs: PATIENCE_MS });
  });
  afterAll(async () => {
    await connection.close();
    await server.kill('SIGCONT');
    await server.kill('SIGKILL');
  });

  it('and requests go on, limits hold, sessions are asked of the database, and nothing waits', async () => {
    const limits = new RateLimitsWithFallback(new RedisRateLimits(connection), new MemoryRateLimits(Date.now));
    const committed = new CommitSignal();
    const standings = new RedisSessionStandings(connection, committed, Date.now);
    let isRevoked = false;
    let asked = 0;
    const load = async (sessionId: string): Promise<AccountActor | undefined> => {
      asked += 1;
      return isRevoked ? undefined : { kind: 'account', accountId: 'a', sessionId, permissions: [], grants: [] };
    };
    let n = 0;
    const take = (budget: Budget) => limits.take([budget], `ticket-${n++}`);
    const request = async () => {
      const [standing, taken] = [await standings.get('s1', load), await take(PLENTY)];
      return standing !== undefined && taken.isGranted;
    };

    for (let i = 0; i < 3; i++) expect((await take(FIVE)).isGranted).toBe(true);
    for (let i = 0; i < 20; i++) expect(await request()).toBe(true);
    expect(asked).toBeLessThan(20);
    for (let i = 0; i < 100 && connection.stats.isAway; i++) await pause(20);

    // In the middle of a stream of requests.
    let isRunning = true;
    let isKilled = false;
    const slowest = { before: 0, after: 0 };
    const stalls = monitorEventLoopDelay({ resolution: 2 }); // What a busy machine costs is not Redis's doing.
    stalls.enable();
    const answers: boolean[] = [];
    const stream = Array.from({ length: 8 }, async () => {
      while (isRunning) {
        const { value, ms } = await timed(request);
        answers.push(value);
        const when = isKilled ? 'after' : 'before';
        slowest[when] = Math.max(slowest[when], ms);
        await pause(2);
      }
    });
    await pause(400);
    isKilled = true;
    await server.kill(signal);
    await pause(700);
    isRunning = false;
    await Promise.all(stream);
    expect(answers.length).toBeGreaterThan(100);
    expect(answers.every(Boolean)).toBe(true);
    expect(slowest.after).toBeLessThan(slowest.before + SLOWER_MS + 10 + stalls.max / 1e6);
    expect(connection.stats).toMatchObject({ isAway: true });
    expect(connection.stats.failures).toBeLessThanOrEqual(30); // Nobody else had to find out.

    // The three attempts from before count on here, and no cache speaks for a session.
    expect([await take(FIVE), await take(FIVE), await take(FIVE)].map(({ isGranted }) => isGranted)).toEqual([true, true, false]);
    const before = asked;
    await request();
    isRevoked = true;
    committed.emit([{ type: 'identity.session_revoked', stream: 'session:s1', restaurantId: null }]);
    expect(await standings.get('s1', load)).toBeUndefined();
    expect(asked).toBe(before + 2);
    await expect(standings.get('s1', () => Promise.reject(new Error('no database')))).rejects.toThrow('no database');

    if (signal === 'SIGSTOP') await server.kill('SIGCONT');
    else await server.up();
    for (let i = 0; i < 100 && connection.stats.isAway; i++) await pause(50);
    expect(connection.stats.isAway).toBe(false);
    expect((await take(PLENTY)).isGranted).toBe(true);
  });
});

describe.runIf(HAS_REDIS).each(['full', 'read-only'])('a Redis that is %s', (state) => {
  it('is done without: limits hold in this process, and nothing fails', async () => {
    const server = await RedisServer.start();
    const connection = await freshRedis({ url: server.url });
    const limits = new RateLimitsWithFallback(new RedisRateLimits(connection), new MemoryRateLimits(Date.now));
    expect((await limits.take([FIVE], 'first')).isGranted).toBe(true);
    await connection.run((redis) =>
      state === 'full' ? redis.config('SET', 'maxmemory', '1') : redis.call('REPLICAOF', '127.0.0.1', String(server.port + 1)),
    );
    const granted: boolean[] = [];
    for (let i = 0; i < 6; i++) granted.push((await limits.take([FIVE], `ticket-${i}`)).isGranted);
    expect(granted).toEqual([true, true, true, true, false, false]);
    await limits.putBack([FIVE], 'first');
    expect((await limits.take([FIVE], 'another')).isGranted).toBe(true);
    const standings = new RedisSessionStandings(connection, new CommitSignal(), Date.now);
    expect(await standings.get('s1', async () => undefined)).toBeUndefined();
    expect(connection.stats.isAway).toBe(false); // It answers; nobody waits for it.
    await connection.close();
    await server.kill('SIGKILL');
  });
});
