import Razorpay from 'razorpay';
import { describe, expect, it } from 'vitest';
import {
  CARD,
  CUSTOMER,
  DISPUTE,
  ERROR,
  LINK,
  ORDER,
  PAYMENT,
  PAYMENT_IN_WEBHOOK,
  RECON_ROW,
  REFUND,
  SETTLEMENT,
  shapeOf,
  TRANSFER,
} from '../../../support/razorpay-samples.ts';
import { simulated } from '../../../support/razorpay-world.ts';

const CARD_PAYMENT = { method: 'card', card: '4100280000001007' } as const;

describe('what the simulator says has the documented fields', () => {
  it('of everything that comes of a payment', async () => {
    const { pay, call, control, received } = simulated();
    const { payment_id, order_id } = await pay(CARD_PAYMENT, { receipt: 'R-1' });
    const refund = (await call('POST', `/v1/payments/${payment_id}/refund`, { amount: 10_000 })).body;
    const account = control.addAccount('Asha Tiffins');
    const transfer = (await call('POST', '/v1/transfers', { account, amount: 10_000, currency: 'INR' })).body;
    const dispute = control.dispute({ payment_id });
    await control.advance(60);
    const settlement = control.settle();
    const day = new Date(control.now());
    const books = await call(
      'GET',
      `/v1/settlements/recon/combined?year=${day.getUTCFullYear()}&month=${day.getUTCMonth() + 1}&day=${day.getUTCDate()}&count=100`,
    );
    await control.advance(60);

    const said: readonly [unknown, unknown][] = [
      [(await call('GET', `/v1/orders/${order_id}`)).body, ORDER],
      [(await call('GET', `/v1/payments/${payment_id}`)).body, PAYMENT],
      [(await call('GET', `/v1/payments/${payment_id}?expand[]=card`)).body, { ...PAYMENT, card: CARD }],
      [(await call('GET', `/v1/payments/${payment_id}/card`)).body, CARD],
      [refund, REFUND],
      [transfer, TRANSFER],
      [dispute, DISPUTE],
      [settlement, SETTLEMENT],
      [(await call('GET', '/v1/settlements')).body.items[0], SETTLEMENT],
      ...books.body.items.map((row: unknown) => [row, RECON_ROW] as const),
    ];
    for (const [actual, sample] of said) expect(shapeOf(actual)).toEqual(shapeOf(sample));

    const webhook = (event: string) => JSON.parse(received.find((delivered) => delivered.event === event)?.body ?? '{}');
    const captured = webhook('payment.captured');
    expect(shapeOf(captured)).toEqual(
      shapeOf({
        entity: 'event',
        account_id: 'acc_1',
        event: 'payment.captured',
        contains: ['payment'],
        payload: { payment: { entity: PAYMENT_IN_WEBHOOK } },
        created_at: 1,
      }),
    );
    expect(captured.contains).toEqual(['payment']);
    expect(webhook('order.paid').contains).toEqual(['payment', 'order']);
    expect(webhook('refund.created').contains).toEqual(['refund', 'payment']);
    expect(webhook('payment.dispute.created').contains).toEqual(['payment', 'dispute']);
    expect(webhook('settlement.processed').payload.settlement.entity).toEqual(settlement);
  });

  it('of links, customers and refusals', async () => {
    const { call } = simulated();
    const customer = { name: 'Asha', email: 'asha@example.com', contact: '+919000090000' };
    const link = (await call('POST', '/v1/payment_links', { amount: 30_000, currency: 'INR', reference_id: 'L-1', customer })).body;
    expect(shapeOf(link)).toEqual(shapeOf({ ...LINK, order_id: null }));
    expect(shapeOf((await call('POST', '/v1/customers', { name: 'Asha', email: 'asha@example.com' })).body)).toEqual(shapeOf(CUSTOMER));
    expect(shapeOf((await call('POST', '/v1/orders', { amount: 99, currency: 'INR' })).body)).toEqual(shapeOf(ERROR));
  });
});

