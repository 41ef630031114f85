import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { JsonSchema } from '#adapters/http/openapi/json-schema.ts';
import { schemaWriter } from '#adapters/http/openapi/json-schema.ts';
import type { OpenApi, Operation } from '#adapters/http/openapi/model.ts';
import { openApiDocument } from '#adapters/http/openapi.ts';
import { HTTP_PROBLEMS } from '#adapters/http/problem.ts';
import { problemEntries } from '#adapters/http/problem-codes.ts';
import { type AnyRoute, route } from '#adapters/http/route.ts';
import { violations } from '#tests/support/json-schema.ts';
import { faultsIn } from '#tests/support/openapi.ts';
import { exampleRoutes, SHOP, SHOP_PROBLEMS } from './example-app.ts';

const ABOUT = { version: '1.2.3', url: 'https://thali.test' };
const routes = exampleRoutes();
const document = openApiDocument(routes, ABOUT);
const operation = (id: string): Operation => {
  const found = Object.values(document.paths)
    .flatMap((methods) => Object.values(methods))
    .find(({ operationId }) => operationId === id);
  if (!found) throw new Error(`no operation ${id}`);
  return found;
};
const codesIn = (of: readonly AnyRoute[]): string[] => problemEntries(of).map(({ code }) => code);
const statusesOf = (id: string): string[] => Object.keys(operation(id).responses);
const codesOf = (id: string): string[] =>
  Object.values(operation(id).responses).flatMap(({ content }) => Object.keys(content?.['application/problem+json']?.examples ?? {}));

describe('the document', () => {
  it('is sound: refs resolve, ids are unique, path parameters are declared, examples fit their schemas', () => {
    expect(faultsIn(document)).toEqual([]);
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });

  it('has examples of bodies that the zod schemas take too', () => {
    for (const { operationId, body, example } of routes)
      if (body && example.body !== undefined) expect(body.safeParse(example.body), operationId).toMatchObject({ success: true });
  });

  it('describes every route and the addresses of the service, and nothing else', () => {
    const described = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
    const service = ['get /health', 'get /health/live', 'get /health/ready', 'get /metrics'];
    expect(described.toSorted()).toEqual([...routes.map(({ method, path }) => `${method} ${path}`), ...service].toSorted());
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Thali', version: '1.2.3' }, servers: [{ url: 'https://thali.test' }] });
    expect(document.tags.map(({ name }) => name)).toEqual(['Shops', 'Failures', 'Service']);
  });
});

