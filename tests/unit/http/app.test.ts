import { describe, expect, it } from 'vitest';
import { route } from '#adapters/http/route.ts';
import { exampleApp, exampleRoutes, OTHER_SHOP, SHOP } from './example-app.ts';
import { as, json, refused } from './problems.ts';

describe('an address', () => {
  it('that is nobody’s', async () => {
    for (const path of ['/nothing', '/shops/', '//shops', '/Shops', '/shops;a=1'])
      await refused(exampleApp().app.request(path), 404, 'http.not_found');
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
  it('asks for a token that holds where one is needed, and looks at none where none is', async () => {
    const { app } = exampleApp();
    const without = await app.request('/shops', { method: 'POST' });
    expect(without.headers.get('www-authenticate')).toBe('Bearer');
    await refused(without, 401, 'http.unauthenticated');
    for (const authorization of ['Bearer nobody', 'Bearer', 'Basic customer', 'customer', 'Bearer customer extra']) {
      const response = await app.request('/shops', { method: 'POST', headers: { authorization } });
      expect(response.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
      await refused(response, 401, 'http.unauthenticated');
    }
    expect((await app.request('/shops', { headers: { authorization: 'Bearer expired' } })).status).toBe(200);
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
    expect([response.status, response.headers.get('etag'), response.headers.get('content-type'), await response.text()]).toEqual([
      304,
      '"3"',
      null,
      '',
    ]);
  });
  it.each(['"2"', '3', '"33"', ''])('If-None-Match: %s is answered in full', async (tag) => {
    expect((await read(tag)).status).toBe(200);
  });

  const change = (ifMatch: string | undefined) =>
    exampleApp().app.request(`/shops/${SHOP}`, {
      method: 'PATCH',
      headers: { ...json, ...as('owner'), ...(ifMatch !== undefined && { 'if-match': ifMatch }) },
      body: '{}',
    });
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
    const stray = route({
      ...(exampleRoutes()[1] as object),
      path: '/stray',
      operationId: 'stray',
      handle: async () => ({ ok: false, error: { code: 'shops.stray' } }),
    } as never);
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
    const given = '4bf92f3577b34da6a3ce929d0e0e4736';
    const { app, logged } = exampleApp();
    const kept = await app.request('/nothing', { headers: { 'x-request-id': 'mine:1', traceparent: `00-${given}-00f067aa0ba902b7-01` } });
    expect(kept.headers.get('x-request-id')).toBe('mine:1');
    expect(kept.headers.get('traceparent')).toMatch(new RegExp(`^00-${given}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`));
    await refused(kept, 404, 'http.not_found', { traceId: given });
    expect(logged[0]?.facts).toMatchObject({ requestId: 'mine:1', traceId: given });

    for (const [id, trace, parent] of [
      ['a b', '0'.repeat(32), '00f067aa0ba902b7'],
      ['x'.repeat(129), given, '0'.repeat(16)],
      ['<script>', given.toUpperCase(), '00f067aa0ba902b7'],
      ['', `${given}0`, '00f067aa0ba902b7'],
    ] as const) {
      const { headers } = await app.request('/nothing', { headers: { 'x-request-id': id, traceparent: `00-${trace}-${parent}-01` } });
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
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
  const start =
    (...changes: object[]) =>
    () =>
      exampleApp({ routes: changes.map((change) => route({ ...newest, ...change } as never)) });
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
