import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { METHOD_NAME_ALL } from 'hono/router';
import type { Outbox, Templates } from '#application/notifications/email/ports.ts';
import type { Health } from '#application/platform/health.ts';
import type { Log } from '#application/shared/ports.ts';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import { crossOrigin } from './cross-origin.ts';
import { devMail } from './dev-mail.ts';
import { documentation } from './documentation.ts';
import type { Entrance } from './entrance.ts';
import { API_HEADERS, PAGE_HEADERS } from './headers.ts';
import { observed } from './observed.ts';
import type { Variable } from './pages/configuration.ts';
import type { Watched } from './pages/operations.ts';
import { failurePage } from './pages/sheet.ts';
import { httpProblem } from './problem.ts';
import { type AnyRoute, type Env, mount } from './route.ts';
import { status } from './status.ts';

export type Edge = {
  readonly routes: readonly AnyRoute[];
  readonly entrance: Entrance;
  /** Whether a request came in the clear and must be refused; absent where that is as good. */
  readonly isPlainText?: ((c: Context) => boolean) | undefined;
  /** The web origins whose pages may call us. */
  readonly corsOrigins: readonly string[];
  /** What can be configured, for the documentation. */
  readonly variables: readonly Variable[];
  /** What can be watched, for the documentation. */
  readonly watched?: readonly Watched[];
  readonly health: Health;
  readonly log: Log;
  readonly newId: () => string;
  readonly version: string;
  /** Where callers reach us, for the examples in the documentation. */
  readonly publicUrl?: string;
  /** What the sockets say about themselves (AsyncAPI). */
  readonly sockets?: () => Readonly<Record<string, unknown>>;
  /** Other services that answer at addresses of ours. */
  readonly mounted?: readonly { readonly path: string; fetch(request: Request): Response | Promise<Response> }[];
  /** Mail to show to who develops here; absent wherever mail is real. */
  readonly outbox?: (Outbox & { readonly templates: Templates }) | undefined;
  /** How long a request may take before its line is a warning that says where the time went. */
  readonly slowMs?: number;
  /** What a scraper must show to read the metrics; anybody may where there is none. */
  readonly metricsToken?: string | undefined;
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
  if (edge.isPlainText) app.use(encrypted(edge.isPlainText));
  mount(app, edge.routes, edge.entrance);
  for (const { path, fetch } of edge.mounted ?? []) app.mount(path, fetch);
  status(app, edge);
  documentation(
    app,
    edge.routes,
    { version: edge.version, url: edge.publicUrl ?? 'http://localhost:4010' },
    edge.variables,
    edge.watched ?? [],
    edge.sockets,
  );
  if (edge.outbox) devMail(app, edge.outbox, edge.outbox.templates);
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

/** An API answers what came in the clear with no redirect: the client would send its token in the clear again. */
const encrypted =
  (isPlainText: (c: Context) => boolean): MiddlewareHandler<Env> =>
  async (c, next) =>
    isPlainText(c) ? httpProblem(c, { code: 'http.https_required' }) : next();

/** The methods that some handler takes at this very path, asked of the router itself. */
const methodsAt = (app: Hono<Env>, path: string): string[] =>
  METHODS.filter((method) => app.router.match(method, path)[0].some(([[, route]]) => route.method !== METHOD_NAME_ALL));
