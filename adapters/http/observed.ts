import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { METHOD_NAME_ALL } from 'hono/router';
import { nameOf } from '#domain/shared/actor.ts';
import { type Cost, currentRequest, runInRequest } from '../shared/request-context.ts';
import { parseTraceParent, startSpan } from '../shared/telemetry/tracing.ts';
import type { Edge } from './app.ts';
import type { Env } from './route.ts';

const SLOW_MS = 1_000;
/** By the conventions of OpenTelemetry: whatever else is called a method is one of these. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE']);
const OTHER = '_OTHER';

/** Gives the request its ids, measures it, and leaves one line about it. */
export function observed({ log, newId, observe, refused, slowMs = SLOW_MS, health: { isAccepting } }: Edge): MiddlewareHandler<Env> {
  return async (c, next) => {
    const started = performance.now();
    const method = METHODS.has(c.req.method) ? c.req.method : OTHER;
    const given = c.req.header('x-request-id');
    const requestId = given !== undefined && /^[\w.:-]{1,128}$/.test(given) ? given : newId();
    const parent = parseTraceParent(c.req.header('traceparent'));
    const span = startSpan(() => ({
      name: method,
      kind: 'server',
      parent,
      attributes: { 'http.request.method': method, 'url.path': c.req.path, 'url.scheme': new URL(c.req.url).protocol.slice(0, -1) },
    }));
    const { traceId, spanId, isSampled } = span?.context ?? {
      traceId: parent?.traceId ?? newId().replaceAll('-', ''),
      spanId: newId().replaceAll('-', '').slice(-16),
      isSampled: parent?.isSampled ?? true,
    };

    await runInRequest({ requestId, traceId, ...(span && { spanId, isSampled }) }, async () => {
      await next();
      if (!isAccepting()) c.res.headers.set('connection', 'close'); // We are going: come back to somebody else.
      c.res.headers.set('x-request-id', requestId);
      c.res.headers.set('traceparent', `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`);
      const ms = performance.now() - started;
      const { status } = c.res;
      const route = routeOf(c);
      observe(method, route, status, ms / 1_000);
      const refusal = c.get('refusal');
      if (refusal !== undefined) refused?.(refusal, route);
      const failure = c.get('failure');
      span?.rename(`${method} ${route}`);
      span?.set({ 'http.route': route, 'http.response.status_code': status, ...(refusal !== undefined && { 'error.type': refusal }) });
      span?.end(status >= 500 ? (failure ?? new Error(`answered ${status}`)) : undefined);

      const actor = c.get('actor');
      const facts = {
        requestId,
        traceId,
        method,
        route,
        status,
        ms: rounded(ms),
        ...(refusal !== undefined && { refusal }),
        ...(actor && actor.kind !== 'anonymous' && { actor: nameOf(actor) }),
      };
      if (failure !== undefined) log.error('request failed', { ...facts, error: failure });
      else if (ms >= slowMs) log.warn('slow request', { ...facts, ...spentOn(currentRequest()?.cost) });
      else log.info('request', facts);
    });
  };
}

const routeOf = (c: Context<Env>): string =>
  c.get('route')?.path ?? matchedRoutes(c).findLast(({ method }) => method !== METHOD_NAME_ALL)?.path ?? 'unknown';

const rounded = (ms: number): number => Math.round(ms * 10) / 10;

/** Calls that went on at the same time are counted one by one: their sum may be more than the request took. */
const spentOn = (cost: Cost | undefined): object =>
  cost ? { statements: cost.statements, databaseMs: rounded(cost.databaseMs), redisCalls: cost.redisCalls, redisMs: rounded(cost.redisMs) } : {};
