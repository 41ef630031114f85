import { afterEach, describe, expect, it, vi } from 'vitest';
import { route } from '#adapters/http/route.ts';
import { exampleApp, exampleRoutes, OTHER_SHOP, SHOP } from './example-app.ts';

const VALID = { name: 'Annapurna', price: { amount: 1, currency: 'INR' } };
const json = { 'content-type': 'application/json' };
const as = (token: string) => ({ authorization: `Bearer ${token}` });
const open = (body: unknown, headers: Readonly<Record<string, string>> = {}) => ({
  method: 'POST',
  headers: { ...json, ...as('customer'), 'idempotency-key': 'k', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const problemOf = async (response: Response) => {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = (await response.json()) as Record<string, unknown>;
  expect(problem).toMatchObject({ status: response.status, type: `/problems#${problem['code']}`, title: expect.any(String), detail: expect.any(String) });
  expect(problem['traceId']).toMatch(/^[0-9a-f]{32}$/);
  return problem;
};
const refused = async (response: Response | Promise<Response>, status: number, code: string, more: object = {}) => {
  const problem = await problemOf(await response);
  expect(problem).toMatchObject({ status, code, ...more });
  return problem;
};

describe('a request that fits', () => {
  it('is handled with what the schemas made of it, and answered with what the response schema lists', async () => {
    const { app, seen } = exampleApp();
    const response = await app.request('/shops', open(VALID));
    expect(response.status).toBe(201);
    expect(response.headers.get('etag')).toBe('"3"');
    expect(response.headers.get('location')).toBe(`/shops/${SHOP}`);
    expect(await response.json()).toEqual({ id: SHOP, name: 'Annapurna <b>', price: { amount: 12_900, currency: 'INR' }, openedAt: '2026-11-21T10:30:00.000Z', version: 3 });
    expect(seen.input).toMatchObject({ body: { ...VALID, kind: 'kitchen', tags: [] }, headers: { 'idempotency-key': 'k' } });
    expect(await (await app.request('/shops/newest')).json()).toEqual({ newest: true });
  });

  it('tells a repetition from another request by its fingerprint', async () => {
    const { app, seen } = exampleApp();
    const fingerprint = async (body: unknown) => {
      await app.request('/shops', open(body));
      return seen.caller?.fingerprint();
    };
    const first = await fingerprint(VALID);
    expect(first).toMatch(/^[\w-]{43}$/);
    expect(await fingerprint(VALID)).toBe(first);
    expect(await fingerprint({ ...VALID, name: 'Other' })).not.toBe(first);
  });

  it.each(['application/json; charset=utf-8', 'Application/JSON', 'application/merge-patch+json'])('reads %s', async (type) => {
    expect((await exampleApp().app.request('/shops', open(VALID, { 'content-type': type }))).status).toBe(201);
  });

  it('may leave out a body that is optional, or send it as text', async () => {
    const { app, seen } = exampleApp();
    const notice = (init: object) => app.request(`/shops/${SHOP}/notice?quiet=yes`, { method: 'POST', ...init, headers: { ...as('customer'), ...(init as { headers?: object }).headers } });
    for (const init of [{}, { headers: { 'content-length': '0' } }, { headers: json, body: '' }]) {
      expect((await notice(init)).status).toBe(200);
      expect(seen.input).toMatchObject({ body: undefined, text: undefined });
    }
    await notice({ headers: json, body: '{"reason":"rain"}' });
    expect(seen.input).toMatchObject({ body: { reason: 'rain' }, text: undefined });
    await notice({ headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'ünlucky\r\n' });
    expect(seen.input).toMatchObject({ params: { restaurantId: SHOP }, query: { quiet: 'yes' }, text: 'ünlucky\r\n' });
    await refused(notice({ headers: { 'content-type': 'text/csv' }, body: 'x' }), 415, 'http.unsupported_media_type', { expected: ['application/json', 'text/plain'] });
  });
});

describe('a body that does not fit', () => {
  const post = async (body: BodyInit | null, headers: Readonly<Record<string, string>> = {}) =>
    exampleApp().app.request('/shops', { method: 'POST', headers: { ...json, ...as('customer'), 'idempotency-key': 'k', ...headers }, body, duplex: 'half' } as RequestInit);

  it.each([
    ['{"name":', 'it ends too early', 8],
    ["{'name':1}", 'it is not valid JSON', 1],
    ['{"name":"a","name":"b"}', 'the key "name" stands twice in one object', 12],
    ['{"name":"a\\u0000b"}', 'a string contains NUL', 8],
    ['{"__proto__":{}}', 'the key "__proto__" is not allowed', 1],
    ['['.repeat(40), 'it is nested deeper than 32', 32],
    ['', 'it is empty', undefined],
  ])('%.30s is malformed', async (text, why, at) => {
    await refused(post(text), 400, 'http.malformed_json', { why, ...(at !== undefined && { at }) });
  });

  it('is malformed when it is no UTF-8', async () => {
    await refused(post(new Uint8Array([0x22, 0xff, 0x22])), 400, 'http.malformed_json', { why: 'it is not UTF-8' });
    await refused(post(new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22])), 400, 'http.malformed_json', { why: 'it is not UTF-8' });
  });

  it('is malformed when its sender hangs up, and is nobody’s outage', async () => {
    const broken = new ReadableStream({ pull: (controller) => controller.error(Object.assign(new Error('aborted ECONNREFUSED'), { code: 'ECONNRESET' })) });
    await refused(post(broken), 400, 'http.malformed_json', { why: 'it breaks off before its end' });
  });

  it('is of a type nobody reads', async () => {
    for (const headers of [{ 'content-type': 'text/plain' }, { 'content-type': 'application/jsonx' }, { 'content-type': '' }, { 'content-encoding': 'gzip' }]) {
      const problem = await refused(post(JSON.stringify(VALID), headers), 415, 'http.unsupported_media_type');
      expect(problem['detail']).toBe('Send it as application/json, not compressed, and say so in Content-Type.');
    }
  });

  it('is too large, whether it says so or not', async () => {
    const fill = (size: number) => JSON.stringify({ ...VALID, name: 'x' }).replace('"x"', `"x"${' '.repeat(size - JSON.stringify({ ...VALID, name: 'x' }).length)}`);
    expect((await post(fill(4_096))).status).toBe(201);
    await refused(post(fill(4_097)), 413, 'http.body_too_large', { limitBytes: 4_096 });
    await refused(post('{}', { 'content-length': '4097' }), 413, 'http.body_too_large');
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1_000).fill(0x20)) });
    await refused(post(endless), 413, 'http.body_too_large');
  });

  it('names each place that is wrong, and nothing of what was sent', async () => {
    const body = { name: '', price: { amount: 1.5, currency: 'INR', 'a/b~c': 1 }, tags: ['ok', 7], isAdmin: true, owner: 'secret-value' };
    const problem = await refused(post(JSON.stringify(body)), 400, 'http.invalid_request');
    const errors = problem['errors'] as { pointer: string; code: string }[];
    expect(errors.map(({ pointer, code }) => `${pointer} ${code}`).toSorted()).toEqual([
      '/body/isAdmin unrecognized_keys',
      '/body/name too_small',
      '/body/owner unrecognized_keys',
      '/body/price/amount invalid_type',
      '/body/price/a~1b~0c unrecognized_keys',
      '/body/tags/1 invalid_type',
    ]);
    expect(JSON.stringify(problem)).not.toContain('secret-value');
  });

  it('cannot make the answer long', async () => {
    const body = Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`unknown${i}`, 0]));
    const problem = await refused(post(JSON.stringify({ ...VALID, ...body, [`k${'k'.repeat(2_000)}`]: 1 })), 400, 'http.invalid_request');
    expect(problem['errors']).toHaveLength(50);
    expect(JSON.stringify(problem).length).toBeLessThan(8_000);
  });
});

