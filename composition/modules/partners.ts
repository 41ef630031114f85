import { ContainerModule } from 'inversify';
import { partnersRoutes } from '#adapters/http/partners/routes.ts';
import { memoryPartnersQueries, memoryRestaurants, memoryStaff } from '#adapters/memory/partners/partners.ts';
import { type MemoryPlatform, memoryUnitOfWork } from '#adapters/memory/unit-of-work.ts';
import { PARTNERS_ROWS } from '#adapters/postgres/partners/partners.rows.ts';
import { postgresPartnersQueries } from '#adapters/postgres/partners/queries.ts';
import { postgresRestaurants } from '#adapters/postgres/partners/restaurants.ts';
import { postgresStaff } from '#adapters/postgres/partners/staff.ts';
import { type PostgresPlatform, postgresUnitOfWork } from '#adapters/postgres/unit-of-work.ts';
import { createPartners, type Partners as UseCases } from '#application/partners/module.ts';
import type { PartnersDeps, PartnersQueries, PartnersTx, People } from '#application/partners/ports.ts';
import type { Clock, Ids } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { token } from '../token.ts';
import type { Module } from './module.ts';
import { Platform } from './platform.ts';

export const Partners = {
  useCases: token<UseCases>('partners'),
  uow: token<UnitOfWork<PartnersTx>>('partners.uow'),
  queries: token<PartnersQueries>('partners.queries'),
  people: token<People>('partners.people'),
};

export const partners: Module = {
  core: new ContainerModule(({ bind }) => {
    bind(Partners.useCases)
      .toResolvedValue(
        (uow: PartnersDeps['uow'], queries: PartnersQueries, people: People, clock: Clock, ids: Ids) =>
          createPartners({ uow, queries, people, clock, ids }),
        [Partners.uow, Partners.queries, Partners.people, Platform.clock, Platform.ids],
      )
      .inSingletonScope();
    bind(Platform.routes).toResolvedValue(partnersRoutes, [Partners.useCases]).inSingletonScope();
  }),

  postgres: new ContainerModule(({ bind }) => {
    bind(Partners.uow)
      .toResolvedValue(
        (platform: PostgresPlatform) => postgresUnitOfWork(platform, (tx) => ({ restaurants: postgresRestaurants(tx), staff: postgresStaff(tx) })),
        [Platform.postgres],
      )
      .inSingletonScope();
    bind(Partners.queries).toResolvedValue(postgresPartnersQueries, [Platform.sql]).inSingletonScope();
  }),

  memory: new ContainerModule(({ bind }) => {
    bind(Partners.uow)
      .toResolvedValue(
        (platform: MemoryPlatform) => memoryUnitOfWork(platform, (tx) => ({ restaurants: memoryRestaurants(tx), staff: memoryStaff(tx) })),
        [Platform.memory],
      )
      .inSingletonScope();
    bind(Partners.queries).toResolvedValue(memoryPartnersQueries, [Platform.store]).inSingletonScope();
  }),

  rows: PARTNERS_ROWS,
};
