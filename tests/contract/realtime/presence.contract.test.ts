import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryPresence } from '#adapters/memory/realtime/presence.ts';
import type { RedisConnection } from '#adapters/redis/connection.ts';
import { RedisPresence } from '#adapters/redis/realtime/presence.ts';
import type { Presence } from '#application/realtime/ports.ts';
import { COUNTING, freshRedis } from '../../support/redis.ts';

const CHANNEL = 'chat:one';
const member = (clientId: string, userId: string) => ({ clientId, userId });

describe.each(COUNTING)('presence on %s', (kind) => {
  let redis: RedisConnection | undefined;
  let presence: Presence;

  beforeAll(async () => {
    redis = kind === 'redis' ? await freshRedis() : undefined;
    presence = redis ? new RedisPresence(redis) : new MemoryPresence();
  });
  afterAll(() => redis?.close());

  it('knows two tabs as two clients and one user: the first comes, the last goes', async () => {
    expect(await presence.members(CHANNEL)).toEqual([]);
    expect(await presence.enter(CHANNEL, member('tab-1', 'asha'))).toBe(true);
    expect(await presence.enter(CHANNEL, member('tab-2', 'asha'))).toBe(false);
    expect(await presence.enter(CHANNEL, member('phone', 'ravi'))).toBe(true);
    expect(await presence.enter('chat:two', member('tab-1', 'asha'))).toBe(true);
    const members = await presence.members(CHANNEL);
    expect(members.toSorted((a, b) => a.clientId.localeCompare(b.clientId))).toEqual([
      member('phone', 'ravi'),
      member('tab-1', 'asha'),
      member('tab-2', 'asha'),
    ]);
    expect(await presence.leave(CHANNEL, member('tab-1', 'asha'))).toBe(false);
    expect(await presence.leave(CHANNEL, member('tab-2', 'asha'))).toBe(true);
    expect(await presence.leave(CHANNEL, member('tab-2', 'asha'))).toBe(false);
    expect(await presence.members(CHANNEL)).toEqual([member('phone', 'ravi')]);
    expect(await presence.keep(CHANNEL, [member('phone', 'ravi')])).toEqual([]);
  });

  it('has one user come first, however many of their clients come at once', async () => {
    const firsts = await Promise.all(Array.from({ length: 8 }, (_, i) => presence.enter('chat:rush', member(`c${i}`, 'asha'))));
    expect(firsts.filter(Boolean)).toHaveLength(1);
    const lasts = await Promise.all(Array.from({ length: 8 }, (_, i) => presence.leave('chat:rush', member(`c${i}`, 'asha'))));
    expect(lasts.filter(Boolean)).toHaveLength(1);
  });

  if (kind === 'redis')
    it('takes those for gone whose node died, and says so once', async () => {
      const channel = 'chat:dead';
      await presence.enter(channel, member('lost-1', 'asha'));
      await presence.enter(channel, member('lost-2', 'meera'));
      await presence.enter(channel, member('kept', 'meera'));
      await redis?.run(async (one) => {
        const key = redis?.key('rt', `{${channel}}`, 'until') as string;
        await one.zadd(key, 'XX', 1, 'lost-1', 1, 'lost-2'); // Their minute is over.
      });
      const gone = await Promise.all([presence.keep(channel, [member('kept', 'meera')]), presence.keep(channel, [member('kept', 'meera')])]);
      expect(gone.flat()).toEqual([member('lost-1', 'asha')]);
      expect(await presence.members(channel)).toEqual([member('kept', 'meera')]);
    });
});