describe('parameters that do not fit', () => {
  it.each([
    ['/shops?limit=0', '/query/limit'],
    ['/shops?limit=101', '/query/limit'],
    ['/shops?limit=1&limit=2', '/query/limit'],
    ['/shops?after=1', '/query/after'],
    ['/shops?unknown=1', '/query/unknown'],
    ['/shops?__proto__=1', '/query/__proto__'],
    ['/shops/newest?a=1', '/query/a'],
    ['/shops/42', '/params/restaurantId'],
    [`/shops?after=${SHOP}%00`, '/query/after'],
  ])('%s', async (path, pointer) => {
    const problem = await refused(exampleApp().app.request(path), 400, 'http.invalid_request');
    expect((problem['errors'] as { pointer: string }[])[0]).toMatchObject({ pointer });
  });

  it('refuses NUL wherever it stands in an address', async () => {
    const { app } = exampleApp();
    await refused(app.request('/shops/%00'), 400, 'http.invalid_request');
    await refused(app.request(`/shops/${SHOP}/notice?quiet=no%00`, { method: 'POST', headers: as('customer') }), 400, 'http.invalid_request');
  });

  it('refuses a header that does not fit', async () => {
    const problem = await refused(exampleApp().app.request('/shops', open(VALID, { 'idempotency-key': 'a b' })), 400, 'http.invalid_request');
    expect(problem['errors']).toEqual([{ pointer: '/headers/idempotency-key', code: 'invalid_format', message: 'visible ASCII' }]);
  });
});

