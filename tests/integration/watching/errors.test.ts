import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SentryErrorReports } from '#adapters/sentry/error-reports.ts';
import { eventually } from '#adapters/shared/eventually.ts';

type Envelope = { readonly url: string | undefined; readonly headers: IncomingHttpHeaders; readonly lines: readonly string[] };
const SOON_MS = 5_000;
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('reports of errors', () => {
  let server: Server;
  let received: Envelope[];
  let answer: { status: number; headers: Record<string, string> };
  let gate: Promise<void>;
  let lost: number;
  let reports: SentryErrorReports;
  beforeEach(async () => {
    received = [];
    answer = { status: 200, headers: {} };
    gate = Promise.resolve();
    lost = 0;
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', async () => {
        received.push({ url: request.url, headers: request.headers, lines: Buffer.concat(parts).toString().split('\n') });
        await gate;
        response.writeHead(answer.status, answer.headers).end('{}');
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    reports = new SentryErrorReports({ dsn: dsnOf('/42'), release: '0.1.0', service: 'thali', environment: 'test', onLoss: lose });
  });
  afterEach(async () => {
    await reports.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const lose = (count: number): void => {
    lost += count;
  };
  const dsnOf = (path: string) => `http://publickey@127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  const arrived = (count: number) =>
    eventually(
      async () => received.length,
      (length) => length >= count,
      SOON_MS,
    );

  it('arrive as envelopes: headers, an item and its event, with the calls that led there and what caused it', async () => {
    const error = new TypeError('it broke', { cause: new Error('because of this') });
    reports.report({
      message: 'request failed',
      error,
      facts: { traceId: TRACE, requestId: 'r1', route: '/orders', status: 500, actor: 'account:1' },
    });
    await arrived(1);
    const [{ url, headers, lines }] = received as [Envelope];
    expect(url).toBe('/api/42/envelope/');
    expect(headers).toMatchObject({
      'content-type': 'application/x-sentry-envelope',
      'x-sentry-auth': expect.stringContaining('sentry_key=publickey'),
    });
    const [head, item, event] = lines.slice(0, 3).map((line) => JSON.parse(line));
    expect(lines.slice(3)).toEqual(['']);
    expect(head).toMatchObject({ event_id: expect.stringMatching(/^[0-9a-f]{32}$/), sent_at: expect.any(String) });
    expect(item).toEqual({ type: 'event', content_type: 'application/json', length: Buffer.byteLength(lines[2] as string) });
    expect(event).toMatchObject({
      event_id: head.event_id,
      timestamp: expect.any(Number),
      platform: 'node',
      level: 'error',
      release: '0.1.0',
      environment: 'test',
      transaction: '/orders',
      contexts: { trace: { trace_id: TRACE, span_id: expect.stringMatching(/^[0-9a-f]{16}$/) } },
      tags: { request_id: 'r1' },
      extra: { status: 500 },
      exception: {
        values: [
          { type: 'Error', value: 'because of this' },
          { type: 'TypeError', value: 'it broke' },
        ],
      },
    });
    const frames = event.exception.values[1].stacktrace.frames;
    expect(frames.at(-1)).toMatchObject({ filename: expect.stringContaining('errors.test.ts'), lineno: expect.any(Number), in_app: true });
    expect(lines.join()).not.toContain('account:1');
  });

  it('hold neither secrets nor what is somebody’s', async () => {
    const error = new Error('no mail for asha@example.com at postgresql://u:hunter2@db with Bearer hunter2hunter2, card 4111 1111 1111 1111');
    reports.report({
      message: 'asha@example.com failed',
      error,
      facts: { password: 'hunter2', note: 'call +91 98765 43210', body: { name: 'Asha' } },
    });
    await arrived(1);
    expect(received[0]?.lines.join()).not.toMatch(/hunter2|asha|4111|98765|Asha/);
  });

  it('go where the address says, with a path before the project too', async () => {
    const behind = new SentryErrorReports({ dsn: dsnOf('/glitchtip/7'), release: '0', service: 't', environment: 'test' });
    behind.report({ message: 'x', error: new Error('x'), facts: {} });
    await arrived(1);
    expect(received[0]?.url).toBe('/glitchtip/api/7/envelope/');
    await behind.stop();
  });

  it('wait for nobody, and are bounded in what waits and in what leaves a minute', async () => {
    const open = Promise.withResolvers<void>();
    gate = open.promise;
    for (let i = 0; i < 1_000; i++) reports.report({ message: `error ${i}`, error: new Error('x'), facts: {} });
    await arrived(1);
    expect(received).toHaveLength(1);
    open.resolve();
    await arrived(60);
    await reports.stop();
    expect(received).toHaveLength(60);
    expect(lost).toBeGreaterThan(0);
  });

  it('rest when they are told to, and are dropped meanwhile', async () => {
    answer = { status: 429, headers: { 'retry-after': '60' } };
    reports.report({ message: 'first', error: new Error('x'), facts: {} });
    await eventually(
      async () => lost,
      (count) => count > 0,
      SOON_MS,
    );
    answer = { status: 200, headers: {} };
    reports.report({ message: 'second', error: new Error('x'), facts: {} });
    await reports.stop();
    expect(received).toHaveLength(1);
  });

  it('are lost quietly when nobody takes them', async () => {
    const nowhere = new SentryErrorReports({
      dsn: 'http://key@127.0.0.1:9/1',
      release: '0',
      service: 't',
      environment: 'test',
      onLoss: lose,
    });
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    nowhere.report({ message: 'x', error: new Error('x'), facts: { circle } });
    await nowhere.stop();
    expect(
      await eventually(
        async () => lost,
        (count) => count > 0,
        SOON_MS,
      ),
    ).toBe(1);
  });
});
