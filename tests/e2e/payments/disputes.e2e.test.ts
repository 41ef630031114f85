import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY, MINUTE, type MoneyStage, openMoney } from '../../support/money.ts';
import { PROFILES } from '../../support/profiles.ts';
import type { Json } from '../../support/world.ts';

const SUMMARY = 'Delivered at 13:40, against the code that only the customer had.';

describe.each(PROFILES)('disputes on %s', (profile) => {
  let money: MoneyStage;
  beforeAll(async () => {
    money = await openMoney(profile);
  });
  afterAll(() => money.world.close());

  /** A payment whose customer's bank wants it back. */
  async function disputed(amount?: number): Promise<{ payment: Json; order: Json; chargeId: string; disputeId: string }> {
    const { payment, order } = await money.till.paidOnline();
    const chargeId = (await money.till.payment(payment.id)).charges[0].id;
    const { id: disputeId } = money.till.provider.dispute({ payment_id: chargeId, ...(amount !== undefined && { amount }) });
    await money.pass(MINUTE);
    return { payment, order, chargeId, disputeId };
  }
  const listed = async (disputeId: string): Promise<Json> =>
    (await money.get(money.at('/disputes?limit=100'))).data.find(({ id }: Json) => id === disputeId);
  const contest = (paymentId: string, disputeId: string, body: object = { summary: SUMMARY }, token = money.owner) =>
    money.world.post(`/payments/${paymentId}/disputes/${disputeId}/evidence`, body, token);
  const accept = (paymentId: string, disputeId: string, token = money.owner) =>
    money.world.call('POST', `/payments/${paymentId}/disputes/${disputeId}/acceptance`, { token });

  it('are listed, contested by the owner, and won or lost by what the bank says', async () => {
    const { payment, order, chargeId, disputeId } = await disputed();
    expect(await listed(disputeId)).toMatchObject({ status: 'open', paymentId: payment.id, chargeId, amount: { amount: order.total.amount } });
    expect(await contest(payment.id, disputeId, { summary: SUMMARY, amount: order.total.amount + 1 })).toMatchObject({
      status: 422,
      body: { code: 'payments.evidence_too_large', disputed: order.total.amount },
    });
    expect(await contest(payment.id, disputeId)).toMatchObject({ status: 200, body: { id: disputeId, status: 'under_review' } });
    expect(await contest(payment.id, disputeId)).toMatchObject({ status: 200, body: { status: 'under_review' } });
    await money.settle();
    expect(await listed(disputeId)).toMatchObject({ status: 'under_review' });
    money.till.provider.decide(disputeId, 'won');
    await money.pass(MINUTE);
    expect(await listed(disputeId)).toMatchObject({ status: 'won' });
    expect(await money.balance('disputes:lost')).toBe(0);
    expect(await contest(payment.id, disputeId)).toMatchObject({ status: 409, body: { code: 'payments.dispute_over', disputeStatus: 'won' } });
    expect(await accept(payment.id, disputeId)).toMatchObject({ status: 409, body: { code: 'payments.dispute_over' } });
  });

  it('cost what was given up, once, however often it is said', async () => {
    const { payment, order, disputeId } = await disputed();
    const before = await money.balance('clearing:razorpay');
    const answers = await Promise.all([accept(payment.id, disputeId), accept(payment.id, disputeId)]);
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(await accept(payment.id, disputeId)).toMatchObject({ status: 200, body: { status: 'lost' } });
    await money.pass(MINUTE);
    expect(await money.balance('disputes:lost')).toBe(order.total.amount);
    expect(await money.balance('clearing:razorpay')).toBe(before - order.total.amount);
    expect(await money.findings()).toEqual({});
    money.till.provider.settle();
    await money.pass(DAY);
    await money.run('payments-import-books');
    expect(await money.balance('clearing:razorpay')).toBe(0);
    expect(await money.findings()).toEqual({});
  });

  it('are found by the daily look when nobody told of them', async () => {
    money.till.provider.setFaults([{ name: 'W5' }]);
    const { disputeId } = await disputed(1_000);
    expect(await listed(disputeId)).toBeUndefined();
    expect(await money.run('payments-sweep-disputes')).toBeGreaterThan(0);
    await money.settle();
    expect(await listed(disputeId)).toMatchObject({ status: 'open', amount: { amount: 1_000 } });
    money.till.provider.setFaults([]);
    expect(await money.run('payments-sweep-disputes')).toBe(0); // Once a day.
  });

  it('change nothing when the provider does not take or does not hear the answer', async () => {
    const { payment, disputeId } = await disputed();
    money.till.provider.setFaults([{ name: 'F4', route: '* /v1/disputes/*', status: 503, effect: false }]);
    expect(await accept(payment.id, disputeId)).toMatchObject({ status: 503, body: { code: 'payments.provider_unreachable' } });
    expect(await contest(payment.id, disputeId)).toMatchObject({ status: 503 });
    money.till.provider.setFaults([{ name: 'W5' }]);
    money.till.provider.decide(disputeId, 'closed');
    expect(await contest(payment.id, disputeId)).toMatchObject({ status: 502, body: { code: 'payments.dispute_answer_refused' } });
    money.till.provider.setFaults([]);
    expect(await listed(disputeId)).toMatchObject({ status: 'open' });
  });

  it('are listed newest first, a page at a time, and for nobody else', async () => {
    const all = (await money.get(money.at('/disputes?limit=100'))).data.map(({ id }: Json) => id);
    const seen: string[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const page: Json = await money.get(money.at(`/disputes?limit=1${next === '' ? '' : `&after=${encodeURIComponent(next)}`}`));
      seen.push(...page.data.map(({ id }: Json) => id));
      next = page.next;
    }
    expect(seen).toEqual(all);
    expect(all).toHaveLength(4);
    expect((await money.world.get(money.at('/disputes'), money.till.kitchen.customer)).status).toBe(403);
  });

  it('are answered by nobody but the owner, and with something to say', async () => {
    const { payment, disputeId } = await disputed(500);
    const manager = await money.world.account(`manager-${profile}@money.test`);
    await money.world.post(money.at('/staff'), { email: manager.email, role: 'manager' }, money.owner);
    const { customer } = money.till.kitchen;
    expect(await contest(payment.id, disputeId, { summary: SUMMARY }, customer)).toMatchObject({
      status: 403,
      body: { permission: 'disputes:write' },
    });
    expect(await accept(payment.id, disputeId, await money.world.signIn(manager.email))).toMatchObject({ status: 403 });
    const stranger = await money.world.account(`stranger${profile}@money.test`);
    expect(await accept(payment.id, disputeId, stranger.token)).toMatchObject({ status: 404, body: { code: 'payments.payment_not_found' } });
    expect(await accept(payment.id, 'disp_nothing')).toMatchObject({ status: 404, body: { code: 'payments.dispute_not_found' } });
    expect(await accept(payment.id, 'constructor')).toMatchObject({ status: 404, body: { code: 'payments.dispute_not_found' } });
    expect((await accept('42', disputeId)).status).toBe(400);
    for (const body of [
      {},
      { summary: 'short' },
      { summary: 'x'.repeat(1_001) },
      { summary: SUMMARY, amount: 0 },
      { summary: SUMMARY, amount: -1 },
    ]) {
      expect((await contest(payment.id, disputeId, body)).status).toBe(400);
    }
  });
});
