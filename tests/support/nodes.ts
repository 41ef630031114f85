import type { Container, ContainerModule } from 'inversify';
import type { RedisConnection } from '#adapters/redis/connection.ts';
import { createContainer } from '#composition/container.ts';
import type { Database } from '#composition/database.ts';
import { Platform } from '#composition/modules/platform.ts';
import { relayCommits } from '#composition/redis.ts';
import { SILENT, testConfig } from './profiles.ts';
import { freshRedis } from './redis.ts';
import { World } from './world.ts';

/** One of several processes of an installation: they share a database and a Redis, and nothing else. */
export type Node = { readonly world: World; readonly container: Container; readonly redis: RedisConnection; stop(): Promise<void> };

export async function startNode(database: Database, redisUrl: string, ...overrides: readonly ContainerModule[]): Promise<Node> {
  const redis = await freshRedis({ url: redisUrl, prefix: 'nodes', patienceMs: 2_000 });
  const secret = 'a-secret-that-only-the-tests-know-000';
  const container = createContainer({ config: testConfig, secret, log: SILENT, store: database.store, redis }, ...overrides);
  const relay = relayCommits(redis, container);
  await container.get(Platform.eventLog).start();
  return {
    world: new World(container, database),
    container,
    redis,
    async stop() {
      await container.get(Platform.eventLog).stop();
      relay.stop();
      await redis.close();
      await container.unbindAllAsync();
    },
  };
}