describe('the simulator refuses', () => {
  it.each<[string, unknown, string]>([
    ['a little', { amount: 99, currency: 'INR' }, 'The amount must be at least INR 1.00'],
    ['a fraction', { amount: 100.5, currency: 'INR' }, 'The amount must be an integer.'],
    ['text', { amount: '100', currency: 'INR' }, 'The amount must be an integer.'],
    ['nothing', {}, 'The amount field is required.'],
    ['no currency', { amount: 100 }, 'The currency field is required.'],
    ['another currency', { amount: 100, currency: 'XXX' }, 'Currency is not supported'],
    ['what is not asked for', { amount: 100, currency: 'INR', colour: 'red' }, 'colour is not required and should not be sent'],
    ['two of those', { amount: 100, currency: 'INR', a: 1, b: 2 }, 'a, b are not required and should not be sent'],
    ['a long receipt', { amount: 100, currency: 'INR', receipt: 'x'.repeat(41) }, 'The receipt may not be greater than 40 characters.'],
    [
      'many notes',
      { amount: 100, currency: 'INR', notes: Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`k${index}`, 'v'])) },
      'Number of fields in notes should be less than or equal to 15',
    ],
    ['broken JSON', '{"amount":', 'Invalid JSON payload'],
  ])('an order of %s', async (_, body, description) => {
    const { call, control } = simulated();
    expect(await call('POST', '/v1/orders', body)).toMatchObject({ status: 400, body: { error: { code: 'BAD_REQUEST_ERROR', description } } });
    expect(control.state().orders).toEqual([]);
  });

  it('whoever has no key, and what is not there', async () => {
    const { app, call } = simulated();
    for (const authorization of [undefined, 'Basic eDp5', 'Bearer x', 'Basic']) {
      const reply = await app.request('/v1/orders', { headers: authorization === undefined ? {} : { authorization } });
      expect([reply.status, await reply.json()]).toMatchObject([401, { error: { description: 'Authentication failed' } }]);
    }
    expect(await call('GET', '/v1/orders/order_1')).toMatchObject({
      status: 400,
      body: { error: { description: 'The id provided does not exist' } },
    });
    expect(await call('GET', '/v1/nowhere')).toMatchObject({ status: 404, body: { error: { code: 'BAD_REQUEST_ERROR' } } });
    expect((await call('GET', '/v1/orders?count=101')).status).toBe(400);
  });

  it('to pass on more than comes in, or to nobody', async () => {
    const { call, control } = simulated();
    const account = control.addAccount('Asha Tiffins');
    const order = async (to: string, amount: number) =>
      (await call('POST', '/v1/orders', { amount: 1_000, currency: 'INR', transfers: [{ account: to, amount, currency: 'INR' }] })).body;
    expect((await order(account, 1_001)).error.description).toMatch(/^The sum of amount requested for transfer/);
    expect((await order('acc_nobody', 500)).error.description).toBe('The account id provided does not exist');
    expect((await order(account, 1_000)).entity).toBe('order');
  });

  it('to refund what is not there to refund', async () => {
    const { pay, call, control } = simulated();
    const refund = async (paymentId: string, amount?: number) =>
      (await call('POST', `/v1/payments/${paymentId}/refund`, { amount })).body.error?.description;
    const held = await pay({}, { payment: { capture: 'manual' } });
    expect(await refund(held.payment_id)).toBe('The payment status should be captured for action to be taken');
    const { payment_id } = await pay();
    expect(await refund(payment_id, 50_001)).toBe('The refund amount provided is greater than amount captured');
    expect(await refund(payment_id, 30_000)).toBeUndefined();
    expect(await refund(payment_id, 30_000)).toBe('The sum of amount requested for refund is greater than the available amount');
    expect(await refund(payment_id, 20_000)).toBeUndefined();
    expect(await refund(payment_id, 100)).toBe('The payment has been fully refunded already');
    expect(control.state().payments.at(-1)).toMatchObject({ status: 'refunded', refund_status: 'full', amount_refunded: 50_000 });

    const old = await pay();
    control.configure({ openingBalance: 0 });
    control.settle();
    expect(await refund(old.payment_id)).toMatch(/^Your account does not have enough balance/);
    control.configure({ openingBalance: 1_000_000 });
    await control.advance(181 * 86_400);
    expect(await refund(old.payment_id)).toMatch(/six months/);
  });

  it('a second payment of an order that has one', async () => {
    const { call, order, control } = simulated();
    const id = await order({ payment: { capture: 'manual' } });
    const { payment_id } = await control.pay({ order_id: id });
    await expect(control.pay({ order_id: id })).rejects.toThrow('authorized already');
    await call('POST', `/v1/payments/${payment_id}/capture`, { amount: 50_000 });
    await expect(control.pay({ order_id: id })).rejects.toThrow('already done');
    expect((await call('POST', `/v1/payments/${payment_id}/capture`, { amount: 50_000 })).body.error.description).toBe(
      'This payment has already been captured',
    );
  });

  it('a key that was used for something else', async () => {
    const { pay, call, control } = simulated();
    const { payment_id } = await pay();
    const key = { 'x-refund-idempotency': 'key-0123456789' };
    const first = await call('POST', `/v1/payments/${payment_id}/refund`, { amount: 100 }, key);
    expect((await call('POST', `/v1/payments/${payment_id}/refund`, { amount: 100 }, key)).body).toEqual(first.body);
    const other = () => call('POST', `/v1/payments/${payment_id}/refund`, { amount: 200 }, key);
    expect(await other()).toMatchObject({
      status: 409,
      body: { error: { description: 'Different request with the same idempotency key has already been processed.' } },
    });
    control.configure({ keyReuseStatus: 400 });
    expect((await other()).status).toBe(400);
    expect((await call('POST', `/v1/payments/${payment_id}/refund`, { amount: 200 }, { 'x-refund-idempotency': 'short' })).status).toBe(400);
    expect(control.state().refunds).toHaveLength(1);
  });
});

