import { ContainerModule } from 'inversify';
import { settlementRoutes } from '#adapters/http/payments/settlement/routes.ts';
import { memoryCaseQueries, memoryDisputes } from '#adapters/memory/payments/settlement/cases.ts';
import { memoryPayoutAccounts, memoryPayoutQueries } from '#adapters/memory/payments/settlement/payouts.ts';
import { memoryBookQueries, memoryBookRows, memoryWalks } from '#adapters/memory/payments/settlement/provider-books.ts';
import { memoryMethodQueries, memorySavedMethods } from '#adapters/memory/payments/settlement/saved-methods.ts';
import type { MemoryStore } from '#adapters/memory/store.ts';
import type { MemoryTx } from '#adapters/memory/tx.ts';
import { type MemoryPlatform, memoryUnitOfWork } from '#adapters/memory/unit-of-work.ts';
import { postgresBookQueries, postgresBookRows } from '#adapters/postgres/payments/settlement/book-rows.ts';
import { postgresCaseQueries } from '#adapters/postgres/payments/settlement/cases.ts';
import { postgresDisputes } from '#adapters/postgres/payments/settlement/disputes.ts';
import { postgresPayoutAccounts } from '#adapters/postgres/payments/settlement/payout-accounts.ts';
import { postgresPayoutQueries } from '#adapters/postgres/payments/settlement/payouts.ts';
import { postgresMethodQueries, postgresSavedMethods } from '#adapters/postgres/payments/settlement/saved-methods.ts';
import { SETTLEMENT_ROWS } from '#adapters/postgres/payments/settlement/settlement.rows.ts';
import { postgresWalks } from '#adapters/postgres/payments/settlement/walks.ts';
import type { Sql } from '#adapters/postgres/sql.ts';
import type { PostgresTx } from '#adapters/postgres/tx.ts';
import { type PostgresPlatform, postgresUnitOfWork } from '#adapters/postgres/unit-of-work.ts';
import type { CommitSignal } from '#adapters/shared/committed.ts';
import { versionedOfRestaurants } from '#adapters/shared/platform/of-restaurants.ts';
import type { Identity as IdentityUseCases } from '#application/identity/module.ts';
import type { PartnersQueries } from '#application/partners/ports.ts';
import type { Commissions, PaymentsDeps } from '#application/payments/ports.ts';
import { compareBooks } from '#application/payments/settlement/compare-books.ts';
import { importBooks } from '#application/payments/settlement/import-books.ts';
import { commissionsOf, createSettlement, type Settlement as UseCases } from '#application/payments/settlement/module.ts';
import { onDisputeChanged } from '#application/payments/settlement/on-dispute-changed.ts';
import { payPartners } from '#application/payments/settlement/pay-partners.ts';
import type { SettlementDeps, SettlementSettings } from '#application/payments/settlement/ports.ts';
import { sweepDisputes } from '#application/payments/settlement/sweep-disputes.ts';
import { sweepPayouts } from '#application/payments/settlement/sweep-payouts.ts';
import type { Cache } from '#application/platform/cache.ts';
import { PayoutAccount } from '#domain/payments/settlement/payout-account.ts';
import type { Config } from '../config.ts';
import { token } from '../token.ts';
import { Identity } from './identity.ts';
import { type Module, within } from './module.ts';
import { Partners } from './partners.ts';
import { inMemory, inPostgres, Payments } from './payments.ts';
import { Platform } from './platform.ts';

type Queries = SettlementDeps['queries'];
type Facts = SettlementDeps['facts'];

/** What becomes of the money after it was taken: the other half of the payments module. */
export const Settlement = {
  useCases: token<UseCases>('settlement'),
  uow: token<SettlementDeps['uow']>('settlement.uow'),
  queries: token<Queries>('settlement.queries'),
  facts: token<Facts>('settlement.facts'),
  settings: token<SettlementSettings>('settlement.settings'),
  deps: token<SettlementDeps>('settlement.deps'),
};

const ACCOUNT_MS = 3_600_000;

