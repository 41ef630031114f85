import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openKitchen } from '../../support/kitchen.ts';
import { PROFILES } from '../../support/profiles.ts';
import { openTill, proofOf, type Till } from '../../support/till.ts';
import { type Json, startWorld, type World } from '../../support/world.ts';

describe.each(PROFILES)('paying on %s', (profile) => {
  let world: World;
  let till: Till;
  beforeAll(async () => {
    world = await startWorld(profile);
    till = await openTill(world);
  });
  afterAll(() => world.close());

  it('opens the checkout for what the order costs, and answers the same again', async () => {
    const order = await till.order();
    const opened = await till.pay(order.id, {}, till.kitchen.customer, 'checkout-1');
    expect(opened).toMatchObject({
      status: 201,
      body: {
        orderId: order.id,
        restaurantId: till.kitchen.restaurantId,
        customerId: till.kitchen.customerId,
        status: 'pending',
        amount: order.total,
        due: order.total,
        captured: { amount: 0, currency: 'INR' },
        attempts: [{ channel: 'checkout', status: 'open', failure: null }],
        charges: [],
        refunds: [],
        checkout: { keyId: expect.any(String), providerOrderId: expect.stringMatching(/^order_/), amount: order.total, name: 'Annapurna' },
      },
    });
    const { id, attemptId, checkout, version } = opened.body;
    expect(attemptId).toBe(opened.body.attempts[0].id);
    expect(checkout.description).toBe(`Order ${order.number}`);
    expect(checkout.callbackUrl).toBe(`http://thali.test/payments/${id}/return`);
    expect(new URL(checkout.url).searchParams.get('callback_url')).toBe(checkout.callbackUrl);
    expect(opened.headers.get('location')).toBe(`/payments/${id}`);
    expect(opened.headers.get('etag')).toBe(`"${version}"`);

    expect((await till.pay(order.id, {}, till.kitchen.customer, 'checkout-1')).body).toEqual(opened.body);
    // Another request while it is open is given the same way to pay.
    expect((await till.pay(order.id, { channel: 'checkout' })).body).toEqual(opened.body);
    expect(await till.pay(order.id, { channel: 'bank_transfer' }, till.kitchen.customer, 'checkout-1')).toMatchObject({
      status: 422,
      body: { code: 'payments.idempotency_key_reused' },
    });
    const again = await world.post(`/orders/${order.id}/payments`, {}, till.kitchen.customer);
    expect(again).toMatchObject({ status: 400, body: { errors: [{ pointer: '/headers/idempotency-key' }] } });
  });

  it('opens one payment of many requests sent at once', async () => {
    const order = await till.order();
    const answers = await Promise.all(Array.from({ length: 8 }, () => till.pay(order.id, {})));
    const opened = answers.filter(({ status }) => status === 201);
    expect(opened.length).toBeGreaterThan(0);
    for (const { status, body } of answers)
      if (status !== 201) expect(['payments.request_in_progress', 'http.write_conflict', 'payments.provider_unreachable']).toContain(body.code);
    expect(new Set(opened.map(({ body }) => `${body.id} ${body.checkout.providerOrderId}`)).size).toBe(1);
    expect((await world.get(`/orders/${order.id}/payments`, till.kitchen.customer)).body.data).toHaveLength(1);
    expect(till.provider.state().orders.filter(({ notes }: Json) => notes.orderId === order.id)).toHaveLength(1);
  });

  it('places the order as soon as the checkout has proved the money', async () => {
    const { order, payment, providerOrderId } = await till.atCheckout();
    expect((await world.get(`/orders/${order.id}`, till.kitchen.customer)).body.status).toBe('pending');
    const confirm = (proof: object, token = till.kitchen.customer) => world.post(`/payments/${payment.id}/confirmation`, proof, token);
    const proof = proofOf(await till.provider.pay({ order_id: providerOrderId, method: 'card' }));

    expect(await confirm({ ...proof, razorpay_signature: 'ab'.repeat(32) })).toMatchObject({ status: 422, body: { code: 'payments.bad_signature' } });
    expect(await confirm({ ...proof, razorpay_payment_id: 'pay_Another000001' })).toMatchObject({ body: { code: 'payments.bad_signature' } });
    expect(await confirm(proof, (await world.account(`other-${profile}@pay.test`)).token)).toMatchObject({ status: 404 });
    expect((await till.payment(payment.id)).status).toBe('pending');

    const confirmed = await confirm(proof);
    expect(confirmed).toMatchObject({
      status: 200,
      body: {
        status: 'captured',
        captured: order.total,
        due: { amount: 0 },
        refundable: order.total,
        charges: [{ method: 'card', status: 'captured', failure: null }],
      },
    });
    expect(confirmed.body.charges[0].label).toMatch(/^\w+ ending \d{4}$/);
    expect((await world.get(`/orders/${order.id}`, till.kitchen.customer)).body.status).toBe('placed');
    expect((await confirm(proof)).body.captured).toEqual(order.total);
    expect(await till.pay(order.id, {})).toMatchObject({ status: 409, body: { code: 'payments.already_paid', paymentId: payment.id } });
  });

  it('shows the customer less than the staff', async () => {
    const { order, payment } = await till.paidOnline();
    await till.refund(payment.id, { amount: 100, note: 'the customer shouted' });
    const theirs = await till.payment(payment.id, till.kitchen.customer);
    const ours = await till.payment(payment.id, till.staff.cashier);
    expect(ours).toMatchObject({
      fees: { amount: expect.any(Number), currency: 'INR' },
      disputes: [],
      attempts: [{ processor: 'razorpay', reference: expect.stringMatching(/^order_/), waitsForApproval: false }],
      charges: [{ id: expect.stringMatching(/^pay_/), processor: 'razorpay', isInternational: false, fee: { amount: expect.any(Number) } }],
      refunds: [{ note: 'the customer shouted', isByHand: false }],
    });
    expect(ours.fees.amount).toBeGreaterThan(0);
    const said = JSON.stringify(theirs);
    expect(said).not.toMatch(/fee|dispute|processor|"razorpay"|pay_|order_|shouted|fingerprint|international|approval/i);
    expect(theirs).toMatchObject({ captured: order.total, refunds: [{ amount: { amount: 100 }, reason: 'requested' }] });
    expect(JSON.stringify(ours)).not.toMatch(/fingerprint/);
    expect((await world.get(`/orders/${order.id}/payments`, till.kitchen.customer)).body).toEqual({ data: [theirs] });
    expect((await world.get(`/payments/${payment.id}/refunds`, till.kitchen.customer)).body).toEqual({ data: theirs.refunds });
  });

  it('tells why a try failed in words of our own', async () => {
    const { payment, providerOrderId } = await till.atCheckout();
    await till.provider.pay({ order_id: providerOrderId, outcome: 'failure', reason: 'insufficient_funds' });
    await till.provider.pay({ order_id: providerOrderId, outcome: 'failure', reason: 'payment_risk_check_failed' });
    const proof = proofOf(await till.provider.pay({ order_id: providerOrderId }));
    await world.post(`/payments/${payment.id}/confirmation`, proof, till.kitchen.customer);
    await expect
      .poll(
        async () =>
          (await till.payment(payment.id, till.kitchen.customer)).charges.map(({ status, failure }: Json) => [status, failure?.code ?? null]),
        {
          timeout: 8_000,
        },
      )
      .toEqual(
        expect.arrayContaining([
          ['failed', 'insufficient_funds'],
          ['failed', 'declined'],
          ['captured', null],
        ]),
      );
    const { charges } = await till.payment(payment.id, till.kitchen.customer);
    expect(charges.find(({ failure }: Json) => failure?.code === 'declined').failure.message).toBe('The bank declined the payment.');
  });

  it('takes cash from waiters, and says what to give back', async () => {
    const order = await till.order();
    const { amount } = order.total;
    const cash = (body: object, token: string, key?: string) => till.pay(order.id, { channel: 'cash', ...body }, token, key);
    expect(await cash({}, till.kitchen.customer)).toMatchObject({
      status: 403,
      body: { code: 'payments.not_permitted', permission: 'payments:take' },
    });
    expect(await cash({ tendered: amount - 1 }, till.staff.waiter)).toMatchObject({
      status: 422,
      body: { code: 'payments.tendered_too_little', due: amount, currency: 'INR' },
    });
    const taken = await cash({ tendered: amount + 1_050 }, till.staff.waiter, 'cash-1');
    expect(taken).toMatchObject({
      status: 201,
      body: {
        status: 'captured',
        captured: { amount },
        change: { amount: 1_050, currency: 'INR' },
        charges: [{ method: 'cash', status: 'captured' }],
      },
    });
    expect(await cash({ tendered: amount + 1_050 }, till.staff.waiter, 'cash-1')).toEqual({ ...taken, headers: expect.anything() });
    expect(await cash({ tendered: amount + 2_000 }, till.staff.waiter, 'cash-1')).toMatchObject({
      status: 422,
      body: { code: 'payments.idempotency_key_reused' },
    });
    expect(await cash({}, till.staff.waiter)).toMatchObject({ status: 409, body: { code: 'payments.already_paid' } });
    expect(await till.pay(order.id, {}, till.staff.waiter, 'cash-1')).toMatchObject({
      status: 422,
      body: { code: 'payments.idempotency_key_reused' },
    });
    expect((await world.get(`/orders/${order.id}`, till.kitchen.customer)).body.status).toBe('placed');
  });

  it('takes the cash of an order that was placed for cash, while it cooks or when it is done', async () => {
    const order = await till.order([till.kitchen.line('tea')], { payment: 'cash' });
    for (const action of ['acceptance', 'preparation', 'readiness', 'completion']) await till.kitchen.act(order.id, action);
    const taken = await till.pay(order.id, { channel: 'cash', tendered: 10_000 }, till.staff.waiter);
    expect(taken).toMatchObject({ status: 201, body: { captured: order.total, change: { amount: 10_000 - order.total.amount } } });
    expect((await world.get(`/orders/${order.id}`, till.kitchen.customer)).body.status).toBe('completed');
  });

  it('takes the cash of an order once, however many press the button', async () => {
    const order = await till.order();
    const answers = await Promise.all(Array.from({ length: 10 }, () => till.pay(order.id, { channel: 'cash' }, till.staff.waiter)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect((await world.get(`/orders/${order.id}/payments`, till.staff.waiter)).body.data).toMatchObject([{ captured: order.total }]);
  });

  it('waits for a bank transfer, and takes the whole of it', async () => {
    const order = await till.order();
    const { amount } = order.total;
    const opened = await till.pay(order.id, { channel: 'bank_transfer' });
    expect(opened).toMatchObject({
      status: 201,
      body: { status: 'pending', bankTransfer: { reference: expect.stringMatching(/^[\w-]{8,40}$/), amount: order.total } },
    });
    const { id, bankTransfer } = opened.body;
    expect((await till.payment(id, till.kitchen.customer)).attempts[0].reference).toBe(bankTransfer.reference);

    const receive = (body: object, token = till.staff.cashier) => world.post(`/payments/${id}/receipt`, body, token);
    const reference = 'UTR 412985';
    expect(await receive({ amount, reference }, till.kitchen.customer)).toMatchObject({ status: 404 });
    expect(await receive({ amount: amount - 1, reference })).toMatchObject({ status: 422, body: { code: 'payments.transfer_differs', due: amount } });
    expect(await receive({ amount, reference })).toMatchObject({
      status: 200,
      body: { status: 'captured', captured: { amount }, charges: [{ method: 'bank_transfer', label: reference }] },
    });
    expect(await receive({ amount, reference })).toMatchObject({ status: 200, body: { captured: { amount } } });
    expect((await world.get(`/orders/${order.id}`, till.kitchen.customer)).body.status).toBe('placed');
    const cash = await till.paidInCash();
    expect(await world.post(`/payments/${cash.payment.id}/receipt`, { amount, reference }, till.staff.cashier)).toMatchObject({
      status: 409,
      body: { code: 'payments.nothing_to_confirm', channel: 'cash' },
    });
    expect(
      await world.post(`/payments/${id}/confirmation`, { razorpay_payment_id: 'pay_1', razorpay_signature: 'ab' }, till.kitchen.customer),
    ).toMatchObject({
      status: 409,
      body: { code: 'payments.nothing_to_confirm', channel: 'bank_transfer' },
    });
  });

  it('makes a link for staff to send', async () => {
    const order = await till.order();
    expect(await till.pay(order.id, { channel: 'link' })).toMatchObject({ status: 403, body: { code: 'payments.not_permitted' } });
    const linked = await till.pay(order.id, { channel: 'link' }, till.staff.waiter);
    expect(linked).toMatchObject({
      status: 201,
      body: { link: { url: expect.stringMatching(/^https?:\/\//) }, attempts: [{ channel: 'link', status: 'open' }] },
    });
    expect((await till.payment(linked.body.id, till.kitchen.customer)).attempts[0].url).toBe(linked.body.link.url);
  });

  it("shows nobody else's payment", async () => {
    const { order, payment } = await till.paidInCash();
    const stranger = await world.account(`stranger-${profile}@pay.test`);
    const elsewhere = await openKitchen(world);
    for (const token of [stranger.token, elsewhere.owner]) {
      expect(await till.pay(order.id, {}, token)).toMatchObject({ status: 404, body: { code: 'payments.order_not_found' } });
      expect(await till.pay(order.id, { channel: 'cash' }, token)).toMatchObject({ status: 404 });
      expect(await world.get(`/payments/${payment.id}`, token)).toMatchObject({ status: 404, body: { code: 'payments.payment_not_found' } });
      expect(await world.get(`/payments/${payment.id}/refunds`, token)).toMatchObject({ status: 404 });
      expect(await world.get(`/orders/${order.id}/payments`, token)).toMatchObject({ status: 404, body: { code: 'payments.order_not_found' } });
      expect(await till.refund(payment.id, {}, token)).toMatchObject({ status: 404 });
      expect(await world.post(`/payments/${payment.id}/receipt`, { amount: 1, reference: 'x' }, token)).toMatchObject({ status: 404 });
    }
    const at = `/restaurants/${till.kitchen.restaurantId}`;
    for (const list of ['payments', 'ledger', 'balances']) {
      expect((await world.get(`${at}/${list}`, elsewhere.owner)).status).toBe(404);
      expect((await world.get(`${at}/${list}`, stranger.token)).status).toBe(403);
      expect((await world.get(`${at}/${list}`)).status).toBe(401);
    }
    expect((await world.get(`/orders/${(await till.order()).id}/payments`, till.kitchen.customer)).body).toEqual({ data: [] });
  });

  it('takes nothing for an order that is over', async () => {
    const order = await till.order();
    await till.kitchen.act(order.id, 'cancellation', till.kitchen.customer);
    expect(await till.pay(order.id, {})).toMatchObject({ status: 409, body: { code: 'payments.order_not_payable', orderStatus: 'cancelled' } });
    expect(await till.pay(order.id, { channel: 'cash' }, till.staff.waiter)).toMatchObject({
      status: 409,
      body: { code: 'payments.order_not_payable' },
    });
  });

  it("lists a restaurant's payments by status, a page at a time", async () => {
    const { payment } = await till.paidInCash();
    const list = (query: string) => world.get(`/restaurants/${till.kitchen.restaurantId}/payments?${query}`, till.staff.waiter);
    const first = await list('status=captured&limit=1');
    expect(first.body).toMatchObject({ data: [{ id: payment.id, fees: { amount: 0 } }], next: payment.id });
    expect(first.headers.get('link')).toContain('status=captured');
    const rest = await list(`status=captured&limit=100&after=${first.body.next}`);
    expect(rest.body.data.every(({ status, id }: Json) => status === 'captured' && id !== payment.id)).toBe(true);
    expect((await list('status=paid')).status).toBe(400);
  });
});
