import type { Container } from 'inversify';
import { createApp } from '#adapters/http/app.ts';
import { isOutage } from '#adapters/postgres/outage.ts';
import { Metrics } from '#adapters/prometheus/metrics.ts';
import { createHealth, type Lifecycle } from './health.ts';
import { Identity } from './modules/identity.ts';
import { Notifications } from './modules/notifications.ts';
import { Ordering } from './modules/ordering.ts';
import { Platform } from './modules/platform.ts';

export const VERSION = '0.1.0';

/** The HTTP side of a wired container. */
export function httpApp(container: Container, lifecycle: Lifecycle, statements: () => number): ReturnType<typeof createApp> {
  const ids = container.get(Platform.ids);
  const config = container.get(Platform.config);
  const metrics = new Metrics({ lag: () => container.get(Platform.eventLog).lag(), statements });
  return createApp({
    routes: container.getAll(Platform.routes).flat(),
    doorkeeper: {
      authenticate: container.get(Identity.useCases).authenticate,
      hasRestaurant: async (restaurantId) => (await container.get(Ordering.facts).restaurants.find(restaurantId)) !== undefined,
    },
    health: createHealth(container, lifecycle),
    log: container.get(Platform.log),
    newId: () => ids.next(),
    version: VERSION,
    publicUrl: config.publicUrl,
    outbox: config.isProduction || config.mail.smtpUrl !== undefined ? undefined : container.get(Notifications.outbox),
    observe: (method, route, status, seconds) => metrics.observe(method, route, status, seconds),
    metrics: () => metrics.text(),
    isOutage,
  });
}
