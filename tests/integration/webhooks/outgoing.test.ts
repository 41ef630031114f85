import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type OutgoingOptions, outgoing } from '#adapters/outbound/outgoing.ts';
import { hmacSignatures } from '#adapters/system/webhook-signatures.ts';
import type { Answer } from '#application/webhooks/ports.ts';
import { EXCERPT_MAX } from '#domain/webhooks/delivery.ts';
import { type Behaviour, openReceiver, status, verified, type WebhookReceiver } from '../../support/webhook-receiver.ts';

const TLS = { key: readFileSync('tests/data/tls/key.pem'), cert: readFileSync('tests/data/tls/cert.pem') };
const CA = TLS.cert.toString();
const LOCAL: OutgoingOptions = {
  ports: [443],
  allowsLoopback: true,
  timeoutMs: 10_000,
  resolve: async () => [{ address: '127.0.0.1', family: 4 as const }],
};
const BODY = JSON.stringify({ type: 'order.created', timestamp: '2026-11-21T10:30:00.000Z', data: { name: 'मसाला डोसा 🍛' } });
const SECRET = hmacSignatures.mint();

const seconds = Math.floor(Date.now() / 1_000);
const headers = {
  'content-type': 'application/json',
  'webhook-id': 'msg-1',
  'webhook-timestamp': String(seconds),
  'webhook-signature': hmacSignatures.sign(SECRET, { id: 'msg-1', seconds, body: BODY }),
};
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function receiver(behave: Behaviour, tls = false): Promise<WebhookReceiver> {
  const opened = await openReceiver(tls ? TLS : undefined);
  closing.push(opened.close);
  opened.behave = behave;
  return opened;
}
const post = (url: string, options: Partial<OutgoingOptions> = {}): Promise<Answer> =>
  outgoing({ ...LOCAL, ...options }).post({ url, headers, body: BODY });
const portOf = (url: string): string => new URL(url).port;

/** A server that speaks anything but HTTP; `sockets` is everybody who ever came. */
async function rawServer(talk: (socket: Socket) => void): Promise<{ readonly port: number; readonly sockets: Socket[] }> {
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    talk(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as { port: number }).port, sockets };
}

describe('what is sent', () => {
  it('arrives byte for byte, and is what its signature says', async () => {
    const { url, received } = await receiver(status(200));
    expect(await post(url)).toMatchObject({ statusCode: 200, fault: null });
    expect(received[0]).toMatchObject({ body: BODY, headers: { 'webhook-id': 'msg-1', 'content-length': String(Buffer.byteLength(BODY)) } });
    expect(verified(SECRET, received[0] as never)).toEqual(JSON.parse(BODY));
    expect(() => verified(hmacSignatures.mint(), received[0] as never)).toThrow();
  });

  it('goes over TLS to whom a certificate is of', async () => {
    const { url, received } = await receiver(status(200), true);
    const named = url.replace('127.0.0.1', 'hooks.thali.test');
    expect(await post(named, { ca: CA })).toMatchObject({ statusCode: 200 });
    expect(received).toHaveLength(1);
    expect(await post(named)).toMatchObject({ statusCode: null, fault: 'tls' });
    expect(await post(url.replace('127.0.0.1', 'other.thali.test'), { ca: CA })).toMatchObject({ fault: 'tls' });
    expect(received).toHaveLength(1);
  });
});

describe('an answer', () => {
  it.each([
    ['is told with its beginning', status(500, {}, 'out of order'), { statusCode: 500, excerpt: 'out of order' }],
    ['may be empty', status(204), { statusCode: 204, excerpt: '' }],
    ['may be JSON', status(400, { 'content-type': 'application/problem+json' }, '{"a":1}'), { excerpt: '{"a":1}' }],
    ['is shown in one line, without what no eye sees', status(400, {}, 'a\0b\r\n\u202ec\t\u001b[31md'), { excerpt: 'a b c [31md' }],
    ['is cut, at a whole character', status(400, {}, `${'x'.repeat(EXCERPT_MAX - 1)}🍛`), { excerpt: `${'x'.repeat(EXCERPT_MAX - 1)}\ufffd` }],
    ['is not shown when it is no text', status(400, { 'content-type': 'image/png' }, 'PNG'), { excerpt: '' }],
    ['is not shown when it is packed', status(400, { 'content-encoding': 'gzip' }, 'gz'), { excerpt: '' }],
    ['may ask for time in seconds', status(429, { 'retry-after': '120' }), { statusCode: 429, retryAfterMs: 120_000 }],
    ['may ask for a time that was', status(503, { 'retry-after': 'Sat, 01 Jan 2000 00:00:00 GMT' }), { retryAfterMs: 0 }],
    ['may ask for nothing that makes sense', status(503, { 'retry-after': 'soon' }), { retryAfterMs: null }],
    ['may say that nobody is there', status(410), { statusCode: 410 }],
  ])('%s', async (_what, behave, expected) => {
    const { url } = await receiver(behave);
    expect(await post(url)).toMatchObject({ fault: null, ...expected });
  });

  it('may ask for a time to come', async () => {
    const { url } = await receiver(status(503, { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() }));
    const { retryAfterMs } = await post(url);
    expect(retryAfterMs).toBeGreaterThan(3_000_000);
    expect(retryAfterMs).toBeLessThanOrEqual(3_600_000);
  });

  it('that leads elsewhere is not followed', async () => {
    const trap = await receiver(status(200));
    for (const code of [301, 302, 303, 307, 308]) {
      const { url } = await receiver(status(code, { location: trap.url }));
      expect(await post(url)).toMatchObject({ statusCode: code });
    }
    expect(trap.received).toEqual([]);
  });

  it('without an end is read no further than it must be', async () => {
    let written = 0;
    let isGone = false;
    const { url } = await receiver((_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.on('close', () => {
        isGone = true;
      });
      const more = (): void => {
        while (!isGone && response.write('x'.repeat(64 * 1024))) written++;
        if (!isGone) response.once('drain', more);
      };
      more();
    });
    expect(await post(url)).toMatchObject({ statusCode: 200, excerpt: 'x'.repeat(EXCERPT_MAX) });
    await expect.poll(() => isGone).toBe(true);
    expect(written * 64).toBeLessThan(64 * 1024); // Kilobytes: not what it would have sent in ten seconds.
  });

  it('counts as soon as its status is known, whatever comes of the rest', async () => {
    const stalls = await receiver((_, response) => void response.writeHead(200, { 'content-type': 'text/plain' }).write('so far'));
    expect(await post(stalls.url, { timeoutMs: 300 })).toMatchObject({ statusCode: 200, fault: null, excerpt: 'so far' });
    const breaks = await receiver((_, response) => {
      response.writeHead(201, { 'content-length': '1000' }).write('half', () => response.destroy());
    });
    expect(await post(breaks.url)).toMatchObject({ statusCode: 201, fault: null });
  });
});

