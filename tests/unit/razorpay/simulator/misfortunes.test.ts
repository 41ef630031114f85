import { describe, expect, it } from 'vitest';
import { FAULT_NAMES } from '#adapters/razorpay/simulator/faults/rules.ts';
import { simulated } from '../../../support/razorpay-world.ts';

const DAY_S = 86_400;

describe('what may happen to the money', () => {
  it.each([
    [11 * 60, 12 * 60],
    [2 * 3_600, 2 * 3_600],
    [Math.round(2.9 * DAY_S), Math.round(2.9 * DAY_S)],
  ])('P1: authorised after %i s', async (seconds, wait) => {
    const { pay, control, received } = simulated();
    control.setFaults([{ name: 'P1', seconds }]);
    const { status, signature, payment_id } = await pay({}, { payment: { capture: 'manual' } });
    expect([status, signature]).toEqual(['created', null]);
    await control.advance(wait + 5);
    expect(received.map(({ event }) => event)).toEqual(['payment.failed', 'payment.authorized']);
    expect(received[1]?.body).toContain('"late_authorized":true');
    expect(control.state().payments).toMatchObject([{ id: payment_id, status: 'authorized', error_code: null }]);
  });

  it.each([
    [true, ['captured', 'refunded']],
    [false, ['captured', 'captured']],
  ])('P2: two payments of one order succeed; the second given back: %s', async (autoRefundSecondSuccess, statuses) => {
    const { pay, control } = simulated({ settings: { autoRefundSecondSuccess } });
    control.setFaults([{ name: 'P2' }]);
    await pay();
    await control.advance(60);
    expect(control.state().payments.map(({ status }) => status)).toEqual(statuses);
    expect(control.state().payments.map(({ amount }) => amount)).toEqual([50_000, 50_000]);
  });

  it('P3: left authorised, and given back after three days, or five', async () => {
    for (const autoRefundDays of [3, 5]) {
      const { pay, control } = simulated({ settings: { autoRefundDays } });
      control.setFaults([{ name: 'P3' }]);
      await pay();
      await control.advance((autoRefundDays - 0.1) * DAY_S);
      expect(control.state().payments).toMatchObject([{ status: 'authorized' }]);
      await control.advance(DAY_S);
      expect(control.state().payments).toMatchObject([{ status: 'refunded', captured: false, refund_status: 'full' }]);
    }
  });

  it.each([
    [true, 0, null],
    [false, 20_000, 'partial'],
  ])('P4: a refund fails after days; refundable again: %s', async (restoreAfterFailedRefund, amount_refunded, refund_status) => {
    const { pay, control, call } = simulated({ settings: { restoreAfterFailedRefund } });
    control.setFaults([{ name: 'P4' }]);
    const { payment_id } = await pay();
    await call('POST', `/v1/payments/${payment_id}/refund`, { amount: 20_000 });
    await control.advance(4.9 * DAY_S);
    expect(control.state().refunds).toMatchObject([{ status: 'pending' }]);
    await control.advance(DAY_S);
    expect(control.state()).toMatchObject({ refunds: [{ status: 'failed' }], payments: [{ amount_refunded, refund_status, status: 'captured' }] });
  });

  it('P5: refunded at the dashboard', async () => {
    const { pay, control, received } = simulated();
    control.setFaults([{ name: 'P5', seconds: 60, amount: 1_000 }]);
    await pay();
    await control.advance(300);
    expect(received.find(({ event }) => event === 'refund.processed')?.facts).toMatchObject([
      { kind: 'charge' },
      { kind: 'refund', amount: 1_000, refundId: null },
    ]);
  });

  it('P6: a part cannot be captured, and sometimes nor can all of it', async () => {
    const { pay, control, call } = simulated();
    const { payment_id } = await pay({}, { payment: { capture: 'manual' } });
    const capture = (amount: number) => call('POST', `/v1/payments/${payment_id}/capture`, { amount, currency: 'INR' });
    expect((await capture(20_000)).status).toBe(400);
    control.setFaults([{ name: 'P6', times: 1 }]);
    expect((await capture(50_000)).status).toBe(400);
    expect((await capture(50_000)).status).toBe(200);
  });

  it('P7: disputed and lost after the money was passed on', async () => {
    const { pay, control, received, call } = simulated();
    const account = control.addAccount('Asha Tiffins');
    control.setFaults([{ name: 'P7', seconds: 5 * DAY_S }]);
    const { payment_id } = await pay();
    await call('POST', `/v1/payments/${payment_id}/transfers`, { transfers: [{ account, amount: 40_000, currency: 'INR' }] });
    await control.advance(30 * DAY_S);
    expect(received.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['transfer.processed', 'payment.dispute.created', 'payment.dispute.lost']),
    );
    expect(control.state()).toMatchObject({ transfers: [{ status: 'processed' }], disputes: [{ status: 'lost', amount_deducted: 50_000 }] });
  });

  it('P8: settled with a row that nobody expects', async () => {
    const { pay, control, received } = simulated();
    control.setFaults([{ name: 'P8', amount: 321 }]);
    await pay();
    const settlement = control.settle();
    await control.advance(10);
    const { books } = control.state();
    expect(books.map(({ type, debit }) => [type, debit])).toEqual([
      ['payment', 0],
      ['adjustment', 321],
    ]);
    expect(settlement?.amount).toBe(50_000 - 1_180 - 321);
    expect(received.at(-1)?.event).toBe('settlement.processed');
    expect(control.settle()).toBeUndefined();
  });

  it('P9: another amount, or another currency, than was asked for', async () => {
    const { pay, control } = simulated();
    control.setFaults([{ name: 'P9', amount: 100, currency: 'USD' }]);
    await pay();
    expect(control.state()).toMatchObject({
      payments: [{ amount: 100, currency: 'USD', status: 'captured' }],
      orders: [{ status: 'attempted', amount_paid: 100 }],
    });
  });

  it('P10: a method is down, for a while', async () => {
    const { pay, control, received } = simulated();
    control.startDowntime('upi', 600);
    expect((await pay({ method: 'upi' })).error).toMatchObject({ code: 'GATEWAY_ERROR', reason: 'bank_technical_error' });
    expect((await pay({ method: 'card' })).status).toBe('captured');
    await control.advance(700);
    expect((await pay({ method: 'upi' })).status).toBe('captured');
    expect(received.map(({ event }) => event)).toEqual(expect.arrayContaining(['payment.downtime.started', 'payment.downtime.resolved']));
  });
});

