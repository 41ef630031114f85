import { ContainerModule } from 'inversify';
import { webhookRoutes } from '#adapters/http/webhooks/routes.ts';
import { memoryRestaurants } from '#adapters/memory/partners/partners.ts';
import type { MemoryTx } from '#adapters/memory/tx.ts';
import { type MemoryPlatform, memoryUnitOfWork } from '#adapters/memory/unit-of-work.ts';
import { memoryDeliveries, memoryEndpoints, memoryWebhooksQueries } from '#adapters/memory/webhooks/webhooks.ts';
import { Dispatcher } from '#adapters/outbound/dispatcher.ts';
import { outgoing } from '#adapters/outbound/outgoing.ts';
import { postgresRestaurants } from '#adapters/postgres/partners/restaurants.ts';
import type { PostgresTx } from '#adapters/postgres/tx.ts';
import { type PostgresPlatform, postgresUnitOfWork } from '#adapters/postgres/unit-of-work.ts';
import { postgresDeliveries } from '#adapters/postgres/webhooks/deliveries.ts';
import { postgresEndpoints } from '#adapters/postgres/webhooks/endpoints.ts';
import { postgresWebhooksQueries } from '#adapters/postgres/webhooks/queries.ts';
import { WEBHOOKS_ROWS } from '#adapters/postgres/webhooks/webhooks.rows.ts';
import type { CommitSignal } from '#adapters/shared/committed.ts';
import { deriveKeys } from '#adapters/system/keys.ts';
import { aesVault } from '#adapters/system/vault.ts';
import { hmacSignatures } from '#adapters/system/webhook-signatures.ts';
import type { Restaurants } from '#application/partners/ports.ts';
import type { Measure } from '#application/platform/measures.ts';
import type { Clock, Ids, Log } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { claimDeliveries } from '#application/webhooks/claim-deliveries.ts';
import { forgetDeliveries } from '#application/webhooks/forget-deliveries.ts';
import { createWebhooks, type Webhooks as UseCases } from '#application/webhooks/module.ts';
import { onPublicEvent, type TellingTx } from '#application/webhooks/on-public-event.ts';
import type { Outgoing, WebhooksDeps, WebhooksQueries, WebhooksTx } from '#application/webhooks/ports.ts';
import { sendDelivery } from '#application/webhooks/send-delivery.ts';
import type { Config } from '../config.ts';
import { token } from '../token.ts';
import { type Module, within } from './module.ts';
import { Platform, type Secrets } from './platform.ts';

export const Webhooks = {
  useCases: token<UseCases>('webhooks'),
  uow: token<UnitOfWork<WebhooksTx>>('webhooks.uow'),
  queries: token<WebhooksQueries>('webhooks.queries'),
  outgoing: token<Outgoing>('webhooks.outgoing'),
  deps: token<WebhooksDeps>('webhooks.deps'),
  /** Sends what is due, beside the requests. */
  dispatcher: token<Dispatcher>('webhooks.dispatcher'),
};

const currenciesFrom = (restaurants: Restaurants): TellingTx['currencies'] => ({
  of: async (restaurantId) => (await restaurants.find(restaurantId))?.currency,
});
const postgresWebhooks = (tx: PostgresTx): WebhooksTx => ({ endpoints: postgresEndpoints(tx), deliveries: postgresDeliveries(tx) });
const memoryWebhooks = (tx: MemoryTx): WebhooksTx => ({ endpoints: memoryEndpoints(tx), deliveries: memoryDeliveries(tx) });