describe('no answer', () => {
  it('comes from one that hangs, and is not waited for', async () => {
    const { url } = await receiver(() => undefined);
    const { durationMs, ...answer } = await post(url, { timeoutMs: 300 });
    expect(answer).toEqual({ statusCode: null, fault: 'timeout', excerpt: '', retryAfterMs: null });
    expect(durationMs).toBeGreaterThanOrEqual(250);
    const silent = await rawServer(() => undefined);
    expect(await post(`https://127.0.0.1:${silent.port}/`, { timeoutMs: 300 })).toMatchObject({ fault: 'timeout' });
  });

  it('comes from one that hangs up, speaks no HTTP, or is not there', async () => {
    expect(await post((await receiver((_, response) => void response.destroy())).url)).toMatchObject({ statusCode: null, fault: 'connection' });
    const strange = await rawServer((socket) => void socket.write('SSH-2.0-OpenSSH_9.9\r\n'));
    expect(await post(`http://127.0.0.1:${strange.port}/`)).toMatchObject({ statusCode: null, fault: 'connection', excerpt: '' });
    const boastful = await rawServer((socket) => void socket.write(`HTTP/1.1 200 OK\r\n${'x-a: y\r\n'.repeat(10_000)}`));
    expect(await post(`http://127.0.0.1:${boastful.port}/`)).toMatchObject({ statusCode: null, fault: 'connection' });
    const gone = await openReceiver();
    await gone.close();
    expect(await post(gone.url)).toMatchObject({ fault: 'connection' });
  });

  it('comes from a name that leads nowhere, or whose server hangs', async () => {
    const unknown = () => Promise.reject(Object.assign(new Error(), { code: 'ENOTFOUND' }));
    expect(await post('https://nowhere.thali.test/', { resolve: unknown })).toMatchObject({ fault: 'dns' });
    expect(await post('https://nowhere.thali.test/', { resolve: async () => [] })).toMatchObject({ fault: 'dns' });
    const hangs = () => new Promise<never>(() => undefined);
    expect(await post('https://slow.thali.test/', { resolve: hangs, timeoutMs: 200 })).toMatchObject({ fault: 'timeout' });
  });
});

describe('an address of our own network', () => {
  it.each([
    ...[
      '127.0.0.1',
      '[::1]',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      '127.1',
      '0',
      '[::ffff:7f00:1]',
      '169.254.169.254',
      'localhost.',
      'inside.thali.test',
    ],
  ])('%s is not called, not even to be told off', async (host) => {
    const inner = await rawServer(() => undefined);
    const strict = { allowsLoopback: false, ports: [inner.port] };
    expect(await post(`https://${host}:${inner.port}/`, strict)).toMatchObject({ statusCode: null, fault: 'blocked' });
    expect(await outgoing({ ...LOCAL, ...strict }).faultOf(`https://${host}:${inner.port}/`)).toBe('not_public');
    expect(inner.sockets).toEqual([]);
  });

  it('is not called by a name that meant another when it was looked at', async () => {
    const inner = await rawServer(() => undefined);
    const meanings = ['8.8.8.8', '127.0.0.1'];
    const out = outgoing({
      ports: [inner.port],
      allowsLoopback: false,
      resolve: async () => [{ address: meanings.shift() as string, family: 4 as const }],
    });
    const url = `https://rebinds.thali.test:${inner.port}/`;
    expect(await out.faultOf(url)).toBeUndefined();
    expect(await out.post({ url, headers, body: BODY })).toMatchObject({ fault: 'blocked' });
    expect(inner.sockets).toEqual([]);
  });

  it('is not called by a name that changes its meaning between the look and the call: it is asked once, and that is called', async () => {
    const { url, received } = await receiver(status(200));
    let asked = 0;
    const resolve = async () => [{ address: asked++ === 0 ? '127.0.0.1' : '127.0.0.2', family: 4 as const }];
    const answer = await post(`http://rebinds.thali.test:${portOf(url)}/hook`, { resolve });
    expect([answer.statusCode, asked, received[0]?.headers.host]).toEqual([200, 1, `rebinds.thali.test:${portOf(url)}`]);
  });

  it('is not called although one of several addresses is public', async () => {
    const inner = await rawServer(() => undefined);
    const resolve = async () => ['8.8.8.8', '127.0.0.1'].map((address) => ({ address, family: 4 as const }));
    expect(await post(`https://mixed.thali.test:${inner.port}/`, { resolve, ports: [inner.port], allowsLoopback: false })).toMatchObject({
      fault: 'blocked',
    });
    expect(inner.sockets).toEqual([]);
  });
});