describe('faults', () => {
  it('strike by chance, by turn, so often, and where they are told to', async () => {
    const { control, call } = simulated();
    const statuses = async (times: number) => {
      const seen: number[] = [];
      for (let left = times; left > 0; left -= 1) seen.push((await call('GET', '/v1/refunds')).status);
      return seen;
    };
    control.setFaults([{ name: 'F4', status: 500, nth: 2 }]);
    expect(await statuses(4)).toEqual([200, 500, 200, 200]);
    control.setFaults([{ name: 'F5', times: 2 }]);
    expect(await statuses(4)).toEqual([429, 429, 200, 200]);
    control.setFaults([{ name: 'F4', status: 500, route: 'POST *' }]);
    expect(await statuses(2)).toEqual([200, 200]);
    control.setFaults([{ name: 'F4', status: 500, probability: 0.3 }]);
    const struck = (await statuses(200)).filter((status) => status === 500).length;
    expect(struck).toBeGreaterThan(35);
    expect(struck).toBeLessThan(85);
    expect(control.struck()).toMatchObject({ F4: struck + 1, F5: 2 });
  });

  it('carry Retry-After only when told to', async () => {
    const { control, call } = simulated();
    control.setFaults([{ name: 'F5', times: 1, retryAfter: 7 }]);
    control.addFault({ name: 'F5', times: 1 });
    expect((await call('GET', '/v1/orders')).headers.get('retry-after')).toBe('7');
    expect((await call('GET', '/v1/orders')).headers.get('retry-after')).toBeNull();
  });

  it('F8: another receipt policy for one call', async () => {
    const { control, call } = simulated();
    const make = () => call('POST', '/v1/orders', { amount: 100, currency: 'INR', receipt: 'R-1' });
    const first = await make();
    control.setFaults([{ name: 'F8', policy: 'B', times: 1 }]);
    expect(await make()).toMatchObject({ status: 400, body: { error: { description: 'Order receipt should be unique.' } } });
    control.setFaults([{ name: 'F8', policy: 'C', times: 1 }]);
    expect((await make()).body.id).toBe(first.body.id);
    expect((await make()).body.id).not.toBe(first.body.id);
  });

  it('swarm: another few at other odds with every seed, the same with the same', () => {
    const { control } = simulated();
    const swarms = Array.from({ length: 20 }, (_, seed) => control.swarm(seed));
    expect(control.swarm(3)).toEqual(swarms[3]);
    expect(new Set(swarms.map((rules) => JSON.stringify(rules))).size).toBe(20);
    const met = new Set(swarms.flatMap((rules) => rules.map(({ name }) => name)));
    expect(FAULT_NAMES.filter((name) => !met.has(name))).toEqual(['W10']);
    expect(swarms.flat().every(({ probability = 1 }) => probability >= 0.01 && probability <= 0.32)).toBe(true);
    expect(control.swarm(1, ['F1', 'F2']).every(({ name }) => name === 'F1' || name === 'F2')).toBe(true);
  });

  it('tell the same story with the same seed, and another with another', async () => {
    const story = async (seed: number) => {
      const { control, provider, received } = simulated({ seed });
      control.swarm(seed);
      for (let turn = 0; turn < 25; turn += 1) {
        const order = await provider.createOrder({
          receipt: `R-${turn}`,
          amount: 10_000 + turn,
          currency: 'INR',
          capture: turn % 3 === 0 ? 'manual' : 'automatic',
          captureWithinMinutes: 15,
          notes: { paymentId: `p${turn}`, orderId: `o${turn}`, restaurantId: 'r' },
        });
        if (order.outcome !== 'succeeded') continue;
        const { payment_id: chargeId } = await control.pay({ order_id: order.value.providerOrderId });
        await provider.capture({ chargeId, amount: 10_000 + turn, currency: 'INR' });
        await control.advance(30);
      }
      await control.advance(10 * DAY_S);
      return JSON.stringify([control.state(), control.log(), received]);
    };
    expect(await story(5)).toBe(await story(5));
    expect(await story(5)).not.toBe(await story(6));
  });
});
