import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type RazorpayOptions, razorpayProvider } from '#adapters/razorpay/provider.ts';
import { KEYS } from '../../support/razorpay.ts';
import { payment } from '../../support/razorpay-stub.ts';

const providerAt = (baseUrl: string, more: Partial<RazorpayOptions> = {}) =>
  razorpayProvider({ ...KEYS, webhookSecrets: [], baseUrl, timeoutMs: 400, ...more });

describe('what only a real network does', () => {
  let server: Server | undefined;
  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
    server = undefined;
  });
  const serving = async (answer: (response: ServerResponse, path: string) => void): Promise<string> => {
    server = createServer((request, response) => answer(response, request.url ?? ''));
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const asked = async (baseUrl: string) => {
    const started = performance.now();
    const reply = await providerAt(baseUrl).charge('pay_1');
    return { reply, took: performance.now() - started };
  };

  it('nobody listens', async () => {
    const baseUrl = await serving((response) => response.end());
    await new Promise((resolve) => server?.close(resolve));
    const { reply } = await asked(baseUrl);
    expect(reply).toMatchObject({ outcome: 'unknown', reason: expect.stringContaining('ECONNREFUSED') });
  });

  it('the name leads nowhere', async () => {
    expect((await asked('http://thali.invalid')).reply).toMatchObject({ outcome: 'unknown', reason: expect.stringContaining('NETWORK_ERROR') });
  });

  it('nothing comes', async () => {
    const { reply, took } = await asked(await serving(() => undefined));
    expect(reply).toMatchObject({ outcome: 'unknown' });
    expect(took).toBeLessThan(2_000);
  });

  it('a byte comes now and then, and never the last', async () => {
    const { reply, took } = await asked(
      await serving((response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const drip = setInterval(() => response.write(' '), 50);
        response.on('close', () => clearInterval(drip));
      }),
    );
    expect(reply).toMatchObject({ outcome: 'unknown' });
    expect(took).toBeLessThan(2_000);
  });

  it('the connection is cut in the middle', async () => {
    const { reply } = await asked(
      await serving((response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
        response.write('{"id":"pay_1"', () => response.destroy());
      }),
    );
    expect(reply).toMatchObject({ outcome: 'unknown' });
  });

  it('more comes than anybody would read', async () => {
    const { reply } = await asked(
      await serving((response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(`{"id":"${'x'.repeat(9 * 1024 * 1024)}"}`);
      }),
    );
    expect(reply).toMatchObject({ outcome: 'unknown' });
  });

  it('it is sent elsewhere, and does not go: the key stays here', async () => {
    const paths: string[] = [];
    const { reply } = await asked(
      await serving((response, path) => {
        paths.push(path);
        response.writeHead(302, { location: '/elsewhere' }).end();
      }),
    );
    expect(reply).toMatchObject({ outcome: 'unknown' });
    expect(paths).toEqual(['/v1/payments/pay_1']);
  });

  it('says nothing of the key in any of it', async () => {
    const baseUrl = await serving((response) =>
      response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":{"code":"SERVER_ERROR","description":"x"}}'),
    );
    const text = JSON.stringify((await asked(baseUrl)).reply);
    for (const secret of [KEYS.keySecret, btoa(`${KEYS.keyId}:${KEYS.keySecret}`)]) expect(text).not.toContain(secret);
  });

  it('keeps calls that run beside each other apart', async () => {
    const keys: (string | undefined)[] = [];
    server = createServer((request, response) => {
      if (request.method === 'POST') keys.push(request.headers['x-refund-idempotency'] as string | undefined);
      const id = request.url?.split('/')[3] ?? '';
      const refund = { id: `rfnd_${id}`, payment_id: id, amount: 100, currency: 'INR', notes: [], created_at: 1 };
      setTimeout(
        () => response.setHeader('content-type', 'application/json').end(JSON.stringify(request.method === 'GET' ? { items: [] } : refund)),
        Math.random() * 20,
      );
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const provider = providerAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const notes = { paymentId: 'p', orderId: 'o', restaurantId: 'r' };
    const ids = Array.from({ length: 20 }, (_, index) => `pay_${index}`);
    const replies = await Promise.all(
      ids.map((chargeId) => provider.refund({ refundId: `refund-of-${chargeId}`, chargeId, amount: 100, currency: 'INR', notes })),
    );
    expect(replies.every(({ outcome }) => outcome === 'succeeded')).toBe(true);
    expect(keys.toSorted()).toEqual(ids.map((id) => `refund-of-${id}`).toSorted());
  });

  it('reads what comes in good time', async () => {
    const baseUrl = await serving((response) => response.setHeader('content-type', 'application/json').end(JSON.stringify(payment({ id: 'pay_1' }))));
    expect((await asked(`${baseUrl}/below/a/prefix`)).reply).toMatchObject({ outcome: 'succeeded', value: { chargeId: 'pay_1' } });
  });
});
