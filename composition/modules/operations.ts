import { ContainerModule } from 'inversify';
import { operationsRoutes } from '#adapters/http/platform/routes.ts';
import type { PgBossJobs } from '#adapters/jobs/pg-boss.ts';
import type { MemoryEventLog } from '#adapters/memory/event-log.ts';
import { memoryJobQueries } from '#adapters/memory/platform/job-queries.ts';
import type { MemoryJobs } from '#adapters/memory/platform/jobs.ts';
import { memoryEventQueries, memoryLogControl, memoryRangeReplays } from '#adapters/memory/platform/log.ts';
import { memoryLeadership, memoryLostNodes, memoryNodes, memoryTerms } from '#adapters/memory/platform/nodes.ts';
import type { MemoryStore } from '#adapters/memory/store.ts';
import { type MemoryPlatform, memoryUnitOfWork } from '#adapters/memory/unit-of-work.ts';
import { postgresEventQueries } from '#adapters/postgres/platform/event-queries.ts';
import { postgresJobQueries } from '#adapters/postgres/platform/job-queries.ts';
import { postgresLogControl } from '#adapters/postgres/platform/log-control.ts';
import { postgresLeadership, postgresLostNodes, postgresNodes, postgresTerms } from '#adapters/postgres/platform/nodes.ts';
import { PLATFORM_ADMIN_ROWS } from '#adapters/postgres/platform/platform.rows.ts';
import { postgresRangeReplays } from '#adapters/postgres/platform/range-replays.ts';
import type { Sql } from '#adapters/postgres/sql.ts';
import type { PostgresTx } from '#adapters/postgres/tx.ts';
import { type PostgresPlatform, postgresUnitOfWork } from '#adapters/postgres/unit-of-work.ts';
import type { EventQueries } from '#application/platform/events.ts';
import type { JobQueries } from '#application/platform/jobs.ts';
import type { Leadership } from '#application/platform/leadership.ts';
import { createOperations, type Operations as UseCases } from '#application/platform/module.ts';
import type { Nodes } from '#application/platform/nodes.ts';
import type { OperationsTx } from '#application/platform/ports.ts';
import type { RangeReplays } from '#application/platform/range-replays.ts';
import { replayRange } from '#application/platform/replay-range.ts';
import type { EventLog } from '#application/shared/event-log.ts';
import type { Subscription } from '#application/shared/events.ts';
import type { Clock, Ids } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { token } from '../token.ts';
import { type Module, many } from './module.ts';
import { nodesCheck } from './nodes-check.ts';
import { JOB_MEASURES, nodesMeasure } from './operations-measures.ts';
import { Platform } from './platform.ts';

export const Operations = {
  useCases: token<UseCases>('operations'),
  uow: token<UnitOfWork<OperationsTx>>('operations.uow'),
  jobs: token<JobQueries>('operations.jobs'),
  events: token<EventQueries>('operations.events'),
  replays: token<RangeReplays>('operations.replays'),
  nodes: token<Nodes>('operations.nodes'),
  leadership: token<Leadership>('operations.leadership'),
  /** What this process calls itself. */
  nodeId: token<string>('operations.node-id'),
};

