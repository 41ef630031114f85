import type { MiddlewareHandler } from 'hono';
import type { Env } from './route.ts';

const REQUEST_HEADERS = 'authorization, content-type, idempotency-key, if-match, if-none-match, x-request-id, traceparent, x-device-id';
const REPLY_HEADERS = 'ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id';
const KEEP_SECONDS = 600;

/**
 * Lets the pages of the listed origins call us (CORS). To every other page, `null` among them, the answer stays as it is and
 * the browser keeps it from them. There are no cookies, so no credentials are allowed.
 */
export function crossOrigin(origins: readonly string[]): MiddlewareHandler<Env> {
  const allowed = new Set(origins);
  return async (c, next) => {
    await next();
    if (allowed.size === 0) return;
    c.res.headers.append('vary', 'Origin'); // A cache must not give one origin's answer to another.
    const origin = c.req.header('origin');
    if (origin === undefined || !allowed.has(origin)) return;

    const asked = c.req.header('access-control-request-method');
    if (c.req.method !== 'OPTIONS' || asked === undefined) {
      c.res.headers.set('access-control-allow-origin', origin);
      c.res.headers.set('access-control-expose-headers', REPLY_HEADERS);
      return;
    }
    const methods = c.res.headers.get('allow')?.split(', ') ?? [];
    if (!methods.includes(asked)) return; // Refused by saying nothing.
    c.res.headers.set('access-control-allow-origin', origin);
    c.res.headers.set('access-control-allow-methods', methods.join(', '));
    c.res.headers.set('access-control-allow-headers', REQUEST_HEADERS);
    c.res.headers.set('access-control-max-age', String(KEEP_SECONDS));
  };
}
