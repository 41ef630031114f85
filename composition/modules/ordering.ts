import { ContainerModule } from 'inversify';
import { orderingRoutes } from '#adapters/http/ordering/routes.ts';
import { memoryOrderHistory, memoryOrderNumbers, memoryOrderQueries, memoryOrders } from '#adapters/memory/ordering/orders.ts';
import { memoryRequests } from '#adapters/memory/requests.ts';
import type { MemoryTx } from '#adapters/memory/tx.ts';
import { type MemoryPlatform, memoryUnitOfWork } from '#adapters/memory/unit-of-work.ts';
import { postgresOrderHistory } from '#adapters/postgres/ordering/history.ts';
import { postgresOrderNumbers } from '#adapters/postgres/ordering/numbers.ts';
import { ORDERING_ROWS } from '#adapters/postgres/ordering/order.rows.ts';
import { postgresOrders } from '#adapters/postgres/ordering/orders.ts';
import { postgresOrderQueries } from '#adapters/postgres/ordering/queries.ts';
import { postgresRequests } from '#adapters/postgres/requests.ts';
import type { PostgresTx } from '#adapters/postgres/tx.ts';
import { type PostgresPlatform, postgresUnitOfWork } from '#adapters/postgres/unit-of-work.ts';
import { expireUnpaidOrders } from '#application/ordering/expire-unpaid-orders.ts';
import { createOrdering, type Ordering as UseCases } from '#application/ordering/module.ts';
import { onOrderMoved } from '#application/ordering/on-order-moved.ts';
import type { OrderingDeps, OrderingFacts, OrderingRestaurant, OrderingTx, OrderNumbers, OrderQueries, OrderStock } from '#application/ordering/ports.ts';
import type { Clock, Ids } from '#application/shared/ports.ts';
import type { RequestQueries } from '#application/shared/requests.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { Restaurant } from '#domain/partners/restaurant.ts';
import { token } from '../token.ts';
import type { Module } from './module.ts';
import { Partners } from './partners.ts';
import { Platform } from './platform.ts';

export const Ordering = {
  useCases: token<UseCases>('ordering'),
  uow: token<UnitOfWork<OrderingTx>>('ordering.uow'),
  queries: token<OrderQueries>('ordering.queries'),
  numbers: token<OrderNumbers>('ordering.numbers'),
  facts: token<OrderingFacts>('ordering.facts'),
};

const restaurantFacts = (restaurant: Restaurant): OrderingRestaurant => ({
  ...restaurant,
  taxFor: (taxClass, diningOption) => Restaurant.taxRuleFor(restaurant, taxClass, diningOption)?.components ?? [],
});
