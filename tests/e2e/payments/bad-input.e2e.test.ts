import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROFILES } from '../../support/profiles.ts';
import { openTill, type Till } from '../../support/till.ts';
import { type Answer, type Json, startWorld, type World } from '../../support/world.ts';

const NOBODY = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10';

describe.each(PROFILES)('bad input to payments on %s', (profile) => {
  let world: World;
  let till: Till;
  let order: Json;
  let paid: Json;
  beforeAll(async () => {
    world = await startWorld(profile);
    till = await openTill(world);
    order = await till.order();
    paid = (await till.paidInCash()).payment;
  });
  afterAll(() => world.close());

  /** Refused with this code, told as a problem, and without a trace. */
  const refused = async (send: () => Promise<Answer>, status: number, code: string, facts: object = {}): Promise<void> => {
    const before = await till.payment(paid.id);
    const answer = await send();
    expect(answer.body).toMatchObject({ status, code, type: `/problems#${code}`, title: expect.any(String), detail: expect.any(String), ...facts });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await till.payment(paid.id)).toEqual(before);
    expect((await world.get(`/orders/${order.id}/payments`, till.kitchen.customer)).body.data).toEqual([]);
  };
  const at = (pointer: string) => ({ errors: [expect.objectContaining({ pointer })] });

  it.each<[string, object, string]>([
    ['an amount of their own', { amount: 1 }, '/body/amount'],
    ['a way to pay that is none', { channel: 'barter' }, '/body/channel'],
    ['a processor of their choice', { processor: 'razorpay' }, '/body/processor'],
    ['something tendered at the checkout', { tendered: 100 }, '/body/tendered'],
    ['something tendered by transfer', { channel: 'bank_transfer', tendered: 100 }, '/body/tendered'],
    ['less than nothing tendered', { channel: 'cash', tendered: -1 }, '/body/tendered'],
    ['half a paisa tendered', { channel: 'cash', tendered: 0.5 }, '/body/tendered'],
    ['more tendered than there is', { channel: 'cash', tendered: 1e12 }, '/body/tendered'],
    ['a tender in words', { channel: 'cash', tendered: 'all' }, '/body/tendered'],
  ])('paying with %s', async (_what, body, pointer) => {
    await refused(() => till.pay(order.id, body, till.staff.cashier), 400, 'http.invalid_request', at(pointer));
  });

  it.each<[string, object, string]>([
    ['nothing', { amount: 0 }, '/body/amount'],
    ['less than nothing', { amount: -5 }, '/body/amount'],
    ['half a paisa', { amount: 1.5 }, '/body/amount'],
    ['more than there is money', { amount: 1e15 }, '/body/amount'],
    ['an amount in words', { amount: '100' }, '/body/amount'],
    ['money as a view shows it', { amount: { amount: 1, currency: 'INR' } }, '/body/amount'],
    ['an amount and lines', { amount: 1, lines: [{ line: 0, quantity: 1 }] }, '/body/lines'],
    ['no lines', { lines: [] }, '/body/lines'],
    ['too many lines', { lines: Array.from({ length: 101 }, () => ({ line: 0, quantity: 1 })) }, '/body/lines'],
    ['a line before the first', { lines: [{ line: -1, quantity: 1 }] }, '/body/lines/0/line'],
    ['no portion of a line', { lines: [{ line: 0, quantity: 0 }] }, '/body/lines/0/quantity'],
    ['half a portion', { lines: [{ line: 0, quantity: 0.5 }] }, '/body/lines/0/quantity'],
    ['a price of their own', { lines: [{ line: 0, quantity: 1, amount: 1 }] }, '/body/lines/0/amount'],
    ['a note that is too long', { amount: 1, note: 'x'.repeat(501) }, '/body/note'],
    ['a note that rings', { amount: 1, note: 'a\u0007' }, '/body/note'],
    ['a reason of their own', { amount: 1, reason: 'late' }, '/body/reason'],
  ])('giving back %s', async (_what, body, pointer) => {
    await refused(() => till.refund(paid.id, body), 400, 'http.invalid_request', at(pointer));
  });

  it.each<[string, object, string]>([
    ['without a reference', { amount: 1 }, '/body/reference'],
    ['with an empty one', { amount: 1, reference: '  ' }, '/body/reference'],
    ['with one that is too long', { amount: 1, reference: 'x'.repeat(65) }, '/body/reference'],
    ['of nothing', { amount: 0, reference: 'x' }, '/body/amount'],
  ])('a transfer %s', async (_what, body, pointer) => {
    await refused(() => world.post(`/payments/${paid.id}/receipt`, body, till.staff.cashier), 400, 'http.invalid_request', at(pointer));
  });

  it.each<[string, object, string]>([
    ['without a signature', { razorpay_payment_id: 'pay_1' }, '/body/razorpay_signature'],
    ['with one that is none', { razorpay_payment_id: 'pay_1', razorpay_signature: 'zz' }, '/body/razorpay_signature'],
    ['with one without end', { razorpay_payment_id: 'pay_1', razorpay_signature: 'a'.repeat(257) }, '/body/razorpay_signature'],
    ['with a path for an id', { razorpay_payment_id: '../orders', razorpay_signature: 'ab' }, '/body/razorpay_payment_id'],
    ['with a status of their own', { razorpay_payment_id: 'pay_1', razorpay_signature: 'ab', status: 'captured' }, '/body/status'],
  ])('a confirmation %s', async (_what, body, pointer) => {
    await refused(() => world.post(`/payments/${paid.id}/confirmation`, body, till.kitchen.customer), 400, 'http.invalid_request', at(pointer));
  });

  it('ids that are none, and ids of nothing', async () => {
    const { customer } = till.kitchen;
    await refused(() => till.pay("1' or '1'='1", {}), 400, 'http.invalid_request', at('/params/orderId'));
    await refused(() => world.get('/payments/7', customer), 400, 'http.invalid_request', at('/params/paymentId'));
    await refused(() => world.post(`/payments/${paid.id}/refunds/..%2F1/completion`, undefined, till.staff.cashier), 400, 'http.invalid_request');
    await refused(() => till.pay(NOBODY, {}), 404, 'payments.order_not_found', { orderId: NOBODY });
    await refused(() => world.get(`/orders/${NOBODY}/payments`, customer), 404, 'payments.order_not_found');
    await refused(() => world.get(`/payments/${NOBODY}`, customer), 404, 'payments.payment_not_found', { paymentId: NOBODY });
    await refused(() => till.refund(NOBODY, {}), 404, 'payments.payment_not_found');
    await refused(
      () => world.post(`/payments/${paid.id}/refunds/${NOBODY}/completion`, undefined, till.staff.cashier),
      404,
      'payments.refund_not_found',
    );
  });

  it('keys and devices that are none, and bodies that are none', async () => {
    const pay =
      (headers: Record<string, string>, raw = '{}') =>
      () =>
        world.call('POST', `/orders/${order.id}/payments`, { raw, token: till.kitchen.customer, headers });
    await refused(pay({ 'idempotency-key': 'x'.repeat(256) }), 400, 'http.invalid_request', at('/headers/idempotency-key'));
    await refused(pay({ 'idempotency-key': 'k', 'x-device-id': 'x'.repeat(129) }), 400, 'http.invalid_request', at('/headers/x-device-id'));
    await refused(pay({ 'idempotency-key': 'k', 'x-device-id': 'a b' }), 400, 'http.invalid_request', at('/headers/x-device-id'));
    await refused(pay({ 'idempotency-key': 'k' }, '{"channel":"cash","channel":"link"}'), 400, 'http.malformed_json');
    await refused(pay({ 'idempotency-key': 'k' }, '{'), 400, 'http.malformed_json');
    await refused(pay({ 'idempotency-key': 'k', 'content-type': 'text/plain' }), 415, 'http.unsupported_media_type');
    await refused(
      () => world.post(`/payments/${paid.id}/refunds`, {}, till.staff.cashier),
      400,
      'http.invalid_request',
      at('/headers/idempotency-key'),
    );
  });

  it('nobody at all', async () => {
    const key = { 'idempotency-key': 'k' };
    await refused(() => world.post(`/orders/${order.id}/payments`, {}, undefined, key), 401, 'http.unauthenticated');
    await refused(() => world.get(`/payments/${paid.id}`), 401, 'http.unauthenticated');
    await refused(() => world.post(`/payments/${paid.id}/refunds`, {}, 'no-token', key), 401, 'http.unauthenticated');
  });

  it('a refund with no body gives everything back', async () => {
    const { payment, order: whole } = await till.paidInCash();
    const sent = await world.call('POST', `/payments/${payment.id}/refunds`, { token: till.staff.cashier, headers: { 'idempotency-key': 'bare' } });
    expect(sent).toMatchObject({ status: 201, body: { amount: whole.total } });
  });
});
