import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Payments } from '#composition/modules/payments.ts';
import { DAY, HOUR, MINUTE, type MoneyStage, openMoney } from '../../support/money.ts';
import { OddProvider } from '../../support/odd-provider.ts';
import { PROFILES } from '../../support/profiles.ts';
import type { Answer, Json } from '../../support/world.ts';

describe.each(PROFILES)("the provider's books on %s", (profile) => {
  const odd = new OddProvider();
  let money: MoneyStage;
  beforeAll(async () => {
    money = await openMoney(profile, odd.wrap);
    await money.openAccount();
  });
  afterAll(() => money.world.close());

  const chargeOf = async ({ id }: Json): Promise<Json> => (await money.till.payment(id)).charges[0];
  const open = async (token = money.admin): Promise<Json[]> => (await money.get('/payments/exceptions?state=open', token)).data;
  const about = async (reference: string): Promise<Json> => (await open()).find((one) => one.reference === reference);
  const resolve = (id: string, action: string, note = 'as agreed with the bank', token = money.admin): Promise<Answer> =>
    money.world.post(`/payments/exceptions/${id}/resolution`, { action, note }, token);
  /** The nightly jobs of the day after. */
  const night = async (): Promise<void> => {
    await money.pass(DAY);
    await money.run('payments-import-books');
    await money.run('payments-compare-books');
    await money.settle();
  };

  it('bring every settled payment, refund and payout to the bank once, and list settlements row by row', async () => {
    const { payment, order } = await money.till.paidOnline();
    const second = await money.till.paidOnline();
    expect((await money.till.refund(payment.id, { amount: 1_000 })).status).toBe(201);
    await money.pass(HOUR);
    await money.payOut({ amount: 5_000 });
    await money.pass(MINUTE);
    await money.payOut({ amount: 2_000 });
    money.till.provider.failTransfer(money.till.provider.state().transfers.at(-1)?.id ?? '');
    await money.pass(MINUTE);
    expect(await resolve((await open())[0].id, 'write_off')).toMatchObject({ status: 200 });
    const truth = money.till.provider.settle();
    await night();

    expect(await money.balance('clearing:razorpay')).toBe(0);
    expect(await money.balance('bank')).toBe(truth?.amount);
    const { data } = await money.get(money.at('/settlements'));
    expect(data).toMatchObject([{ id: truth?.id, utr: truth?.utr, net: { amount: truth?.amount, currency: 'INR' }, rows: 6 }]);
    const [{ gross, fees, tax, net }] = data;
    expect(gross.amount - fees.amount - tax.amount).toBe(net.amount);
    expect(gross.amount).toBe(order.total.amount + second.order.total.amount - 1_000 - 5_000);

    const rows = await money.get(money.at(`/settlements/${truth?.id}?limit=3`));
    const rest = await money.get(money.at(`/settlements/${truth?.id}?limit=3&after=${encodeURIComponent(rows.next)}`));
    const kinds = [...rows.data, ...rest.data].map(({ kind }: Json) => kind);
    expect(kinds.sort()).toEqual(['adjustment', 'charge', 'charge', 'refund', 'transfer', 'transfer']);
    expect(await money.get(money.at('/settlements/setl_nothing'))).toMatchObject({ code: 'payments.settlement_not_found' });
    expect(await open()).toEqual([]);
    expect(await money.findings()).toEqual({});

    const before = await money.get(money.at('/balances'));
    await night(); // The day before yesterday is read once more.
    expect(await money.get(money.at('/balances'))).toEqual(before);
    expect((await money.get(money.at('/settlements'))).data).toHaveLength(1);
  });

  it('are read on from where they broke off', async () => {
    await money.till.paidOnline();
    await money.pass(DAY);
    odd.silentPages = 1;
    expect(await money.run('payments-compare-books')).toBe(0);
    expect(await money.run('payments-compare-books')).toBeGreaterThan(0);
    expect(await money.run('payments-compare-books')).toBe(0);
    expect(await open()).toEqual([]);
  });

  it('heal a payment that no webhook and no browser told of', async () => {
    const { payment, providerOrderId, order } = await money.till.atCheckout();
    money.till.provider.setFaults([{ name: 'W5' }]);
    await money.till.provider.pay({ order_id: providerOrderId });
    money.till.provider.setFaults([]);
    expect(await money.till.payment(payment.id)).toMatchObject({ status: 'pending' });
    await money.pass(14 * HOUR); // Its order lapses meanwhile for nobody runs that job here.
    await money.run('payments-compare-books');
    expect(await money.till.payment(payment.id)).toMatchObject({ status: 'captured' });
    expect(await money.get(`/orders/${order.id}`)).toMatchObject({ status: 'placed' });
  });

  it('lead to a payment of ours by asking for it, and tell of nothing that is so easily found', async () => {
    const { payment, providerOrderId } = await money.till.atCheckout();
    money.till.provider.setFaults([{ name: 'W5' }]);
    await money.till.provider.pay({ order_id: providerOrderId });
    money.till.provider.setFaults([]);
    money.till.provider.settle();
    await money.pass(DAY);
    await money.run('payments-import-books');
    expect(await money.till.payment(payment.id)).toMatchObject({ status: 'captured' });
    expect(await open()).toEqual([]);
    expect(await money.findings()).toEqual({});
  });

  it('tell of money that belongs to nothing here, which goes back where it came from', async () => {
    const provider = money.world.container.get(Payments.providers).get('razorpay');
    const made = await provider?.createOrder({
      receipt: 'anold0shop',
      amount: 70_000,
      currency: 'INR',
      capture: 'automatic',
      captureWithinMinutes: 12,
      notes: { paymentId: 'x', orderId: 'x', restaurantId: 'x' },
    });
    if (made?.outcome !== 'succeeded') throw new Error('an order is made');
    const paid = await money.till.provider.pay({ order_id: made.value.providerOrderId });
    await night();
    const exception = await about(paid.payment_id);
    expect(exception).toMatchObject({ kind: 'missing_here', restaurantId: null, actions: ['recheck', 'refund_at_provider', 'write_off'] });
    expect(await resolve(exception.id, 'retry')).toMatchObject({ status: 422, body: { code: 'payments.action_not_offered' } });

    const both = await Promise.all([resolve(exception.id, 'refund_at_provider'), resolve(exception.id, 'write_off')]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const winner = both.find(({ status }) => status === 200)?.body;
    expect(both.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'payments.exception_resolved', by: winner.resolution.by });
    const { data } = await money.get('/payments/exceptions?state=resolved', money.admin);
    expect(data.find(({ id }: Json) => id === exception.id)).toMatchObject({
      actions: [],
      resolution: { action: winner.resolution.action, note: 'as agreed with the bank' },
    });
    await money.pass(MINUTE);
    const refunds = money.till.provider.state().refunds.filter(({ payment_id }) => payment_id === paid.payment_id);
    expect(refunds.map(({ amount }) => amount)).toEqual(winner.resolution.action === 'refund_at_provider' ? [70_000] : []);
  });

  it('tell once more of money that could not go back', async () => {
    const provider = money.world.container.get(Payments.providers).get('razorpay');
    const notes = { paymentId: 'x', orderId: 'x', restaurantId: 'x' };
    const asked = { receipt: 'anold1shop', amount: 5_000, currency: 'INR', capture: 'automatic', captureWithinMinutes: 12, notes } as const;
    const made = await provider?.createOrder(asked);
    if (made?.outcome !== 'succeeded') throw new Error('an order is made');
    const { payment_id: chargeId } = await money.till.provider.pay({ order_id: made.value.providerOrderId });
    await night();
    const first = await about(chargeId);
    odd.hidden.add(chargeId);
    expect(await resolve(first.id, 'refund_at_provider')).toMatchObject({ status: 200 });
    const second = await about(chargeId);
    expect(second).toMatchObject({ kind: 'missing_here', detail: { refused: expect.stringContaining('does not exist') } });
    expect(second.id).not.toBe(first.id);
    odd.hidden.clear();
    expect(await resolve(second.id, 'refund_at_provider')).toMatchObject({ status: 200 });
    expect(await about(chargeId)).toBeUndefined();
    expect(money.till.provider.state().refunds.filter(({ payment_id }) => payment_id === chargeId)).toMatchObject([{ amount: 5_000 }]);
  });

  it('tell of a charge of ours that the provider does not know, and book it as lost when it is given up', async () => {
    const { payment, order } = await money.till.paidOnline();
    const { id } = await chargeOf(payment);
    odd.hidden.add(id);
    await night();
    const exception = await about(id);
    expect(exception).toMatchObject({ kind: 'missing_at_provider', paymentId: payment.id, restaurantId: money.restaurantId });
    expect((await money.get(money.at('/payment-exceptions'))).data[0]).toMatchObject({ id: exception.id });
    expect(await resolve(exception.id, 'write_off')).toMatchObject({ status: 200 });
    expect(await money.balance('written:off')).toBe(order.total.amount);
    odd.hidden.clear();
    expect(await money.findings()).toEqual({});
  });

  it('tell of another amount, and of another fee, without touching what is booked', async () => {
    const [one, other] = [await money.till.paidOnline(), await money.till.paidOnline()];
    const [first, second] = [await chargeOf(one.payment), await chargeOf(other.payment)];
    odd.amounts.set(first.id, one.order.total.amount + 500);
    odd.surcharges.set(second.id, 77);
    money.till.provider.settle();
    await night();
    expect(await about(first.id)).toMatchObject({
      kind: 'amount_mismatch',
      detail: { ours: { amount: one.order.total.amount }, theirs: { amount: one.order.total.amount + 500 } },
    });
    expect(await about(second.id)).toMatchObject({ kind: 'fee_mismatch' });
    expect(await money.till.payment(one.payment.id)).toMatchObject({ captured: { amount: one.order.total.amount } });
    expect(await money.findings()).toEqual({});
    odd.amounts.clear();
    odd.surcharges.clear();
    expect(await resolve((await about(first.id)).id, 'recheck')).toMatchObject({ status: 200 });
    expect(await resolve((await about(second.id)).id, 'write_off')).toMatchObject({ status: 200 });
  });

  it('a refund that failed is made again by whoever looks at it', async () => {
    const { payment } = await money.till.paidOnline();
    await money.till.refund(payment.id, { amount: 3_000 }, money.owner);
    const [refund] = money.till.provider.state().refunds.slice(-1);
    money.till.provider.failRefund(refund?.id ?? '');
    await money.pass(MINUTE);
    const exception = (await open()).find(({ kind }) => kind === 'refund_failed');
    expect(exception).toMatchObject({ paymentId: payment.id, detail: { amount: 3_000 }, actions: ['recheck', 'refund_again', 'write_off'] });
    expect(await resolve(exception.id, 'refund_again')).toMatchObject({ status: 200 });
    await money.pass(MINUTE);
    expect(await money.till.payment(payment.id)).toMatchObject({ refunded: { amount: 3_000 } });
    expect(await resolve(exception.id, 'refund_again')).toMatchObject({ status: 409, body: { code: 'payments.exception_resolved' } });
    expect(await money.findings()).toEqual({});
  });

  it('an operation nobody knows the outcome of is looked into at once when somebody says so', async () => {
    odd.isSilent = true;
    const { body } = await money.payOut({ amount: 1_000 });
    for (let i = 0; i < 16; i++) await money.pass(HOUR);
    const exception = await about(`payout:${body.id}`);
    expect(exception).toMatchObject({ kind: 'operation_stuck', actions: ['recheck', 'retry'], detail: { kind: 'payout' } });
    odd.isSilent = false;
    expect(await resolve(exception.id, 'retry')).toMatchObject({ status: 200 });
    await money.till.provider.runDue();
    expect((await money.get(money.at('/payouts'))).data[0]).toMatchObject({ id: body.id, status: 'processing' });
    await money.pass(MINUTE);
    expect((await money.get(money.at('/payouts'))).data[0]).toMatchObject({ id: body.id, status: 'processed' });
    expect(await money.findings()).toEqual({});
  });

  it('are nobody else’s to see or to mend', async () => {
    const nobody = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10';
    expect((await money.world.get('/payments/exceptions', money.owner)).status).toBe(403);
    expect((await money.world.get(money.at('/settlements'), money.till.kitchen.customer)).status).toBe(403);
    expect((await resolve(nobody, 'recheck', 'why not', money.owner)).status).toBe(403);
    expect(await resolve(nobody, 'recheck')).toMatchObject({ status: 404, body: { code: 'payments.exception_not_found' } });
    for (const body of [
      {},
      { action: 'recheck' },
      { action: 'recheck', note: '' },
      { action: 'forget', note: 'please' },
      { action: 'recheck', note: 'x'.repeat(501) },
    ]) {
      expect((await money.world.post(`/payments/exceptions/${nobody}/resolution`, body, money.admin)).status).toBe(400);
    }
    for (const query of ['limit=0', 'after=1', 'after=x~y~z', 'state=lost']) {
      expect((await money.world.get(money.at(`/settlements?${query}`), money.owner)).status).toBe(400);
    }
  });
});
