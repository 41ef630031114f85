import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryRateLimits } from '#adapters/memory/rate-limits.ts';
import type { RedisConnection } from '#adapters/redis/connection.ts';
import { RedisSessionStandings } from '#adapters/redis/identity/session-standings.ts';
import { RedisRateLimits } from '#adapters/redis/rate-limits.ts';
import { RateLimitsWithFallback } from '#adapters/redis/rate-limits-with-fallback.ts';
import { CommitSignal } from '#adapters/shared/committed.ts';
import type { AccountActor } from '#application/identity/ports.ts';
import type { Budget } from '#application/platform/rate-limits.ts';
import { freshRedis, RedisServer } from '../../support/redis.ts';

/** What a call may cost more than with Redis there. */
const SLOWER_MS = 50;
const FIVE: Budget = { limit: { name: 'auth', max: 5, windowMs: 60_000 }, key: 'somebody' };
const PLENTY: Budget = { limit: { name: 'general', max: 10_000, windowMs: 60_000 }, key: 'somebody' };

const timed = async <T>(ask: () => Promise<T>): Promise<{ readonly value: T; readonly ms: number }> => {
  const began = performance.now();
  return { value: await ask(), ms: performance.now() - began };
};

describe.each(['SIGKILL', 'SIGSTOP'] as const)('Redis meets %s', (signal) => {
  let server: RedisServer;
  let connection: RedisConnection;
  beforeAll(async () => {
    server = await RedisServer.start();
    connection = await freshRedis(server.url);
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
    expect(asked).toBe(1);
    expect(connection.stats.isAway).toBe(false);

    // In the middle of a stream of requests.
    let isRunning = true;
    const slowest = { ms: 0 };
    const answers: boolean[] = [];
    const stream = Array.from({ length: 8 }, async () => {
      while (isRunning) {
        const { value, ms } = await timed(request);
        answers.push(value);
        slowest.ms = Math.max(slowest.ms, ms);
        await pause(2);
      }
    });
    await pause(100);
    await server.kill(signal);
    await pause(700);
    isRunning = false;
    await Promise.all(stream);
    expect(answers.length).toBeGreaterThan(200);
    expect(answers.every(Boolean)).toBe(true);
    expect(slowest.ms).toBeLessThan(SLOWER_MS + 25); // The machine's own hiccups.
    expect(connection.stats).toMatchObject({ isAway: true });
    expect(connection.stats.failures).toBeLessThanOrEqual(8); // Nobody else had to find out.

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