/** What operators see and do: jobs, the log's subscriptions, the nodes. */
export const operations: Module = {
  core: new ContainerModule(({ bind }) => {
    bind(Operations.nodeId)
      .toResolvedValue((ids: Ids) => ids.next(), [Platform.ids])
      .inSingletonScope();
    bind(Operations.useCases)
      .toResolvedValue(
        (
          uow: UnitOfWork<OperationsTx>,
          jobs: JobQueries,
          events: EventQueries,
          replays: RangeReplays,
          eventLog: EventLog,
          nodes: Nodes,
          clock: Clock,
          ids: Ids,
        ) => createOperations({ uow, jobs, events, replays, eventLog, nodes, clock, ids }),
        [Operations.uow, Operations.jobs, Operations.events, Operations.replays, Platform.eventLog, Operations.nodes, Platform.clock, Platform.ids],
      )
      .inSingletonScope();
    bind(Platform.checks).toResolvedValue(nodesCheck, [Operations.nodes]).inSingletonScope();
    bind(Platform.measures)
      .toResolvedValue((nodes: Nodes) => nodesMeasure(nodes), [Operations.nodes])
      .inSingletonScope();
    for (const measure of JOB_MEASURES) bind(Platform.measures).toResolvedValue(measure, [Operations.jobs]).inSingletonScope();
    bind(Platform.jobHandlers).toResolvedValue(replayRange, [Operations.replays]).inSingletonScope();
    bind(Platform.routes).toResolvedValue(operationsRoutes, [Operations.useCases, Platform.clock]).inSingletonScope();
  }),

  postgres: new ContainerModule(({ bind }) => {
    bind(Operations.uow)
      .toResolvedValue(
        (platform: PostgresPlatform, jobs: PgBossJobs, subscriptions: Subscription<PostgresTx>[]) => {
          const typesOf = (name: string) => subscriptions.find((one) => one.name === name)?.types;
          return postgresUnitOfWork<OperationsTx>(platform, (tx) => ({
            journal: tx,
            jobs: jobs.within(tx),
            jobControl: jobs.controlWithin(tx),
            logControl: postgresLogControl(tx, typesOf, platform.clock),
            lostNodes: postgresLostNodes(tx),
            terms: postgresTerms(tx),
          }));
        },
        [Platform.postgres, Platform.postgresJobs, many(Platform.postgresSubscriptions)],
      )
      .inSingletonScope();
    bind(Operations.jobs).toResolvedValue(postgresJobQueries, [Platform.sql]).inSingletonScope();
    bind(Operations.events).toResolvedValue(postgresEventQueries, [Platform.sql]).inSingletonScope();
    bind(Operations.replays)
      .toResolvedValue(
        (platform: PostgresPlatform, subscriptions: Subscription<PostgresTx>[]) => postgresRangeReplays(platform, subscriptions),
        [Platform.postgres, many(Platform.postgresSubscriptions)],
      )
      .inSingletonScope();
    bind(Operations.nodes)
      .toResolvedValue((sql: () => Sql) => postgresNodes(sql), [Platform.sql])
      .inSingletonScope();
    bind(Operations.leadership)
      .toResolvedValue((sql: () => Sql) => postgresLeadership(sql), [Platform.sql])
      .inSingletonScope();
  }),

  memory: new ContainerModule(({ bind }) => {
    bind(Operations.uow)
      .toResolvedValue(
        (platform: MemoryPlatform, jobs: MemoryJobs, log: EventLog) =>
          memoryUnitOfWork<OperationsTx>(platform, (tx) => ({
            journal: tx,
            jobs: jobs.within(tx),
            jobControl: jobs.controlWithin(tx),
            logControl: memoryLogControl(tx, platform, log as MemoryEventLog),
            lostNodes: memoryLostNodes(tx, platform.clock),
            terms: memoryTerms(tx, platform.clock),
          })),
        [Platform.memory, Platform.memoryJobs, Platform.eventLog],
      )
      .inSingletonScope();
    bind(Operations.jobs)
      .toResolvedValue(
        (store: MemoryStore, jobs: MemoryJobs, clock: Clock) => memoryJobQueries(store, jobs, clock),
        [Platform.store, Platform.memoryJobs, Platform.clock],
      )
      .inSingletonScope();
    bind(Operations.events)
      .toResolvedValue((store: MemoryStore, log: EventLog) => memoryEventQueries(store, log as MemoryEventLog), [Platform.store, Platform.eventLog])
      .inSingletonScope();
    bind(Operations.replays)
      .toResolvedValue(
        (platform: MemoryPlatform, log: EventLog) => memoryRangeReplays(platform, log as MemoryEventLog),
        [Platform.memory, Platform.eventLog],
      )
      .inSingletonScope();
    bind(Operations.nodes)
      .toResolvedValue((platform: MemoryPlatform) => memoryNodes(platform), [Platform.memory])
      .inSingletonScope();
    bind(Operations.leadership)
      .toResolvedValue((platform: MemoryPlatform) => memoryLeadership(platform), [Platform.memory])
      .inSingletonScope();
  }),

  rows: PLATFORM_ADMIN_ROWS,
};
