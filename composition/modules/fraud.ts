import { ContainerModule } from 'inversify';
import { fraudRoutes } from '#adapters/http/fraud/routes.ts';
import { memoryFraud } from '#adapters/memory/fraud/fraud-tx.ts';
import { memoryFraudQueries } from '#adapters/memory/fraud/queries.ts';
import { type MemoryPlatform, memoryUnitOfWork } from '#adapters/memory/unit-of-work.ts';
import { FRAUD_ROWS } from '#adapters/postgres/fraud/fraud.rows.ts';
import { postgresFraud } from '#adapters/postgres/fraud/fraud-tx.ts';
import { postgresFraudQueries } from '#adapters/postgres/fraud/queries.ts';
import { type PostgresPlatform, postgresUnitOfWork } from '#adapters/postgres/unit-of-work.ts';
import { hmacFraudTokens } from '#adapters/system/fraud-tokens.ts';
import { deriveKeys } from '#adapters/system/keys.ts';
import { expireReviews } from '#application/fraud/expire-reviews.ts';
import { createFraud, type Fraud as UseCases } from '#application/fraud/module.ts';
import { onDispute } from '#application/fraud/on-dispute.ts';
import { onOutcome } from '#application/fraud/on-outcome.ts';
import type { FraudDeps, FraudFacts, FraudQueries, FraudTx, OrderFacts, Tokens } from '#application/fraud/ports.ts';
import type { IdentityQueries } from '#application/identity/ports.ts';
import type { OrderQueries } from '#application/ordering/ports.ts';
import type { PartnersQueries } from '#application/partners/ports.ts';
import type { Clock, Ids, Log } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { Judge } from '#domain/fraud/decision.ts';
import { type Order, OrderId } from '#domain/ordering/order.ts';
import { readDefaultJudge } from '../fraud/default-judge.ts';
import { token } from '../token.ts';
import { Identity } from './identity.ts';
import { type Module, within } from './module.ts';
import { Ordering } from './ordering.ts';
import { Partners } from './partners.ts';
import { Platform } from './platform.ts';

export const Fraud = {
  /** `assess` is what payments asks before it takes money. */
  useCases: token<UseCases>('fraud'),
  uow: token<UnitOfWork<FraudTx>>('fraud.uow'),
  queries: token<FraudQueries>('fraud.queries'),
  facts: token<FraudFacts>('fraud.facts'),
  tokens: token<Tokens>('fraud.tokens'),
  judge: token<Judge>('fraud.judge'),
};

const STAFF_MAX = 200;

/** What others know of who pays, for what, and where. */
const factsFrom = (identity: IdentityQueries, ordering: OrderQueries, partners: PartnersQueries): FraudFacts => ({
  async account(customerId) {
    const found = await identity.account(customerId);
    return found && { email: found.email, phone: found.phone, registeredAt: found.registeredAt, isVerified: found.emailVerifiedAt !== null };
  },
  async order(restaurantId, orderId) {
    const found = await ordering.find(OrderId.of(orderId));
    return found?.restaurantId === restaurantId ? orderFacts(found) : undefined;
  },
  async restaurant(restaurantId) {
    const [found, staff] = await Promise.all([partners.restaurant(restaurantId), partners.staff(restaurantId, { limit: STAFF_MAX })]);
    return found && { timeZone: found.timeZone, staff: staff.data.map(({ accountId }) => accountId) };
  },
});

const orderFacts = ({ lines, price, deliveryAddress }: Order): OrderFacts => ({
  units: lines.reduce((sum, { quantity }) => sum + quantity, 0),
  discount: 0,
  tip: price.tip,
  address: deliveryAddress && [deliveryAddress.line1, deliveryAddress.line2, deliveryAddress.postalCode].filter(Boolean).join(' '),
  phone: deliveryAddress?.phone ?? null,
  place: null,
});

export const fraud: Module = {
  core: new ContainerModule(({ bind }) => {
    bind(Fraud.facts).toResolvedValue(factsFrom, [Identity.queries, Ordering.queries, Partners.queries]).inSingletonScope();
    bind(Fraud.tokens)
      .toResolvedValue((secret: string) => hmacFraudTokens(deriveKeys([secret], 'fraud')), [Platform.secret])
      .inSingletonScope();
    bind(Fraud.judge).toResolvedValue(readDefaultJudge).inSingletonScope();
    bind(Fraud.useCases)
      .toResolvedValue(
        (uow: FraudDeps['uow'], queries: FraudQueries, facts: FraudFacts, tokens: Tokens, judge: Judge, clock: Clock, ids: Ids) =>
          createFraud({ uow, queries, facts, tokens, judge, clock, ids }),
        [Fraud.uow, Fraud.queries, Fraud.facts, Fraud.tokens, Fraud.judge, Platform.clock, Platform.ids],
      )
      .inSingletonScope();
    bind(Platform.routes).toResolvedValue(fraudRoutes, [Fraud.useCases]).inSingletonScope();
    bind(Platform.jobs)
      .toResolvedValue(
        (uow: FraudDeps['uow'], queries: FraudQueries, clock: Clock, log: Log) => expireReviews({ uow, queries, clock, log }),
        [Fraud.uow, Fraud.queries, Platform.clock, Platform.log],
      )
      .inSingletonScope();
  }),

  postgres: new ContainerModule(({ bind }) => {
    bind(Fraud.uow)
      .toResolvedValue((platform: PostgresPlatform) => postgresUnitOfWork(platform, postgresFraud), [Platform.postgres])
      .inSingletonScope();
    bind(Fraud.queries).toResolvedValue(postgresFraudQueries, [Platform.sql]).inSingletonScope();
    bind(Platform.postgresSubscriptions)
      .toResolvedValue((tokens: Tokens) => within(onOutcome({ tokens }), postgresFraud), [Fraud.tokens])
      .inSingletonScope();
    bind(Platform.postgresSubscriptions).toConstantValue(within(onDispute, postgresFraud));
  }),

  memory: new ContainerModule(({ bind }) => {
    bind(Fraud.uow)
      .toResolvedValue((platform: MemoryPlatform) => memoryUnitOfWork(platform, memoryFraud), [Platform.memory])
      .inSingletonScope();
    bind(Fraud.queries).toResolvedValue(memoryFraudQueries, [Platform.store]).inSingletonScope();
    bind(Platform.memorySubscriptions)
      .toResolvedValue((tokens: Tokens) => within(onOutcome({ tokens }), memoryFraud), [Fraud.tokens])
      .inSingletonScope();
    bind(Platform.memorySubscriptions).toConstantValue(within(onDispute, memoryFraud));
  }),

  rows: FRAUD_ROWS,
};
