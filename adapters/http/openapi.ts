import { z } from 'zod';
import type { Limiter } from './limits.ts';
import { schemaWriter } from './openapi/json-schema.ts';
import type { OpenApi, Operation, Parameter } from './openapi/model.ts';
import { PROBLEM, problemExamples, repliesOf } from './openapi/replies.ts';
import { SERVICE_OPERATIONS, SERVICE_TAG } from './openapi/service.ts';
import { webhookOperations } from './openapi/webhooks.ts';
import { problemEntries } from './problem-codes.ts';
import { BODY_LIMIT, isBodyOptional, takesBody } from './request.ts';
import type { Access, AnyRoute } from './route.ts';

export type About = { readonly version: string; readonly url: string };
type Write = ReturnType<typeof schemaWriter>['write'];

/** The whole interface, said from the routes themselves: what is not in a route is not in here. */
export function openApiDocument(routes: readonly AnyRoute[], { version, url }: About): OpenApi {
  const { components, write } = schemaWriter(namesOf(routes));
  const entries = problemEntries(routes);
  const paths: Record<string, Record<string, Operation>> = {};
  for (const spec of routes) {
    paths[spec.path] ??= {};
    (paths[spec.path] as Record<string, Operation>)[spec.method] = operationOf(spec, write);
  }
  const webhooks = webhookOperations(write);
  return {
    openapi: '3.1.0',
    info: { title: 'Thali', version, description: ABOUT, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url }],
    security: [{ bearerAuth: [] }],
    tags: [...[...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })), SERVICE_TAG],
    paths: { ...paths, ...SERVICE_OPERATIONS },
    webhooks,
    components: {
      securitySchemes: {
        bearerAuth: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The `accessToken` of POST /auth/login, or an API key of a restaurant (`thali_live_...`) where a permission is asked for.',
        },
      },
      schemas: { ...components, Problem: PROBLEM, ProblemCode: { type: 'string', enum: entries.map(({ code }) => code) } },
      examples: problemExamples(entries),
    },
  };
}

const ABOUT = `The backend of a whole food business: menus, stock, orders, kitchen and money on one plate.

- Money is whole minor units with a currency: \`{ "amount": 12900, "currency": "INR" }\` is ₹129.00.
- Instants are RFC 3339, ids are UUIDs.
- Lists answer \`{ "data": [...], "next": "..." }\`: send \`next\` as \`?after=\` until it is null.
- Unknown fields and parameters are refused; what an answer has may grow.
- A refusal is \`application/problem+json\` (RFC 9457), and its \`code\` is one of a closed list: /problems tells what to do about each.
- Calls without a token are counted as \`general\` by network, calls with one as \`user\` by account.
- Every answer says in \`RateLimit-Policy\` what it was counted against, and in \`RateLimit\` what is left; 429 says in \`Retry-After\` how long to wait.
- Every answer carries \`X-Request-Id\` and \`traceparent\`; send your own and they are kept.`;

/** What GET answers under one name, `getOrder` say, is called by that name wherever it stands. */
const namesOf = (routes: readonly AnyRoute[]): ReadonlyMap<z.ZodType, string> =>
  new Map(
    routes.flatMap(({ operationId, response }) => {
      const name = /^get([A-Z]\w*)$/.exec(operationId)?.[1];
      return name !== undefined && response instanceof z.ZodObject ? [[response, name] as const] : [];
    }),
  );

function operationOf(spec: AnyRoute, write: Write): Operation {
  const { operationId, tag, summary, description, access, limiter = 'general' } = spec;
  const { replies, hasEtag } = repliesOf(spec, write);
  const requestBody = requestBodyOf(spec, write);
  return {
    operationId,
    tags: [tag],
    summary,
    description: [...(description === undefined ? [] : [description]), `${whoMay(access)}${howOften(spec)}`].join('\n\n'),
    ...(access === 'public' && { security: [] as const }),
    'x-permission': access,
    'x-limiter': limiter,
    parameters: [
      ...parametersOf('path', spec.params, write),
      ...parametersOf('query', spec.query, write),
      ...parametersOf('header', spec.headers, write),
      ...conditionsOf(spec, hasEtag),
    ],
    ...(requestBody && { requestBody }),
    responses: replies,
  };
}

function whoMay(access: Access): string {
  if (access === 'public') return 'Anyone may call it; no token is needed.';
  if (access === 'authenticated') return 'Takes a signed-in account.';
  const where = {
    restaurant: 'in the restaurant of the path, or on the platform',
    platform: 'on the platform',
    resource: 'checked against the restaurant that the resource belongs to',
  };
  return `Takes the permission \`${access.permission}\`, ${where[access.in]}.`;
}

/** What is counted as nothing special is told once, for all. */
const COUNTED: Readonly<Record<Exclude<Limiter, 'general' | 'none'>, string>> = {
  auth: 'as an `auth` attempt, by whom it is about and where it comes from',
  payment: 'as a `payment`',
  upload: 'as an `upload`',
  search: 'as a `search`',
};
function howOften({ limiter = 'general', isProof = false }: AnyRoute): string {
  if (limiter === 'general' || limiter === 'none') return '';
  return ` It is counted ${COUNTED[limiter]}${isProof ? '; a success is not' : ''}.`;
}

function parametersOf(place: Parameter['in'], schema: z.ZodType | undefined, write: Write): Parameter[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = write(schema, 'input');
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name: place === 'header' ? name.replaceAll(/(?:^|-)[a-z]/g, (start) => start.toUpperCase()) : name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description !== undefined && { description }),
    schema: rest,
  }));
}

/** An operation that can find its reader's version outdated takes If-Match; one that answers an ETag to GET takes If-None-Match. */
function conditionsOf({ method, problems }: AnyRoute, hasEtag: boolean): Parameter[] {
  const schema = { type: 'string', examples: ['"3"'] };
  if (Object.values(problems).some(({ status }) => status === 412)) {
    return [
      {
        name: 'If-Match',
        in: 'header',
        required: false,
        description: 'The ETag you read: the operation is refused if it has changed since.',
        schema,
      },
    ];
  }
  if (method === 'get' && hasEtag) {
    return [
      { name: 'If-None-Match', in: 'header', required: false, description: 'The ETag you hold: the answer is 304 while it is current.', schema },
    ];
  }
  return [];
}

function requestBodyOf(spec: AnyRoute, write: Write): Operation['requestBody'] {
  const { body, text, bytes, example, bodyLimit = BODY_LIMIT } = spec;
  if (!takesBody(spec)) return undefined;
  return {
    description: `At most ${bodyLimit / 1024} KiB.`,
    required: !isBodyOptional(spec),
    content: {
      ...(body && { 'application/json': { schema: write(body, 'input'), ...(example.body !== undefined && { example: example.body }) } }),
      ...(text && { [text.type]: { schema: { type: 'string' }, example: text.example } }),
      ...(bytes && { [bytes.type]: { schema: { type: typeof bytes.example === 'string' ? 'string' : 'object' }, example: bytes.example } }),
    },
  };
}
