import type { Context } from 'hono';
import { z } from 'zod';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { parseJson } from './json.ts';
import type { FieldError, HttpError } from './problem.ts';
import type { AnyRoute } from './route.ts';

export const BODY_LIMIT = 256 * 1024;
const ERRORS_MAX = 50;
const JSON_TYPE = 'application/json';

/** A request that fits its route: its parts as the schemas made them, its body as it came, and the version it insists on. */
export type Received = { readonly input: object; readonly raw: string; readonly ifMatch: number | undefined };

type Body = { readonly json?: unknown; readonly text?: string; readonly bytes?: Uint8Array; readonly raw: string };
const NO_BODY: Body = { raw: '' };

export const takesBody = ({ body, text, bytes }: Pick<AnyRoute, 'body' | 'text' | 'bytes'>): boolean =>
  body !== undefined || text !== undefined || bytes !== undefined;

/** Whether the operation may be called without a body. */
export const isBodyOptional = ({ body }: Pick<AnyRoute, 'body'>): boolean => body?.safeParse(undefined).success ?? false;

/** Prepares what one route needs to read its requests: everything a request brings is checked against the schemas in one go. */
export function receiver(spec: AnyRoute): (c: Context) => Promise<Result<Received, HttpError>> {
  const parts = {
    ...(spec.params && { params: spec.params }),
    query: spec.query ?? z.strictObject({}).transform(() => undefined),
    ...(spec.headers && { headers: spec.headers }),
  };
  const withBody = z.object({ ...parts, ...(spec.body && { body: spec.body }) });
  const withText = z.object(parts); // A text of another type is the handler's to read.
  const headerNames = spec.headers instanceof z.ZodObject ? Object.keys(spec.headers.shape) : [];
  const takesNothing = isBodyOptional(spec);

  return async (c) => {
    const body = await readBody(spec, takesNothing, c);
    if (!body.ok) return body;
    const { json, text, bytes, raw } = body.value;
    const checked = (text === undefined ? withBody : withText).safeParse({
      params: c.req.param(),
      query: queryOf(c),
      headers: Object.fromEntries(headerNames.map((name) => [name, c.req.header(name)])),
      body: json,
    });
    const ifMatch = ifMatchOf(c.req.header('if-match'));
    const errors = [
      ...(checked.success ? [] : fieldErrors(checked.error)),
      ...nulErrors(c.req.url),
      ...(typeof ifMatch === 'object' ? [ifMatch] : []),
    ];
    if (!checked.success || typeof ifMatch === 'object' || errors.length > 0) return err({ code: 'http.invalid_request', errors });
    return ok({ input: { ...checked.data, text, bytes }, raw, ifMatch });
  };
}

async function readBody(spec: AnyRoute, takesNothing: boolean, c: Context): Promise<Result<Body, HttpError>> {
  if (!takesBody(spec)) return ok(NO_BODY);
  const limitBytes = spec.bodyLimit ?? BODY_LIMIT;
  const bytes = await readBytes(c, limitBytes).catch(() => 'broken' as const); // The sender hung up: no fault of ours, and nobody is there to read the answer.
  if (bytes === 'broken') return err({ code: 'http.malformed_json', why: 'it breaks off before its end' });
  if (bytes === undefined) return err({ code: 'http.body_too_large', limitBytes });
  if (spec.bytes) return ok({ bytes, raw: '' });
  if (bytes.length === 0) return takesNothing ? ok(NO_BODY) : err({ code: 'http.malformed_json', why: 'it is empty' });

  const kind = kindOf(spec, c.req.header('content-type'));
  const encoding = c.req.header('content-encoding') ?? 'identity';
  if (kind === undefined || encoding.toLowerCase() !== 'identity') {
    const expected = [...(spec.body ? [JSON_TYPE] : []), ...(spec.text ? [spec.text.type] : [])];
    return err({ code: 'http.unsupported_media_type', expected });
  }
  const raw = decode(bytes);
  if (raw === undefined) return err({ code: 'http.malformed_json', why: 'it is not UTF-8' });
  if (kind === 'text') return ok({ text: raw, raw });
  const json = parseJson(raw);
  return json.ok ? ok({ json: json.value, raw }) : err({ code: 'http.malformed_json', ...json.fault });
}

function kindOf(spec: AnyRoute, contentType = ''): 'text' | 'json' | undefined {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (spec.text !== undefined && type === spec.text.type) return 'text';
  return spec.body !== undefined && (type === JSON_TYPE || /^application\/[\w.-]+\+json$/.test(type)) ? 'json' : undefined;
}

/** The whole body, or undefined as soon as it is known to exceed the limit. */
async function readBytes(c: Context, limit: number): Promise<Uint8Array | undefined> {
  const declared = c.req.header('content-length');
  if (declared !== undefined) {
    if (Number(declared) > limit) return undefined;
    const bytes = new Uint8Array(await c.req.arrayBuffer()); // The server holds the sender to its word.
    return bytes.length > limit ? undefined : bytes;
  }
  const reader = c.req.raw.body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > limit) return undefined;
    chunks.push(value);
  }
  return Buffer.concat(chunks);
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Undefined for bytes that are no UTF-8; they would otherwise be stored as something that was never sent. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** A parameter that stands twice becomes a list, which no schema of ours takes: it is refused, not guessed. */
const queryOf = (c: Context): Record<string, string | string[]> =>
  Object.fromEntries(Object.entries(c.req.queries()).map(([name, values]) => [name, values.length === 1 ? (values[0] as string) : values]));

/** Text in the database cannot hold NUL, wherever in the address it stands. */
const nulErrors = (url: string): FieldError[] => (url.includes('%00') ? [{ pointer: '', code: 'nul', message: 'The address contains NUL' }] : []);

/** The version an If-Match names, undefined when it names none; a tag we never gave is an error, or the condition would be lost. */
function ifMatchOf(header: string | undefined): number | undefined | FieldError {
  if (header === undefined || header.trim() === '*') return undefined;
  const version = /^(?:W\/)?"(\d{1,15})"$/.exec(header.trim())?.[1];
  return version === undefined
    ? { pointer: '/headers/if-match', code: 'invalid_format', message: 'Send one ETag as you read it, such as "3"' }
    : Number(version);
}

/** At most ERRORS_MAX, each with a JSON pointer that starts at params, query, headers or body. */
export const fieldErrors = (error: z.ZodError): FieldError[] => error.issues.flatMap((issue) => errorsOf(issue, [])).slice(0, ERRORS_MAX);

/** Of several shapes that are allowed, what is wrong is said of the one that the value came nearest to. */
function errorsOf(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): FieldError[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.slice(0, ERRORS_MAX).map((key) => ({ pointer: pointerOf([...path, key]), code: issue.code, message: 'Unknown field' }));
  const [nearest] = issue.code === 'invalid_union' ? issue.errors.toSorted((one, other) => one.length - other.length) : [];
  return nearest?.flatMap((inner) => errorsOf(inner, path)) ?? [{ pointer: pointerOf(path), code: issue.code, message: issue.message }];
}

const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((key) => `/${String(key).slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
