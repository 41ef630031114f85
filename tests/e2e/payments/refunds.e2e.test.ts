import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROFILES } from '../../support/profiles.ts';
import { openTill, type Till } from '../../support/till.ts';
import { type Json, startWorld, type World } from '../../support/world.ts';

describe.each(PROFILES)('refunds on %s', (profile) => {
  let world: World;
  let till: Till;
  /** Costs what cannot be divided by three. */
  let chutney: string;
  beforeAll(async () => {
    world = await startWorld(profile);
    till = await openTill(world);
    const menu = `/restaurants/${till.kitchen.restaurantId}/menu`;
    const { body: category } = await world.post(`${menu}/categories`, { name: 'Sides' }, till.kitchen.owner);
    const item = await world.post(`${menu}/items`, { categoryId: category.id, name: 'Chutney', price: 3_333, taxClass: 'food' }, till.kitchen.owner);
    chutney = item.body.id;
  });
  afterAll(() => world.close());

  it('gives back part, then the rest, and never a paisa more', async () => {
    const { order, payment } = await till.paidInCash();
    const { amount } = order.total;
    const part = await till.refund(payment.id, { amount: 1_001, note: 'cold' }, till.staff.cashier, 'part-1');
    expect(part).toMatchObject({
      status: 201,
      body: { amount: { amount: 1_001, currency: 'INR' }, reason: 'requested', status: 'processed', note: 'cold', isByHand: true, lines: [] },
    });
    expect((await till.refund(payment.id, { amount: 1_001, note: 'cold' }, till.staff.cashier, 'part-1')).body).toEqual(part.body);
    expect(await till.refund(payment.id, { amount: 1_002, note: 'cold' }, till.staff.cashier, 'part-1')).toMatchObject({
      status: 422,
      body: { code: 'payments.idempotency_key_reused' },
    });
    expect(await till.payment(payment.id)).toMatchObject({
      status: 'partially_refunded',
      refunded: { amount: 1_001 },
      refundable: { amount: amount - 1_001 },
    });
    expect(await till.refund(payment.id, { amount: amount - 1_000 })).toMatchObject({
      status: 409,
      body: { code: 'payments.refund_too_large', asked: amount - 1_000, refundable: amount - 1_001, currency: 'INR' },
    });
    expect((await till.refund(payment.id, {})).body.amount.amount).toBe(amount - 1_001);
    expect(await till.payment(payment.id)).toMatchObject({ status: 'refunded', refunded: { amount }, refundable: { amount: 0 } });
    expect(await till.refund(payment.id, { amount: 1 })).toMatchObject({ status: 409, body: { code: 'payments.refund_too_large', refundable: 0 } });
    const { data } = (await world.get(`/payments/${payment.id}/refunds`, till.staff.waiter)).body;
    expect(data.map((refund: Json) => refund.amount.amount)).toEqual([1_001, amount - 1_001]);
  });

  it('is for those who may: a waiter takes cash and gives none back', async () => {
    const { payment } = await till.paidInCash();
    for (const token of [till.staff.waiter, till.kitchen.customer]) {
      expect(await till.refund(payment.id, {}, token)).toMatchObject({
        status: 403,
        body: { code: 'payments.not_permitted', permission: 'payments:refund' },
      });
    }
    expect((await till.refund(payment.id, {}, till.staff.manager)).status).toBe(201);
  });

  it('lets one of twenty through that ask for 60 % at once', async () => {
    for (const paid of [await till.paidInCash(), await till.paidOnline()]) {
      const asked = Math.ceil(paid.order.total.amount * 0.6);
      const answers = await Promise.all(Array.from({ length: 20 }, () => till.refund(paid.payment.id, { amount: asked })));
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
      for (const { status, body } of answers) if (status !== 201) expect(['payments.refund_too_large', 'http.write_conflict']).toContain(body.code);
      const { refunded, reserved, refunds } = await till.payment(paid.payment.id);
      expect(refunded.amount + reserved.amount).toBe(asked);
      expect(refunds).toHaveLength(1);
    }
  });

  it('asks the provider once for what is asked many times under one key', async () => {
    const { payment } = await till.paidOnline();
    const answers = await Promise.all(Array.from({ length: 10 }, () => till.refund(payment.id, { amount: 500 }, till.staff.cashier, 'one-key')));
    const ids = new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.id));
    expect(ids.size).toBe(1);
    for (const { status, body } of answers) if (status !== 201) expect(['payments.request_in_progress', 'http.write_conflict']).toContain(body.code);
    const staff = await till.payment(payment.id);
    expect(staff.refunds).toMatchObject([{ amount: { amount: 500 }, status: 'processing' }]);
    expect(till.provider.state().refunds.filter(({ payment_id }: Json) => payment_id === staff.charges[0].id)).toMatchObject([{ amount: 500 }]);
  });

  it('gives portions back at what was paid for them, to the last paisa', async () => {
    const lines = [{ itemId: chutney, quantity: 3 }, till.kitchen.line('tea')];
    const { order, payment } = await till.paidInCash(lines);
    const portion = (quantity = 1, line = 0) => till.refund(payment.id, { lines: [{ line, quantity }] });
    const tea = order.lines[1];
    const whole = order.total.amount - tea.subtotal.amount - tea.taxes.reduce((sum: number, tax: Json) => sum + tax.amount.amount, 0);
    expect(whole % 3).not.toBe(0);

    const [one, two, three] = [await portion(), await portion(), await portion()].map(({ body }) => body.amount.amount);
    expect(one + two + three).toBe(whole);
    expect(Math.max(one, two, three) - Math.min(one, two, three)).toBe(1);
    expect(await portion()).toMatchObject({ status: 409, body: { code: 'payments.line_refunded', line: 0, quantity: 1, left: 0 } });
    expect(await portion(1, 2)).toMatchObject({ status: 422, body: { code: 'payments.line_not_found', line: 2 } });
    expect(
      await till.refund(payment.id, {
        lines: [
          { line: 1, quantity: 1 },
          { line: 1, quantity: 1 },
        ],
      }),
    ).toMatchObject({
      body: { code: 'payments.line_refunded', line: 1, left: 0 },
    });
    const rest = await portion(1, 1);
    expect(rest).toMatchObject({ status: 201, body: { lines: [{ line: 1, quantity: 1 }] } });
    expect(await till.payment(payment.id)).toMatchObject({ status: 'refunded', refundable: { amount: 0 } });
  });

  it('takes all portions of a line in one piece as in three', async () => {
    const { order, payment } = await till.paidInCash([{ itemId: chutney, quantity: 3 }]);
    expect((await till.refund(payment.id, { lines: [{ line: 0, quantity: 3 }] })).body.amount).toEqual(order.total);
  });

  it('is completed by hand only where hands make it', async () => {
    const order = await till.order();
    const { body: opened } = await till.pay(order.id, { channel: 'bank_transfer' });
    expect(await till.refund(opened.id, {})).toMatchObject({ status: 409, body: { code: 'payments.not_captured', paymentStatus: 'pending' } });
    await world.post(`/payments/${opened.id}/receipt`, { amount: order.total.amount, reference: 'UTR 1' }, till.staff.cashier);
    const asked = await till.refund(opened.id, {});
    expect(asked).toMatchObject({ status: 201, body: { status: 'reserved', isByHand: true } });
    expect(await till.payment(opened.id)).toMatchObject({ status: 'captured', reserved: order.total, refundable: { amount: 0 } });

    const complete = (paymentId: string, refundId: string, token = till.staff.cashier) =>
      world.post(`/payments/${paymentId}/refunds/${refundId}/completion`, undefined, token);
    expect(await complete(opened.id, asked.body.id, till.staff.waiter)).toMatchObject({ status: 403 });
    expect(await complete(opened.id, opened.id)).toMatchObject({ status: 404, body: { code: 'payments.refund_not_found' } });
    expect(await complete(opened.id, asked.body.id)).toMatchObject({ status: 200, body: { status: 'processed' } });
    expect(await complete(opened.id, asked.body.id)).toMatchObject({ status: 200, body: { status: 'processed' } });
    expect(await till.payment(opened.id)).toMatchObject({ status: 'refunded', refunded: order.total });

    const { payment } = await till.paidOnline();
    const online = await till.refund(payment.id, { amount: 100 });
    expect(await complete(payment.id, online.body.id)).toMatchObject({
      status: 409,
      body: { code: 'payments.refund_not_by_hand', processor: 'razorpay', refundStatus: 'processing' },
    });
  });

  it('gives everything back by itself when the restaurant rejects the order', async () => {
    const { order, payment } = await till.paidInCash();
    await till.kitchen.act(order.id, 'rejection', till.kitchen.owner, { reason: 'gas ran out' });
    await expect
      .poll(async () => (await till.payment(payment.id)).refunds, { timeout: 8_000 })
      .toMatchObject([{ amount: order.total, reason: 'rejected' }]);
  });
});
