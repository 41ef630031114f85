import { ContainerModule } from 'inversify';
import { orderingRoutes } from '#adapters/http/ordering/routes.ts';
import { memoryInventory } from '#adapters/memory/inventory/inventory-tx.ts';
import { memoryOrderHistory, memoryOrderNumbers, memoryOrderQueries, memoryOrders } from '#adapters/memory/ordering/orders.ts';
import { memoryRequests } from '#adapters/memory/requests.ts';
import type { MemoryTx } from '#adapters/memory/tx.ts';
import { type MemoryPlatform, memoryUnitOfWork } from '#adapters/memory/unit-of-work.ts';
import { groupedUnitOfWork } from '#adapters/postgres/grouped-unit-of-work.ts';
import { postgresInventory } from '#adapters/postgres/inventory/inventory-tx.ts';
import { postgresOrderHistory } from '#adapters/postgres/ordering/history.ts';
import { postgresOrderNumbers } from '#adapters/postgres/ordering/numbers.ts';
import { ORDERING_ROWS } from '#adapters/postgres/ordering/order.rows.ts';
import { postgresOrders } from '#adapters/postgres/ordering/orders.ts';
import { postgresOrderQueries } from '#adapters/postgres/ordering/queries.ts';
import { postgresRequests } from '#adapters/postgres/requests.ts';
import type { PostgresTx } from '#adapters/postgres/tx.ts';
import { type PostgresPlatform, postgresUnitOfWork } from '#adapters/postgres/unit-of-work.ts';
import type { Catalogue as CatalogueUseCases } from '#application/catalogue/module.ts';
import type { Inventory as InventoryUseCases } from '#application/inventory/module.ts';
import { stockWithin } from '#application/inventory/stock-within.ts';
import { expireUnpaidOrders } from '#application/ordering/expire-unpaid-orders.ts';
import { createOrdering, type Ordering as UseCases } from '#application/ordering/module.ts';
import { onOrderMoved } from '#application/ordering/on-order-moved.ts';
import { onReviewRejected } from '#application/ordering/on-review-rejected.ts';
import type {
  OrderingDeps,
  OrderingFacts,
  OrderingRestaurant,
  OrderingTx,
  OrderNumbers,
  OrderQueries,
  Restaurants,
} from '#application/ordering/ports.ts';
import type { PartnersQueries } from '#application/partners/ports.ts';
import type { Clock, Ids, Log } from '#application/shared/ports.ts';
import type { RequestQueries } from '#application/shared/requests.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { Restaurant } from '#domain/partners/restaurant.ts';
import type { Config } from '../config.ts';
import { token } from '../token.ts';
import { Catalogue } from './catalogue.ts';
import { Inventory } from './inventory.ts';
import { type Module, within } from './module.ts';
import { Partners } from './partners.ts';
import { Platform } from './platform.ts';

export const Ordering = {
  useCases: token<UseCases>('ordering'),
  uow: token<UnitOfWork<OrderingTx>>('ordering.uow'),
  placements: token<UnitOfWork<OrderingTx>>('ordering.placements'),
  queries: token<OrderQueries>('ordering.queries'),
  numbers: token<OrderNumbers>('ordering.numbers'),
  facts: token<OrderingFacts>('ordering.facts'),
};

/** Restaurants as orders see them. */
const orderingRestaurants = ({ restaurant }: PartnersQueries, { orderHoldMs: unpaidHoldMs }: Config): Restaurants => ({
  async find(restaurantId): Promise<OrderingRestaurant | undefined> {
    const found = await restaurant(restaurantId);
    return (
      found && { ...found, unpaidHoldMs, taxFor: (taxClass, diningOption) => Restaurant.taxRuleFor(found, taxClass, diningOption)?.components ?? [] }
    );
  },
});

const postgresOrderingTx =
  (platform: PostgresPlatform) =>
  (tx: PostgresTx): OrderingTx => ({
    orders: postgresOrders(tx),
    stock: stockWithin(postgresInventory(tx, platform)),
    requests: postgresRequests(tx, platform.clock.now),
  });

