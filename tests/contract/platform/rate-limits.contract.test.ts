import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryRateLimits } from '#adapters/memory/rate-limits.ts';
import type { RedisConnection } from '#adapters/redis/connection.ts';
import { RedisRateLimits } from '#adapters/redis/rate-limits.ts';
import type { Budget, RateLimits } from '#application/platform/rate-limits.ts';
import { COUNTING, freshRedis } from '../../support/redis.ts';

const WINDOW_MS = 1_000;

describe.each(COUNTING)('rate limits in %s', (counting) => {
  let connection: RedisConnection | undefined;
  let limits: RateLimits;
  let n = 0;
  beforeAll(async () => {
    connection = counting === 'redis' ? await freshRedis() : undefined;
    limits = connection ? new RedisRateLimits(connection) : new MemoryRateLimits(Date.now);
  });
  afterAll(() => connection?.close());

  const ticket = () => `ticket-${n++}`;
  const budget = (max: number, windowMs = WINDOW_MS, key = `key-${n++}`): Budget => ({ limit: { name: 'test', max, windowMs }, key });
  const take = async (...budgets: Budget[]) => (await limits.take(budgets, ticket())).isGranted;

  it('grant as many as there are and then none, and say what is left', async () => {
    const three = budget(3, 60_000);
    const left: number[] = [];
    for (let i = 0; i < 4; i++) left.push((await limits.take([three], ticket())).budgets[0]?.left as number);
    expect(left).toEqual([2, 1, 0, 0]);
    const refused = await limits.take([three], ticket());
    expect(refused.isGranted).toBe(false);
    expect(refused.budgets[0]?.freeInMs).toBeGreaterThan(50_000);
    expect(refused.budgets[0]?.freeInMs).toBeLessThanOrEqual(60_000);
  });

  it('are exact when 500 ask at once', async () => {
    const [five, hundred] = [budget(5, 60_000), budget(100, 60_000)];
    const granted = (budgets: Budget[]) =>
      Promise.all(Array.from({ length: 500 }, () => take(...budgets))).then((answers) => answers.filter(Boolean).length);
    expect(await Promise.all([granted([five]), granted([hundred])])).toEqual([5, 100]);
  });

  it('take from all budgets or from none', async () => {
    const [one, ten] = [budget(1, 60_000), budget(10, 60_000)];
    expect(await take(one, ten)).toBe(true);
    for (let i = 0; i < 20; i++) expect(await take(one, ten)).toBe(false);
    expect((await limits.take([ten], ticket())).budgets[0]?.left).toBe(8); // What was refused has burned nothing.
  });

  it('put back what a ticket took, and only that', async () => {
    const two = budget(2, 60_000);
    await limits.take([two], 'mine');
    await limits.take([two], 'theirs');
    await limits.putBack([two], 'mine');
    await limits.putBack([two], 'mine');
    expect([await take(two), await take(two)]).toEqual([true, false]);
  });

  it('keep keys and limits apart', async () => {
    const a = budget(1, 60_000, 'a');
    expect(await take(a)).toBe(true);
    expect(await take({ ...a, key: 'b' })).toBe(true);
    expect(await take({ ...a, limit: { ...a.limit, name: 'other' } })).toBe(true);
    expect(await take(a)).toBe(false);
  });

  it('give back each one as it leaves the window, and not the others', async () => {
    const two = budget(2, 3_000);
    expect(await take(two)).toBe(true);
    await pause(2_000);
    expect([await take(two), await take(two)]).toEqual([true, false]);
    await pause(1_100);
    expect([await take(two), await take(two)]).toEqual([true, false]);
  });

  it('never let more through in any stretch of a window, wherever it begins', async () => {
    const ten = budget(10);
    const grants: { readonly from: number; readonly to: number }[] = [];
    const burst = async (n: number): Promise<void> => {
      for (let i = 0; i < n; i++) {
        const from = performance.now();
        if (await take(ten)) grants.push({ from, to: performance.now() });
      }
    };
    // A fixed window lets nearly twice as many through around its edge.
    await burst(1);
    await pause(WINDOW_MS * 0.9);
    await burst(15);
    await pause(WINDOW_MS * 0.2);
    await burst(15);
    await pause(WINDOW_MS * 0.95);
    await burst(15);
    // Whatever was granted within a window of when the first of them was asked for.
    for (const { from } of grants) expect(grants.filter(({ to }) => to >= from && to < from + WINDOW_MS).length).toBeLessThanOrEqual(10);
    expect(grants.length).toBeGreaterThan(15);
  });

  if (counting === 'redis')
    it('are counted together by two nodes, and forgotten when they are over', async () => {
      const other = new RedisRateLimits(connection as RedisConnection);
      const two = budget(2, 60_000);
      expect([await take(two), (await other.take([two], ticket())).isGranted, await take(two)]).toEqual([true, true, false]);
      const key = (connection as RedisConnection).key('limit', 'test', two.key);
      const leftMs = await (connection as RedisConnection).run((redis) => redis.pttl(key));
      expect(leftMs).toBeGreaterThan(0);
      expect(leftMs).toBeLessThanOrEqual(60_000);
    });
});
