import { ContainerModule } from 'inversify';
import { partnersRoutes } from '#adapters/http/partners/routes.ts';
import { memoryEmails } from '#adapters/memory/notifications/email/emails.ts';
import { memoryPartnersQueries } from '#adapters/memory/partners/partners.ts';
import { type MemoryPlatform, memoryUnitOfWork } from '#adapters/memory/unit-of-work.ts';
import { postgresEmails } from '#adapters/postgres/notifications/email/emails.ts';
import { PARTNERS_ROWS } from '#adapters/postgres/partners/partners.rows.ts';
import { postgresPartnersQueries } from '#adapters/postgres/partners/queries.ts';
import { type PostgresPlatform, postgresUnitOfWork } from '#adapters/postgres/unit-of-work.ts';
import type { CommitSignal } from '#adapters/shared/committed.ts';
import { invalidateOn } from '#adapters/shared/platform/invalidation.ts';
import { versionedOfRestaurants } from '#adapters/shared/platform/of-restaurants.ts';
import { mailWithin } from '#application/notifications/email/mail-within.ts';
import type { QueueDeps } from '#application/notifications/email/ports.ts';
import { forgetInvitations } from '#application/partners/invitations/forget-invitations.ts';
import { createPartners, type Partners as UseCases } from '#application/partners/module.ts';
import type { Letters, PartnersDeps, PartnersQueries, PartnersTx, People } from '#application/partners/ports.ts';
import { asJson, type Cache, NOBODY } from '#application/platform/cache.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import type { Clock, Ids } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { memoryStaffing, postgresStaffing, RIGHTS } from '../staffing.ts';
import { token } from '../token.ts';
import type { Module } from './module.ts';
import { Notifications } from './notifications.ts';
import { Platform } from './platform.ts';

export const Partners = {
  useCases: token<UseCases>('partners'),
  uow: token<UnitOfWork<PartnersTx>>('partners.uow'),
  queries: token<PartnersQueries>('partners.queries'),
  /** The same, from memory where that is as good; `queries` sees what the database sees. */
  reads: token<PartnersQueries>('partners.reads'),
  people: token<People>('partners.people'),
  letters: token<Letters>('partners.letters'),
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
    return /^partners\.(?:staff|role)_/.test(type) && restaurantId !== null ? { tenant: restaurantId, tags: ['staff'] } : undefined;
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
        (uow: PartnersDeps['uow'], queries: PartnersQueries, people: People, letters: Letters, clock: Clock, ids: Ids) =>
          createPartners({ uow, queries, people, rights: RIGHTS, letters, clock, ids }),
        [Partners.uow, Partners.reads, Partners.people, Partners.letters, Platform.clock, Platform.ids],
      )
      .inSingletonScope();
    bind(Platform.jobs)
      .toResolvedValue((uow: PartnersDeps['uow'], clock: Clock) => forgetInvitations({ uow, clock }), [Partners.uow, Platform.clock])
      .inSingletonScope();
    bind(Partners.reads).toResolvedValue(cachedReads, [Partners.queries, Platform.cache, Platform.committed]).inSingletonScope();
    bind(Platform.routes).toResolvedValue(partnersRoutes, [Partners.useCases]).inSingletonScope();
  }),

  postgres: new ContainerModule(({ bind }) => {
    bind(Partners.uow)
      .toResolvedValue(
        (platform: PostgresPlatform, queueing: QueueDeps) =>
          postgresUnitOfWork(platform, (tx) => ({ ...postgresStaffing(tx), mails: mailWithin(postgresEmails(tx), queueing) })),
        [Platform.postgres, Notifications.queueing],
      )
      .inSingletonScope();
    bind(Partners.queries).toResolvedValue(postgresPartnersQueries, [Platform.sql]).inSingletonScope();
  }),

  memory: new ContainerModule(({ bind }) => {
    bind(Partners.uow)
      .toResolvedValue(
        (platform: MemoryPlatform, queueing: QueueDeps) =>
          memoryUnitOfWork(platform, (tx) => ({ ...memoryStaffing(tx), mails: mailWithin(memoryEmails(tx), queueing) })),
        [Platform.memory, Notifications.queueing],
      )
      .inSingletonScope();
    bind(Partners.queries).toResolvedValue(memoryPartnersQueries, [Platform.store]).inSingletonScope();
  }),

  rows: PARTNERS_ROWS,
};
