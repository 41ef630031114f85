import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { currentRequest } from '../shared/request-context.ts';
import { API_HEADERS, jsonType } from './headers.ts';
import type { JsonFault } from './json.ts';

/** How one refusal is told to a person: its status, what it is, and what to do about it. */
export type Problem<E> = {
  readonly status: ContentfulStatusCode;
  readonly title: string;
  readonly detail: string | ((facts: E) => string);
};

/** What RFC 9457 and we put into every problem; no fact of a refusal may take one of these names. */
type Reserved = { readonly [Name in 'type' | 'title' | 'status' | 'detail' | 'instance' | 'traceId' | 'timestamp']?: never };

/** One entry for each code of a module's errors; a code without one does not compile. */
export type Problems<E extends Reserved & { readonly code: string }> = { readonly [Code in E['code']]: Problem<Extract<E, { readonly code: Code }>> };

/** What the HTTP edge itself refuses, before or instead of a module. */
export type HttpError =
  | ({ readonly code: 'http.malformed_json' } & JsonFault)
  | { readonly code: 'http.invalid_request'; readonly errors: readonly FieldError[] }
  | { readonly code: 'http.unsupported_media_type'; readonly expected: readonly string[] }
  | { readonly code: 'http.body_too_large'; readonly limitBytes: number }
  | { readonly code: 'http.unauthenticated' }
  | { readonly code: 'http.person_required' }
  | { readonly code: 'http.forbidden'; readonly permission: string }
  | { readonly code: 'http.second_factor_required'; readonly permission: string }
  | { readonly code: 'http.https_required' }
  | { readonly code: 'http.not_found' }
  | { readonly code: 'http.method_not_allowed'; readonly allowed: readonly string[] }
  | { readonly code: 'http.too_many_requests'; readonly limit: string; readonly retryAfterSeconds: number }
  | { readonly code: 'http.write_conflict' }
  | { readonly code: 'http.unavailable' }
  | { readonly code: 'http.internal' };

export type FieldError = { readonly pointer: string; readonly code: string; readonly message: string };

export const HTTP_PROBLEMS: Problems<HttpError> = {
  'http.malformed_json': {
    status: 400,
    title: 'The body cannot be read',
    detail: ({ why, at }) =>
      `The body was refused${at === undefined ? '' : ` at character ${at}`}: ${why}. Send one well-formed document of the type you declare, in UTF-8.`,
  },
  'http.invalid_request': {
    status: 400,
    title: 'The request has the wrong shape',
    detail: 'Correct what `errors` names; each pointer says where. Unknown fields are refused too.',
  },
  'http.unsupported_media_type': {
    status: 415,
    title: 'The body has a type this operation does not read',
    detail: ({ expected }) => `Send it as ${expected.join(' or ')}, not compressed, and say so in Content-Type.`,
  },
  'http.body_too_large': { status: 413, title: 'The body is too large', detail: ({ limitBytes }) => `Send at most ${limitBytes} bytes.` },
  'http.unauthenticated': {
    status: 401,
    title: 'You are not signed in',
    detail: 'Send `Authorization: Bearer <accessToken>` with a token from POST /auth/login; if it has expired, renew it with POST /auth/refresh.',
  },
  'http.person_required': {
    status: 403,
    title: 'Only a person can do this',
    detail: 'Sign in with an account and send its access token; an API key does only what its scopes name.',
  },
  'http.forbidden': {
    status: 403,
    title: 'You may not do this',
    detail: ({ permission }) =>
      `It takes the permission ${permission}. Ask an owner or manager of the restaurant, or whoever runs the installation, for a role that has it.`,
  },
  'http.second_factor_required': {
    status: 403,
    title: 'Your role needs a second factor',
    detail: 'Set one up with POST /me/second-factor, or sign in again with a code of it: until then you are a customer here.',
  },
  'http.https_required': {
    status: 400,
    title: 'This came without encryption',
    detail: 'Ask again over https. Nothing was done, and whatever token you sent may have been read on its way: sign out of its session.',
  },
  'http.not_found': { status: 404, title: 'There is nothing here', detail: 'Check the address; every operation is listed at /docs.' },
  'http.method_not_allowed': {
    status: 405,
    title: 'This address does not take that method',
    detail: ({ allowed }) => `Use ${allowed.join(' or ')}.`,
  },
  'http.too_many_requests': {
    status: 429,
    title: 'You have asked too often',
    detail: ({ limit, retryAfterSeconds }) =>
      `The limit ${limit} is used up. Nothing was done; ask again in ${retryAfterSeconds} seconds, and see RateLimit-Policy for what it allows.`,
  },
  'http.write_conflict': {
    status: 409,
    title: 'Someone else changed it at the same time',
    detail: 'Nothing was changed. Read it again and repeat the request.',
  },
  'http.unavailable': {
    status: 503,
    title: 'The service cannot answer right now',
    detail: 'Try again in a few seconds. If you sent an Idempotency-Key, repeating the request is safe.',
  },
  'http.internal': {
    status: 500,
    title: 'Something went wrong on our side',
    detail: 'It was recorded under the trace id. If you sent an Idempotency-Key, repeating the request is safe.',
  },
};

/** Every code there is, for the documentation and for the test that keeps the list closed. */
export type ProblemTable = Readonly<Record<string, Problem<never>>>;

/** RFC 9457. The refusal's own facts travel as extension members. */
export function problem(c: Context, table: ProblemTable, error: { readonly code: string }, headers: Readonly<Record<string, string>> = {}) {
  const entry = table[error.code] as Problem<unknown> | undefined;
  if (!entry) throw new Error(`${error.code} is no problem of ${c.req.method} ${c.req.path}`);
  const { status, title, detail } = entry;
  const { code, ...facts } = error;
  c.set('refusal', code);
  const { retryAfterSeconds: retryAfter } = facts as { readonly retryAfterSeconds?: unknown };
  const members = {
    type: `/problems#${code}`,
    title,
    status,
    detail: typeof detail === 'function' ? detail(error) : detail,
    instance: encodeURI(c.req.path),
    code,
    traceId: currentRequest()?.traceId,
    timestamp: new Date().toISOString(),
  };
  // Twice: our members come first and, whatever a fact is called, they stay ours.
  return c.body(JSON.stringify({ ...members, ...facts, ...members }), status, {
    ...API_HEADERS,
    'content-type': jsonType('application/problem+json'),
    ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    ...(typeof retryAfter === 'number' && { 'retry-after': String(retryAfter) }),
    ...headers,
  });
}

export const httpProblem = (c: Context, error: HttpError, headers?: Readonly<Record<string, string>>) =>
  problem(c, HTTP_PROBLEMS as ProblemTable, error, headers);
