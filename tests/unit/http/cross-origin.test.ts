import { describe, expect, it } from 'vitest';
import { exampleApp, SHOP } from './example-app.ts';

const APP = 'https://app.example.com';
const { app } = exampleApp({ corsOrigins: [APP, 'http://localhost:5173'] });
const get = (origin?: string) => app.request(`/shops/${SHOP}`, { headers: origin === undefined ? {} : { origin } });
const preflight = (origin: string, method: string, path = `/shops/${SHOP}`) =>
  app.request(path, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': 'authorization' },
  });
const corsOf = (answer: Response) => [...answer.headers].filter(([name]) => name.startsWith('access-control-'));

describe('other origins', () => {
  it.each([APP, 'http://localhost:5173'])('%s may read answers, refusals too', async (origin) => {
    const answer = await get(origin);
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answer.headers.get('access-control-expose-headers')).toContain('RateLimit');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    const refused = await app.request('/nowhere', { headers: { origin } });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([404, origin]);
  });

  it.each([
    'https://evil.example',
    'null',
    'http://app.example.com',
    'https://app.example.com.evil.example',
    'https://evil-app.example.com',
    'https://app.example.com:8443',
    `${APP}/`,
    '*',
  ])('%s may not', async (origin) => {
    expect(corsOf(await get(origin))).toEqual([]);
    expect(corsOf(await preflight(origin, 'GET'))).toEqual([]);
  });

  it('are asked about beforehand, and get only what the address takes', async () => {
    const answer = await preflight(APP, 'GET');
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([204, APP]);
    expect(answer.headers.get('access-control-allow-methods')).toContain('GET');
    expect(answer.headers.get('access-control-allow-headers')).toContain('idempotency-key');
    expect(corsOf(await preflight(APP, 'TRACE'))).toEqual([]);
    expect(corsOf(await preflight(APP, 'GET', '/nowhere'))).toEqual([]);
  });

  it('are told apart by caches', async () => {
    for (const origin of [undefined, APP, 'https://evil.example']) expect((await get(origin)).headers.get('vary')).toContain('Origin');
  });

  it('have nothing to ask where no list was given', async () => {
    const closed = exampleApp().app;
    const answer = await closed.request(`/shops/${SHOP}`, { headers: { origin: APP } });
    expect([corsOf(answer), answer.headers.get('vary')]).toEqual([[], 'Authorization']);
  });
});

describe('every answer', () => {
  it.each([
    ['/shops', 200],
    ['/nowhere', 404],
    ['/openapi.json', 200],
    ['/docs', 200],
    ['/health/live', 200],
    ['/metrics', 200],
  ])('of %s says how browsers must treat it', async (path, status) => {
    const answer = await app.request(path);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(answer.headers.get('cross-origin-opener-policy')).toBe('same-origin');
  });

  it('refuses two hosts in one request', async () => {
    const answer = await app.request('/shops', { headers: { host: 'a.example, b.example' } });
    expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ code: 'http.invalid_request' })]);
  });
});
