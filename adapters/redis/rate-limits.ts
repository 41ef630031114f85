import type { Redis } from 'ioredis';
import type { Budget, RateLimits, Taken } from '#application/platform/rate-limits.ts';
import type { RedisConnection } from './connection.ts';

/**
 * One log of tickets (a sorted set by time) for each budget. All are looked at before any is written, and the whole script
 * runs alone, so however many ask at once the windows are exact. The time is the server's: nodes need not agree on theirs.
 */
const TAKE = `
  local t = redis.call('TIME')
  local now = t[1] * 1000 + math.floor(t[2] / 1000)
  local granted, counts, frees = 1, {}, {}
  for i = 1, #KEYS do
    local max, window = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
    redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now - window)
    counts[i] = redis.call('ZCARD', KEYS[i])
    frees[i] = window
    if counts[i] > 0 then frees[i] = tonumber(redis.call('ZRANGE', KEYS[i], 0, 0, 'WITHSCORES')[2]) + window - now end
    if counts[i] >= max then granted = 0 end
  end
  local reply = { granted }
  for i = 1, #KEYS do
    local max, window = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
    if granted == 1 then
      redis.call('ZADD', KEYS[i], now, ARGV[1])
      redis.call('PEXPIRE', KEYS[i], window)
      counts[i] = counts[i] + 1
    end
    reply[2 * i] = math.max(0, max - counts[i])
    reply[2 * i + 1] = frees[i]
  end
  return reply`;

type Scripted = Redis & { takeBudgets(keys: number, ...args: readonly (string | number)[]): Promise<number[]> };

/** Limits that every node counts together. */
export class RedisRateLimits implements RateLimits {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async take(budgets: readonly Budget[], ticket: string): Promise<Taken> {
    const keys = budgets.map((budget) => this.#key(budget));
    const args = budgets.flatMap(({ limit }) => [limit.max, limit.windowMs]);
    const [granted, ...rest] = await this.#connection.run((redis) => scripted(redis).takeBudgets(keys.length, ...keys, ticket, ...args));
    return { isGranted: granted === 1, budgets: budgets.map((_, i) => ({ left: Number(rest[2 * i]), freeInMs: Number(rest[2 * i + 1]) })) };
  }

  async putBack(budgets: readonly Budget[], ticket: string): Promise<void> {
    await this.#connection.run((redis) => Promise.all(budgets.map((budget) => redis.zrem(this.#key(budget), ticket))));
  }

  #key({ limit, key }: Budget): string {
    return this.#connection.key('limit', limit.name, key);
  }
}

function scripted(redis: Redis): Scripted {
  if (!('takeBudgets' in redis)) redis.defineCommand('takeBudgets', { lua: TAKE });
  return redis as Scripted;
}
