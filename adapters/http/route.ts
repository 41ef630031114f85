import { hash } from 'node:crypto';
import type { Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import type { Origin } from '#application/shared/ports.ts';
import type { Actor, Permission } from '#domain/shared/actor.ts';
import type { Result } from '#domain/shared/result.ts';
import { type Entrance, entering } from './entrance.ts';
import { API_HEADERS, jsonType, PAGE_HEADERS } from './headers.ts';
import type { Limiter } from './limits.ts';
import { type HttpError, httpProblem, type Problem, type ProblemTable, problem } from './problem.ts';
import { takesBody } from './request.ts';

/**
 * Who may call. A permission is checked here when the path names the restaurant ('restaurant') or when it is held on the
 * platform; with 'resource' the use case checks it, once it has read whose thing it is.
 */
export type Access = 'public' | 'authenticated' | { readonly permission: Permission; readonly in: 'restaurant' | 'platform' | 'resource' };

type Shape = z.ZodType | undefined;
type Out<S extends Shape> = S extends z.ZodType ? z.output<S> : undefined;

/** What the edge knows of a request besides its parts. */
export type Caller = {
  readonly actor: Actor;
  readonly origin: Origin;
  /** The version in If-Match, when the caller insists on one. */
  readonly ifMatch: number | undefined;
  /** A digest of method, path and body: tells a repetition from another request. */
  fingerprint(): string;
};

export type RouteSpec<
  P extends Shape,
  Q extends Shape,
  H extends Shape,
  B extends Shape,
  R extends z.ZodType,
  E extends { readonly code: string },
> = {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly access: Access;
  /** What its calls are counted as; `general` unless it says otherwise. */
  readonly limiter?: Limiter;
  /** Of an `auth` operation: a success shows who the caller is, so it was no guess and is not counted. */
  readonly isProof?: boolean;
  /** Of an `auth` operation: its use case counts the attempts about one person, so here they are counted only by where they come from. */
  readonly countsGuesses?: boolean;
  readonly params?: P;
  readonly query?: Q;
  readonly headers?: H;
  readonly body?: B;
  /** For bodies that are text of another type: its schema takes the whole text. */
  readonly text?: { readonly type: string; readonly example: string };
  /** For bodies that are signed: every byte as it came, whatever it says it is. Nothing but the size is checked. */
  readonly bytes?: { readonly type: string; readonly example: string | Readonly<Record<string, unknown>> };
  readonly bodyLimit?: number;
  readonly status: ContentfulStatusCode | 204;
  readonly response: R;
  /** The answer is a page for people, and the response its text. */
  readonly isPage?: true;
  /** For answers that are text of another type: how it is made of the response. */
  readonly produces?: { readonly type: string; text(view: z.output<R>): string };
  readonly example: { readonly body?: unknown; readonly response: unknown };
  /** What each refusal looks like; a code that `handle` can return and that is not here does not compile. */
  readonly problems: { readonly [Code in E['code']]: Problem<Extract<E, { readonly code: Code }>> };
  /** Headers that depend on the answer: ETag, Location, Link. */
  replyHeaders?(value: z.output<R>, input: { readonly params: Out<P>; readonly query: Out<Q> }): Readonly<Record<string, string>>;
  handle(
    input: {
      readonly params: Out<P>;
      readonly query: Out<Q>;
      readonly headers: Out<H>;
      readonly body: Out<B>;
      readonly text: string | undefined;
      readonly bytes: Uint8Array | undefined;
    },
    caller: Caller,
  ): Promise<Result<z.input<R>, E>>;
};

export type AnyRoute = Omit<
  RouteSpec<Shape, Shape, Shape, Shape, z.ZodType, { readonly code: string }>,
  'problems' | 'handle' | 'replyHeaders' | 'produces'
> & {
  readonly produces?: { readonly type: string; text(view: unknown): string };
  readonly problems: ProblemTable;
  replyHeaders?(value: unknown, input: object): Readonly<Record<string, string>>;
  handle(input: object, caller: Caller): Promise<Result<unknown, { readonly code: string }>>;
};

export const route = <
  P extends Shape = undefined,
  Q extends Shape = undefined,
  H extends Shape = undefined,
  B extends Shape = undefined,
  R extends z.ZodType = z.ZodType,
  E extends { readonly code: string } = never,
>(
  spec: RouteSpec<P, Q, H, B, R, E>,
): AnyRoute => spec as unknown as AnyRoute;

/** A module's table, narrowed to the codes one operation can answer with. */
export const pick = <T extends object, K extends keyof T>(table: T, ...codes: readonly K[]): Pick<T, K> =>
  Object.fromEntries(codes.map((code) => [code, table[code]])) as Pick<T, K>;

export type Env = { Variables: { route?: AnyRoute; actor?: Actor; failure?: unknown; refusal?: string } };
/** A route's path as hono writes it. */
export const templateOf = ({ path }: AnyRoute): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

/** Hangs routes into the app. Refuses to start on one that is open by mistake or cannot work. */
export function mount(app: Hono<Env>, routes: readonly AnyRoute[], entrance: Entrance): void {
  const flaw = flawIn(routes);
  if (flaw !== undefined) throw new Error(flaw);
  for (const spec of routes.toSorted(bySpecificity)) {
    const enter = entering(spec, entrance);
    app.on(spec.method.toUpperCase(), templateOf(spec), async (c) => {
      c.set('route', spec);
      const origin = entrance.originOf(c);
      const entered = await enter(c, origin);
      if (entered instanceof Response) return entered;
      const { actor, admission, received } = entered;
      const { input, raw, ifMatch } = received;
      const result = await spec.handle(input, { actor, origin, ifMatch, fingerprint: () => digest(`${c.req.method} ${c.req.path}\n${raw}`) });
      if (result.ok) {
        if (spec.isProof === true) await admission.putBackAttempt();
        return reply(c, spec, result.value, input);
      }
      // Who came too often to be looked at took nothing from the others of their network.
      if (spec.countsGuesses === true && spec.problems[result.error.code]?.status === 429) await admission.putBackAttempt();
      const asleep = sleepingRole(actor, result.error);
      return asleep ? httpProblem(c, asleep) : problem(c, spec.problems, result.error);
    });
  }
}

function flawIn(routes: readonly AnyRoute[]): string | undefined {
  const addresses = new Set<string>();
  const operations = new Set<string>();
  for (const spec of routes) {
    const { method, path, access, operationId, params, headers } = spec;
    const address = `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`;
    if (!access) return `${method} ${path} does not say who may call it`;
    if (addresses.has(address)) return `${address} is declared twice`;
    if (operations.has(operationId)) return `the operation ${operationId} is declared twice`;
    addresses.add(address);
    operations.add(operationId);

    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    if (!sameNames(inPath, params)) return `${operationId} does not check exactly the parameters of ${path}`;
    if (headers && keysOf(headers)?.every((name) => name === name.toLowerCase()) !== true)
      return `${operationId} wants an object of headers in lower case`;
    if (typeof access === 'object' && access.in === 'restaurant' && !inPath.includes('restaurantId'))
      return `${operationId} has no restaurant to check its permission in`;
    if (spec.isProof === true && spec.limiter !== 'auth') return `${operationId} proves something, but is not counted as auth`;
    if (spec.countsGuesses === true && spec.limiter !== 'auth') return `${operationId} counts guesses, but is not counted as auth`;
    if (method === 'get' && takesBody(spec)) return `${operationId} reads a body that GET cannot bring`;
  }
  return undefined;
}

const keysOf = (schema: z.ZodType): string[] | undefined => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : undefined);
const sameNames = (names: readonly (string | undefined)[], schema: Shape): boolean => {
  const keys = schema ? keysOf(schema) : [];
  return keys?.length === names.length && names.every((name) => name !== undefined && keys.includes(name));
};

