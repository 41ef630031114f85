import { hash } from 'node:crypto';
import type { Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { type Origin, UNKNOWN_ORIGIN } from '#application/shared/ports.ts';
import { type Actor, ANONYMOUS, may, type Permission, worksAt } from '#domain/shared/actor.ts';
import type { Result } from '#domain/shared/result.ts';
import { API_HEADERS } from './headers.ts';
import { type HttpError, httpProblem, type Problem, type ProblemTable, problem } from './problem.ts';
import { receiver } from './request.ts';

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
  readonly params?: P;
  readonly query?: Q;
  readonly headers?: H;
  readonly body?: B;
  /** For bodies that are text of another type: its schema takes the whole text. */
  readonly text?: { readonly type: string; readonly example: string };
  readonly bodyLimit?: number;
  readonly status: ContentfulStatusCode | 204;
  readonly response: R;
  readonly example: { readonly body?: unknown; readonly response: unknown };
  /** What each refusal looks like; a code that `handle` can return and that is not here does not compile. */
  readonly problems: { readonly [Code in E['code']]: Problem<Extract<E, { readonly code: Code }>> };
  /** Headers that depend on the answer: ETag, Location, Link. */
  replyHeaders?(value: z.output<R>, input: { readonly params: Out<P>; readonly query: Out<Q> }): Readonly<Record<string, string>>;
  handle(
    input: { readonly params: Out<P>; readonly query: Out<Q>; readonly headers: Out<H>; readonly body: Out<B>; readonly text: string | undefined },
    caller: Caller,
  ): Promise<Result<z.input<R>, E>>;
};

export type AnyRoute = Omit<RouteSpec<Shape, Shape, Shape, Shape, z.ZodType, { readonly code: string }>, 'problems' | 'handle' | 'replyHeaders'> & {
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

export type Env = { Variables: { route?: AnyRoute; actor?: Actor; failure?: unknown } };
/** What the routes ask of those who know. */
export type Doorkeeper = {
  /** Whom a token speaks for; undefined when it proves nothing. */
  authenticate(token: string): Promise<Actor | undefined>;
  hasRestaurant(restaurantId: string): Promise<boolean>;
};

/** A route's path as hono writes it. */
export const templateOf = ({ path }: AnyRoute): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

/** Hangs routes into the app. Refuses to start on one that is open by mistake or cannot work. */
export function mount(app: Hono<Env>, routes: readonly AnyRoute[], { authenticate, hasRestaurant }: Doorkeeper): void {
  const flaw = flawIn(routes);
  if (flaw !== undefined) throw new Error(flaw);
  for (const spec of routes.toSorted(bySpecificity)) {
    const receive = receiver(spec);
    app.on(spec.method.toUpperCase(), templateOf(spec), async (c) => {
      c.set('route', spec);
      const token = c.req.header('authorization');
      const actor = await actorOf(token, spec, authenticate);
      if (actor === undefined) {
        return httpProblem(
          c,
          { code: 'http.unauthenticated' },
          { 'www-authenticate': token === undefined ? 'Bearer' : 'Bearer error="invalid_token"' },
        );
      }
      c.set('actor', actor);
      const denied = denial(spec, actor, c.req.param());
      if (denied) return httpProblem(c, denied);
      // Who may everywhere may here only if there is a here.
      if (isOfRestaurant(spec) && !(await hasRestaurant(c.req.param('restaurantId') ?? ''))) return httpProblem(c, { code: 'http.not_found' });

      const received = await receive(c);
      if (!received.ok) return httpProblem(c, received.error);
      const { input, raw, ifMatch } = received.value;
      const result = await spec.handle(input, {
        actor,
        origin: originOf(c),
        ifMatch,
        fingerprint: () => digest(`${c.req.method} ${c.req.path}\n${raw}`),
      });
      if (result.ok) return reply(c, spec, result.value, input);
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
    if (method === 'get' && (spec.body || spec.text)) return `${operationId} reads a body that GET cannot bring`;
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

const isOfRestaurant = ({ access }: AnyRoute): boolean => typeof access === 'object' && access.in === 'restaurant';

async function actorOf(header: string | undefined, { access }: AnyRoute, authenticate: Doorkeeper['authenticate']): Promise<Actor | undefined> {
  // Where everybody may call, nobody is asked who they are: a client renews its session with the old token still in its header.
  if (access === 'public') return ANONYMOUS;
  const token = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
  return token === undefined ? undefined : authenticate(token);
}

/** What a use case did not permit may be what a role would, if it did not wait for a second factor. */
function sleepingRole(actor: Actor, error: { readonly code: string; readonly permission?: unknown }): HttpError | undefined {
  const isWithheld = actor.kind === 'account' && actor.withheld !== undefined && isPermission(error.code);
  return isWithheld ? { code: 'http.second_factor_required', permission: String(error.permission) } : undefined;
}

/** Whether a module's refusal says that a permission is missing. */
export const isPermission = (code: string): boolean => code.endsWith('.not_permitted');

const USER_AGENT_MAX = 512;

/** Where a request comes from: the far end of its socket. */
function originOf(c: Context): Origin {
  const { incoming } = (c.env ?? {}) as { readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } } };
  const userAgent = c.req.header('user-agent')?.slice(0, USER_AGENT_MAX);
  return { ip: incoming?.socket?.remoteAddress ?? UNKNOWN_ORIGIN.ip, userAgent };
}

function denial({ access }: AnyRoute, actor: Actor, params: Record<string, string>): HttpError | undefined {
  if (typeof access === 'string' || access.in === 'resource') return undefined;
  const restaurantId = access.in === 'restaurant' ? params['restaurantId'] : undefined;
  if (may(actor, access.permission, restaurantId)) return undefined;
  if (actor.kind === 'account' && actor.withheld === 'second_factor') return { code: 'http.second_factor_required', permission: access.permission };
  // To the staff of another tenant this restaurant's rooms do not exist; to its own staff and to customers they are closed.
  const isForeignStaff = restaurantId !== undefined && actor.kind === 'account' && actor.grants.length > 0 && !worksAt(actor, restaurantId);
  return isForeignStaff ? { code: 'http.not_found' } : { code: 'http.forbidden', permission: access.permission };
}

/** A short name for a text: the same for the same text. */
export const digest = (text: string): string => hash('sha256', text, 'base64url');

/** What the response schema does not list does not leave. */
function reply(c: Context, spec: AnyRoute, value: unknown, input: object): Response {
  const view = spec.response.parse(value);
  const headers = { ...API_HEADERS, ...spec.replyHeaders?.(view, input) };
  if (spec.status === 204) return c.body(null, 204, headers);
  const etag = (headers as Record<string, string>)['etag'];
  if (spec.method === 'get' && etag !== undefined && isHeld(c.req.header('if-none-match'), etag)) return c.body(null, 304, headers);
  return c.body(JSON.stringify(view), spec.status, { ...headers, 'content-type': 'application/json' });
}

/** Whether an If-None-Match names the tag, by the weak comparison that the header asks for. */
export const isHeld = (header: string | undefined, etag: string): boolean =>
  header !== undefined && (header.trim() === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag.replace(/^W\//, '')));