export const webhooks: Module = {
  core: new ContainerModule(({ bind }) => {
    bind(Webhooks.outgoing)
      .toResolvedValue(({ webhooks: policy }: Config) => outgoing(policy), [Platform.config])
      .inSingletonScope();
    bind(Webhooks.deps)
      .toResolvedValue(
        (uow: WebhooksDeps['uow'], queries: WebhooksQueries, out: Outgoing, secrets: Secrets, clock: Clock, ids: Ids, log: Log): WebhooksDeps => {
          const vault = aesVault(deriveKeys(secrets, 'webhooks'));
          return { uow, queries, outgoing: out, signatures: hmacSignatures, vault, clock, ids, chance: Math.random, log };
        },
        [Webhooks.uow, Webhooks.queries, Webhooks.outgoing, Platform.secrets, Platform.clock, Platform.ids, Platform.log],
      )
      .inSingletonScope();
    bind(Webhooks.useCases).toResolvedValue(createWebhooks, [Webhooks.deps]).inSingletonScope();
    bind(Webhooks.dispatcher)
      .toResolvedValue(
        (deps: WebhooksDeps, committed: CommitSignal, log: Log) =>
          new Dispatcher({ claim: claimDeliveries(deps), send: sendDelivery(deps), committed, log }),
        [Webhooks.deps, Platform.committed, Platform.log],
      )
      .inSingletonScope();
    bind(Platform.workers)
      .toResolvedValue((dispatcher: Dispatcher) => dispatcher, [Webhooks.dispatcher])
      .inSingletonScope();
    bind(Platform.routes).toResolvedValue(webhookRoutes, [Webhooks.useCases]).inSingletonScope();
    bind(Platform.jobs)
      .toResolvedValue((deps: WebhooksDeps) => forgetDeliveries(deps), [Webhooks.deps])
      .inSingletonScope();
    bind(Platform.measures)
      .toResolvedValue((dispatcher: Dispatcher) => attemptsMeasure(dispatcher), [Webhooks.dispatcher])
      .inSingletonScope();
    for (const measure of [waitingMeasure, oldestMeasure]) {
      bind(Platform.measures).toResolvedValue(measure, [Webhooks.queries, Platform.clock]).inSingletonScope();
    }
  }),

  postgres: new ContainerModule(({ bind }) => {
    bind(Webhooks.uow)
      .toResolvedValue((platform: PostgresPlatform) => postgresUnitOfWork(platform, postgresWebhooks), [Platform.postgres])
      .inSingletonScope();
    bind(Webhooks.queries).toResolvedValue(postgresWebhooksQueries, [Platform.sql]).inSingletonScope();
    bind(Platform.postgresSubscriptions)
      .toResolvedValue(
        (ids: Ids) =>
          within(onPublicEvent({ ids }), (tx: PostgresTx) => ({ ...postgresWebhooks(tx), currencies: currenciesFrom(postgresRestaurants(tx)) })),
        [Platform.ids],
      )
      .inSingletonScope();
  }),

  memory: new ContainerModule(({ bind }) => {
    bind(Webhooks.uow)
      .toResolvedValue((platform: MemoryPlatform) => memoryUnitOfWork(platform, memoryWebhooks), [Platform.memory])
      .inSingletonScope();
    bind(Webhooks.queries).toResolvedValue(memoryWebhooksQueries, [Platform.store]).inSingletonScope();
    bind(Platform.memorySubscriptions)
      .toResolvedValue(
        (ids: Ids) =>
          within(onPublicEvent({ ids }), (tx: MemoryTx) => ({ ...memoryWebhooks(tx), currencies: currenciesFrom(memoryRestaurants(tx)) })),
        [Platform.ids],
      )
      .inSingletonScope();
  }),

  rows: WEBHOOKS_ROWS,
};

const attemptsMeasure = (dispatcher: Dispatcher): Measure => ({
  name: 'thali_webhook_attempts_total',
  help: 'Attempts of this process to send a webhook, by what came of them',
  labels: ['outcome'],
  read: () => Object.entries(dispatcher.counts).map(([outcome, value]) => ({ labels: { outcome }, value })),
});
const waitingMeasure = (queries: WebhooksQueries, clock: Clock): Measure => ({
  name: 'thali_webhook_deliveries_waiting',
  help: 'Webhooks that are still to be sent, now or later',
  read: async () => [{ value: (await queries.backlog(clock.now())).waiting }],
});
const oldestMeasure = (queries: WebhooksQueries, clock: Clock): Measure => ({
  name: 'thali_webhook_oldest_due_seconds',
  help: 'For how long the longest waiting webhook has been due',
  async read() {
    const now = clock.now();
    const { oldestDueAt } = await queries.backlog(now);
    return [{ value: oldestDueAt === null ? 0 : (now - oldestDueAt) / 1_000 }];
  },
});
