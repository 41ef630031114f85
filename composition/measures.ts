import type { Container } from 'inversify';
import type { RedisStats } from '#adapters/redis/connection.ts';
import type { Measure } from '#application/platform/measures.ts';
import type { SubscriptionLag } from '#application/shared/events.ts';
import { Platform } from './modules/platform.ts';

/** What is watched of every process, whatever its modules add. */
export function processMeasures(container: Container, statements: () => number): readonly Measure[] {
  const ofDatabase: Measure = {
    name: 'thali_database_statements',
    help: 'Statements sent to the database since the start',
    read: () => [{ value: statements() }],
  };
  return [ofDatabase, ...logMeasures(container), ...redisMeasures(container)];
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
