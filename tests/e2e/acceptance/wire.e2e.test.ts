import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '#composition/demo.ts';
import { exchange, written } from '../../support/raw-http.ts';
import { type Server, spawnServer } from '../../support/server.ts';

const LOGIN = JSON.stringify({ identifier: 'customer@demo.test', password: DEMO_PASSWORD });
/** Nothing of what is inside may stand in an answer. */
const INSIDE = /\n\s+at |node_modules|select |insert |password_hash|ECONN|relation "/i;

/** The server as it runs, spoken to byte by byte. */
describe('on the wire', () => {
  let server: Server;
  let token: string;
  beforeAll(async () => {
    server = await spawnServer({ DATABASE_URL: 'memory:', LOG_LEVEL: 'info', CORS_ORIGINS: 'https://app.example.com' }).ready;
    const answer = await fetch(`${server.url}/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: LOGIN });
    token = ((await answer.json()) as { accessToken: string }).accessToken;
  });
  afterAll(() => server?.kill('SIGKILL'));

  const send = (bytes: string | Uint8Array) => exchange(server.url, bytes);
  const isWell = async () => expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
  const request = (lines: readonly string[], body = '') =>
    `${['POST /auth/login HTTP/1.1', 'Host: thali.test', ...lines].join('\r\n')}\r\n\r\n${body}`;
  const json = 'Content-Type: application/json';

  it.each<[string, string]>([
    ['a length beside chunks', request([json, 'Content-Length: 5', 'Transfer-Encoding: chunked'], '0\r\n\r\nGET /me HTTP/1.1\r\n\r\n')],
    ['an encoding that is none', request([json, 'Transfer-Encoding: xchunked'], '0\r\n\r\n')],
    ['chunks that are chunked again', request([json, 'Transfer-Encoding: chunked, identity'], '0\r\n\r\n')],
    ['two lengths', request([json, 'Content-Length: 5', 'Content-Length: 6'], 'abcdef')],
    ['a length that is no number', request([json, 'Content-Length: +5'], 'abcde')],
    ['a header that goes on in the next line', request([json, 'X-Long: a\r\n b', 'Content-Length: 2'], '{}')],
    ['lines that end in LF alone', 'POST /auth/login HTTP/1.1\nHost: thali.test\nContent-Length: 2\n\n{}'],
    ['LF in the extension of a chunk', request([json, 'Transfer-Encoding: chunked'], '2;a\nb\r\n{}\r\n0\r\n\r\n')],
    ['a space before the colon', request([json, 'Content-Length : 2'], '{}')],
    ['NUL in a header', request([json, 'X-Nul: a\0b', 'Content-Length: 2'], '{}')],
    ['two hosts', request(['Host: evil.test', json, 'Content-Length: 2'], '{}')],
    ['no host', 'GET /restaurants HTTP/1.1\r\n\r\n'],
    ['a host that is none', 'GET /restaurants HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n'],
    ['another protocol', 'GET /restaurants SMTP/1.0\r\n\r\n'],
  ])('%s: refused, and nothing that follows is taken for a request', async (_what, bytes) => {
    const { status, text } = await send(bytes);
    expect(status).toBe(400);
    expect(text.match(/^HTTP\/1\.1 /gm)).toHaveLength(1);
    expect(text).not.toMatch(INSIDE);
    await isWell();
  });

  it('a header that is too large, and too many of them', async () => {
    const one = await send(written('GET', '/restaurants', [`X-Large: ${'x'.repeat(20_000)}`]));
    expect(one.status).toBe(431);
    const many = await send(
      written(
        'GET',
        '/restaurants',
        Array.from({ length: 2_000 }, (_, i) => `X-${i}: ${i}`),
      ),
    );
    expect([400, 431]).toContain(many.status);
    await isWell();
  });

  it('headers and trailers that reach for a prototype, or for the rest of the request, do nothing', async () => {
    expect((await send(written('GET', '/restaurants', ['__proto__: x', 'constructor: y', 'hasOwnProperty: z']))).status).toBe(200);
    const trailers = request(
      [json, 'Transfer-Encoding: chunked', 'Trailer: Authorization', 'Connection: close'],
      `${LOGIN.length.toString(16)}\r\n${LOGIN}\r\n0\r\nAuthorization: Bearer ${token}\r\nX-Role: admin\r\n\r\n`,
    );
    expect((await send(trailers)).status).toBe(200);
    const asTrailer = `GET /me HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nAuthorization: Bearer ${token}\r\n\r\n`;
    expect((await send(asTrailer)).status).toBe(401);
    await isWell();
  });

  it.each(['Bearer', 'Bearer  x y', `Bearer ${'x'.repeat(8_000)}`, 'Bearer \xff\xfe', 'Basic TOKEN', 'Token TOKEN', 'bearer,TOKEN', 'Bearer TOKEN.'])(
    'Authorization: %.20s is nobody',
    async (value) => {
      const { status, headers, body } = await send(written('GET', '/me', [`Authorization: ${value.replace('TOKEN', token)}`]));
      expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"']);
      expect(body).not.toMatch(INSIDE);
    },
  );

  it('nobody is believed about who they are, what they want or where they are for the saying', async () => {
    const lies = [
      'X-User-Id: 1',
      'X-Role: admin',
      'X-Original-URL: /me',
      'X-Rewrite-URL: /me',
      'X-HTTP-Method-Override: DELETE',
      'X-Forwarded-User: admin',
    ];
    expect((await send(written('GET', '/me', lies))).status).toBe(401);
    expect((await send(written('GET', '/restaurants', lies))).status).toBe(200);
    for (const query of [`access_token=${token}`, `token=${token}`, `api_key=${token}`])
      expect((await send(written('GET', `/me?${query}`))).status).toBe(401);
  });

  it.each(['//auth/login', '/auth/login/', '/AUTH/login', '/auth%2Flogin', '/auth;x/login', '/auth/login%00', '/auth/./x/../../me'])(
    '%s is no way around anything',
    async (path) => {
      const { status, body } = await send(written('POST', path, [], LOGIN));
      expect([400, 404, 405]).toContain(status);
      expect(body).not.toContain('accessToken');
    },
  );

  it('an address in full names the path, never the host', async () => {
    const { status, text } = await send(written('GET', 'http://evil.test/restaurants?limit=1'));
    expect(status).toBe(200);
    expect(text).not.toContain('evil.test');
    expect((await send(written('GET', 'http://evil.test/me'))).status).toBe(401);
  });

  it('every answer says what it is and keeps browsers safe, refusals too', async () => {
    const as = [`Authorization: Bearer ${token}`];
    const asked = [
      [200, written('GET', '/restaurants')],
      [200, written('GET', '/me', as)],
      [204, written('OPTIONS', '/restaurants')],
      [400, written('POST', '/auth/login', [], '{')],
      [401, written('GET', '/me')],
      [401, written('POST', '/auth/login', [], LOGIN.replace('customer@', 'nobody@'))],
      [403, written('GET', '/audit', as)],
      [404, written('GET', '/nowhere')],
      [405, written('PROPFIND', '/restaurants')],
      [405, written('TRACE', '/restaurants')],
      [413, written('POST', '/auth/login', [], JSON.stringify({ identifier: 'x'.repeat(300_000), password: 'x' }))],
      [415, written('POST', '/auth/login', [], LOGIN).replace('application/json', 'text/plain')],
      [422, written('POST', '/auth/register', [], JSON.stringify({ email: 'short@example.com', password: 'short', displayName: 'Nila Roy' }))],
    ] as const;
    for (const [status, bytes] of asked) {
      const { headers, body, ...reply } = await send(bytes);
      expect([bytes.slice(0, 30), reply.status]).toEqual([bytes.slice(0, 30), status]);
      expect(headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; frame-ancestors 'none'/);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('vary')).toMatch(/Authorization/);
      if (status !== 204) expect(headers.get('content-type')).toBe(`application/${status === 200 ? '' : 'problem+'}json; charset=utf-8`);
      expect(headers.has('x-powered-by') || headers.has('server')).toBe(false);
      expect(body).not.toMatch(INSIDE);
    }
  });

  it('pages of other origins get nothing, however alike they look', async () => {
    for (const origin of [
      'https://app.example.com.evil.test',
      'https://evil-app.example.com',
      'http://app.example.com',
      'null',
      'https://APP.example.com:444',
    ]) {
      const { headers } = await send(written('GET', '/restaurants', [`Origin: ${origin}`]));
      expect(headers.has('access-control-allow-origin')).toBe(false);
      expect(headers.get('vary')).toMatch(/Origin/);
    }
    const { headers } = await send(written('GET', '/restaurants', ['Origin: https://app.example.com']));
    expect([headers.get('access-control-allow-origin'), headers.has('access-control-allow-credentials')]).toEqual(['https://app.example.com', false]);
  });

  it('compressed bodies, forms and broken parts are of another type, and cost nothing', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000));
    const head = `POST /auth/login HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${json}\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`;
    expect((await send(Buffer.concat([Buffer.from(head), bomb]))).status).toBe(415);
    const types = ['multipart/form-data; boundary=x', 'multipart/form-data', 'application/x-www-form-urlencoded', 'text/plain'];
    for (const type of types)
      expect((await send(written('POST', '/auth/login', [], '--x\r\nbroken').replace('application/json', type))).status).toBe(415);
    await isWell();
  });

  it('signing out tells the browser to forget, and asking for it by GET does nothing', async () => {
    const as = [`Authorization: Bearer ${token}`];
    expect((await send(written('GET', '/auth/logout', as))).status).toBe(405);
    expect((await send(written('HEAD', '/auth/logout', as))).status).toBe(405);
    expect((await send(written('GET', '/me', as))).status).toBe(200);
    const out = await send(written('POST', '/auth/logout', as));
    expect([out.status, out.headers.get('clear-site-data')]).toEqual([204, '"cache", "cookies", "storage"']);
    expect((await send(written('GET', '/me', as))).status).toBe(401);
  });

  it('what somebody sends is one line of the log, and none of it a line of their own', async () => {
    const forged = '{"level":30,"msg":"forged"}';
    await send(written('GET', `/nowhere/%0a${encodeURIComponent(forged)}`, [`User-Agent: \x1b[31mred\x1b[0m ${forged}`, `X-Request-Id: ${forged}`]));
    await send(written('POST', '/auth/login', [], JSON.stringify({ identifier: `a@b.co\n${forged}`, password: '\u001b[31m' })));
    const began = performance.now();
    const lines = () =>
      server
        .said()
        .split('\n')
        .filter((line) => line.startsWith('{'));
    while (lines().filter((line) => line.includes('"route":"/auth/login"')).length < 2 && performance.now() - began < 10_000) await isWell();
    expect(lines().length).toBeGreaterThan(20);
    for (const line of lines()) expect(JSON.parse(line)).toMatchObject({ level: expect.anything() });
    expect(server.said()).not.toContain('forged');
    expect(server.said()).not.toContain('\u001b');
    expect(server.said()).not.toContain(token);
  });
});