const memoryOrderingTx =
  (platform: MemoryPlatform) =>
  (tx: MemoryTx): OrderingTx => ({
    orders: memoryOrders(tx),
    stock: stockWithin(memoryInventory(tx, platform)),
    requests: memoryRequests(tx),
  });

export const ordering: Module = {
  core: new ContainerModule(({ bind }) => {
    bind(Ordering.facts)
      .toResolvedValue(
        (partners: PartnersQueries, catalogue: CatalogueUseCases, inventory: InventoryUseCases, config: Config): OrderingFacts => ({
          restaurants: orderingRestaurants(partners, config),
          menu: { offers: catalogue.offers },
          stockroom: { demandFor: inventory.demandFor },
        }),
        [Partners.reads, Catalogue.useCases, Inventory.useCases, Platform.config],
      )
      .inSingletonScope();
    bind(Ordering.useCases)
      .toResolvedValue(
        (
          uow: OrderingDeps['uow'],
          placements: OrderingDeps['placements'],
          queries: OrderQueries,
          requests: RequestQueries,
          facts: OrderingFacts,
          numbers: OrderNumbers,
          clock: Clock,
          ids: Ids,
        ) => createOrdering({ uow, placements, queries, requests, facts, numbers, clock, ids }),
        [Ordering.uow, Ordering.placements, Ordering.queries, Platform.requests, Ordering.facts, Ordering.numbers, Platform.clock, Platform.ids],
      )
      .inSingletonScope();
    bind(Platform.routes).toResolvedValue(orderingRoutes, [Ordering.useCases]).inSingletonScope();
    bind(Platform.jobs)
      .toResolvedValue(
        (uow: OrderingDeps['uow'], queries: OrderQueries, clock: Clock, log: Log) => expireUnpaidOrders({ uow, queries, clock, log }),
        [Ordering.uow, Ordering.queries, Platform.clock, Platform.log],
      )
      .inSingletonScope();
  }),

  postgres: new ContainerModule(({ bind }) => {
    bind(Ordering.uow)
      .toResolvedValue((platform: PostgresPlatform) => postgresUnitOfWork(platform, postgresOrderingTx(platform)), [Platform.postgres])
      .inSingletonScope();
    bind(Ordering.placements)
      .toResolvedValue((platform: PostgresPlatform) => groupedUnitOfWork(platform, postgresOrderingTx(platform)), [Platform.postgres])
      .inSingletonScope();
    bind(Ordering.queries).toResolvedValue(postgresOrderQueries, [Platform.sql]).inSingletonScope();
    bind(Ordering.numbers).toResolvedValue(postgresOrderNumbers, [Platform.sql]).inSingletonScope();
    bind(Platform.postgresSubscriptions)
      .toResolvedValue((platform: PostgresPlatform) => within(onReviewRejected(platform), postgresOrderingTx(platform)), [Platform.postgres])
      .inSingletonScope();
    bind(Platform.postgresSubscriptions).toConstantValue(within(onOrderMoved, (tx: PostgresTx) => ({ history: postgresOrderHistory(tx) })));
  }),

  memory: new ContainerModule(({ bind }) => {
    bind(Ordering.uow)
      .toResolvedValue((platform: MemoryPlatform) => memoryUnitOfWork(platform, memoryOrderingTx(platform)), [Platform.memory])
      .inSingletonScope();
    bind(Ordering.placements).toService(Ordering.uow);
    bind(Ordering.queries).toResolvedValue(memoryOrderQueries, [Platform.store]).inSingletonScope();
    bind(Ordering.numbers).toResolvedValue(memoryOrderNumbers).inSingletonScope();
    bind(Platform.memorySubscriptions)
      .toResolvedValue((platform: MemoryPlatform) => within(onReviewRejected(platform), memoryOrderingTx(platform)), [Platform.memory])
      .inSingletonScope();
    bind(Platform.memorySubscriptions).toConstantValue(within(onOrderMoved, (tx: MemoryTx) => ({ history: memoryOrderHistory(tx) })));
  }),

  rows: ORDERING_ROWS,
};