describe('through the SDK alone, as others use it', () => {
  const opened = () => {
    const world = simulated();
    const sdk = new Razorpay({ key_id: 'rzp_test_thali', key_secret: 'the secret of the key' });
    const { rq } = sdk.api as unknown as { readonly rq: { readonly defaults: object } };
    Object.assign(rq.defaults, { baseURL: 'http://razorpay.test', adapter: 'fetch', env: { fetch: (request: Request) => world.app.fetch(request) } });
    return { ...world, sdk };
  };

  it('orders, links, transfers of an order, and reversals', async () => {
    const { sdk, control } = opened();
    const account = control.addAccount('Asha Tiffins');
    const order = await sdk.orders.create({ amount: 50_000, currency: 'INR', transfers: [{ account, amount: 30_000, currency: 'INR' }] });
    await sdk.orders.edit(order.id, { notes: { table: '4' } });
    await control.pay({ order_id: order.id });
    await control.advance(60);
    expect(await sdk.orders.fetchTransferOrder(order.id)).toMatchObject({ status: 'paid', notes: { table: '4' }, transfers: { count: 1 } });
    const [transfer] = (await sdk.transfers.all()).items;
    expect(transfer).toMatchObject({ recipient: account, status: 'processed', source: expect.stringMatching(/^pay_/) });
    const id = transfer?.id ?? '';
    expect(await sdk.transfers.reverse(id, { amount: 10_000 })).toMatchObject({ entity: 'reversal', amount: 10_000 });
    expect(await sdk.transfers.fetch(id)).toMatchObject({ status: 'partially_reversed', amount_reversed: 10_000 });
    expect(await sdk.transfers.edit(id, { on_hold: true })).toMatchObject({ on_hold: true });
    await sdk.transfers.reverse(id, { amount: 20_000 });
    expect(await sdk.transfers.fetch(id)).toMatchObject({ status: 'reversed' });

    const link = await sdk.paymentLink.create({ amount: 20_000, currency: 'INR', accept_partial: true, customer: { name: 'Asha' } });
    await control.pay({ payment_link_id: link.id, amount: 5_000 });
    expect(await sdk.paymentLink.fetch(link.id)).toMatchObject({ status: 'partially_paid', amount_paid: 5_000 });
    expect(await sdk.paymentLink.edit(link.id, { reference_id: 'L-9' })).toMatchObject({ reference_id: 'L-9' });
    expect(await sdk.paymentLink.notifyBy(link.id, 'sms')).toEqual({ success: true });
  });

  it('plans and subscriptions', async () => {
    const { sdk, control, received } = opened();
    const plan = await sdk.plans.create({ period: 'weekly', interval: 1, item: { name: 'Tiffin', amount: 70_000, currency: 'INR' } });
    const made = await sdk.subscriptions.create({ plan_id: plan.id, total_count: 2 });
    control.chargeSubscription(made.id);
    await sdk.subscriptions.pause(made.id, { pause_at: 'now' });
    expect(() => control.chargeSubscription(made.id)).toThrow('paused');
    await sdk.subscriptions.resume(made.id, { resume_at: 'now' });
    control.chargeSubscription(made.id, false);
    expect(await sdk.subscriptions.fetch(made.id)).toMatchObject({ status: 'pending' });
    control.chargeSubscription(made.id);
    await control.advance(10);
    expect(await sdk.subscriptions.fetch(made.id)).toMatchObject({ status: 'completed', paid_count: 2, remaining_count: 0 });
    const told = received.map(({ event }) => event).filter((event) => event.startsWith('subscription.'));
    expect([...new Set(told)].toSorted()).toEqual([
      'subscription.activated',
      'subscription.authenticated',
      'subscription.charged',
      'subscription.completed',
      'subscription.paused',
      'subscription.pending',
      'subscription.resumed',
    ]);
    const other = await sdk.subscriptions.create({ plan_id: plan.id, total_count: 2 });
    expect(await sdk.subscriptions.cancel(other.id)).toMatchObject({ status: 'cancelled' });
  });

  it('accounts, webhooks, downtimes, settlements and disputes', async () => {
    const { sdk, control, call, pay } = opened();
    const account = (await call('POST', '/v2/accounts', { email: 'a@example.com', legal_business_name: 'Asha' })).body;
    expect(await sdk.accounts.fetch(account.id)).toMatchObject({ legal_business_name: 'Asha' });
    await call('POST', '/v1/webhooks', { url: 'http://thali.test/', secret: 's', events: ['order.paid'] });
    const hooks = (await call('GET', '/v1/webhooks')).body;
    expect(hooks).toMatchObject({ count: 2 });
    expect(JSON.stringify(hooks)).not.toContain('secret');
    control.startDowntime('card');
    expect(await sdk.payments.fetchPaymentDowntime()).toMatchObject({ items: [{ method: 'card', status: 'started' }] });
    const { payment_id } = await pay();
    const settlement = control.settle();
    expect(await sdk.settlements.fetch(settlement?.id ?? '')).toEqual(settlement);
    const { id } = control.dispute({ payment_id });
    expect(await sdk.disputes.contest(id, { summary: 'a draft', action: 'draft' })).toMatchObject({
      status: 'open',
      evidence: { summary: 'a draft' },
    });
    expect(await sdk.disputes.all()).toMatchObject({ count: 1 });
    expect(control.decide(id, 'action_required').status).toBe('open');
    expect(control.decide(id, 'won')).toMatchObject({ status: 'won', amount_deducted: 0 });
  });
});
