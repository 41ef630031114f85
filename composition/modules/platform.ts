import type { MikroORM } from '@mikro-orm/postgresql';
import { ContainerModule } from 'inversify';
import type { AnyRoute } from '#adapters/http/route.ts';
import type { JobsDatabase } from '#adapters/jobs/boss.ts';
import { PgBossJobs } from '#adapters/jobs/pg-boss.ts';
import { MemoryEventLog } from '#adapters/memory/event-log.ts';
import { MemoryJobs } from '#adapters/memory/platform/jobs.ts';
import { MemoryRateLimits } from '#adapters/memory/rate-limits.ts';
import { memoryRequestQueries } from '#adapters/memory/requests.ts';
import { MemoryStore } from '#adapters/memory/store.ts';
import type { MemoryTx } from '#adapters/memory/tx.ts';
import { type MemoryPlatform, memoryUnitOfWork } from '#adapters/memory/unit-of-work.ts';
import { PLATFORM_ROWS } from '#adapters/postgres/events/event.rows.ts';
import { PostgresEventLog } from '#adapters/postgres/events/event-log.ts';
import type { StatementCounter } from '#adapters/postgres/orm.ts';
import { postgresRequestQueries } from '#adapters/postgres/requests.ts';
import { type Sql, sqlOf } from '#adapters/postgres/sql.ts';
import type { PostgresTx } from '#adapters/postgres/tx.ts';
import { type PostgresPlatform, postgresUnitOfWork } from '#adapters/postgres/unit-of-work.ts';
import { RedisCacheTier } from '#adapters/redis/cache-tier.ts';
import type { RedisConnection } from '#adapters/redis/connection.ts';
import { RedisRateLimits } from '#adapters/redis/rate-limits.ts';
import { RateLimitsWithFallback } from '#adapters/redis/rate-limits-with-fallback.ts';
import { CommitSignal } from '#adapters/shared/committed.ts';
import { JobRuns } from '#adapters/shared/platform/job-runs.ts';
import { TieredCache } from '#adapters/shared/platform/tiered-cache.ts';
import type { Worker } from '#adapters/shared/reaction.ts';
import { observedSubscription } from '#adapters/shared/telemetry/observed.ts';
import { uuidv7 } from '#adapters/system/ids.ts';
import type { Cache } from '#application/platform/cache.ts';
import type { Check } from '#application/platform/health.ts';
import type { Measure } from '#application/platform/measures.ts';
import { type Journal, noteBypass } from '#application/platform/note-bypass.ts';
import type { RateLimits } from '#application/platform/rate-limits.ts';
import type { EventLog } from '#application/shared/event-log.ts';
import type { Outlet, Subscription } from '#application/shared/events.ts';
import type { AnyJobHandler, Job, Jobs } from '#application/shared/job.ts';
import type { Clock, Ids, Log } from '#application/shared/ports.ts';
import type { RequestQueries } from '#application/shared/requests.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { Config } from '../config.ts';
import { token } from '../token.ts';
import { type Module, many, maybe } from './module.ts';

export type Secrets = readonly [string, ...string[]];

export const Platform = {
  config: token<Config>('config'),
  /** The master secrets that every key is derived from, as they are configured. */
  secret: token<string>('secret'),
  /** The same one by one, the current one first. */
  secrets: token<Secrets>('secrets'),
  /** Bound when the installation has one. */
  redis: token<RedisConnection>('redis'),
  rateLimits: token<RateLimits>('rate-limits'),
  journal: token<UnitOfWork<Journal>>('journal'),
  noteBypass: token<ReturnType<typeof noteBypass>>('note-bypass'),
  clock: token<Clock>('clock'),
  ids: token<Ids>('ids'),
  log: token<Log>('log'),
  committed: token<CommitSignal>('committed'),
  cache: token<Cache>('cache'),
  requests: token<RequestQueries>('requests'),
  eventLog: token<EventLog>('event-log'),
  /** Whatever does the jobs: one of the two below, which ask for work in a transaction of their kind. */
  jobRunner: token<Jobs>('job-runner'),
  postgresJobs: token<PgBossJobs>('postgres-jobs'),
  memoryJobs: token<MemoryJobs>('memory-jobs'),

  /** Bound once by each module that has any. */
  routes: token<readonly AnyRoute[]>('routes'),
  jobs: token<Job>('jobs'),
  jobHandlers: token<AnyJobHandler>('job-handlers'),
  workers: token<Worker>('workers'),
  /** Called when the process takes no more connections, to let go of those that do not end with an answer. */
  drains: token<() => void | Promise<void>>('drains'),
  measures: token<Measure>('measures'),
  /** How the jobs of this process went. */
  jobRuns: token<JobRuns>('job-runs'),
  /** What /health asks, besides the database, the log and Redis. */
  checks: token<() => Promise<Check>>('checks'),
  postgresSubscriptions: token<Subscription<PostgresTx>>('postgres-subscriptions'),
  memorySubscriptions: token<Subscription<MemoryTx>>('memory-subscriptions'),
  outlets: token<Outlet>('outlets'),

  orm: token<MikroORM>('orm'),
  /** What is told of every statement of this process. */
  statements: token<StatementCounter>('statements'),
  jobsDatabase: token<JobsDatabase>('jobs-database'),
  postgres: token<PostgresPlatform>('postgres'),
  /** Statements outside a transaction, for queries. */
  sql: token<() => Sql>('sql'),
  store: token<MemoryStore>('store'),
  memory: token<MemoryPlatform>('memory'),
};

