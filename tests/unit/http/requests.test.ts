import { describe, expect, it } from 'vitest';
import { exampleApp, SHOP } from './example-app.ts';
import { as, json, refused } from './problems.ts';

const VALID = { name: 'Annapurna', price: { amount: 1, currency: 'INR' } };
const open = (body: unknown, headers: Readonly<Record<string, string>> = {}) => ({
  method: 'POST',
  headers: { ...json, ...as('customer'), 'idempotency-key': 'k', ...headers },
  body: JSON.stringify(body),
});

describe('a request that fits', () => {
  it('is handled with what the schemas made of it, and answered with what the response schema lists', async () => {
    const { app, seen } = exampleApp();
    const response = await app.request('/shops', open(VALID));
    expect(response.status).toBe(201);
    expect(response.headers.get('etag')).toBe('"3"');
    expect(response.headers.get('location')).toBe(`/shops/${SHOP}`);
    expect(await response.json()).toEqual({
      id: SHOP,
      name: 'Annapurna <b>',
      price: { amount: 12_900, currency: 'INR' },
      openedAt: '2026-11-21T10:30:00.000Z',
      version: 3,
    });
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
    const notice = (init: object) =>
      app.request(`/shops/${SHOP}/notice?quiet=yes`, {
        method: 'POST',
        ...init,
        headers: { ...as('customer'), ...(init as { headers?: object }).headers },
      });
    for (const init of [{}, { headers: { 'content-length': '0' } }, { headers: json, body: '' }]) {
      expect((await notice(init)).status).toBe(200);
      expect(seen.input).toMatchObject({ body: undefined, text: undefined });
    }
    await notice({ headers: json, body: '{"reason":"rain"}' });
    expect(seen.input).toMatchObject({ body: { reason: 'rain' }, text: undefined });
    await notice({ headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'ünlucky\r\n' });
    expect(seen.input).toMatchObject({ params: { restaurantId: SHOP }, query: { quiet: 'yes' }, text: 'ünlucky\r\n' });
    await refused(notice({ headers: { 'content-type': 'text/csv' }, body: 'x' }), 415, 'http.unsupported_media_type', {
      expected: ['application/json', 'text/plain'],
    });
  });
});

describe('a body that may be text', () => {
  const put = async (query: string, headers: object, body: string) => {
    const { app, seen } = exampleApp();
    return { response: await app.request(`/shops/${SHOP}/menu?${query}`, { method: 'PUT', headers: { ...as('customer'), ...headers }, body }), seen };
  };

  it('is given to the handler as it came, beside parameters that the schemas have read', async () => {
    const { response, seen } = await put('replace=yes', { 'content-type': 'text/csv' }, 'name\nDosa\n');
    expect(response.status).toBe(200);
    expect(seen.input).toEqual({ params: { restaurantId: `shop:${SHOP}` }, query: { replace: true }, text: 'name\nDosa\n' });
    expect((await put('replace=yes', json, '{"items":[]}')).seen.input).toMatchObject({
      params: { restaurantId: `shop:${SHOP}` },
      body: { items: [] },
      text: undefined,
    });
  });

  it('excuses nothing else', async () => {
    const { response } = await put('replace=maybe&x=1', { 'content-type': 'text/csv' }, 'name');
    const { errors } = (await refused(response, 400, 'http.invalid_request')) as { errors: { pointer: string }[] };
    expect(errors.map(({ pointer }) => pointer)).toEqual(['/query/replace', '/query/x']);
    await refused((await put('replace=yes', { 'content-type': 'text/csv' }, '')).response, 400, 'http.malformed_json', { why: 'it is empty' });
  });
});

describe('a body that does not fit', () => {
  const post = async (body: string | Uint8Array | ReadableStream | null, headers: Readonly<Record<string, string>> = {}) =>
    exampleApp().app.request('/shops', {
      method: 'POST',
      headers: { ...json, ...as('customer'), 'idempotency-key': 'k', ...headers },
      body,
      duplex: 'half',
    } as RequestInit);

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
    const broken = new ReadableStream({
      pull: (controller) => controller.error(Object.assign(new Error('aborted ECONNREFUSED'), { code: 'ECONNRESET' })),
    });
    await refused(post(broken), 400, 'http.malformed_json', { why: 'it breaks off before its end' });
  });

  it('is of a type nobody reads', async () => {
    for (const headers of [
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/jsonx' },
      { 'content-type': '' },
      { 'content-encoding': 'gzip' },
    ]) {
      const problem = await refused(post(JSON.stringify(VALID), headers), 415, 'http.unsupported_media_type');
      expect(problem['detail']).toBe('Send it as application/json, not compressed, and say so in Content-Type.');
    }
  });

  it('is too large, whether it says so or not', async () => {
    const fill = (size: number) =>
      JSON.stringify({ ...VALID, name: 'x' }).replace('"x"', `"x"${' '.repeat(size - JSON.stringify({ ...VALID, name: 'x' }).length)}`);
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
    const problem = await refused(post(JSON.stringify({ ...VALID, ['k'.repeat(2_000)]: 1, ...body })), 400, 'http.invalid_request');
    expect(problem['errors']).toHaveLength(50);
    expect(JSON.stringify(problem['errors']).length).toBeLessThan(5_000);
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
    for (const path of ['/shops?q=a%00b', '/shops/%00']) await refused(app.request(path), 400, 'http.invalid_request');
    expect((await app.request('/shops?q=a%2500b')).status).toBe(200);
    await refused(app.request(`/shops/${SHOP}/notice?quiet=no%00`, { method: 'POST', headers: as('customer') }), 400, 'http.invalid_request');
  });

  it('refuses a header that does not fit', async () => {
    const problem = await refused(exampleApp().app.request('/shops', open(VALID, { 'idempotency-key': 'a b' })), 400, 'http.invalid_request');
    expect(problem['errors']).toEqual([{ pointer: '/headers/idempotency-key', code: 'invalid_format', message: 'visible ASCII' }]);
  });
});