/** A fixed segment goes before a parameter, whatever the order the routes were listed in. */
const bySpecificity = (a: AnyRoute, b: AnyRoute): number => {
  const [left, right] = [a, b].map(({ path }) => path.replaceAll(/\{\w+\}/g, '\uffff')) as [string, string];
  return left < right ? -1 : left > right ? 1 : 0;
};

/** What a use case did not permit may be what a role would, if it did not wait for a second factor. */
function sleepingRole(actor: Actor, error: { readonly code: string; readonly permission?: unknown }): HttpError | undefined {
  const isWithheld = actor.kind === 'account' && actor.withheld !== undefined && isPermission(error.code);
  return isWithheld ? { code: 'http.second_factor_required', permission: String(error.permission) } : undefined;
}

/** Whether a module's refusal says that a permission is missing. */
export const isPermission = (code: string): boolean => code.endsWith('.not_permitted');

/** A short name for a text: the same for the same text. */
export const digest = (text: string): string => hash('sha256', text, 'base64url');

const AS_JSON = { type: jsonType('application/json'), text: JSON.stringify };

/** What the response schema does not list does not leave. */
function reply(c: Context, spec: AnyRoute, value: unknown, input: object): Response {
  const view = spec.response.parse(value);
  const headers = { ...API_HEADERS, ...spec.replyHeaders?.(view, input) };
  if (spec.isPage) return c.html(view as string, spec.status as ContentfulStatusCode, { ...PAGE_HEADERS, 'cache-control': 'no-store' });
  if (spec.status === 204) return c.body(null, 204, headers);
  const etag = (headers as Record<string, string>)['etag'];
  if (spec.method === 'get' && etag !== undefined && isHeld(c.req.header('if-none-match'), etag)) return c.body(null, 304, headers);
  const { type, text } = spec.produces ?? AS_JSON;
  return c.body(text(view), spec.status, { ...headers, 'content-type': type });
}

/** Whether an If-None-Match names the tag, by the weak comparison that the header asks for. */
export const isHeld = (header: string | undefined, etag: string): boolean =>
  header !== undefined && (header.trim() === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag.replace(/^W\//, '')));
