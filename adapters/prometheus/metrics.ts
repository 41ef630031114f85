import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { SubscriptionLag } from '#application/shared/events.ts';

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 10];

type RedisNumbers = { readonly isAway: boolean; readonly calls: number; readonly failures: number; readonly refused: number };

/** The process's numbers in Prometheus text format. Labels are route templates and names, never ids. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #unsigned: Counter<'http_route'>;
  readonly #requests: Histogram<'http_request_method' | 'http_route' | 'http_response_status_code'>;

  constructor(sources: { lag(): Promise<readonly SubscriptionLag[]>; statements(): number; redis?(): RedisNumbers }) {
    collectDefaultMetrics({ register: this.#registry });
    this.#requests = new Histogram({
      name: 'http_server_request_duration_seconds',
      help: 'Time from the first byte of a request to its answer',
      labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
      buckets: BUCKETS,
      registers: [this.#registry],
    });
    this.#unsigned = new Counter({
      name: 'thali_webhooks_refused_total',
      help: 'Webhooks that were not signed by whom they claim to come from',
      labelNames: ['http_route'],
      registers: [this.#registry],
    });
    new Gauge({
      name: 'thali_database_statements',
      help: 'Statements sent to the database since the start',
      registers: [this.#registry],
      collect() {
        this.set(sources.statements());
      },
    });
    const { redis } = sources;
    if (redis) {
      const ofRedis = (name: string, help: string, read: (numbers: RedisNumbers) => number) =>
        new Gauge({
          name,
          help,
          registers: [this.#registry],
          collect() {
            this.set(read(redis()));
          },
        });
      ofRedis('thali_redis_up', '1 while Redis answers, 0 while this process does without it', ({ isAway }) => (isAway ? 0 : 1));
      ofRedis('thali_redis_calls', 'Calls to Redis since the start', ({ calls }) => calls);
      ofRedis('thali_redis_failures', 'Calls that got no answer', ({ failures }) => failures);
      ofRedis('thali_redis_refused', 'Calls that were not made because Redis was known to be away', ({ refused }) => refused);
    }
    const gauge = (name: string, help: string, read: (lag: SubscriptionLag) => number) =>
      new Gauge({
        name,
        help,
        labelNames: ['subscription'],
        registers: [this.#registry],
        async collect() {
          for (const lag of await sources.lag()) this.set({ subscription: lag.name }, read(lag));
        },
      });
    gauge('thali_subscription_behind_events', 'Events a subscription has yet to read', ({ behind }) => behind);
    gauge('thali_subscription_lag_seconds', 'Age of the oldest event a subscription has yet to read', ({ lagSeconds }) => lagSeconds);
    gauge('thali_subscription_retrying_events', 'Events that wait for another attempt', ({ retrying }) => retrying);
    gauge('thali_subscription_parked_events', 'Events that wait for a person', ({ parked }) => parked);
  }

  observe(method: string, route: string, status: number, seconds: number): void {
    this.#requests.observe({ http_request_method: method, http_route: route, http_response_status_code: status }, seconds);
  }

  refused(code: string, route: string): void {
    if (code === 'payments.webhook_not_signed') this.#unsigned.inc({ http_route: route });
  }

  async text(): Promise<{ readonly contentType: string; readonly text: string }> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }
}
