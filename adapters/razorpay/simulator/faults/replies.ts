import type { Context, MiddlewareHandler } from 'hono';
import type { World } from '../world/world.ts';
import type { FaultRule } from './rules.ts';

/** Nobody gets an answer. Without a socket to cut, the one who asked gets this instead, as fetch would throw. */
export class LostReply extends Error {
  override readonly name = 'TimeoutError';
}

const HOLD_MS = 10_000;
const FAILURES: Readonly<Record<number, string>> = {
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** What goes wrong between a call and its reply, before the effect or after it. */
export function replyFaults(world: World): MiddlewareHandler {
  const { faults, note } = world;
  return async (c, next) => {
    const route = `${c.req.method} ${c.req.path.slice(Math.max(0, c.req.path.search(/\/v[12]\//)))}`;
    const strike = (name: 'F1' | 'F2' | 'F3' | 'F4' | 'F5' | 'F6' | 'F7'): FaultRule | undefined => {
      const rule = faults.strike(name, route);
      if (rule) note({ kind: 'fault', what: `${name} ${route}` });
      return rule;
    };
    if (strike('F2')) return lose(c);
    const throttled = strike('F5');
    if (throttled) return tooMany(throttled);
    const isKeyed = c.req.header('x-refund-idempotency') !== undefined || c.req.header('x-transfer-idempotency') !== undefined;
    if (isKeyed && strike('F7')) return stillRunning();
    const broken = strike('F4');
    if (broken && broken.effect !== true) return failure(broken);

    await next();
    await world.webhooks.flushEarly();
    if (broken) return replace(c, failure(broken));
    if (strike('F1')) return lose(c);
    const slow = strike('F3');
    if (slow) return hold(c, slow);
    const garbled = strike('F6');
    if (garbled && c.res.status === 200) return replace(c, await garble(c.res, garbled));
    return undefined;
  };
}

function replace(c: Context, response: Response): void {
  c.res = undefined;
  c.res = response;
}

type Wired = { readonly incoming?: { readonly socket?: { destroy(): void } } };
const socketOf = (c: Context) => (c.env as Wired | undefined)?.incoming?.socket;

function lose(c: Context): Response {
  const socket = socketOf(c);
  if (!socket) throw new LostReply('the reply is lost');
  socket.destroy();
  return new Response(null, { headers: { 'x-hono-already-sent': 'true' } });
}

/** Longer than anybody waits. Where time is not real, nobody waits at all. */
async function hold(c: Context, { holdMs = HOLD_MS }: FaultRule): Promise<void> {
  if (!socketOf(c)) throw new LostReply('the reply is too slow');
  await new Promise((resolve) => setTimeout(resolve, holdMs).unref());
}

const tooMany = ({ retryAfter }: FaultRule): Response =>
  Response.json(
    {
      error: {
        code: 'BAD_REQUEST_ERROR',
        description: 'Request failed. Please try after sometime.',
        source: 'NA',
        step: 'NA',
        reason: 'NA',
        metadata: {},
      },
    },
    { status: 429, headers: retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) } },
  );

const stillRunning = (): Response =>
  Response.json(
    {
      error: {
        code: 'BAD_REQUEST_ERROR',
        description: 'Request failed because another request with the same idempotency key is in progress.',
        source: 'NA',
        step: 'NA',
        reason: 'NA',
        metadata: {},
      },
    },
    { status: 409 },
  );

function failure({ status = 502 }: FaultRule): Response {
  if (status === 500) {
    const error = {
      code: 'SERVER_ERROR',
      description: 'The server encountered an error. The incident has been reported to admins.',
      source: 'internal',
      step: 'NA',
      reason: 'server_error',
      metadata: {},
    };
    return Response.json({ error }, { status });
  }
  const page = `<html><head><title>${status} ${FAILURES[status]}</title></head><body><h1>${status} ${FAILURES[status]}</h1></body></html>`;
  return new Response(page, { status, headers: { 'content-type': 'text/html' } });
}

async function garble(response: Response, { body = 'truncated' }: FaultRule): Promise<Response> {
  const text = await response.text();
  const texts = { empty: '', truncated: text.slice(0, Math.floor(text.length / 2)), invalid: `${text.slice(0, -1)},,}` };
  return new Response(texts[body], { status: 200, headers: { 'content-type': 'application/json' } });
}