describe('an operation', () => {
  it('says who may call it, in words and for machines', () => {
    const access = (id: string) => [operation(id).security, operation(id)['x-permission'], operation(id).description];
    expect(document.security).toEqual([{ bearerAuth: [] }]);
    expect(access('listShops')).toEqual([[], 'public', 'Anyone may call it; no token is needed.']);
    expect(access('openShop')).toEqual([undefined, 'authenticated', 'Prices are *ours*; say `name`.\n\nTakes a signed-in account.']);
    expect(access('changeShop')).toEqual([
      undefined,
      { permission: 'shops:write', in: 'restaurant' },
      'Takes the permission `shops:write`, in the restaurant of the path, or on the platform.',
    ]);
    expect(access('closeShop')).toEqual([
      undefined,
      { permission: 'shops:delete', in: 'platform' },
      'Takes the permission `shops:delete`, on the platform.',
    ]);
  });

  it('declares its parameters with their bounds', () => {
    expect(operation('listShops').parameters).toEqual([
      { name: 'limit', in: 'query', required: false, schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 } },
      { name: 'after', in: 'query', required: false, schema: { type: 'string', format: 'uuid', examples: [SHOP] } },
      { name: 'q', in: 'query', required: false, schema: { type: 'string', maxLength: 20 } },
    ]);
    expect(operation('openShop').parameters).toEqual([
      {
        name: 'Idempotency-Key',
        in: 'header',
        required: true,
        schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$', 'x-pattern-in-words': 'visible ASCII', examples: ["it's-1"] },
      },
    ]);
    expect(operation('changeShop').parameters.map((parameter) => `${parameter.in} ${parameter.name} ${parameter.required}`)).toEqual([
      'path restaurantId true',
      'header If-Match false',
    ]);
    expect(operation('getShop').parameters.map(({ name }) => name)).toEqual(['restaurantId', 'If-None-Match']);
  });

  it('declares its body, and whether it may be left out', () => {
    const { requestBody } = operation('openShop');
    expect(requestBody).toMatchObject({ required: true, description: 'At most 4 KiB.' });
    expect(Object.keys(requestBody?.content ?? {})).toEqual(['application/json']);
    expect(requestBody?.content['application/json']?.schema).toMatchObject({
      type: 'object',
      required: ['name', 'price'],
      additionalProperties: false,
    });
    expect(operation('noticeOfShop').requestBody).toMatchObject({
      required: false,
      description: 'At most 256 KiB.',
      content: { 'application/json': { example: { reason: 'rain' } }, 'text/plain': { schema: { type: 'string' }, example: 'closing soon' } },
    });
    expect(operation('listShops').requestBody).toBeUndefined();
  });

  it('declares its answer, with the headers that its route gives it', () => {
    const { responses } = operation('openShop');
    expect(responses['201']).toMatchObject({
      description: 'Created.',
      headers: { ETag: { example: '"3"' }, Location: { example: `/shops/${SHOP}` } },
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Shop' } } },
    });
    expect(operation('listShops').responses['200']?.headers).toMatchObject({ Link: { example: `</shops?limit=20&after=${SHOP}>; rel="next"` } });
    expect(operation('closeShop').responses['204']).toEqual({ description: 'No Content.' });
    expect(Object.keys(operation('getShop').responses)).toContain('304');
    expect(Object.keys(operation('openShop').responses)).not.toContain('304');
  });

  it('declares every way it can refuse, one answer for each status', () => {
    expect(statusesOf('openShop')).toEqual(['201', '400', '401', '403', '409', '413', '415', '429', '500', '503']);
    expect(statusesOf('changeShop')).toEqual(['200', '400', '401', '403', '404', '409', '412', '413', '415', '429', '500', '503']);
    expect(statusesOf('closeShop')).toEqual(['204', '400', '401', '403', '409', '429', '500', '503']);
    expect(statusesOf('newestShop')).toEqual(['200', '400', '429', '500', '503']);
    expect(statusesOf('noticeOfShop')).not.toContain('403'); // Its module checks the permission, and has a code of its own for it.
    expect(codesOf('openShop')).toEqual([
      'http.invalid_request',
      'http.malformed_json',
      'http.unauthenticated',
      'http.person_required',
      'http.write_conflict',
      'shops.closed',
      'http.body_too_large',
      'http.unsupported_media_type',
      'http.too_many_requests',
      'http.internal',
      'http.unavailable',
    ]);
    expect(operation('openShop').responses['409']?.description).toBe(
      'Conflict:\n- `http.write_conflict`: Someone else changed it at the same time.\n- `shops.closed`: It is <closed> & shut.',
    );
  });

  it('shows each problem as it will look', () => {
    const { summary, value } = document.components.examples['shops.closed'] as OpenApi['components']['examples'][string];
    expect(summary).toBe('It is <closed> & shut');
    expect(value).toMatchObject({ type: '/problems#shops.closed', code: 'shops.closed', status: 409, detail: 'It will not open again.' });
    expect(document.components.examples['http.invalid_request']?.value['errors']).toHaveLength(1);
  });
});

describe('the list of problems', () => {
  it('is closed: the edge and the routes, each code once, in order', () => {
    const edge = Object.keys(HTTP_PROBLEMS).toSorted();
    expect(codesIn(routes)).toEqual([...edge, 'shops.changed', 'shops.closed', 'shops.not_found']);
    expect(document.components.schemas['ProblemCode']?.enum).toEqual(codesIn(routes));
    expect(Object.keys(document.components.examples)).toEqual(codesIn(routes));
    expect(codesIn([])).toEqual(edge);
  });

  it('knows which operations answer with a code, and what they may say', () => {
    expect(problemEntries(routes).find(({ code }) => code === 'shops.closed')).toEqual({
      code: 'shops.closed',
      module: 'shops',
      status: 409,
      title: 'It is <closed> & shut',
      details: ['It will not open again.', 'Come back at <until>.'],
      operations: ['getShop', 'openShop'],
    });
  });

  it('refuses a code with two meanings', () => {
    const other = {
      ...routes[0],
      operationId: 'other',
      problems: { 'shops.closed': { ...SHOP_PROBLEMS['shops.closed'], status: 410 } },
    } as unknown as AnyRoute;
    expect(() => problemEntries([...routes, other])).toThrow('shops.closed has two meanings');
  });
});

