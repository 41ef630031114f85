import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpApp } from '#composition/app.ts';
import { HttpServer, WAITS } from '#composition/http-server.ts';
import { testConfig } from '../support/profiles.ts';
import { exchange, written } from '../support/raw-http.ts';
import { startWorld, type World } from '../support/world.ts';

const SHORT = { headersTimeout: 600, requestTimeout: 1_200, keepAliveTimeout: 400, idleTimeout: 1_500, connectionsCheckingInterval: 50 };
const DRIP_MS = 50;
const MANY = 400;
/** Far more than the waits, for a busy machine; far less than Node's own, which nothing would end before. */
const LATE_MS = 8_000;

type Ended = { readonly said: string; readonly afterMs: number };

describe('a client that takes its time', () => {
  let world: World;
  let server: HttpServer;
  let url: string;
  const open = new Set<Socket>();

  beforeAll(async () => {
    world = await startWorld('memory');
    const app = httpApp(world.container, { isStopping: false }, () => 0);
    server = new HttpServer(app.fetch, { ...testConfig, host: '127.0.0.1', port: 0 }, [], SHORT);
    await server.start();
    url = `http://127.0.0.1:${server.port}`;
  });
  afterAll(async () => {
    for (const socket of open) socket.destroy();
    await server?.stop();
    await world?.close();
  });

  /** Says the first words at once and then the others a byte at a time, until it is hung up on. */
  const dripping = (first: string, rest = '', mayRead = true): Promise<Ended> =>
    new Promise((resolve, reject) => {
      const began = performance.now();
      const socket = connect(server.port, '127.0.0.1');
      open.add(socket);
      let said = '';
      let next = 0;
      const drip = setInterval(() => next < rest.length && socket.write(rest[next++] as string), DRIP_MS);
      const late = setTimeout(() => reject(new Error(`still connected, having heard: ${said.slice(0, 200)}`)), LATE_MS);
      socket.on('connect', () => socket.write(first));
      if (mayRead) socket.on('data', (data: Buffer) => (said += data.toString('latin1')));
      socket.on('error', () => undefined); // It may be hung up on while it speaks.
      socket.on('close', () => {
        open.delete(socket);
        clearInterval(drip);
        clearTimeout(late);
        resolve({ said, afterMs: performance.now() - began });
      });
    });
  const slowHeaders = () => dripping('GET /restaurants HTTP/1.1\r\nHost: thali.test\r\nX-Slow: ', 'x'.repeat(10_000));
  const slowBody = () =>
    dripping('POST /auth/login HTTP/1.1\r\nHost: thali.test\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n{', ' '.repeat(10_000));

  it('to say anything at all is cut off', async () => {
    const { said, afterMs } = await dripping('');
    expect(said).toMatch(/^(HTTP\/1\.1 408 |$)/);
    expect(afterMs).toBeGreaterThan(SHORT.headersTimeout - 100);
  });

  it('over its headers is cut off, with 408', async () => {
    const { said, afterMs } = await slowHeaders();
    expect(said).toMatch(/^HTTP\/1\.1 408 /);
    expect(afterMs).toBeGreaterThan(SHORT.headersTimeout - 100);
  });

  it('over its body is cut off, with 408, whether or not it says how long that is', async () => {
    const chunked = 'POST /auth/login HTTP/1.1\r\nHost: thali.test\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
    for (const { said, afterMs } of await Promise.all([slowBody(), dripping(chunked, '1\r\n \r\n'.repeat(2_000))])) {
      expect(said).toMatch(/^HTTP\/1\.1 408 /);
      expect(said.match(/HTTP\/1\.1 /g)).toHaveLength(1);
      expect(afterMs).toBeGreaterThan(SHORT.requestTimeout - 100);
    }
  });

  it('to ask again is hung up on', async () => {
    const { said } = await dripping('GET /health/live HTTP/1.1\r\nHost: thali.test\r\n\r\n');
    expect(said).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('to read what it asked for is hung up on', async () => {
    const asking = 'GET /openapi.json HTTP/1.1\r\nHost: thali.test\r\n\r\n'.repeat(60);
    const socket = connect(server.port, '127.0.0.1');
    open.add(socket);
    socket.on('error', () => undefined);
    socket.write(asking);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const connections = () =>
      new Promise<number>((resolve, reject) => server.server.getConnections((error, count) => (error ? reject(error) : resolve(count))));
    expect(await connections()).toBe(1);
    await expect.poll(connections, { timeout: LATE_MS, interval: 100 }).toBe(0);
    socket.destroy();
    open.delete(socket);
  });

  it('is in nobody’s way, nor are hundreds', async () => {
    const slow = Array.from({ length: MANY }, (_, i) => (i % 2 === 0 ? slowHeaders() : slowBody()));
    const bodyOf = (i: number) => JSON.stringify({ identifier: `nobody${i}@example.com`, password: 'Not-A-Password-1!' });
    for (let i = 0; i < 10; i++) {
      const began = performance.now();
      expect((await exchange(url, written('GET', '/health/live'))).status).toBe(200);
      expect((await exchange(url, written('POST', '/auth/login', [], bodyOf(i)))).status).toBe(401);
      expect(performance.now() - began).toBeLessThan(LATE_MS);
    }
    for (const { said } of await Promise.all(slow)) expect(said).toMatch(/^HTTP\/1\.1 408 /);
    expect((await exchange(url, written('GET', '/health/live'))).status).toBe(200);
  });

  it('is waited for by a real server no longer than a person needs', async () => {
    const real = new HttpServer(() => new Response(), { ...testConfig, host: '127.0.0.1', port: 0 });
    await real.start();
    const { headersTimeout, requestTimeout, keepAliveTimeout, timeout, maxConnections } = real.server;
    await real.stop();
    expect({ headersTimeout, requestTimeout, keepAliveTimeout, timeout }).toEqual({
      headersTimeout: 15_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 5_000,
      timeout: 60_000,
    });
    expect(WAITS.connectionsCheckingInterval).toBeLessThanOrEqual(1_000);
    expect(maxConnections).toBe(testConfig.sockets.max + 5_000);
  });
});
