import { Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Health } from '#application/platform/health.ts';
import type { Log } from '#application/shared/ports.ts';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import { runInRequest } from '../shared/request-context.ts';
import { documentation } from './documentation.ts';
import { API_HEADERS } from './headers.ts';
import { health } from './health.ts';
import { httpProblem } from './problem.ts';
import { type AnyRoute, type Authenticate, BODY_LIMIT, type Env, mount } from './route.ts';

export type Edge = {
  readonly routes: readonly AnyRoute[];
  readonly authenticate: Authenticate;
  readonly health: Health;
  readonly log: Log;
  readonly newId: () => string;
  readonly version: string;
  /** Called once for each answer, with the route's template and never the raw path. */
  observe(method: string, route: string, status: number, seconds: number): void;
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
  /** Whether an error means that something we depend on is away. */
  isOutage(error: unknown): boolean;
};

export function createApp(edge: Edge): Hono<Env> {
  const app = new Hono<Env>();
  app.use(observed(edge));
  const limits = new Map(edge.routes.filter(({ bodyLimit: limit }) => limit !== undefined).map((spec) => [templateOf(spec), spec.bodyLimit as number]));
  const limited = (maxSize: number): MiddlewareHandler<Env> =>
    bodyLimit({ maxSize, onError: (c) => httpProblem(c, { code: 'http.body_too_large', limitBytes: maxSize }) });
  for (const [path, maxSize] of limits) app.use(path, limited(maxSize));
  const small = limited(BODY_LIMIT);
  const large = [...limits.keys()].map((path) => new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`));
  app.use((c, next) => (large.some((path) => path.test(c.req.path)) ? next() : small(c, next)));

  mount(app, edge.routes, edge.authenticate);
  health(app, edge.health);
  documentation(app, edge.routes, edge.version);
  app.get('/metrics', async (c) => {
    const { contentType, text } = await edge.metrics();
    return c.body(text, 200, { ...API_HEADERS, 'content-type': contentType });
  });
  app.notFound((c) => {
    const allowed = methodsAt(edge.routes, c.req.path);
    return allowed.length > 0
      ? httpProblem(c, { code: 'http.method_not_allowed', allowed }, { allow: allowed.join(', ') })
      : httpProblem(c, { code: 'http.not_found' });
  });
  app.onError((error, c) => {
    if (error instanceof WriteConflict) return httpProblem(c, { code: 'http.write_conflict' });
    c.set('failure', error);
    return edge.isOutage(error) ? httpProblem(c, { code: 'http.unavailable' }, { 'retry-after': '5' }) : httpProblem(c, { code: 'http.internal' });
  });
  return app;
}

const templateOf = (spec: AnyRoute): string => spec.path.replaceAll(/\{(\w+)\}/g, ':$1');

const methodsAt = (routes: readonly AnyRoute[], path: string): string[] =>
  routes.filter((spec) => new RegExp(`^${spec.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path)).map(({ method }) => method.toUpperCase());

/** Gives the request its ids, measures it, and leaves one line about it. */
function observed({ log, newId, observe }: Edge): MiddlewareHandler<Env> {
  return async (c, next) => {
    const started = performance.now();
    const given = c.req.header('x-request-id');
    const requestId = given !== undefined && /^[\w.:-]{1,128}$/.test(given) ? given : newId();
    const traceId = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/.exec(c.req.header('traceparent') ?? '')?.[1] ?? newId().replaceAll('-', '');
    await runInRequest({ requestId, traceId }, next);

    const spanId = newId().replaceAll('-', '').slice(-16);
    c.res.headers.set('x-request-id', requestId);
    c.res.headers.set('traceparent', `00-${traceId}-${spanId}-01`);
    const seconds = (performance.now() - started) / 1_000;
    const route = c.get('route')?.path ?? (c.res.status === 404 ? 'unknown' : c.req.path);
    observe(c.req.method, route, c.res.status, seconds);
    const actor = c.get('actor');
    const facts = {
      requestId,
      traceId,
      method: c.req.method,
      route,
      status: c.res.status,
      ms: Math.round(seconds * 1e4) / 10,
      ...(actor?.kind === 'account' && { account: actor.accountId }),
    };
    const failure = c.get('failure');
    if (failure === undefined) log.info('request', facts);
    else log.error('request failed', { ...facts, error: failure });
  };
}
