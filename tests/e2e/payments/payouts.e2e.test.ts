import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, type MoneyStage, openMoney } from '../../support/money.ts';
import { PROFILES } from '../../support/profiles.ts';
import type { Json } from '../../support/world.ts';

describe.each(PROFILES)('paying restaurants out on %s', (profile) => {
  let money: MoneyStage;
  beforeAll(async () => {
    money = await openMoney(profile);
  });
  afterAll(() => money.world.close());

  const write = (body: object, token = money.owner, headers: Record<string, string> = {}) =>
    money.world.call('PUT', money.at('/payout-account'), { body, token, headers });

  it('needs to be told where the money goes, by the owner, and what is kept of it, by the platform', async () => {
    const { till } = money;
    expect(await money.payOut({})).toMatchObject({ status: 409, body: { code: 'payments.payout_account_unset' } });
    expect(await money.world.get(money.at('/payout-account'), money.owner)).toMatchObject({
      status: 404,
      body: { code: 'payments.no_payout_account' },
    });

    const account = till.provider.addAccount('Kitchen');
    expect(await write({ account }, till.staff.manager)).toMatchObject({
      status: 403,
      body: { code: 'http.forbidden', permission: 'payouts:write' },
    });
    expect(await write({ account })).toMatchObject({
      status: 200,
      body: { account, processor: 'razorpay', commissionBasisPoints: null, version: 1 },
    });
    expect(await write({ account, commissionBasisPoints: 500 })).toMatchObject({
      status: 403,
      body: { code: 'payments.not_permitted', permission: 'platform:operate' },
    });
    expect(await write({ account, commissionBasisPoints: 1_000 }, money.admin)).toMatchObject({
      status: 200,
      body: { commissionBasisPoints: 1_000, version: 2 },
    });
    expect(await write({ account, commissionBasisPoints: 1_000 })).toMatchObject({ status: 200, body: { version: 2 } }); // What it was is no change.
    expect(await write({ account }, money.owner, { 'if-match': '"1"' })).toMatchObject({
      status: 412,
      body: { code: 'payments.payout_account_changed', version: 2 },
    });
    expect(await money.get(money.at('/payout-account'), till.staff.manager)).toMatchObject({ account, commissionBasisPoints: 1_000 });
    expect(await write({ account, processor: 'paypal' })).toMatchObject({
      status: 422,
      body: { code: 'payments.processor_not_configured', configured: ['razorpay'] },
    });
  });

  it.each<[string, object | string, string]>([
    ['an amount of nothing', { amount: 0 }, '/body/amount'],
    ['a negative amount', { amount: -5 }, '/body/amount'],
    ['half a paisa', { amount: 0.5 }, '/body/amount'],
    ['more than there is money', { amount: 1e15 }, '/body/amount'],
    ['an account of its own', { amount: 5, account: 'acc_thief' }, '/body/account'],
  ])('refuses %s', async (_what, body, pointer) => {
    expect(await money.payOut(body as object)).toMatchObject({ status: 400, body: { code: 'http.invalid_request', errors: [{ pointer }] } });
  });

  it('refuses to be asked without a key, by others, and accounts that are none', async () => {
    expect((await money.world.post(money.at('/payouts'), {}, money.owner)).status).toBe(400);
    expect(await money.payOut({}, money.till.staff.cashier)).toMatchObject({ status: 403 });
    expect(await money.payOut({}, money.till.kitchen.customer)).toMatchObject({ status: 403 });
    for (const account of ['', 'HDFC0001', 'acc_', 'acc_a b', `acc_${'x'.repeat(99)}`]) expect((await write({ account })).status).toBe(400);
    for (const commissionBasisPoints of [-1, 10_001, 1.5])
      expect((await write({ account: 'acc_x', commissionBasisPoints }, money.admin)).status).toBe(400);
  });

  it('pays what is owed without the commission, once, and the books say where the money is', async () => {
    const { order } = await money.till.paidOnline();
    const commission = Math.round((order.total.amount - order.taxes.reduce((sum: number, { amount }: Json) => sum + amount.amount, 0)) / 10);
    expect(await money.balance('commission')).toBe(-commission);
    const owed = await money.owed();
    expect(owed).toBe(order.subtotal.amount + order.rounding.amount - commission);

    const key = money.key();
    const asked = await money.payOut({}, money.owner, key);
    expect(asked).toMatchObject({ status: 201, body: { status: 'processing', amount: { amount: owed }, moved: { amount: 0 } } });
    expect(await money.payOut({}, money.owner, key)).toMatchObject({ status: 201, body: { id: asked.body.id } });
    expect(await money.payOut({ amount: 1 }, money.owner, key)).toMatchObject({ status: 422, body: { code: 'payments.idempotency_key_reused' } });
    expect(await money.owed()).toBe(0);
    expect(await money.balance('payouts:pending')).toBe(-owed);
    expect(await money.payOut({})).toMatchObject({ status: 409, body: { code: 'payments.payout_too_large', payable: 0 } });

    const before = await money.balance('clearing:razorpay');
    await money.pass(MINUTE);
    expect((await money.get(money.at('/payouts'))).data[0]).toMatchObject({ id: asked.body.id, status: 'processed', moved: { amount: owed } });
    expect(await money.balance('payouts:pending')).toBe(0);
    expect(await money.balance('clearing:razorpay')).toBe(before - owed);
    expect(money.till.provider.state().transfers).toMatchObject([{ amount: owed, status: 'processed' }]);
    expect(await money.findings()).toEqual({});
  });

  it('takes what lies in the till for paid already', async () => {
    const cash = await money.till.paidInCash();
    expect(await money.owed()).toBeGreaterThan(0);
    expect(await money.payOut({})).toMatchObject({ status: 409, body: { code: 'payments.payout_too_large', payable: 0 } });
    await money.till.refund(cash.payment.id, {});
    expect(await money.owed()).toBe(0);
  });

  it('owes again what failed, and tells people of it', async () => {
    await money.till.paidOnline();
    const owed = await money.owed();
    const { body } = await money.payOut({});
    const [transfer] = money.till.provider.state().transfers.slice(-1);
    money.till.provider.failTransfer(transfer?.id ?? '');
    await money.pass(MINUTE);
    expect((await money.get(money.at('/payouts'))).data[0]).toMatchObject({ id: body.id, status: 'failed', failure: 'TRANSFER_FAILED' });
    expect(await money.owed()).toBe(owed);
    const { data } = await money.get(money.at('/payment-exceptions?state=open'));
    expect(data[0]).toMatchObject({ kind: 'payout_failed', reference: body.id, actions: ['recheck', 'write_off'] });
    expect(await money.findings()).toEqual({});
  });

  it('fails at once what the processor refuses, and sets nothing aside for it', async () => {
    const owed = await money.owed();
    await write({ account: 'acc_nobody' });
    const refused = await money.payOut({ amount: owed });
    expect(refused).toMatchObject({ status: 201, body: { status: 'failed', failure: expect.any(String) } });
    expect(await money.owed()).toBe(owed);
    await money.openAccount();
  });

  it('does it once when the answer is lost, however long it takes to find out', async () => {
    const owed = await money.owed();
    const count = money.till.provider.state().transfers.length;
    money.till.provider.setFaults([
      { name: 'F1', route: 'POST /v1/transfers', times: 1 },
      { name: 'F4', route: 'GET /v1/transfers', effect: false, status: 503, times: 1, nth: 2 },
    ]);
    const asked = await money.payOut({});
    expect(['reserved', 'processing']).toContain(asked.body.status);
    money.till.provider.setFaults([]);
    expect(await money.owed()).toBe(0);
    await money.pass(10 * MINUTE);
    expect((await money.get(money.at('/payouts'))).data[0]).toMatchObject({ id: asked.body.id, status: 'processed', moved: { amount: owed } });
    expect(money.till.provider.state().transfers).toHaveLength(count + 1);
    expect(await money.findings()).toEqual({});
  });

  it('never pays more than there is, of twenty that ask at once', async () => {
    for (let i = 0; i < 3; i++) await money.till.paidOnline();
    const owed = await money.owed();
    const part = Math.floor(owed / 5);
    const answers = await Promise.all(Array.from({ length: 20 }, () => money.payOut({ amount: part })));
    const paid = answers.filter(({ status }) => status === 201);
    expect(paid).toHaveLength(5);
    expect(answers.filter(({ status }) => status !== 201).map(({ body }) => body.code)).toEqual(Array(15).fill('payments.payout_too_large'));
    expect(await money.owed()).toBe(owed - 5 * part);
    await money.pass(MINUTE);
    expect(await money.findings()).toEqual({});

    const same = money.key();
    await money.till.paidOnline();
    const again = await Promise.all(Array.from({ length: 8 }, () => money.payOut({ amount: 1_000 }, money.owner, same)));
    const made = again.filter(({ status }) => status === 201);
    expect(new Set(made.map(({ body }) => body.id)).size).toBe(1);
    expect(again.every(({ status, body }) => status === 201 || body.code === 'payments.request_in_progress')).toBe(true);
  });

  it('pays everybody who is owed enough every night, and once a day', async () => {
    await money.pass(MINUTE);
    const owed = await money.owed();
    expect(owed).toBeGreaterThan(10_000);
    expect(await money.run('payments-pay-partners')).toBe(1);
    expect(await money.owed()).toBe(0);
    await money.till.paidOnline();
    const { data } = await money.get(money.at('/payouts'));
    await money.run('payments-pay-partners'); // The same day: the same payout answers.
    expect((await money.get(money.at('/payouts'))).data).toHaveLength(data.length);
    await money.pass(DAY);
    expect(await money.run('payments-pay-partners')).toBe(1);
    await money.pass(HOUR);
    expect(await money.owed()).toBe(0);
    expect(await money.findings()).toEqual({});
  });

  it('finds out what became of a payout whose webhook never came', async () => {
    await money.till.paidOnline();
    money.till.provider.setFaults([{ name: 'W5', route: 'transfer.processed' }]);
    const { body } = await money.payOut({});
    await money.pass(HOUR);
    expect((await money.get(money.at('/payouts'))).data[0]).toMatchObject({ id: body.id, status: 'processing' });
    expect(await money.run('payments-sweep-payouts')).toBeGreaterThan(0);
    expect((await money.get(money.at('/payouts'))).data[0]).toMatchObject({ id: body.id, status: 'processed' });
    money.till.provider.setFaults([]);
  });
});
