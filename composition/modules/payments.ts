import { ContainerModule } from 'inversify';
import { paymentsRoutes } from '#adapters/http/payments/routes.ts';
import { memoryInventory } from '#adapters/memory/inventory/inventory-tx.ts';
import { memoryOrders } from '#adapters/memory/ordering/orders.ts';
import { memoryPaymentsTx } from '#adapters/memory/payments/payments-tx.ts';
import { memoryPaymentQueries } from '#adapters/memory/payments/queries.ts';
import type { MemoryTx } from '#adapters/memory/tx.ts';
import { type MemoryPlatform, memoryUnitOfWork } from '#adapters/memory/unit-of-work.ts';
import { postgresInventory } from '#adapters/postgres/inventory/inventory-tx.ts';
import { postgresOrders } from '#adapters/postgres/ordering/orders.ts';
import { PAYMENT_ROWS } from '#adapters/postgres/payments/payment.rows.ts';
import { postgresPaymentsTx } from '#adapters/postgres/payments/payments-tx.ts';
import { postgresPaymentQueries } from '#adapters/postgres/payments/queries.ts';
import type { PostgresTx } from '#adapters/postgres/tx.ts';
import { type PostgresPlatform, postgresUnitOfWork } from '#adapters/postgres/unit-of-work.ts';
import type { CommitSignal } from '#adapters/shared/committed.ts';
import { reaction } from '#adapters/shared/reaction.ts';
import type { Fraud as FraudUseCases } from '#application/fraud/module.ts';
import { stockWithin } from '#application/inventory/stock-within.ts';
import { paymentsWithin } from '#application/ordering/payments-within.ts';
import type { OrderingFacts, OrderQueries } from '#application/ordering/ports.ts';
import { createPayments, type Payments as UseCases } from '#application/payments/module.ts';
import { onOrderEnded } from '#application/payments/on-order-ended.ts';
import { onReviewApproved } from '#application/payments/on-review-approved.ts';
import type {
  Commissions,
  PayableOrders,
  PaymentFacts,
  PaymentQueries,
  PaymentSettings,
  PaymentsDeps,
  PaymentsTx,
  Providers,
  Screening,
} from '#application/payments/ports.ts';
import { processInbox } from '#application/payments/process-inbox.ts';
import { runDueOperations } from '#application/payments/run-due-operations.ts';
import { sweepPayments } from '#application/payments/sweep-payments.ts';
import type { Clock, Ids, Log } from '#application/shared/ports.ts';
import type { RequestQueries } from '#application/shared/requests.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { Config } from '../config.ts';
import { payableOrders } from '../payable-orders.ts';
import { createProcessors, type Processors } from '../processors.ts';
import { token } from '../token.ts';
import { Fraud } from './fraud.ts';
import { type Module, within } from './module.ts';
import { Ordering } from './ordering.ts';
import { Platform } from './platform.ts';

export const Payments = {
  useCases: token<UseCases>('payments'),
  uow: token<UnitOfWork<PaymentsTx>>('payments.uow'),
  queries: token<PaymentQueries>('payments.queries'),
  processors: token<Processors>('payments.processors'),
  providers: token<Providers>('payments.providers'),
  settings: token<PaymentSettings>('payments.settings'),
  orders: token<PayableOrders>('payments.orders'),
  screening: token<Screening>('payments.screening'),
  commissions: token<Commissions>('payments.commissions'),
  /** What its use cases, jobs and subscriptions are made of. */
  deps: token<PaymentsDeps>('payments.deps'),
};

/** Payments inside an open transaction, with what they do to orders there. */
export const inPostgres = (tx: PostgresTx, platform: Pick<PostgresPlatform, 'ids' | 'clock'>): PaymentsTx => ({
  ...postgresPaymentsTx(tx, platform),
  orders: paymentsWithin({ orders: postgresOrders(tx), stock: stockWithin(postgresInventory(tx, platform)) }),
});
export const inMemory = (tx: MemoryTx, platform: Pick<MemoryPlatform, 'ids' | 'clock'>): PaymentsTx => ({
  ...memoryPaymentsTx(tx, platform),
  orders: paymentsWithin({ orders: memoryOrders(tx), stock: stockWithin(memoryInventory(tx, platform)) }),
});

/** Fraud decides; in shadow its decisions are kept for comparison, and everybody may pay. */
const screeningBy = ({ assess }: FraudUseCases, { fraudMode }: Config): Screening => ({
  async assess({ channel, ...attempt }) {
    if (fraudMode === 'off') return 'allow';
    const { action } = await assess({ ...attempt, method: channel === 'bank_transfer' ? channel : null });
    return fraudMode === 'shadow' ? 'allow' : action;
  },
});

