import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Measure } from '#application/platform/measures.ts';

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 10];

/** The process's numbers in Prometheus text format. Labels are route templates and names, never ids. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #unsigned: Counter<'http_route'>;
  readonly #requests: Histogram<'http_request_method' | 'http_route' | 'http_response_status_code'>;

  constructor(measures: readonly Measure[]) {
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
    for (const measure of measures) this.#register(measure);
  }

  #register({ name, help, labels = [], read }: Measure): void {
    new Gauge({
      name,
      help,
      labelNames: [...labels],
      registers: [this.#registry],
      async collect() {
        this.reset();
        for (const reading of await read()) this.set(reading.labels ?? {}, reading.value);
      },
    });
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
