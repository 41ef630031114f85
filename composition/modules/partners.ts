import { ContainerModule } from 'inversify';
import { partnersRoutes } from '#adapters/http/partners/routes.ts';
import { memoryEmails } from '#adapters/memory/notifications/email/emails.ts';
import { memoryPartnersQueries } from '#adapters/memory/partners/partners.ts';
import { type MemoryPlatform, memoryUnitOfWork } from '#adapters/memory/unit-of-work.ts';
import { postgresEmails } from '#adapters/postgres/notifications/email/emails.ts';
import { PARTNERS_ROWS } from '#adapters/postgres/partners/partners.rows.ts';
import { postgresPartnersQueries } from '#adapters/postgres/partners/queries.ts';
import { type PostgresPlatform, postgresUnitOfWork } from '#adapters/postgres/unit-of-work.ts';
import { mailWithin } from '#application/notifications/email/mail-within.ts';
import type { QueueDeps } from '#application/notifications/email/ports.ts';
import { forgetInvitations } from '#application/partners/invitations/forget-invitations.ts';
import { createPartners, type Partners as UseCases } from '#application/partners/module.ts';
import type { Letters, PartnersDeps, PartnersQueries, PartnersTx, People } from '#application/partners/ports.ts';
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
  people: token<People>('partners.people'),
  letters: token<Letters>('partners.letters'),
};

export const partners: Module = {
  core: new ContainerModule(({ bind }) => {
    bind(Partners.useCases)
      .toResolvedValue(
        (uow: PartnersDeps['uow'], queries: PartnersQueries, people: People, letters: Letters, clock: Clock, ids: Ids) =>
          createPartners({ uow, queries, people, rights: RIGHTS, letters, clock, ids }),
        [Partners.uow, Partners.queries, Partners.people, Partners.letters, Platform.clock, Platform.ids],
      )
      .inSingletonScope();
    bind(Platform.jobs)
      .toResolvedValue((uow: PartnersDeps['uow'], clock: Clock) => forgetInvitations({ uow, clock }), [Partners.uow, Platform.clock])
      .inSingletonScope();
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
