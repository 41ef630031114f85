import type { Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { type Actor, may, type Permission, worksAt } from '#domain/shared/actor.ts';
import type { Result } from '#domain/shared/result.ts';
import { API_HEADERS } from './headers.ts';
import { parseJson } from './json.ts';
import { type FieldError, type HttpError, httpProblem, type Problem, type ProblemTable, problem } from './problem.ts';

/**
 * Who may call. A permission is checked here when the path names the restaurant ('restaurant') or when it is held on the
 * platform; with 'resource' the use case checks it, once it has read whose thing it is.
 */
export type Access =
  | 'public'
  | 'authenticated'
  | { readonly permission: Permission; readonly in: 'restaurant' | 'platform' | 'resource' };

type Shape = z.ZodType | undefined;
type Out<S extends Shape> = S extends z.ZodType ? z.output<S> : undefined;

/** What the edge knows of a request besides its parts. */
export type Caller = {
  readonly actor: Actor;
  /** The version in If-Match, when the caller insists on one. */
  readonly ifMatch: number | undefined;
  /** A digest of method, path and body: tells a repetition from another request. */
  fingerprint(): Promise<string>;
};

export type RouteSpec<P extends Shape, Q extends Shape, H extends Shape, B extends Shape, R extends z.ZodType, E extends { readonly code: string }> = {
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

export const BODY_LIMIT = 256 * 1024;

export type Env = { Variables: { route?: AnyRoute; actor?: Actor; failure?: unknown } };
export type Authenticate = (token: string) => Promise<Actor | undefined>;

/** Hangs routes into the app. Refuses to start on one that does not say who may call it. */
export function mount(app: Hono<Env>, routes: readonly AnyRoute[], authenticate: Authenticate): void {
  const seen = new Set<string>();
  for (const spec of routes) {
    if (!spec.access) throw new Error(`${spec.method} ${spec.path} does not say who may call it`);
    const key = `${spec.method} ${spec.path.replaceAll(/\{\w+\}/g, '{}')}`;
    if (seen.has(key)) throw new Error(`${key} is declared twice`);
    seen.add(key);
    const parse = parser(spec);
    app.on(spec.method.toUpperCase(), spec.path.replaceAll(/\{(\w+)\}/g, ':$1'), async (c) => {
      c.set('route', spec);
      const actor = await actorOf(c, spec, authenticate);
      if (actor === undefined) return httpProblem(c, { code: 'http.unauthenticated' }, { 'www-authenticate': 'Bearer' });
      c.set('actor', actor);
      const denied = denial(spec, actor, c.req.param());
      if (denied) return httpProblem(c, denied);

      const parsed = await parse(c);
      if (!parsed.ok) return httpProblem(c, parsed.error);
      const result = await spec.handle(parsed.value, callerOf(c, actor, parsed.raw));
      return result.ok ? reply(c, spec, result.value, parsed.value) : problem(c, spec.problems, result.error);
    });
  }
}

async function actorOf(c: Context, spec: AnyRoute, authenticate: Authenticate): Promise<Actor | undefined> {
  const header = c.req.header('authorization');
  const token = header?.startsWith('Bearer ') ? header.slice(7) : undefined;
  const actor = token === undefined ? undefined : await authenticate(token);
  if (actor) return actor;
  // A token that is presented and does not hold is an error even where none is needed.
  return spec.access === 'public' && header === undefined ? { kind: 'anonymous' } : undefined;
}

function denial({ access }: AnyRoute, actor: Actor, params: Record<string, string>): HttpError | undefined {
  if (typeof access === 'string' || access.in === 'resource') return undefined;
  const restaurantId = access.in === 'restaurant' ? params['restaurantId'] : undefined;
  if (may(actor, access.permission, restaurantId)) return undefined;
  // To the staff of another tenant this restaurant's rooms do not exist; to its own staff and to customers they are closed.
  const isForeignStaff = restaurantId !== undefined && actor.kind === 'account' && actor.grants.length > 0 && !worksAt(actor, restaurantId);
  return isForeignStaff ? { code: 'http.not_found' } : { code: 'http.forbidden', permission: access.permission };
}

type Parsed = { readonly ok: true; readonly value: object; readonly raw: string } | { readonly ok: false; readonly error: HttpError };

/** Everything a request brings, checked against the route's schemas in one go. */
function parser(spec: AnyRoute): (c: Context) => Promise<Parsed> {
  const absent = z.unknown().transform(() => undefined);
  const schema = z.object({
    params: spec.params ?? absent,
    query: spec.query ?? z.strictObject({}).transform(() => undefined),
    headers: spec.headers ?? absent,
    body: spec.body ?? absent,
  });
  return async (c) => {
    const read = await readBody(spec, c);
    if (!read.ok) return read;
    const checked = schema.safeParse({
      params: c.req.param(),
      query: queryOf(c),
      headers: spec.headers ? c.req.header() : undefined,
      body: read.text === undefined ? read.json : undefined,
    });
    if (read.text !== undefined && !checked.success) {
      const errors = fieldErrors(checked.error).filter(({ pointer }) => !pointer.startsWith('/body'));
      if (errors.length === 0) return { ok: true, value: { params: c.req.param(), query: undefined, headers: undefined, body: undefined, text: read.text }, raw: read.raw };
      return { ok: false, error: { code: 'http.invalid_request', errors } };
    }
    if (!checked.success) return { ok: false, error: { code: 'http.invalid_request', errors: fieldErrors(checked.error) } };
    return { ok: true, value: { ...checked.data, text: read.text }, raw: read.raw };
  };
}

type Body = { readonly ok: true; readonly json: unknown; readonly text: string | undefined; readonly raw: string } | { readonly ok: false; readonly error: HttpError };

async function readBody(spec: AnyRoute, c: Context): Promise<Body> {
  if (!spec.body && !spec.text) return { ok: true, json: undefined, text: undefined, raw: '' };
  const type = (c.req.header('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase();
  const isText = spec.text !== undefined && type === spec.text.type;
  const isJson = type === 'application/json' || (type?.endsWith('+json') ?? false);
  const raw = isText || isJson ? await c.req.text() : '';
  if (isText) return { ok: true, json: undefined, text: raw, raw };
  if (!isJson) {
    const isEmpty = (c.req.header('content-length') ?? '0') === '0' && c.req.header('transfer-encoding') === undefined;
    // An operation whose whole body is optional may be called without one.
    if (isEmpty && spec.body?.safeParse(undefined).success) return { ok: true, json: undefined, text: undefined, raw };
    const expected = ['application/json', ...(spec.text ? [spec.text.type] : [])];
    return { ok: false, error: { code: 'http.unsupported_media_type', expected } };
  }
  if (raw === '' && spec.body?.safeParse(undefined).success) return { ok: true, json: undefined, text: undefined, raw };
  const json = parseJson(raw);
  return json.ok ? { ok: true, json: json.value, text: undefined, raw } : { ok: false, error: { code: 'http.malformed_json', ...json.fault } };
}

/** A parameter that stands twice becomes a list, which no schema of ours takes: it is refused, not guessed. */
const queryOf = (c: Context): Record<string, string | string[]> =>
  Object.fromEntries(Object.entries(c.req.queries()).map(([name, values]) => [name, values.length === 1 ? (values[0] as string) : values]));

const fieldErrors = (error: z.ZodError): FieldError[] =>
  error.issues.slice(0, 50).map(({ path, code, message }) => ({ pointer: `/${path.map(String).join('/')}`, code, message }));

function callerOf(c: Context, actor: Actor, raw: string): Caller {
  const ifMatch = /^(?:W\/)?"(\d{1,9})"$/.exec(c.req.header('if-match') ?? '')?.[1];
  return {
    actor,
    ifMatch: ifMatch === undefined ? undefined : Number(ifMatch),
    fingerprint: () => digest(`${c.req.method} ${c.req.path}\n${raw}`),
  };
}

export async function digest(text: string): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).toString('base64url');
}

/** What the response schema does not list does not leave. */
function reply(c: Context, spec: AnyRoute, value: unknown, input: object): Response {
  const view = spec.response.parse(value);
  const headers = { ...API_HEADERS, ...spec.replyHeaders?.(view, input) };
  if (spec.status === 204) return c.body(null, 204, headers);
  const etag = (headers as Record<string, string>)['etag'];
  if (spec.method === 'get' && etag !== undefined && matches(c.req.header('if-none-match'), etag)) return c.body(null, 304, headers);
  return c.body(JSON.stringify(view), spec.status, { ...headers, 'content-type': 'application/json' });
}

const matches = (header: string | undefined, etag: string): boolean =>
  header !== undefined && (header.trim() === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag.replace(/^W\//, '')));