describe('an address', () => {
  it('that is nobody’s', async () => {
    for (const path of ['/nothing', '/shops/', '//shops', '/Shops', '/shops;a=1']) await refused(exampleApp().app.request(path), 404, 'http.not_found');
  });

  it('that takes other methods', async () => {
    const { app } = exampleApp();
    for (const [method, path, allow] of [
      ['DELETE', '/shops', 'GET, POST, HEAD, OPTIONS'],
      ['PUT', `/shops/${SHOP}`, 'GET, PATCH, DELETE, HEAD, OPTIONS'],
      ['POST', '/health/live', 'GET, HEAD, OPTIONS'],
      ['GET', `/shops/${SHOP}/notice`, 'POST, OPTIONS'],
      ['PROPFIND', '/openapi.json', 'GET, HEAD, OPTIONS'],
    ] as const) {
      const response = await app.request(path, { method });
      expect(response.headers.get('allow')).toBe(allow);
      await refused(response, 405, 'http.method_not_allowed', { allowed: allow.replace(', HEAD', '').replace(', OPTIONS', '').split(', ') });
    }
  });

  it('says what it takes when it is asked with OPTIONS', async () => {
    const response = await exampleApp().app.request('/shops', { method: 'OPTIONS' });
    expect([response.status, response.headers.get('allow'), await response.text()]).toEqual([204, 'GET, POST, HEAD, OPTIONS', '']);
    await refused(exampleApp().app.request('/nothing', { method: 'OPTIONS' }), 404, 'http.not_found');
  });

  it('answers HEAD like GET, without the body', async () => {
    const { app } = exampleApp();
    const [head, get] = await Promise.all([app.request(`/shops/${SHOP}`, { method: 'HEAD' }), app.request(`/shops/${SHOP}`)]);
    expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, get.headers.get('etag'), '']);
  });

  it('with a fixed segment goes before one with a parameter', async () => {
    expect((await exampleApp().app.request('/shops/newest')).status).toBe(200);
  });
});

