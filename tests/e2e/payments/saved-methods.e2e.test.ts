import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MethodQueries } from '#application/payments/settlement/ports.ts';
import { Settlement } from '#composition/modules/settlement.ts';
import { type MoneyStage, openMoney } from '../../support/money.ts';
import { PROFILES } from '../../support/profiles.ts';
import type { Answer, Json } from '../../support/world.ts';

const MINE = '/me/payment-methods';

describe.each(PROFILES)('saved ways to pay on %s', (profile) => {
  let money: MoneyStage;
  let methods: MethodQueries;
  beforeAll(async () => {
    money = await openMoney(profile);
    methods = money.world.container.get(Settlement.queries).methods;
  });
  afterAll(() => money.world.close());

  const customer = () => money.till.kitchen.customer;
  const save = (token: unknown, who = customer()): Promise<Answer> => money.world.post(MINE, { token }, who);
  const mine = async (who = customer()): Promise<Json[]> => (await money.get(MINE, who)).data;
  /** A card that the customer let the provider keep: its token. */
  async function kept(): Promise<string> {
    const known = () => methods.customer(money.till.kitchen.customerId, 'razorpay');
    if ((await known()) === undefined) await save('token_nobody');
    const { providerOrderId } = await money.till.atCheckout();
    const customerId = money.till.provider.state().customers[0]?.id ?? '';
    await money.till.provider.pay({ order_id: providerOrderId, customer_id: customerId, save: true });
    const provider = money.world.container.get(Settlement.deps).payments.providers.get('razorpay');
    const tokens = await provider?.tokensOf(customerId);
    if (tokens?.outcome !== 'succeeded') throw new Error('the provider keeps it');
    return tokens.value.at(-1)?.tokenId ?? '';
  }

  it('are the caller’s own tokens and nothing else, once each', async () => {
    expect(await mine()).toEqual([]);
    expect(await save('token_ofSomebodyElse')).toMatchObject({ status: 422, body: { code: 'payments.token_unknown' } });
    const token = await kept();
    const saved = await save(token);
    expect(saved).toMatchObject({ status: 201, body: { processor: 'razorpay', label: expect.any(String) } });
    expect(JSON.stringify(saved.body)).not.toContain(token);
    const answers = await Promise.all(Array.from({ length: 5 }, () => save(token)));
    expect(new Set(answers.map(({ body }) => body.id))).toEqual(new Set([saved.body.id]));
    expect(await mine()).toMatchObject([{ id: saved.body.id }]);
    expect(money.till.provider.state().customers).toHaveLength(1);
    expect(await save(token, money.owner)).toMatchObject({ status: 422, body: { code: 'payments.token_unknown' } });
    expect(await mine(money.owner)).toEqual([]);
  });

  it('are forgotten here and at the provider, by their owner only', async () => {
    const [method] = await mine();
    const remove = (token = customer()) => money.world.call('DELETE', `${MINE}/${method.id}`, { token });
    expect(await remove(money.owner)).toMatchObject({ status: 404, body: { code: 'payments.method_not_found' } });
    money.till.provider.setFaults([{ name: 'F4', route: '* /v1/customers/*', status: 500, effect: false }]);
    expect(await remove()).toMatchObject({ status: 503, body: { code: 'payments.provider_unreachable' } });
    expect(await mine()).toHaveLength(1);
    money.till.provider.setFaults([]);
    expect((await remove()).status).toBe(204);
    expect(await mine()).toEqual([]);
    expect(await remove()).toMatchObject({ status: 404 });
    expect(await money.findings()).toEqual({});
  });

  it.each([
    '4111111111111111',
    '4111 1111 1111 1111',
    '4111-1111-1111-1111',
    'token_4111111111111111',
    '5500.0000.0000.0004',
    '４１１１１１１１１１１１１１１１',
    '٤١١١١١١١١١١١١١١١',
    '4a1b1c1d1e1f1g1h1i1j1k1l1m1n1o1',
    '123456789012',
  ])('refuse %s, which may be the number of a card', async (number) => {
    const refused = await save(number);
    expect(refused).toMatchObject({ status: 422, body: { code: 'payments.card_number_refused' } });
    expect(JSON.stringify(refused.body)).not.toContain(number);
    expect(await mine()).toEqual([]);
  });

  it('refuse what is no token', async () => {
    for (const token of ['', ' ', 7, null, {}, 'x'.repeat(256)]) expect((await save(token)).status).toBe(400);
    for (const body of [{}, { token: 't', number: '4111111111111111' }, { card: { number: '4111111111111111' } }]) {
      const refused = await money.world.post(MINE, body, customer());
      expect(refused.status).toBe(400);
      expect(JSON.stringify(refused.body)).not.toContain('4111111111111111');
    }
    expect((await money.world.get(MINE)).status).toBe(401);
  });
});
