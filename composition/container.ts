import type { MikroORM } from '@mikro-orm/postgresql';
import { Container, type ContainerModule } from 'inversify';
import type { JobsDatabase } from '#adapters/jobs/boss.ts';
import type { StatementCounter } from '#adapters/postgres/orm.ts';
import type { RedisConnection } from '#adapters/redis/connection.ts';
import type { Log } from '#application/shared/ports.ts';
import type { Config } from './config.ts';
import { Platform } from './modules/platform.ts';
import { MODULES } from './modules.ts';

/** The database a process runs on, opened and migrated: none (memory) or one that MikroORM speaks to. */
export type Store =
  | { readonly kind: 'memory' }
  | { readonly kind: 'sql'; readonly orm: MikroORM; readonly jobs: JobsDatabase; readonly statements?: StatementCounter };

export type Process = {
  readonly config: Config;
  readonly secret: string;
  readonly log: Log;
  readonly store: Store;
  readonly redis?: RedisConnection | undefined;
};

/** Wires every module for one store. `overrides` replace bindings, for tests. */
export function createContainer({ config, secret, log, store, redis }: Process, ...overrides: readonly ContainerModule[]): Container {
  const container = new Container();
  container.bind(Platform.config).toConstantValue(config);
  container.bind(Platform.secret).toConstantValue(secret);
  container.bind(Platform.log).toConstantValue(log);
  if (redis) container.bind(Platform.redis).toConstantValue(redis);
  if (store.kind === 'sql') {
    container.bind(Platform.orm).toConstantValue(store.orm);
    if (store.statements) container.bind(Platform.statements).toConstantValue(store.statements);
    container.bind(Platform.jobsDatabase).toConstantValue(store.jobs);
  }
  for (const module of MODULES) container.load(module.core, store.kind === 'sql' ? module.postgres : module.memory);
  container.load(...overrides);
  return container;
}
