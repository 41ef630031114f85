import type { Container } from 'inversify';
import { createApp } from '#adapters/http/app.ts';
import { originReader, plainTextReader } from '#adapters/http/client-address.ts';
import type { Entrance } from '#adapters/http/entrance.ts';
import { healthRoutes } from '#adapters/http/health.ts';
import { createStatusApp } from '#adapters/http/status.ts';
import { isOutage } from '#adapters/postgres/outage.ts';
import { Metrics } from '#adapters/prometheus/metrics.ts';
import { deriveKeys } from '#adapters/system/keys.ts';
import { hmacVeil } from '#adapters/system/veil.ts';
import { SOCKET_PATH } from '#adapters/websocket/gateway.ts';
import { asyncApiDocument } from '#adapters/websocket/realtime/asyncapi.ts';
import { DOCUMENTED } from './config/document.ts';
import { createHealth, type Lifecycle } from './health.ts';
import { processMeasures } from './measures.ts';
import { ApiKeys } from './modules/api-keys.ts';
import { Identity } from './modules/identity.ts';
import { Inbox, SMS_SIMULATOR_PATH } from './modules/inbox.ts';
import { Notifications } from './modules/notifications.ts';
import { Ordering } from './modules/ordering.ts';
import { Payments } from './modules/payments.ts';
import { Platform } from './modules/platform.ts';
import { SIMULATOR_PATH } from './processors.ts';

export const VERSION = '0.1.0';

/** The HTTP side of a wired container. */
export function httpApp(container: Container, lifecycle: Lifecycle, statements: () => number): ReturnType<typeof createApp> {
  const ids = container.get(Platform.ids);
  const { simulator } = container.get(Payments.processors);
  const smsSimulator = container.get(Inbox.smsSimulator);
  const config = container.get(Platform.config);
  const metrics = metricsOf(container, statements);
  const health = createHealth(container, lifecycle, VERSION);
  const app = createApp({
    routes: [...container.getAll(Platform.routes).flat(), ...healthRoutes(health)],
    entrance: entranceOf(container),
    isPlainText: config.isProduction ? plainTextReader(config.trustedProxies) : undefined,
    corsOrigins: config.corsOrigins,
    variables: DOCUMENTED,
    watched: metrics.described(),
    health,
    log: container.get(Platform.log),
    newId: () => ids.next(),
    version: VERSION,
    publicUrl: config.publicUrl,
    outbox: config.isProduction || config.mail.smtpUrl !== undefined ? undefined : devOutbox(container),
    observe: (method, route, status, seconds) => metrics.observe(method, route, status, seconds),
    refused: (code, route) => metrics.refused(code, route),
    metrics: () => metrics.text(),
    metricsToken: config.metricsToken,
    slowMs: config.log.slowMs,
    sockets: () => asyncApiDocument({ version: VERSION, url: config.publicUrl, path: SOCKET_PATH }),
    isOutage,
    mounted: [
      ...(simulator ? [{ path: SIMULATOR_PATH, fetch: (request: Request) => simulator.app.fetch(request) }] : []),
      ...(smsSimulator ? [{ path: SMS_SIMULATOR_PATH, fetch: smsSimulator.fetch }] : []),
    ],
  });
  simulator?.connect((request) => app.fetch(request));
  return app;
}

/** What was mailed, and how mail looks, for who develops. */
const devOutbox = (container: Container) => ({
  list: container.get(Notifications.outbox).list,
  templates: container.get(Notifications.templates),
});

/** What a process serves that is there for the work beside the requests. */
export function workerApp(container: Container, lifecycle: Lifecycle, statements: () => number): ReturnType<typeof createStatusApp> {
  const metrics = metricsOf(container, statements);
  const { metricsToken } = container.get(Platform.config);
  return createStatusApp({ health: createHealth(container, lifecycle, VERSION), metrics: () => metrics.text(), metricsToken });
}

function metricsOf(container: Container, statements: () => number): Metrics {
  const metrics = new Metrics([...processMeasures(container, statements), ...container.getAll(Platform.measures, { optional: true })]);
  if (container.isBound(Platform.statements)) container.get(Platform.statements).took = (...told) => metrics.statement(...told);
  return metrics;
}

/** What every request goes through before its handler. */
function entranceOf(container: Container): Entrance {
  const { limits, trustedProxies } = container.get(Platform.config);
  const identity = container.get(Identity.useCases);
  const apiKeys = container.get(ApiKeys.useCases);
  const ids = container.get(Platform.ids);
  return {
    doorkeeper: {
      authenticate: (token, { ip }) => (apiKeys.isApiKey(token) ? apiKeys.authenticateApiKey(token, ip) : identity.authenticate(token)),
      recognise: identity.recognise,
      hasRestaurant: async (restaurantId) => (await container.get(Ordering.facts).restaurants.find(restaurantId)) !== undefined,
    },
    turnstile: { limits, counts: container.get(Platform.rateLimits), newTicket: () => ids.next(), onBypass: container.get(Platform.noteBypass) },
    originOf: originReader(trustedProxies),
    veil: hmacVeil(deriveKeys(container.get(Platform.secrets), 'veil').current),
  };
}
