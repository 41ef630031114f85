import { ContainerModule } from 'inversify';
import { supportRoutes } from '#adapters/http/support/routes.ts';
import { memorySupport, memorySupportQueries } from '#adapters/memory/support/support.ts';
import { type MemoryPlatform, memoryUnitOfWork } from '#adapters/memory/unit-of-work.ts';
import { postgresSupportQueries } from '#adapters/postgres/support/queries.ts';
import { SUPPORT_ROWS } from '#adapters/postgres/support/support.rows.ts';
import { postgresSupport } from '#adapters/postgres/support/support-tx.ts';
import { type PostgresPlatform, postgresUnitOfWork } from '#adapters/postgres/unit-of-work.ts';
import type { Grants, IdentityQueries } from '#application/identity/ports.ts';
import { permissionsOf } from '#application/identity/standing.ts';
import type { OrderQueries } from '#application/ordering/ports.ts';
import type { PartnersQueries } from '#application/partners/ports.ts';
import type { Clock, Ids } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { closeTickets } from '#application/support/close-tickets.ts';
import { createSupport, type Support as UseCases } from '#application/support/module.ts';
import type { SupportDeps, SupportFacts, SupportQueries, SupportTx } from '#application/support/ports.ts';
import { platformPermissions } from '#domain/identity/roles.ts';
import { ORDER_NEXT, OrderId } from '#domain/ordering/order.ts';
import { token } from '../token.ts';
import { Identity } from './identity.ts';
import type { Module } from './module.ts';
import { Ordering } from './ordering.ts';
import { Partners } from './partners.ts';
import { Platform } from './platform.ts';

export const Support = {
  useCases: token<UseCases>('support'),
  uow: token<UnitOfWork<SupportTx>>('support.uow'),
  queries: token<SupportQueries>('support.queries'),
  facts: token<SupportFacts>('support.facts'),
};

/** What others know of orders and of people. */
const factsFrom = (identity: IdentityQueries, grants: Grants, ordering: OrderQueries, partners: PartnersQueries): SupportFacts => ({
  async order(orderId) {
    const found = await ordering.find(OrderId.of(orderId));
    if (!found) return undefined;
    const { restaurantId, customerId, number, status, placedAt, scheduledFor } = found;
    return { restaurantId, customerId, number, isOver: ORDER_NEXT[status].length === 0, dueAt: Math.max(placedAt, scheduledFor ?? placedAt) };
  },
  hasRestaurant: async (restaurantId) => (await partners.restaurant(restaurantId)) !== undefined,
  nameOf: async (accountId) => (await identity.account(accountId))?.displayName,
  async mayAnswer(accountId, restaurantId) {
    const [account, roles] = await Promise.all([identity.account(accountId), grants.rolesOf(accountId)]);
    if (account?.status !== 'active') return false;
    const there = roles.filter((role) => role.restaurantId === restaurantId);
    const permissions = [...platformPermissions(account.platformRoles), ...there.flatMap(permissionsOf)];
    return permissions.includes('support:write');
  },
});

export const support: Module = {
  core: new ContainerModule(({ bind }) => {
    bind(Support.facts).toResolvedValue(factsFrom, [Identity.queries, Identity.grants, Ordering.queries, Partners.queries]).inSingletonScope();
    bind(Support.useCases)
      .toResolvedValue(
        (uow: SupportDeps['uow'], queries: SupportQueries, facts: SupportFacts, clock: Clock, ids: Ids) =>
          createSupport({ uow, queries, facts, clock, ids }),
        [Support.uow, Support.queries, Support.facts, Platform.clock, Platform.ids],
      )
      .inSingletonScope();
    bind(Platform.routes).toResolvedValue(supportRoutes, [Support.useCases]).inSingletonScope();
    bind(Platform.jobs)
      .toResolvedValue(
        (uow: SupportDeps['uow'], queries: SupportQueries, clock: Clock) => closeTickets({ uow, queries, clock }),
        [Support.uow, Support.queries, Platform.clock],
      )
      .inSingletonScope();
  }),

  postgres: new ContainerModule(({ bind }) => {
    bind(Support.uow)
      .toResolvedValue((platform: PostgresPlatform) => postgresUnitOfWork(platform, postgresSupport), [Platform.postgres])
      .inSingletonScope();
    bind(Support.queries).toResolvedValue(postgresSupportQueries, [Platform.sql]).inSingletonScope();
  }),

  memory: new ContainerModule(({ bind }) => {
    bind(Support.uow)
      .toResolvedValue((platform: MemoryPlatform) => memoryUnitOfWork(platform, memorySupport), [Platform.memory])
      .inSingletonScope();
    bind(Support.queries).toResolvedValue(memorySupportQueries, [Platform.store]).inSingletonScope();
  }),

  rows: SUPPORT_ROWS,
};