const SUBSCRIPTIONS = [onOrderEnded, onReviewApproved];

export const payments: Module = {
  core: new ContainerModule(({ bind }) => {
    bind(Payments.settings)
      .toResolvedValue((config: Config) => config.payments, [Platform.config])
      .inSingletonScope();
    bind(Payments.processors)
      .toResolvedValue(createProcessors, [Platform.config, Platform.secret, Platform.clock])
      .inSingletonScope()
      .onDeactivation(({ simulator }) => simulator?.control.close());
    bind(Payments.providers)
      .toResolvedValue(({ providers }: Processors): Providers => providers, [Payments.processors])
      .inSingletonScope();
    bind(Payments.orders)
      .toResolvedValue(
        (orders: OrderQueries, { restaurants }: OrderingFacts) => payableOrders(orders, restaurants),
        [Ordering.queries, Ordering.facts],
      )
      .inSingletonScope();
    bind(Payments.screening).toResolvedValue(screeningBy, [Fraud.useCases, Platform.config]).inSingletonScope();
    bind(Payments.deps)
      .toResolvedValue(
        (
          uow: PaymentsDeps['uow'],
          queries: PaymentQueries,
          requests: RequestQueries,
          orders: PayableOrders,
          screening: Screening,
          commissions: Commissions,
          providers: Providers,
          settings: PaymentSettings,
          clock: Clock,
          ids: Ids,
          log: Log,
        ): PaymentsDeps => {
          const facts: PaymentFacts = { orders, screening, commissions };
          return { uow, queries, requests, facts, providers, settings, runtime: { clock, ids, log } };
        },
        [
          Payments.uow,
          Payments.queries,
          Platform.requests,
          Payments.orders,
          Payments.screening,
          Payments.commissions,
          Payments.providers,
          Payments.settings,
          Platform.clock,
          Platform.ids,
          Platform.log,
        ],
      )
      .inSingletonScope();
    bind(Payments.useCases).toResolvedValue(createPayments, [Payments.deps]).inSingletonScope();
    bind(Platform.routes).toResolvedValue(paymentsRoutes, [Payments.useCases, Platform.config]).inSingletonScope();
    bind(Platform.workers)
      .toResolvedValue(
        (deps: PaymentsDeps, committed: CommitSignal, log: Log) => {
          const [operations, inbox] = [runDueOperations(deps), processInbox(deps)];
          const work = async () => (await inbox.run()) + (await operations.run());
          return reaction({ name: 'payments', wants: (type) => type.startsWith('payments.'), work }, committed, log);
        },
        [Payments.deps, Platform.committed, Platform.log],
      )
      .inSingletonScope();
    for (const job of [runDueOperations, processInbox, sweepPayments]) bind(Platform.jobs).toResolvedValue(job, [Payments.deps]).inSingletonScope();
  }),

  postgres: new ContainerModule(({ bind }) => {
    bind(Payments.uow)
      .toResolvedValue((platform: PostgresPlatform) => postgresUnitOfWork(platform, (tx) => inPostgres(tx, platform)), [Platform.postgres])
      .inSingletonScope();
    bind(Payments.queries).toResolvedValue(postgresPaymentQueries, [Platform.sql]).inSingletonScope();
    for (const subscription of SUBSCRIPTIONS) {
      bind(Platform.postgresSubscriptions)
        .toResolvedValue(
          (settings: PaymentSettings, platform: PostgresPlatform, log: Log) =>
            within(subscription({ settings, runtime: { ...platform, log } }), (tx: PostgresTx) => inPostgres(tx, platform)),
          [Payments.settings, Platform.postgres, Platform.log],
        )
        .inSingletonScope();
    }
  }),

  memory: new ContainerModule(({ bind }) => {
    bind(Payments.uow)
      .toResolvedValue((platform: MemoryPlatform) => memoryUnitOfWork(platform, (tx) => inMemory(tx, platform)), [Platform.memory])
      .inSingletonScope();
    bind(Payments.queries).toResolvedValue(memoryPaymentQueries, [Platform.store]).inSingletonScope();
    for (const subscription of SUBSCRIPTIONS) {
      bind(Platform.memorySubscriptions)
        .toResolvedValue(
          (settings: PaymentSettings, platform: MemoryPlatform, log: Log) =>
            within(subscription({ settings, runtime: { ...platform, log } }), (tx: MemoryTx) => inMemory(tx, platform)),
          [Payments.settings, Platform.memory, Platform.log],
        )
        .inSingletonScope();
    }
  }),

  rows: PAYMENT_ROWS,
};