/** Every payment asks what is kept of it: in this process the answer is never behind, in others by a second at most. */
function commissionsInMemory({ payouts }: Queries, settings: SettlementSettings, cache: Cache, committed: CommitSignal): Commissions {
  const load = async (restaurantId: string): Promise<PayoutAccount> => (await payouts.account(restaurantId)) ?? PayoutAccount.none(restaurantId);
  const accounts = versionedOfRestaurants(
    load,
    { namespace: 'payout-accounts', ttlMs: ACCOUNT_MS, isOutdatedBy: (type) => type === 'payments.payout_account_changed' },
    cache,
    committed,
  );
  return commissionsOf({ account: accounts.find }, settings);
}

export const settlement: Module = {
  core: new ContainerModule(({ bind }) => {
    bind(Settlement.settings)
      .toResolvedValue((config: Config) => config.settlement, [Platform.config])
      .inSingletonScope();
    bind(Settlement.facts)
      .toResolvedValue(
        (partners: PartnersQueries, identity: IdentityUseCases): Facts => ({
          restaurants: { currencyOf: async (restaurantId) => (await partners.restaurant(restaurantId))?.currency },
          people: {
            async find(accountId) {
              const person = await identity.accountById(accountId);
              return person && { name: person.displayName, email: person.email };
            },
          },
        }),
        [Partners.queries, Identity.useCases],
      )
      .inSingletonScope();
    bind(Payments.commissions)
      .toResolvedValue(commissionsInMemory, [Settlement.queries, Settlement.settings, Platform.cache, Platform.committed])
      .inSingletonScope();
    bind(Settlement.deps)
      .toResolvedValue(
        (uow: SettlementDeps['uow'], queries: Queries, facts: Facts, settings: SettlementSettings, payments: PaymentsDeps): SettlementDeps => ({
          uow,
          queries,
          facts,
          settings,
          payments,
        }),
        [Settlement.uow, Settlement.queries, Settlement.facts, Settlement.settings, Payments.deps],
      )
      .inSingletonScope();
    bind(Settlement.useCases).toResolvedValue(createSettlement, [Settlement.deps]).inSingletonScope();
    bind(Platform.routes).toResolvedValue(settlementRoutes, [Settlement.useCases]).inSingletonScope();
    for (const job of [payPartners, sweepPayouts, importBooks, compareBooks, sweepDisputes]) {
      bind(Platform.jobs).toResolvedValue(job, [Settlement.deps]).inSingletonScope();
    }
  }),

  postgres: new ContainerModule(({ bind }) => {
    bind(Settlement.uow)
      .toResolvedValue(
        (platform: PostgresPlatform) =>
          postgresUnitOfWork(platform, (tx) => ({
            ...inPostgres(tx, platform),
            accounts: postgresPayoutAccounts(tx),
            rows: postgresBookRows(tx),
            walks: postgresWalks(tx),
            methods: postgresSavedMethods(tx),
          })),
        [Platform.postgres],
      )
      .inSingletonScope();
    bind(Settlement.queries)
      .toResolvedValue(
        (sql: () => Sql): Queries => ({
          payouts: postgresPayoutQueries(sql),
          books: postgresBookQueries(sql),
          cases: postgresCaseQueries(sql),
          methods: postgresMethodQueries(sql),
        }),
        [Platform.sql],
      )
      .inSingletonScope();
    bind(Platform.postgresSubscriptions).toConstantValue(within(onDisputeChanged, (tx: PostgresTx) => ({ disputes: postgresDisputes(tx) })));
  }),

  memory: new ContainerModule(({ bind }) => {
    bind(Settlement.uow)
      .toResolvedValue(
        (platform: MemoryPlatform) =>
          memoryUnitOfWork(platform, (tx) => ({
            ...inMemory(tx, platform),
            accounts: memoryPayoutAccounts(tx),
            rows: memoryBookRows(tx),
            walks: memoryWalks(tx),
            methods: memorySavedMethods(tx),
          })),
        [Platform.memory],
      )
      .inSingletonScope();
    bind(Settlement.queries)
      .toResolvedValue(
        (store: MemoryStore): Queries => ({
          payouts: memoryPayoutQueries(store),
          books: memoryBookQueries(store),
          cases: memoryCaseQueries(store),
          methods: memoryMethodQueries(store),
        }),
        [Platform.store],
      )
      .inSingletonScope();
    bind(Platform.memorySubscriptions).toConstantValue(within(onDisputeChanged, (tx: MemoryTx) => ({ disputes: memoryDisputes(tx) })));
  }),

  rows: SETTLEMENT_ROWS,
};
