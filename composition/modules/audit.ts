import { ContainerModule } from 'inversify';
import { auditRoutes } from '#adapters/http/audit/routes.ts';
import { memoryAuditQueries, memoryAuditTrail } from '#adapters/memory/audit/trail.ts';
import type { MemoryTx } from '#adapters/memory/tx.ts';
import { type MemoryPlatform, memoryUnitOfWork } from '#adapters/memory/unit-of-work.ts';
import { AUDIT_ROWS } from '#adapters/postgres/audit/audit.rows.ts';
import { postgresAuditQueries } from '#adapters/postgres/audit/queries.ts';
import { postgresAuditTrail } from '#adapters/postgres/audit/trail.ts';
import type { PostgresTx } from '#adapters/postgres/tx.ts';
import { type PostgresPlatform, postgresUnitOfWork } from '#adapters/postgres/unit-of-work.ts';
import { sha256 } from '#adapters/system/digest.ts';
import { createAudit, type Audit as UseCases } from '#application/audit/module.ts';
import { onAnything } from '#application/audit/on-anything.ts';
import type { AuditDeps, AuditQueries, AuditTrail, AuditTx } from '#application/audit/ports.ts';
import { pruneTrail } from '#application/audit/prune-trail.ts';
import type { Subscription } from '#application/shared/events.ts';
import type { Clock } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { Config } from '../config.ts';
import { token } from '../token.ts';
import type { Module } from './module.ts';
import { Platform } from './platform.ts';

export const Audit = {
  useCases: token<UseCases>('audit'),
  uow: token<UnitOfWork<AuditTx>>('audit.uow'),
  queries: token<AuditQueries>('audit.queries'),
};

/** The subscription that writes the trail, for a log whose transactions have one. */
const trailOf = <Tx>(scope: (tx: Tx) => AuditTrail): Subscription<Tx> => {
  const subscription = onAnything({ digest: sha256 });
  return { ...subscription, on: (tx, events, isReplay) => subscription.on({ trail: scope(tx) }, events, isReplay) };
};

export const audit: Module = {
  core: new ContainerModule(({ bind }) => {
    bind(Audit.useCases)
      .toResolvedValue((queries: AuditQueries) => createAudit({ queries, digest: sha256 }), [Audit.queries])
      .inSingletonScope();
    bind(Platform.routes).toResolvedValue(auditRoutes, [Audit.useCases]).inSingletonScope();
    bind(Platform.jobs)
      .toResolvedValue(
        (uow: AuditDeps['uow'], { auditDays: days }: Config, clock: Clock) => pruneTrail({ uow, days, clock }),
        [Audit.uow, Platform.config, Platform.clock],
      )
      .inSingletonScope();
  }),

  postgres: new ContainerModule(({ bind }) => {
    bind(Audit.uow)
      .toResolvedValue((platform: PostgresPlatform) => postgresUnitOfWork(platform, (tx) => ({ trail: postgresAuditTrail(tx) })), [Platform.postgres])
      .inSingletonScope();
    bind(Audit.queries).toResolvedValue(postgresAuditQueries, [Platform.sql]).inSingletonScope();
    bind(Platform.postgresSubscriptions).toConstantValue(trailOf<PostgresTx>(postgresAuditTrail));
  }),

  memory: new ContainerModule(({ bind }) => {
    bind(Audit.uow)
      .toResolvedValue((platform: MemoryPlatform) => memoryUnitOfWork(platform, (tx) => ({ trail: memoryAuditTrail(tx) })), [Platform.memory])
      .inSingletonScope();
    bind(Audit.queries).toResolvedValue(memoryAuditQueries, [Platform.store]).inSingletonScope();
    bind(Platform.memorySubscriptions).toConstantValue(trailOf<MemoryTx>(memoryAuditTrail));
  }),

  rows: AUDIT_ROWS,
};
