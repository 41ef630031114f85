import type { Container } from 'inversify';
import { createApp } from '#adapters/http/app.ts';
import { isOutage } from '#adapters/postgres/outage.ts';
import { Metrics } from '#adapters/prometheus/metrics.ts';
import { createHealth, type Lifecycle } from './health.ts';
import { Identity } from './modules/identity.ts';
import { Ordering } from './modules/ordering.ts';
import { Payments } from './modules/payments.ts';
import { Platform } from './modules/platform.ts';
import { SIMULATOR_PATH } from './processors.ts';

export const VERSION = '0.1.0';

/** The HTTP side of a wired container. */
export function httpApp(container: Container, lifecycle: Lifecycle, statements: () => number): ReturnType<typeof createApp> {
  const ids = container.get(Platform.ids);
  const { simulator } = container.get(Payments.processors);
  const metrics = new Metrics({ lag: () => container.get(Platform.eventLog).lag(), statements });
  const app = createApp({
    routes: container.getAll(Platform.routes).flat(),
    doorkeeper: {
      authenticate: container.get(Identity.useCases).authenticate,
      hasRestaurant: async (restaurantId) => (await container.get(Ordering.facts).restaurants.find(restaurantId)) !== undefined,
    },
    health: createHealth(container, lifecycle),
    log: container.get(Platform.log),
    newId: () => ids.next(),
    version: VERSION,
    publicUrl: container.get(Platform.config).publicUrl,
    observe: (method, route, status, seconds) => metrics.observe(method, route, status, seconds),
    refused: (code, route) => metrics.refused(code, route),
    metrics: () => metrics.text(),
    isOutage,
    ...(simulator && { mounted: [{ path: SIMULATOR_PATH, fetch: (request: Request) => simulator.app.fetch(request) }] }),
  });
  simulator?.connect((request) => app.fetch(request));
  return app;
}
