import { Hono, type MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { METHOD_NAME_ALL } from 'hono/router';
import type { Outbox, Templates } from '#application/notifications/email/ports.ts';
import type { Health } from '#application/platform/health.ts';
import type { Log } from '#application/shared/ports.ts';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import { nameOf } from '#domain/shared/actor.ts';
import { runInRequest } from '../shared/request-context.ts';
import { crossOrigin } from './cross-origin.ts';
import { devMail } from './dev-mail.ts';
import { documentation } from './documentation.ts';
import type { Entrance } from './entrance.ts';
import { API_HEADERS, PAGE_HEADERS } from './headers.ts';
import { health } from './health.ts';
import type { Variable } from './pages/configuration.ts';
import { failurePage } from './pages/sheet.ts';
import { httpProblem } from './problem.ts';
import { type AnyRoute, type Env, mount } from './route.ts';

export type Edge = {
  readonly routes: readonly AnyRoute[];
  readonly entrance: Entrance;
  /** The web origins whose pages may call us. */
  readonly corsOrigins: readonly string[];
  /** What can be configured, for the documentation. */
  readonly variables: readonly Variable[];
  readonly health: Health;
  readonly log: Log;
  readonly newId: () => string;
  readonly version: string;
  /** Where callers reach us, for the examples in the documentation. */
  readonly publicUrl?: string;
  /** Other services that answer at addresses of ours. */
  readonly mounted?: readonly { readonly path: string; fetch(request: Request): Response | Promise<Response> }[];
  /** Mail to show to who develops here; absent wherever mail is real. */
  readonly outbox?: (Outbox & { readonly templates: Templates }) | undefined;
  /** Called once for each answer, with the route's template and never the raw path. */
  observe(method: string, route: string, status: number, seconds: number): void;
  /** Called once for each answer that is a refusal, with its code. */
  refused?(code: string, route: string): void;
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
  /** Whether an error means that something we depend on is away. */
  isOutage(error: unknown): boolean;
};

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export function createApp(edge: Edge): Hono<Env> {
  const app = new Hono<Env>();
  app.use(observed(edge));
  app.use(crossOrigin(edge.corsOrigins));
  app.use(oneHost);
  mount(app, edge.routes, edge.entrance);
  for (const { path, fetch } of edge.mounted ?? []) app.mount(path, fetch);
  health(app, edge.health);
  documentation(app, edge.routes, { version: edge.version, url: edge.publicUrl ?? 'http://localhost:4010' }, edge.variables);
  if (edge.outbox) devMail(app, edge.outbox, edge.outbox.templates);
  app.get('/metrics', async (c) => {
    const { contentType, text } = await edge.metrics();
    return c.body(text, 200, { ...API_HEADERS, 'content-type': contentType });
  });
  app.notFound((c) => {
    const allowed = methodsAt(app, c.req.path);
    if (allowed.length === 0) return httpProblem(c, { code: 'http.not_found' });
    const allow = [...allowed, ...(allowed.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
    if (c.req.method === 'OPTIONS') return c.body(null, 204, { ...API_HEADERS, allow });
    return httpProblem(c, { code: 'http.method_not_allowed', allowed }, { allow });
  });
  app.onError((error, c) => {
    const isConflict = error instanceof WriteConflict;
    if (!isConflict) c.set('failure', error);
    if (c.get('route')?.isPage) return c.html(failurePage(), edge.isOutage(error) ? 503 : 500, PAGE_HEADERS);
    if (isConflict) return httpProblem(c, { code: 'http.write_conflict' });
    return edge.isOutage(error) ? httpProblem(c, { code: 'http.unavailable' }, { 'retry-after': '5' }) : httpProblem(c, { code: 'http.internal' });
  });
  return app;
}

/** Two of them arrive as one with a comma: what one part of the way reads as ours, another may read as somebody else's. */
const oneHost: MiddlewareHandler<Env> = async (c, next) => {
  if (c.req.header('host')?.includes(',') !== true) return next();
  return httpProblem(c, { code: 'http.invalid_request', errors: [{ pointer: '/headers/host', code: 'invalid_format', message: 'Send one Host' }] });
};

/** The methods that some handler takes at this very path, asked of the router itself. */
const methodsAt = (app: Hono<Env>, path: string): string[] =>
  METHODS.filter((method) => app.router.match(method, path)[0].some(([[, route]]) => route.method !== METHOD_NAME_ALL));

/** Gives the request its ids, measures it, and leaves one line about it. */
function observed({ log, newId, observe, refused, health: { isAccepting } }: Edge): MiddlewareHandler<Env> {
  return async (c, next) => {
    const started = performance.now();
    const given = c.req.header('x-request-id');
    const requestId = given !== undefined && /^[\w.:-]{1,128}$/.test(given) ? given : newId();
    const traceId =
      /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/.exec(c.req.header('traceparent') ?? '')?.[1] ?? newId().replaceAll('-', '');
    await runInRequest({ requestId, traceId }, next);

    const spanId = newId().replaceAll('-', '').slice(-16);
    if (!isAccepting()) c.res.headers.set('connection', 'close'); // We are going: come back to somebody else.
    c.res.headers.set('x-request-id', requestId);
    c.res.headers.set('traceparent', `00-${traceId}-${spanId}-01`);
    const seconds = (performance.now() - started) / 1_000;
    const route = c.get('route')?.path ?? matchedRoutes(c).findLast(({ method }) => method !== METHOD_NAME_ALL)?.path ?? 'unknown';
    observe(c.req.method, route, c.res.status, seconds);
    const refusal = c.get('refusal');
    if (refusal !== undefined) refused?.(refusal, route);
    const actor = c.get('actor');
    const facts = {
      requestId,
      traceId,
      method: c.req.method,
      route,
      status: c.res.status,
      ms: Math.round(seconds * 1e4) / 10,
      ...(refusal !== undefined && { refusal }),
      ...(actor && actor.kind !== 'anonymous' && { actor: nameOf(actor) }),
    };
    const failure = c.get('failure');
    if (failure === undefined) log.info('request', facts);
    else log.error('request failed', { ...facts, error: failure });
  };
}