describe('schemas', () => {
  const write = (schema: z.ZodType, io: 'input' | 'output' = 'input') => schemaWriter(new Map()).write(schema, io);

  it.each<[string, z.ZodType, 'input' | 'output', JsonSchema]>([
    [
      'a strict object stays closed',
      z.strictObject({ a: z.string() }),
      'output',
      { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false },
    ],
    ['an answer may grow', z.object({ a: z.string() }), 'output', { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }],
    [
      'a default is optional on the way in',
      z.object({ a: z.int().default(1) }),
      'input',
      { type: 'object', properties: { a: { type: 'integer', format: 'int64', default: 1 } } },
    ],
    [
      'and there on the way out',
      z.object({ a: z.boolean().default(true) }),
      'output',
      { type: 'object', properties: { a: { type: 'boolean', default: true } }, required: ['a'] },
    ],
    ['a transform is what goes in', z.string().max(3).transform(Number), 'input', { type: 'string', maxLength: 3 }],
    [
      'and what meta says comes out',
      z.number().transform(String).meta({ type: 'string', example: '1' }),
      'output',
      { type: 'string', examples: ['1'] },
    ],
    ['a format says it all', z.email().max(254), 'input', { type: 'string', format: 'email', maxLength: 254 }],
    ['a pattern in words', z.string().regex(/^a$/, 'just a').optional(), 'input', { type: 'string', pattern: '^a$', 'x-pattern-in-words': 'just a' }],
    ['literals are an enum', z.union([z.literal(1), z.literal(2)]), 'input', { type: 'number', enum: [1, 2] }],
    [
      'bounds stay',
      z.array(z.number().positive().lt(9)).min(1).max(2),
      'input',
      { type: 'array', minItems: 1, maxItems: 2, items: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 9 } },
    ],
    ['null is a type', z.string().nullable(), 'output', { type: ['string', 'null'] }],
  ])('%s', (_, schema, io, expected) => {
    expect(write(schema, io)).toEqual(expected);
  });

  it('writes what has a name once, under two names when its input and its output differ', () => {
    const inner = z.object({ size: z.int().min(0).max(9).default(1) });
    const named = z.object({ inner });
    const writer = schemaWriter(
      new Map<z.ZodType, string>([
        [named, 'Named'],
        [inner, 'Inner'],
      ]),
    );
    expect(writer.write(z.array(named), 'output')).toEqual({ type: 'array', items: { $ref: '#/components/schemas/Named' } });
    expect(writer.write(named, 'output')).toEqual({ $ref: '#/components/schemas/Named' });
    expect(writer.write(named, 'input')).toEqual({ $ref: '#/components/schemas/NamedInput' });
    expect(Object.keys(writer.components).toSorted()).toEqual(['Inner', 'InnerInput', 'Named', 'NamedInput']);
    expect(writer.components['NamedInput']).toMatchObject({ properties: { inner: { $ref: '#/components/schemas/InnerInput' } } });
  });

  it('lets a named schema contain itself, and no other', () => {
    type Tree = { children: Tree[] };
    const tree: z.ZodType<Tree> = z.object({ children: z.array(z.lazy(() => tree)).max(3) });
    expect(() => write(tree)).toThrow(/needs a name/);
    const writer = schemaWriter(new Map([[tree, 'Tree']]));
    writer.write(tree, 'output');
    expect(writer.components['Tree']).toMatchObject({ properties: { children: { items: { $ref: '#/components/schemas/Tree' } } } });
  });

  it('refuses one name for two schemas', () => {
    const writer = schemaWriter(new Map<z.ZodType, string>([[z.string(), 'Other']]));
    writer.write(z.string().meta({ id: 'TestA' }), 'output');
    writer.write(z.int().meta({ id: 'TestA' }), 'output');
    expect(() => writer.write(z.boolean().meta({ id: 'TestA' }), 'output')).toThrow('two different schemas are called TestA');
  });
});

describe('the checks themselves can fail', () => {
  const base = routes[1] as AnyRoute;
  const faults = (change: Partial<Record<keyof AnyRoute, unknown>>) => faultsIn(openApiDocument([route({ ...base, ...change } as never)], ABOUT));
  it.each<[string, Partial<Record<keyof AnyRoute, unknown>>, RegExp]>([
    ['an example that lies', { example: { response: { newest: false } } }, /application\/json\.newest: is not true/],
    ['an example that lacks a field', { example: { response: {} } }, /lacks newest/],
    [
      'an answer nobody can describe',
      { response: z.object({ at: z.number().transform(String) }), example: { response: { at: '1' } } },
      /\.at says nothing/,
    ],
    ['a parameter that is not declared', { path: '/shops/{id}' }, /declares other path parameters/],
  ])('on %s', (_, change, fault) => {
    expect(faults({})).toEqual([]);
    expect(faults(change).join('\n')).toMatch(fault);
  });

  it('on a dangling reference and a repeated operation', () => {
    const [first] = Object.entries(document.paths) as [[string, Record<string, Operation>]];
    const broken = { ...document, paths: { ...document.paths, '/again': first[1] }, components: { ...document.components, schemas: {} } } as OpenApi;
    expect(faultsIn(broken)).toEqual(expect.arrayContaining(['#/components/schemas/Problem is nowhere', 'getShop stands twice']));
  });

  it('on values that break a keyword', () => {
    const schema: JsonSchema = {
      type: 'object',
      properties: {
        a: { type: 'string', minLength: 2, pattern: '^x' },
        b: { type: 'integer', maximum: 3 },
        c: { type: 'array', items: { enum: ['y'] }, maxItems: 1 },
      },
      additionalProperties: false,
    };
    expect(violations(schema, { a: 'xx', b: 3, c: ['y'] }, {})).toEqual([]);
    expect(violations(schema, { a: 'y', b: 3.5, c: ['y', 'z'], d: 0 }, {})).toEqual([
      '$.a: has a wrong length',
      '$.a: does not match ^x',
      '$.b: is no integer',
      '$.b: is out of range',
      '$.c: has a wrong number of items',
      '$.c[1]: "z" is not in the enum',
      '$: may not have d',
    ]);
  });
});
