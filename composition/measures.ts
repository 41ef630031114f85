import type { Container } from 'inversify';
import type { Connections } from '#adapters/postgres/orm.ts';
import type { RedisStats } from '#adapters/redis/connection.ts';
import { cacheMeasures } from '#adapters/shared/platform/cache-counts.ts';
import { TieredCache } from '#adapters/shared/platform/tiered-cache.ts';
import type { Measure, Reading } from '#application/platform/measures.ts';
import type { SubscriptionLag } from '#application/shared/events.ts';
import { Platform } from './modules/platform.ts';

/** What is watched of every process, whatever its modules add. */
export function processMeasures(container: Container, statements: () => number): readonly Measure[] {
  const ofDatabase: Measure = {
    name: 'thali_database_statements',
    help: 'Statements sent to the database since the start',
    read: () => [{ value: statements() }],
  };
  const cache = container.get(Platform.cache);
  const ofCache = cache instanceof TieredCache ? cacheMeasures(cache) : [];
  return [
    ofDatabase,
    ...logMeasures(container),
    ...redisMeasures(container),
    ...poolMeasures(container),
    ...container.get(Platform.jobRuns).measures(),
    ...ofCache,
  ];
}

function logMeasures(container: Container): readonly Measure[] {
  const measure = (name: string, help: string, numberOf: (lag: SubscriptionLag) => number): Measure => ({
    name,
    help,
    labels: ['subscription'],
    async read() {
      const lags = await container.get(Platform.eventLog).lag();
      return lags.map((lag) => ({ labels: { subscription: lag.name }, value: numberOf(lag) }));
    },
  });
  return [
    measure('thali_subscription_behind_events', 'Events a subscription has yet to read', ({ behind }) => behind),
    measure('thali_subscription_lag_seconds', 'Age of the oldest event a subscription has yet to read', ({ lagSeconds }) => lagSeconds),
    measure('thali_subscription_retrying_events', 'Events that wait for another attempt', ({ retrying }) => retrying),
    measure('thali_subscription_parked_events', 'Events that wait for a person', ({ parked }) => parked),
  ];
}

function redisMeasures(container: Container): readonly Measure[] {
  if (!container.isBound(Platform.redis)) return [];
  const redis = container.get(Platform.redis);
  const measure = (name: string, help: string, numberOf: (stats: RedisStats) => number): Measure => ({
    name,
    help,
    read: () => [{ value: numberOf(redis.stats) }],
  });
  return [
    measure('thali_redis_up', '1 while Redis answers, 0 while this process does without it', ({ isAway }) => (isAway ? 0 : 1)),
    measure('thali_redis_calls', 'Calls to Redis since the start', ({ calls }) => calls),
    measure('thali_redis_failures', 'Calls that got no answer', ({ failures }) => failures),
    measure('thali_redis_refused', 'Calls that were not made because Redis was known to be away', ({ refused }) => refused),
  ];
}

/** By the conventions of OpenTelemetry, but for `count` at the end of a name, which is a part of a histogram to Prometheus. The embedded database has one connection and no pool. */
function poolMeasures(container: Container): readonly Measure[] {
  const statements = container.isBound(Platform.statements) ? container.get(Platform.statements) : undefined;
  const pool = { db_client_connection_pool_name: 'thali' };
  const connections = (read: (now: Connections) => readonly Reading[]) => () => {
    const now = statements?.connections?.();
    return now ? read(now) : [];
  };
  return [
    {
      name: 'db_client_connections',
      help: 'Connections to the database, by whether they are in use',
      labels: ['db_client_connection_pool_name', 'db_client_connection_state'],
      read: connections(({ used, idle }) => [
        { labels: { ...pool, db_client_connection_state: 'used' }, value: used },
        { labels: { ...pool, db_client_connection_state: 'idle' }, value: idle },
      ]),
    },
    {
      name: 'db_client_connection_pending_requests',
      help: 'Requests that wait for a connection',
      labels: ['db_client_connection_pool_name'],
      read: connections(({ waiting }) => [{ labels: pool, value: waiting }]),
    },
    {
      name: 'db_client_connection_max',
      help: 'Connections that the pool may open',
      labels: ['db_client_connection_pool_name'],
      read: connections(({ max }) => [{ labels: pool, value: max }]),
    },
  ];
}
