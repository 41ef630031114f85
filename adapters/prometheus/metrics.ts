import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Measure } from '#application/platform/measures.ts';

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 10];

/** Gauges that are called totals; the same numbers come by their kinds as well. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** The process's numbers in Prometheus text format. Labels are route templates and names, never ids. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #unsigned: Counter<'http_route'>;
  readonly #requests: Histogram<'http_request_method' | 'http_route' | 'http_response_status_code'>;
  readonly #statements: Histogram<'db_system_name' | 'db_operation_name' | 'error_type'>;

  constructor(measures: readonly Measure[]) {
    collectDefaultMetrics({ register: this.#registry });
    for (const name of MISNAMED) this.#registry.removeSingleMetric(name);
    this.#requests = new Histogram({
      name: 'http_server_request_duration_seconds',
      help: 'Time from the first byte of a request to its answer',
      labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
      buckets: BUCKETS,
      registers: [this.#registry],
    });
    this.#statements = new Histogram({
      name: 'db_client_operation_duration_seconds',
      help: 'Time from sending a statement to its answer, by what it does',
      labelNames: ['db_system_name', 'db_operation_name', 'error_type'],
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

  observe(method: string, route: string, status: number, seconds: number): void {
    this.#requests.observe({ http_request_method: method, http_route: route, http_response_status_code: status }, seconds);
  }

  statement(operation: string, seconds: number, isFailed: boolean): void {
    this.#statements.observe({ db_system_name: 'postgresql', db_operation_name: operation, error_type: isFailed ? 'failed' : '' }, seconds);
  }

  refused(code: string, route: string): void {
    if (code === 'payments.webhook_not_signed') this.#unsigned.inc({ http_route: route });
  }

  /** Every number there is, for people. */
  described(): readonly { readonly name: string; readonly help: string; readonly type: string; readonly labels: readonly string[] }[] {
    return this.#registry.getMetricsAsArray().map((metric) => {
      const {
        name,
        help,
        labelNames = [],
      } = metric as unknown as { readonly name: string; readonly help: string; readonly labelNames?: readonly string[] };
      return { name, help: help.replace(/\.$/, ''), type: kindOf(metric), labels: labelNames };
    });
  }

  async text(): Promise<{ readonly contentType: string; readonly text: string }> {
    const text = await this.#registry.metrics();
    return { contentType: this.#registry.contentType, text: text.replaceAll(/ Nan$/gm, ' NaN') }; // As the format spells it.
  }

  /** What is named as a total only grows, and is told so. A measure that cannot be had now leaves the others be. */
  #register({ name, help, labels = [], read }: Measure): void {
    const about = { name, help, labelNames: [...labels], registers: [this.#registry] };
    const readings = () =>
      Promise.resolve()
        .then(read)
        .catch(() => []);
    if (name.endsWith('_total')) {
      new Counter({
        ...about,
        async collect() {
          this.reset();
          for (const { labels: of = {}, value } of await readings()) this.inc(of, value);
        },
      });
      return;
    }
    new Gauge({
      ...about,
      async collect() {
        this.reset();
        for (const { labels: of = {}, value } of await readings()) this.set(of, value);
      },
    });
  }
}

const kindOf = (metric: object): string =>
  metric instanceof Counter ? 'counter' : metric instanceof Histogram ? 'histogram' : metric instanceof Gauge ? 'gauge' : 'summary';