const observing =
  (ids: Ids) =>
  <Tx>(subscription: Subscription<Tx>): Subscription<Tx> =>
    observedSubscription(subscription, () => ids.next());

const CACHE_BOUNDS = { entriesMax: 20_000, bytesMax: 128 * 1024 * 1024 };

export const platform: Module = {
  core: new ContainerModule(({ bind }) => {
    bind(Platform.clock).toConstantValue({ now: Date.now });
    bind(Platform.ids)
      .toResolvedValue((clock: Clock) => uuidv7(() => clock.now()), [Platform.clock])
      .inSingletonScope();
    bind(Platform.secrets)
      .toResolvedValue((secret: string) => secret.split(',') as unknown as Secrets, [Platform.secret])
      .inSingletonScope();
    bind(Platform.rateLimits)
      .toResolvedValue(
        (clock: Clock, redis: RedisConnection | undefined): RateLimits => {
          const local = new MemoryRateLimits(() => clock.now());
          return redis ? new RateLimitsWithFallback(new RedisRateLimits(redis), local) : local;
        },
        [Platform.clock, maybe(Platform.redis)],
      )
      .inSingletonScope();
    bind(Platform.jobRuns)
      .toResolvedValue(() => new JobRuns())
      .inSingletonScope();
    bind(Platform.cache)
      .toResolvedValue(
        (config: Config, clock: Clock, redis: RedisConnection | undefined): Cache =>
          new TieredCache({
            ...CACHE_BOUNDS,
            now: () => clock.now(),
            random: Math.random,
            isAlone: redis === undefined && config.database.kind !== 'postgres',
            second: redis && new RedisCacheTier(redis),
          }),
        [Platform.config, Platform.clock, maybe(Platform.redis)],
      )
      .inSingletonScope();
    bind(Platform.noteBypass)
      .toResolvedValue(
        (uow: UnitOfWork<Journal>, clock: Clock, ids: Ids) => noteBypass({ uow, clock, ids }),
        [Platform.journal, Platform.clock, Platform.ids],
      )
      .inSingletonScope();
    bind(Platform.committed)
      .toResolvedValue(() => new CommitSignal())
      .inSingletonScope();
  }),

  postgres: new ContainerModule(({ bind }) => {
    bind(Platform.postgresJobs)
      .toResolvedValue(
        (database: JobsDatabase, { committed, ids }: PostgresPlatform, log: Log) => new PgBossJobs({ database, committed, ids, log }),
        [Platform.jobsDatabase, Platform.postgres, Platform.log],
      )
      .inSingletonScope();
    bind(Platform.jobRunner).toService(Platform.postgresJobs);
    bind(Platform.postgres)
      .toResolvedValue(
        (orm: MikroORM, clock: Clock, ids: Ids, committed: CommitSignal) => ({ orm, clock, ids, committed }),
        [Platform.orm, Platform.clock, Platform.ids, Platform.committed],
      )
      .inSingletonScope();
    bind(Platform.journal)
      .toResolvedValue((postgres: PostgresPlatform) => postgresUnitOfWork<Journal>(postgres, (tx) => tx), [Platform.postgres])
      .inSingletonScope();
    bind(Platform.sql)
      .toResolvedValue((orm: MikroORM) => () => sqlOf(orm.em.fork()), [Platform.orm])
      .inSingletonScope();
    bind(Platform.requests)
      .toResolvedValue((sql: () => Sql): RequestQueries => ({ find: (scope, key) => postgresRequestQueries(sql()).find(scope, key) }), [Platform.sql])
      .inSingletonScope();
    bind(Platform.eventLog)
      .toResolvedValue(
        (postgres: PostgresPlatform, subscriptions: Subscription<PostgresTx>[], log: Log, outlets: Outlet[]) =>
          new PostgresEventLog(postgres, subscriptions.map(observing(postgres.ids)), log, outlets),
        [Platform.postgres, many(Platform.postgresSubscriptions), Platform.log, many(Platform.outlets)],
      )
      .inSingletonScope();
  }),

  memory: new ContainerModule(({ bind }) => {
    bind(Platform.memoryJobs)
      .toResolvedValue((memory: MemoryPlatform, log: Log) => new MemoryJobs(memory, log), [Platform.memory, Platform.log])
      .inSingletonScope();
    bind(Platform.jobRunner).toService(Platform.memoryJobs);
    bind(Platform.store)
      .toResolvedValue(() => new MemoryStore())
      .inSingletonScope();
    bind(Platform.memory)
      .toResolvedValue(
        (store: MemoryStore, clock: Clock, ids: Ids, committed: CommitSignal) => ({ store, clock, ids, committed }),
        [Platform.store, Platform.clock, Platform.ids, Platform.committed],
      )
      .inSingletonScope();
    bind(Platform.journal)
      .toResolvedValue((memory: MemoryPlatform) => memoryUnitOfWork<Journal>(memory, (tx) => tx), [Platform.memory])
      .inSingletonScope();
    bind(Platform.requests).toResolvedValue(memoryRequestQueries, [Platform.store]).inSingletonScope();
    bind(Platform.eventLog)
      .toResolvedValue(
        (memory: MemoryPlatform, subscriptions: Subscription<MemoryTx>[], log: Log, outlets: Outlet[]) =>
          new MemoryEventLog(memory, subscriptions.map(observing(memory.ids)), log, outlets),
        [Platform.memory, many(Platform.memorySubscriptions), Platform.log, many(Platform.outlets)],
      )
      .inSingletonScope();
  }),

  rows: PLATFORM_ROWS,
};
