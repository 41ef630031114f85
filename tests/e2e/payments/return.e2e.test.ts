import { ContainerModule } from 'inversify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PaymentProvider } from '#application/payments/provider.ts';
import { Payments } from '#composition/modules/payments.ts';
import { PROFILES } from '../../support/profiles.ts';
import { openTill, proofOf, type Till } from '../../support/till.ts';
import { startWorld, type World } from '../../support/world.ts';

const NOT_CONFIRMED = '<h1>Not confirmed</h1>';

describe.each(PROFILES)('coming back from the checkout on %s', (profile) => {
  let world: World;
  let till: Till;
  /** Whether the provider answers questions about charges. */
  let isSilent = false;
  beforeAll(async () => {
    world = await startWorld(
      profile,
      new ContainerModule(({ rebind }) => {
        rebind(Payments.providers)
          .toResolvedValue(
            ({ providers }) => new Map([...providers].map(([name, provider]) => [name, sometimesSilent(provider)])),
            [Payments.processors],
          )
          .inSingletonScope();
      }),
    );
    till = await openTill(world);
  });
  afterAll(() => world.close());

  const SILENCE = { outcome: 'unknown', reason: 'no answer' } as const;
  const sometimesSilent = (provider: PaymentProvider): PaymentProvider => ({
    ...provider,
    charge: async (chargeId) => (isSilent ? SILENCE : provider.charge(chargeId)),
    factsOf: async (orderId) => (isSilent ? SILENCE : provider.factsOf(orderId)),
  });

  const post = async (paymentId: string, fields: Record<string, string>) =>
    page(
      await world.call('POST', `/payments/${paymentId}/return`, {
        raw: new URLSearchParams(fields).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
    );
  const get = async (paymentId: string, fields: Record<string, string>) =>
    page(await world.get(`/payments/${paymentId}/return?${new URLSearchParams(fields)}`));
  /** Every answer is a page that browsers do not keep, run nothing of, and tell nobody about. */
  const page = ({ status, body, headers }: Awaited<ReturnType<World['get']>>): string => {
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^text\/html; charset=utf-8$/i);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(body).toMatch(/^<!doctype html>/);
    expect(body).toContain('<meta name="robots" content="noindex">');
    expect(body).not.toMatch(/<script|javascript:| on\w+=|undefined|\[object|NaN/);
    return body;
  };

  it.each(['POST', 'GET'])('shows what was paid, when a %s proves it', async (method) => {
    const { order, payment, providerOrderId } = await till.atCheckout();
    const proof = proofOf(await till.provider.pay({ order_id: providerOrderId }));
    const shown = await (method === 'POST' ? post : get)(payment.id, proof);
    expect(shown).toContain('<h1>Paid</h1>');
    expect(shown).toContain(`<b>${order.number}</b>`);
    expect(shown).toContain('₹189.00');
    expect(shown).not.toMatch(/@|customer|upi|http-equiv/i);
    expect((await world.get(`/orders/${order.id}`, till.kitchen.customer)).body.status).toBe('placed');
    expect(await get(payment.id, proof)).toContain('<h1>Paid</h1>');
  });

  it('tells nothing to who proves nothing', async () => {
    const { payment, order, providerOrderId } = await till.atCheckout();
    const proof = proofOf(await till.provider.pay({ order_id: providerOrderId }));
    const { razorpay_signature: signature, ...unsigned } = proof;
    const neutral = await get(payment.id, {});
    expect(neutral).toContain(NOT_CONFIRMED);
    expect(neutral).not.toMatch(new RegExp(`${order.number}|₹|href="http`));
    const forged: Record<string, string>[] = [
      unsigned,
      { ...proof, razorpay_signature: 'ab'.repeat(32) },
      { ...proof, razorpay_payment_id: 'pay_SomebodyElse1' },
      { ...proof, razorpay_signature: `${signature}'"><script>alert(1)</script>` },
      { ...proof, razorpay_signature: 'ab'.repeat(32), 'error[code]': 'BAD_REQUEST_ERROR', 'error[reason]': 'payment_failed' },
      { razorpay_payment_id: '', razorpay_signature: '' },
      { anything: 'else' },
    ];
    for (const fields of forged) for (const send of [get, post]) expect(await send(payment.id, fields)).toBe(neutral);
    for (const id of ['019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10', 'nothing', "1'--", 'x'.repeat(90)]) expect(await get(id, proof)).toBe(neutral);
    const other = await till.atCheckout();
    expect(await get(other.payment.id, proof)).toBe(neutral);
    expect((await till.payment(payment.id)).status).toBe('pending');
    const odd = await world.call('POST', `/payments/${payment.id}/return`, { raw: '{"a":1}', headers: { 'content-type': 'application/json' } });
    expect(page(odd)).toBe(neutral);
    expect(page(await world.get(`/payments/${payment.id}/return?looks=1&looks=2&razorpay_payment_id=a&razorpay_payment_id=b`))).toBe(neutral);
  });

  it('says why it was not paid, in our words, and where to try again', async () => {
    const { payment, providerOrderId } = await till.atCheckout();
    const error = {
      'error[code]': 'BAD_REQUEST_ERROR',
      'error[description]': '<b>Call 1800-SCAM</b>',
      'error[source]': 'customer',
      'error[step]': 'payment_authentication',
      'error[reason]': 'payment_cancelled',
      'error[metadata]': '{"payment_id":"pay_1"}',
    };
    const shown = await post(payment.id, error);
    expect(shown).toContain('<h1>Not paid</h1>');
    expect(shown).toContain('The payment was cancelled before it was made.');
    expect(shown).toContain(`href="http://thali.test/simulator/razorpay/checkout/${providerOrderId}?callback_url=`);
    expect(shown).not.toMatch(/SCAM|₹|Order/);
    expect(await post(payment.id, { ...error, 'error[reason]': '<i>anything</i>' })).toContain('The payment did not go through.');

    await world.post(`/payments/${payment.id}/confirmation`, proofOf(await till.provider.pay({ order_id: providerOrderId })), till.kitchen.customer);
    const afterwards = await post(payment.id, error);
    expect(afterwards).toContain('Do not pay again');
    expect(afterwards).not.toMatch(/Try again|₹/);
  });

  it('offers no second try for an order that is over', async () => {
    const { order, payment } = await till.atCheckout();
    await till.kitchen.act(order.id, 'cancellation', till.kitchen.customer);
    const shown = await post(payment.id, { 'error[code]': 'BAD_REQUEST_ERROR', 'error[reason]': 'payment_cancelled' });
    expect(shown).toContain('<h1>Not paid</h1>');
    expect(shown).not.toContain('href="http');
  });

  it('says that money for an order that is over goes back', async () => {
    const { order, payment, providerOrderId } = await till.atCheckout();
    await till.kitchen.act(order.id, 'cancellation', till.kitchen.customer);
    const shown = await post(payment.id, proofOf(await till.provider.pay({ order_id: providerOrderId })));
    expect(shown).toContain('<h1>Your money goes back</h1>');
    expect(await till.payment(payment.id)).toMatchObject({ refunds: [{ amount: order.total, reason: 'cancelled' }] });
  });

  it('looks again by itself while nobody knows, and stops in the end', async () => {
    const { payment, providerOrderId } = await till.atCheckout();
    const proof = proofOf(await till.provider.pay({ order_id: providerOrderId }));
    isSilent = true;
    try {
      const shown = await post(payment.id, proof);
      expect(shown).toContain('<h1>Being looked up</h1>');
      const [, seconds, address = ''] = /http-equiv="refresh" content="(\d+);url=([^"]+)"/.exec(shown) ?? [];
      expect(Number(seconds)).toBe(3);
      const next = new URL(address.replaceAll('&amp;', '&'), 'http://thali.test');
      expect(next.pathname).toBe(`/payments/${payment.id}/return`);
      expect(next.searchParams.get('looks')).toBe('1');
      expect(await get(payment.id, { ...proof, looks: '24' })).not.toContain('http-equiv="refresh"');
      isSilent = false;
      expect(page(await world.get(`${next.pathname}${next.search}`))).toContain('<h1>Paid</h1>');
    } finally {
      isSilent = false;
    }
  });
});
