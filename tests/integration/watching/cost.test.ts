import { ContainerModule } from 'inversify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RedisConnection } from '#adapters/redis/connection.ts';
import { Platform } from '#composition/modules/platform.ts';
import { type Kitchen, openKitchen } from '../../support/kitchen.ts';
import { freshRedis, HAS_REDIS } from '../../support/redis.ts';
import { startWorld, type World } from '../../support/world.ts';

/** What is counted costs the same on every machine. */
describe.runIf(HAS_REDIS)('what placing an order pays for the cache and for being watched, over one Redis', () => {
  let world: World;
  let kitchen: Kitchen;
  let redis: RedisConnection;
  beforeAll(async () => {
    redis = await freshRedis();
    world = await startWorld('pglite', new ContainerModule(({ bind }) => void bind(Platform.redis).toConstantValue(redis)));
    kitchen = await openKitchen(world);
    await world.container.get(Platform.eventLog).settle();
    await world.container.get(Platform.eventLog).stop(); // Nobody else may talk while we count.
  });
  afterAll(async () => {
    await world.close();
    await redis.close();
  });

  it('asks Redis nothing, neither before nor after', async () => {
    const calls = async (work: () => Promise<{ readonly status: number }>) => {
      const before = redis.stats.calls;
      expect((await work()).status).toBeLessThan(300);
      await new Promise((resolve) => setImmediate(resolve));
      return redis.stats.calls - before;
    };
    const place = () => world.order(kitchen.body([kitchen.line('thali')]), kitchen.customer);
    await place();
    const ofSession = await calls(() => world.get('/me', kitchen.customer));
    expect(await calls(place)).toBe(ofSession);
  });

  it('is told of every statement once, and starts no span', async () => {
    const statements = world.container.get(Platform.statements);
    const { took } = statements;
    const told: string[] = [];
    statements.took = (operation) => void told.push(operation);
    const before = statements.count;
    await world.order(kitchen.body([kitchen.line('dal')]), kitchen.customer);
    const sent = statements.count - before;
    if (took) statements.took = took;
    expect(sent).toBeGreaterThan(3);
    expect(told.length).toBeLessThanOrEqual(sent); // BEGIN and COMMIT are the embedded database's own.
    expect(told.length).toBeGreaterThanOrEqual(sent - 4);
  });
});
