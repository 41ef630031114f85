import type { Container } from 'inversify';
import { CommitRelay } from '#adapters/redis/commit-relay.ts';
import { RedisConnection } from '#adapters/redis/connection.ts';
import type { Log } from '#application/shared/ports.ts';
import type { Config } from './config.ts';
import { Platform } from './modules/platform.ts';

/** The connection that the configuration asks for, if any; it may still be looking for its server. */
export async function openRedis({ redis }: Pick<Config, 'redis'>, log: Log): Promise<RedisConnection | undefined> {
  if (redis === undefined) return undefined;
  const connection = new RedisConnection(redis, log);
  await connection.open();
  return connection;
}

/** Lets this process and the others of its installation hear of each other's commits. */
export function relayCommits(redis: RedisConnection, container: Container): CommitRelay {
  const relay = new CommitRelay(redis, container.get(Platform.committed));
  relay.start();
  return relay;
}
