import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { razorpayProvider } from '#adapters/razorpay/provider.ts';
import { KEYS, value } from '../../support/razorpay.ts';

const NOTES = { paymentId: 'p', orderId: 'o', restaurantId: 'r' } as const;

/** Somebody else's idea of Razorpay: the four calls everybody knows, the fields nobody can do without, and no list of anything. */
function spartan() {
  const app = new Hono();
  app.post('/v1/orders', async (c) =>
    c.json({ id: 'order_1', amount: ((await c.req.json()) as { amount: number }).amount, currency: 'INR', status: 'created' }),
  );
  app.get('/v1/payments/:id', (c) => c.json({ id: c.req.param('id'), amount: 50_000, currency: 'INR', status: 'authorized' }));
  app.post('/v1/payments/:id/capture', (c) => c.json({ id: c.req.param('id'), amount: 50_000, currency: 'INR', status: 'captured' }));
  app.post('/v1/payments/:id/refund', (c) => c.json({ id: 'rfnd_1', payment_id: c.req.param('id'), amount: 1_000, currency: 'INR' }));
  return app;
}

describe('a service that knows less than the documentation', () => {
  it.each(['', '/', '/v1', '/v1/', '//'])('is spoken to all the same (address ending in %j)', async (ending) => {
    const app = spartan();
    const provider = razorpayProvider({
      ...KEYS,
      webhookSecrets: [],
      baseUrl: `http://spartan.test${ending}`,
      fetch: (request) => app.fetch(request),
    });
    const order = { receipt: 'R', amount: 50_000, currency: 'INR', capture: 'manual', captureWithinMinutes: 15, notes: NOTES } as const;
    expect(value(await provider.createOrder(order))).toEqual({ providerOrderId: 'order_1' });
    expect(value(await provider.charge('pay_1'))).toMatchObject({ status: 'authorized', instrument: null, at: 0 });
    expect(value(await provider.capture({ chargeId: 'pay_1', amount: 50_000, currency: 'INR' }))).toMatchObject({ status: 'captured' });
    expect(value(await provider.refund({ refundId: 'refund-00001', chargeId: 'pay_1', amount: 1_000, currency: 'INR', notes: NOTES }))).toMatchObject(
      { status: 'pending', amount: 1_000 },
    );
    // What it does not offer it does not offer; nothing was lost by asking.
    expect(await provider.findOrder('R')).toMatchObject({ outcome: 'failed' });
    expect(await provider.factsOf('order_1')).toMatchObject({ outcome: 'unknown' });
  });
});