describe('who may call', () => {
  it('asks for a token that holds, and refuses one that does not even where none is needed', async () => {
    const { app } = exampleApp();
    const without = await app.request('/shops', { method: 'POST' });
    expect(without.headers.get('www-authenticate')).toBe('Bearer');
    await refused(without, 401, 'http.unauthenticated');
    for (const authorization of ['Bearer nobody', 'Bearer', 'Basic customer', 'customer', 'Bearer customer extra']) {
      const response = await app.request('/shops', { headers: { authorization } });
      expect(response.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
      await refused(response, 401, 'http.unauthenticated');
    }
    expect((await app.request('/shops', { headers: { authorization: 'bearer customer' } })).status).toBe(200);
  });

  it.each([
    ['owner', 200, undefined],
    ['admin', 200, undefined],
    ['waiter', 403, 'http.forbidden'],
    ['customer', 403, 'http.forbidden'],
    ['stranger', 404, 'http.not_found'],
  ])('lets %s change a shop: %i', async (token, status, code) => {
    const response = await exampleApp().app.request(`/shops/${SHOP}`, { method: 'PATCH', headers: { ...json, ...as(token) }, body: '{}' });
    expect(response.status).toBe(status);
    if (code !== undefined) await refused(response, status, code);
  });

  it('holds a permission on the platform only by the platform', async () => {
    const remove = (token: string) => exampleApp().app.request(`/shops/${SHOP}`, { method: 'DELETE', headers: as(token) });
    expect((await remove('admin')).status).toBe(204);
    await refused(remove('owner'), 403, 'http.forbidden', { permission: 'shops:delete' });
  });

  it('is asked before the body is read', async () => {
    await refused(exampleApp().app.request('/shops', { method: 'POST', headers: json, body: '{' }), 401, 'http.unauthenticated');
  });
});

describe('conditions', () => {
  const read = (ifNoneMatch: string) => exampleApp().app.request(`/shops/${SHOP}`, { headers: { 'if-none-match': ifNoneMatch } });
  it.each(['"3"', 'W/"3"', '"1", "3"', '*'])('If-None-Match: %s is 304', async (tag) => {
    const response = await read(tag);
    expect([response.status, response.headers.get('etag'), response.headers.get('content-type'), await response.text()]).toEqual([304, '"3"', null, '']);
  });
  it.each(['"2"', '3', '"33"', ''])('If-None-Match: %s is answered in full', async (tag) => {
    expect((await read(tag)).status).toBe(200);
  });

  const change = (ifMatch: string | undefined) =>
    exampleApp().app.request(`/shops/${SHOP}`, { method: 'PATCH', headers: { ...json, ...as('owner'), ...(ifMatch !== undefined && { 'if-match': ifMatch }) }, body: '{}' });
  it.each([undefined, '*', '"3"', 'W/"3"'])('If-Match: %s goes through', async (tag) => {
    expect((await change(tag)).status).toBe(200);
  });
  it('If-Match of another version is refused by the use case', async () => {
    await refused(change('"2"'), 412, 'shops.changed', { version: 3, detail: 'It is at version 3.' });
  });
  it.each(['3', '"abc"', '"2", "3"', '""', '"-1"'])('If-Match: %s is refused, never ignored', async (tag) => {
    const problem = await refused(change(tag), 400, 'http.invalid_request');
    expect(problem['errors']).toMatchObject([{ pointer: '/headers/if-match' }]);
  });
});

describe('failures', () => {
  it('tells a bug, an outage and a conflict apart, and nothing of what is inside', async () => {
    const { app, logged } = exampleApp();
    const [bug, outage, conflict] = await Promise.all(['bug', 'outage', 'conflict'].map((kind) => app.request(`/failures/${kind}`)));
    expect((outage as Response).headers.get('retry-after')).toBe('5');
    const problems = [
      await refused(bug as Response, 500, 'http.internal'),
      await refused(outage as Response, 503, 'http.unavailable'),
      await refused(conflict as Response, 409, 'http.write_conflict'),
    ];
    expect(JSON.stringify(problems)).not.toMatch(/secret|ECONN/);
    expect(logged.map(({ level, facts }) => [level, facts?.['status']]).toSorted()).toEqual([
      ['error', 500],
      ['error', 503],
      ['info', 409],
    ]);
  });

  it('answers 500 rather than a code that is not in the table', async () => {
    const stray = route({ ...(exampleRoutes()[1] as object), path: '/stray', operationId: 'stray', handle: async () => ({ ok: false, error: { code: 'shops.stray' } }) } as never);
    await refused(exampleApp({ routes: [stray] }).app.request('/stray'), 500, 'http.internal');
  });

  it('never lets a fact pass for a member of the problem', async () => {
    const loud = route({
      ...(exampleRoutes()[1] as object),
      path: '/loud',
      operationId: 'loud',
      problems: { 'shops.loud': { status: 409, title: 'Loud', detail: 'Hush.' } },
      handle: async () => ({ ok: false, error: { code: 'shops.loud', status: 'placed', type: 'x', detail: 'y', fact: 1 } }),
    } as never);
    await refused(exampleApp({ routes: [loud] }).app.request('/loud'), 409, 'shops.loud', { type: '/problems#shops.loud', detail: 'Hush.', fact: 1 });
  });
});

describe('what every answer carries', () => {
  afterEach(() => vi.useRealTimers());
  const requests: readonly (readonly [string, RequestInit])[] = [
    ['/shops', {}],
    [`/shops/${SHOP}`, { headers: { 'if-none-match': '*' } }],
    [`/shops/${SHOP}`, { method: 'HEAD' }],
    ['/shops', { method: 'OPTIONS' }],
    ['/shops', { method: 'POST' }],
    ['/shops?limit=x', {}],
    [`/shops/${SHOP}`, { method: 'DELETE', headers: as('admin') }],
    ['/shops', { method: 'DELETE' }],
    ['/nothing', {}],
    ['/failures/bug', {}],
    ['/failures/outage', {}],
    ['/health', {}],
    ['/metrics', {}],
    ['/openapi.json', {}],
    ['/docs', {}],
    ['/', {}],
  ];

  it.each(requests)('%s %j: the headers that keep browsers safe, and the ids', async (path, init) => {
    const { headers } = await exampleApp().app.request(path, init);
    expect(headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*frame-ancestors 'none'/);
    expect(headers.get('cache-control')).toMatch(/^no-(store|cache)$/);
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('traceparent')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it('keeps the ids it was given, when they are well-formed', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const { app, logged } = exampleApp();
    const given = await app.request('/nothing', { headers: { 'x-request-id': 'mine:1', traceparent: `00-${trace}-00f067aa0ba902b7-01` } });
    expect(given.headers.get('x-request-id')).toBe('mine:1');
    expect(given.headers.get('traceparent')).toMatch(new RegExp(`^00-${trace}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`));
    expect(await problemOf(given)).toMatchObject({ traceId: trace });
    expect(logged[0]?.facts).toMatchObject({ requestId: 'mine:1', traceId: trace });

    for (const [id, parent] of [
      ['a b', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
      ['x'.repeat(129), `00-${trace}-${'0'.repeat(16)}-01`],
      ['<script>', `01-${trace}-00f067aa0ba902b7-01`],
    ] as const) {
      const { headers } = await app.request('/nothing', { headers: { 'x-request-id': id, traceparent: parent } });
      expect(headers.get('x-request-id')).not.toBe(id);
      expect(headers.get('traceparent')).not.toContain(trace);
    }
  });

  it('is measured under the template of its route, never under the raw path', async () => {
    const { app, observed } = exampleApp();
    for (const [path, method] of [
      [`/shops/${SHOP}`, 'GET'],
      [`/shops/${OTHER_SHOP}`, 'PUT'],
      ['/nothing/here', 'GET'],
      ['/health/live', 'GET'],
      ['/docs', 'GET'],
    ] as const)
      await app.request(path, { method });
    expect(observed.map(({ route: template, status }) => `${template} ${status}`)).toEqual([
      '/shops/{restaurantId} 200',
      'unknown 405',
      'unknown 404',
      '/health/live 200',
      '/docs 200',
    ]);
  });
});

describe('routes that cannot work', () => {
  const [shop, newest] = exampleRoutes() as [object, object];
  const start = (...changes: object[]) => () => exampleApp({ routes: changes.map((change) => route({ ...newest, ...change } as never)) });
  it.each([
    ['no access', start({ access: undefined }), /does not say who may call it/],
    ['one address twice', start({}, { operationId: 'other' }), /get \/shops\/newest is declared twice/],
    ['one address by two names', start({ ...shop }, { ...shop, path: '/shops/{id}', operationId: 'x' }), /get \/shops\/\{\} is declared twice/],
    ['one operation twice', start({}, { path: '/other' }), /newestShop is declared twice/],
    ['an unchecked parameter', start({ path: '/shops/{id}' }), /does not check exactly the parameters/],
    ['a parameter that is not in the path', start({ ...shop, path: '/shop' }), /does not check exactly the parameters/],
    ['a permission in no restaurant', start({ access: { permission: 'a:b', in: 'restaurant' } }), /no restaurant to check its permission in/],
    ['a GET with a body', start({ text: { type: 'text/csv', example: '' } }), /a body that GET cannot bring/],
  ])('%s', (_, run, message) => {
    expect(run).toThrow(message);
  });
});
