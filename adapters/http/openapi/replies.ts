import { type ProblemEntry, problemsOf } from '../problem-codes.ts';
import type { AnyRoute } from '../route.ts';
import { type JsonSchema, refTo, type schemaWriter } from './json-schema.ts';
import type { Header, ProblemExample, Reply } from './model.ts';

const PROBLEM_TYPE = 'application/problem+json';
/** RFC 9110, as far as we answer it. */
const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  423: 'Locked',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};
const reasonOf = (status: number): string => REASONS[status] ?? (status < 400 ? 'Done' : 'Refused');
const SAMPLE_ID = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10';

export const PROBLEM: JsonSchema = {
  type: 'object',
  description: 'RFC 9457. The facts of the refusal stand beside these members.',
  properties: {
    type: { type: 'string', format: 'uri-reference', description: 'Where the problem is explained.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What to do about it.' },
    instance: { type: 'string', format: 'uri-reference', description: 'The path that was called.' },
    code: refTo('ProblemCode'),
    traceId: { type: 'string', description: 'What to quote when you ask about it.' },
    timestamp: { type: 'string', format: 'date-time' },
    errors: {
      type: 'array',
      description: 'Of `http.invalid_request`: every place that is wrong.',
      items: {
        type: 'object',
        properties: {
          pointer: { type: 'string', description: 'RFC 6901, from `params`, `query`, `headers` or `body`.' },
          code: { type: 'string' },
          message: { type: 'string' },
        },
        required: ['pointer', 'code', 'message'],
      },
    },
  },
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'traceId', 'timestamp'],
  additionalProperties: true,
};

const INVALID = { errors: [{ pointer: '/body/name', code: 'too_small', message: 'Too small: expected string to have >=1 characters' }] };

/** One example for each code, that every operation points to. */
export const problemExamples = (entries: readonly ProblemEntry[]): Record<string, ProblemExample> =>
  Object.fromEntries(
    entries.map(({ code, status, title, details }) => [
      code,
      {
        summary: title,
        value: {
          type: `/problems#${code}`,
          title,
          status,
          detail: details[0],
          instance: '/orders',
          code,
          traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
          timestamp: '2026-11-21T10:30:00.000Z',
          ...(code === 'http.invalid_request' && INVALID),
        },
      },
    ]),
  );

const HEADER_NOTES: Readonly<Record<string, string>> = {
  etag: 'The version of what the answer shows. Send it back in If-Match or If-None-Match.',
  location: 'Where the new thing is.',
  link: 'Where the next page is (RFC 8288). Absent on the last page.',
  'content-disposition': 'The name to save it under.',
};

/** Every answer of an operation: the good one, then one for each status it can refuse with. */
export function repliesOf(
  spec: AnyRoute,
  write: ReturnType<typeof schemaWriter>['write'],
): { readonly replies: Record<string, Reply>; readonly hasEtag: boolean } {
  const headers = headersOf(spec);
  const media = mediaOf(spec, write);
  const hasEtag = headers['ETag'] !== undefined;
  const replies: Record<string, Reply> = {
    [spec.status]: {
      description: `${reasonOf(spec.status)}.`,
      ...(Object.keys(headers).length > 0 && { headers }),
      ...(media && { content: media }),
    },
    ...(spec.method === 'get' && hasEtag && { 304: { description: 'Not Modified: what you hold is current.' } }),
    ...problemReplies(Object.entries(problemsOf(spec)).map(([code, { status, title }]) => ({ code, status, title }))),
  };
  return { replies, hasEtag };
}

function mediaOf({ status, response, example, produces, isPage }: AnyRoute, write: ReturnType<typeof schemaWriter>['write']): Reply['content'] {
  if (status === 204) return undefined;
  if (produces) return { [produces.type]: { schema: { type: 'string' }, example: produces.text(example.response) } };
  return { [isPage ? 'text/html' : 'application/json']: { schema: write(response, 'output'), example: example.response } };
}

/** One reply for each status, with its codes. */
export function problemReplies(problems: readonly Pick<ProblemEntry, 'code' | 'status' | 'title'>[]): Record<string, Reply> {
  const byStatus = Map.groupBy(problems, ({ status }) => status);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        description: [`${reasonOf(status)}:`, ...group.map(({ code, title }) => `- \`${code}\`: ${title}.`)].join('\n'),
        ...problemHeaders(status),
        content: {
          [PROBLEM_TYPE]: {
            schema: refTo('Problem'),
            examples: Object.fromEntries(group.map(({ code }) => [code, { $ref: `#/components/examples/${code}` }])),
          },
        },
      },
    ]),
  );
}

function problemHeaders(status: number): { readonly headers?: Readonly<Record<string, Header>> } {
  if (status === 401)
    return {
      headers: {
        'WWW-Authenticate': { description: 'Bearer, and `invalid_token` when one was sent that does not hold.', schema: { type: 'string' } },
      },
    };
  if (status === 429)
    return {
      headers: {
        'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } },
        'RateLimit-Policy': { description: 'What each limit allows: `q` requests in `w` seconds.', schema: { type: 'string' } },
        RateLimit: { description: 'What is left of each: `r` requests, the next one free in `t` seconds.', schema: { type: 'string' } },
      },
    };
  if (status === 503) return { headers: { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } } } };
  return {};
}

/** The headers the route itself gives its own example. A list is asked as if it had a next page too, for the Link. */
function headersOf(spec: AnyRoute): Record<string, Header> {
  const { replyHeaders, example, query } = spec;
  if (!replyHeaders) return {};
  const params = Object.fromEntries([...spec.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, SAMPLE_ID]));
  const input = { params, query: query?.safeParse({}).data };
  const view = example.response;
  const given = {
    ...replyHeaders(view, input),
    ...(typeof view === 'object' && view !== null && 'next' in view && replyHeaders({ ...view, next: SAMPLE_ID }, input)),
  };
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name === 'etag' ? 'ETag' : name.replaceAll(/(?:^|-)[a-z]/g, (start) => start.toUpperCase()),
      { description: HEADER_NOTES[name.toLowerCase()] ?? '', schema: { type: 'string' }, example: value },
    ]),
  );
}
