import { describe, expect, it } from 'vitest';
import { razorpayProvider } from '#adapters/razorpay/provider.ts';
import { underPressure } from '../../support/gc.ts';
import { KEYS } from '../../support/razorpay.ts';
import { answering, collection, payment } from '../../support/razorpay-stub.ts';

const NOTES = { paymentId: 'p', orderId: 'o', restaurantId: 'r' } as const;
const order = { id: 'order_1', entity: 'order', amount: 50_000, currency: 'INR', receipt: 'R-1', status: 'created', notes: NOTES, created_at: 1 };
const wanted = { receipt: 'R-1', amount: 50_000, currency: 'INR', capture: 'automatic', captureWithinMinutes: 15, notes: NOTES } as const;

describe('what is sent', () => {
  it('an order says what is documented, and nothing else', async () => {
    const { provider, asked } = answering(collection(), order);
    await provider.createOrder(wanted);
    const [look, make] = asked;
    expect(look).toMatchObject({ method: 'GET', path: '/v1/orders' });
    expect(look?.query.get('receipt')).toBe('R-1');
    expect([...(look?.query.keys() ?? [])].toSorted()).toEqual(['count', 'receipt', 'skip']);
    expect(make).toMatchObject({
      method: 'POST',
      path: '/v1/orders',
      body: {
        amount: 50_000,
        currency: 'INR',
        receipt: 'R-1',
        notes: NOTES,
        payment: { capture: 'automatic', capture_options: { automatic_expiry_period: 15, manual_expiry_period: 15, refund_speed: 'normal' } },
      },
    });
    expect(make?.headers.get('authorization')).toBe(`Basic ${btoa(`${KEYS.keyId}:${KEYS.keySecret}`)}`);
    expect(make?.headers.get('content-type')).toContain('application/json');
  });

  it.each([
    [1, 12],
    [12.2, 13],
    [99_999, 7_200],
  ])('%d minutes become %d, which the provider takes', async (minutes, sent) => {
    const { provider, asked } = answering(collection(), order);
    await provider.createOrder({ ...wanted, captureWithinMinutes: minutes });
    expect(asked[1]?.body).toMatchObject({ payment: { capture_options: { manual_expiry_period: sent, automatic_expiry_period: sent } } });
  });

  it('an order that is found is not made again, even if others share the answer', async () => {
    const { provider, asked } = answering(collection({ ...order, id: 'order_2', receipt: 'R-2' }, order));
    expect(await provider.createOrder(wanted)).toEqual({ outcome: 'succeeded', value: { providerOrderId: 'order_1' } });
    expect(asked).toHaveLength(1);
  });

  it('nothing is made while it cannot be told whether it is there', async () => {
    const { provider, asked } = answering(new Response('', { status: 503 }));
    expect(await provider.createOrder(wanted)).toMatchObject({ outcome: 'unknown' });
    expect(asked).toHaveLength(1);
  });

  it('a refund carries its key in the header and in its notes, and no other call does', async () => {
    const refund = {
      id: 'rfnd_1',
      payment_id: 'pay_1',
      amount: 500,
      currency: 'INR',
      notes: { refundId: 'refund-0000001' },
      status: 'pending',
      created_at: 1,
    };
    const { provider, asked } = answering(collection(), refund, payment());
    const request = { refundId: 'refund-0000001', chargeId: 'pay_1', amount: 500, currency: 'INR', notes: NOTES };
    await Promise.all([provider.refund(request), provider.charge('pay_1')]);
    const keyed = asked.filter(({ headers }) => headers.has('x-refund-idempotency'));
    expect(keyed).toMatchObject([
      {
        method: 'POST',
        path: '/v1/payments/pay_1/refund',
        body: { amount: 500, speed: 'normal', receipt: 'refund-0000001', notes: { refundId: 'refund-0000001', ...NOTES } },
      },
    ]);
    expect(keyed[0]?.headers.get('x-refund-idempotency')).toBe('refund-0000001');
  });

  it('nothing is given back or moved on again that is found, even where keys mean nothing', async () => {
    const refund = {
      id: 'rfnd_1',
      payment_id: 'pay_1',
      amount: 500,
      currency: 'INR',
      notes: { refundId: 'refund-0000001' },
      status: 'failed',
      created_at: 1,
    };
    const refunds = answering(collection(refund));
    const request = { refundId: 'refund-0000001', chargeId: 'pay_1', amount: 500, currency: 'INR', notes: NOTES };
    expect(await refunds.provider.refund(request)).toMatchObject({ outcome: 'succeeded', value: { providerRefundId: 'rfnd_1', status: 'failed' } });
    const transfer = {
      id: 'trf_1',
      recipient: 'acc_1',
      amount: 100,
      currency: 'INR',
      status: 'processed',
      notes: { payoutId: 'po-12345' },
      created_at: 1,
    };
    const transfers = answering(collection(transfer));
    const payout = { payoutId: 'po-12345', account: 'acc_1', amount: 100, currency: 'INR', restaurantId: 'r' };
    expect(await transfers.provider.transfer(payout)).toMatchObject({ outcome: 'succeeded', value: { providerTransferId: 'trf_1' } });
    expect([...refunds.asked, ...transfers.asked].map(({ method }) => method)).toEqual(['GET', 'GET']);
  });

  it('what is never answered is waited for no longer than it was told', async () => {
    const provider = razorpayProvider({ ...KEYS, webhookSecrets: [], timeoutMs: 50, fetch: () => new Promise<Response>(() => undefined) });
    expect(await underPressure(() => provider.charge('pay_1'))).toMatchObject({ outcome: 'unknown' });
  });

  it('a key that the provider would not take is a digest of ours', async () => {
    const { provider, asked } = answering(collection(), {});
    await provider.refund({ refundId: 'r:1', chargeId: 'pay_1', amount: 500, currency: 'INR', notes: NOTES });
    const key = asked.find(({ method }) => method === 'POST')?.headers.get('x-refund-idempotency');
    expect(key).toMatch(/^[\da-f]{36}$/);
  });

  it('a transfer carries its key, within the length it may have', async () => {
    const { provider, asked } = answering(collection(), {});
    await provider.transfer({ payoutId: '01893bd5-1fb4-7c3a-8a52-5b5c3c5e8a11', account: 'acc_1', amount: 100, currency: 'INR', restaurantId: 'r' });
    const made = asked.find(({ method }) => method === 'POST');
    expect(made?.headers.get('x-transfer-idempotency')).toBe('01893bd5-1fb4-7c3a-8a52-5b5c3c5e8a11');
    // The first look goes no further back than an hour before the payout was thought of.
    expect(Number(asked[0]?.query.get('from'))).toBe(Math.floor(0x01893bd51fb4 / 1_000) - 3_600);
  });

  it('pages are asked for as the provider counts them', async () => {
    const { provider, asked } = answering(collection());
    await provider.chargesBetween(1_000_500, 2_000_999, '200');
    expect(Object.fromEntries(asked[0]?.query ?? [])).toEqual({ from: '1000', to: '2000', count: '100', skip: '200' });
    await provider.bookOf('2026-03-09', 'nonsense');
    expect(Object.fromEntries(asked[1]?.query ?? [])).toEqual({ year: '2026', month: '3', day: '9', count: '1000', skip: '0' });
  });

  it('a service that minds no page is not read for ever', async () => {
    const same = Array.from({ length: 100 }, (_, index) => ({ id: `rfnd_${index}`, payment_id: 'pay_1', amount: 1, currency: 'INR', created_at: 1 }));
    const { provider, asked } = answering(collection(...same));
    expect(await provider.refundsOf('pay_1')).toMatchObject({ outcome: 'succeeded', value: { length: 100 } });
    expect(asked).toHaveLength(2);
  });
});
