import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROFILES } from '../../support/profiles.ts';
import { openTill, type Till } from '../../support/till.ts';
import { type Json, startWorld, type World } from '../../support/world.ts';

describe.each(PROFILES)('the books on %s', (profile) => {
  let world: World;
  let till: Till;
  beforeAll(async () => {
    world = await startWorld(profile);
    till = await openTill(world);
  });
  afterAll(() => world.close());

  const books = (what: string, token = till.kitchen.owner) => world.get(`/restaurants/${till.kitchen.restaurantId}/${what}`, token);
  const sum = (entries: readonly Json[]): number => entries.reduce((total, { debit, credit }) => total + debit.amount - credit.amount, 0);

  it('are zero together, and say where the money is', async () => {
    expect((await books('balances')).body).toEqual({ data: [] });
    const cash = await till.paidInCash();
    await till.paidOnline();
    await till.refund(cash.payment.id, { amount: 500 });

    const { data } = (await books('balances')).body;
    expect(sum(data)).toBe(0);
    const balance = (account: string): number => data.find((one: Json) => one.account === account)?.balance.amount ?? 0;
    expect(balance('cash:till')).toBe(cash.order.total.amount - 500);
    expect(balance('clearing:razorpay')).toBeGreaterThan(0);
    expect(balance('restaurant:payable')).toBeLessThan(0);
    for (const one of data) expect(one.balance.amount).toBe(one.debit.amount - one.credit.amount);
  });

  it('list every entry once, newest first, a page at a time, and those of one account', async () => {
    const { payment } = await till.paidInCash();
    const all = (await books('ledger?limit=100')).body.data;
    const seen: Json[] = [];
    let next: string | null = '';
    while (next !== null) {
      const page = await books(`ledger?limit=2${next === '' ? '' : `&after=${next}`}`);
      seen.push(...page.body.data);
      next = page.body.next;
      if (next !== null) expect(page.headers.get('link')).toContain(`after=${next}`);
    }
    expect(seen).toEqual(all);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    const ofPayment = all.filter(({ source }: Json) => source === `payment:${payment.id}`);
    expect(sum(ofPayment)).toBe(0);
    expect(ofPayment[0]).toMatchObject({ kind: 'payments.charge_captured' });

    const tills = await books('ledger?account=cash:till&limit=1');
    expect(tills.body.data).toMatchObject([{ account: 'cash:till' }]);
    expect(tills.headers.get('link')).toContain('account=cash%3Atill');
    expect((await books('ledger?account=nothing:here')).body).toEqual({ data: [], next: null });
    expect((await books('ledger?account=%27;--')).status).toBe(400);
  });

  it('are for those who may read them', async () => {
    for (const what of ['ledger', 'balances']) {
      expect(await books(what, till.staff.waiter)).toMatchObject({ status: 403, body: { code: 'http.forbidden', permission: 'ledger:read' } });
      expect((await books(what, till.staff.manager)).status).toBe(200);
    }
  });
});
