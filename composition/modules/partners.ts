import { ContainerModule } from 'inversify';
import { partnersRoutes } from '#adapters/http/partners/routes.ts';
import { memoryPartnersQueries, memoryRestaurants, memoryStaff } from '#adapters/memory/partners/partners.ts';
import { type MemoryPlatform, memoryUnitOfWork } from '#adapters/memory/unit-of-work.ts';
import { PARTNERS_ROWS } from '#adapters/postgres/partners/partners.rows.ts';
import { postgresPartnersQueries } from '#adapters/postgres/partners/queries.ts';
import { postgresRestaurants } from '#adapters/postgres/partners/restaurants.ts';
import { postgresStaff } from '#adapters/postgres/partners/staff.ts';
import { type PostgresPlatform, postgresUnitOfWork } from '#adapters/postgres/unit-of-work.ts';
import type { CommitSignal } from '#adapters/shared/committed.ts';
import { invalidateOn } from '#adapters/shared/platform/invalidation.ts';
import { versionedOfRestaurants } from '#adapters/shared/platform/of-restaurants.ts';
import { createPartners, type Partners as UseCases } from '#application/partners/module.ts';
import type { PartnersDeps, PartnersQueries, PartnersTx, People } from '#application/partners/ports.ts';
import { asJson, type Cache, NOBODY } from '#application/platform/cache.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import type { Clock, Ids } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { token } from '../token.ts';
import type { Module } from './module.ts';
import { Platform } from './platform.ts';

export const Partners = {
  useCases: token<UseCases>('partners'),
  uow: token<UnitOfWork<PartnersTx>>('partners.uow'),
  queries: token<PartnersQueries>('partners.queries'),
  /** The same, from memory where that is as good; `queries` sees what the database sees. */
  reads: token<PartnersQueries>('partners.reads'),
  people: token<People>('partners.people'),
};

const RESTAURANT_MS = 3_600_000;
const LIST_MS = 600_000;
const STAFF_MS = 1_800_000;

/** A restaurant is measured by its version. Of lists the first page is kept: the one that everybody asks for. */
function cachedReads(queries: PartnersQueries, cache: Cache, committed: CommitSignal): PartnersQueries {
  const restaurants = versionedOfRestaurants(
    queries.restaurant,
    { namespace: 'restaurants', ttlMs: RESTAURANT_MS, isOutdatedBy: (type) => type.startsWith('partners.restaurant_') },
    cache,
    committed,
  );
  invalidateOn(committed, cache, 'everywhere', ({ type, restaurantId }) => {
    if (type.startsWith('partners.restaurant_')) return { tenant: NOBODY, tags: ['restaurants'] };
    return type.startsWith('partners.staff_') && restaurantId !== null ? { tenant: restaurantId, tags: ['staff'] } : undefined;
  });
  const firstPage = async <T>(tenant: string, tag: string, ttlMs: number, page: PageRequest, load: () => Promise<Page<T>>): Promise<Page<T>> => {
    const key = { namespace: `${tag}-list`, tenant, id: String(page.limit) };
    const keeping = { ttlMs, staleMs: LIST_MS, tags: [tag], wire: asJson<Page<T>>() };
    return (page.after === undefined ? await cache.getOrSet(key, keeping, load) : undefined) ?? load();
  };
  return {
    ...queries,
    restaurant: restaurants.find,
    restaurants: (page) => firstPage(NOBODY, 'restaurants', LIST_MS, page, () => queries.restaurants(page)),
    staff: (restaurantId, page) => firstPage(restaurantId, 'staff', STAFF_MS, page, () => queries.staff(restaurantId, page)),
  };
}

export const partners: Module = {
  core: new ContainerModule(({ bind }) => {
    bind(Partners.useCases)
      .toResolvedValue(
        (uow: PartnersDeps['uow'], queries: PartnersQueries, people: People, clock: Clock, ids: Ids) =>
          createPartners({ uow, queries, people, clock, ids }),
        [Partners.uow, Partners.reads, Partners.people, Platform.clock, Platform.ids],
      )
      .inSingletonScope();
    bind(Partners.reads).toResolvedValue(cachedReads, [Partners.queries, Platform.cache, Platform.committed]).inSingletonScope();
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
