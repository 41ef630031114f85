import { ContainerModule } from 'inversify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ScreenedAttempt } from '#application/payments/ports.ts';
import type { PaymentProvider } from '#application/payments/provider.ts';
import { Payments } from '#composition/modules/payments.ts';
import { PROFILES } from '../../support/profiles.ts';
import { openTill, proofOf, type Till } from '../../support/till.ts';
import { startWorld, type World } from '../../support/world.ts';

const OTHERS_WORDS = 'Authentication failed for merchant 7';
const NO = { outcome: 'failed', failure: { code: 'BAD_REQUEST_ERROR', reason: null, description: OTHERS_WORDS, mayFallBack: true } } as const;
const SILENCE = { outcome: 'unknown', reason: 'no answer' } as const;

describe.each(PROFILES)('payments in trouble on %s', (profile) => {
  let world: World;
  let till: Till;
  let verdict: 'allow' | 'review' | 'block';
  let mood: 'well' | 'silent' | 'refusing';
  const screened: ScreenedAttempt[] = [];
  beforeAll(async () => {
    world = await startWorld(
      profile,
      new ContainerModule(({ rebind }) => {
        rebind(Payments.screening).toConstantValue({
          async assess(attempt) {
            screened.push(attempt);
            return verdict;
          },
        });
        rebind(Payments.providers)
          .toResolvedValue(({ providers }) => new Map([...providers].map(([name, provider]) => [name, moody(provider)])), [Payments.processors])
          .inSingletonScope();
      }),
    );
    till = await openTill(world);
  });
  beforeEach(() => {
    [verdict, mood] = ['allow', 'well'];
  });
  afterAll(() => world.close());

  const moody = (provider: PaymentProvider): PaymentProvider => {
    const reply =
      <A extends readonly unknown[], R>(ask: (...asked: A) => Promise<R>) =>
      async (...asked: A): Promise<R | typeof NO | typeof SILENCE> =>
        mood === 'silent' ? SILENCE : mood === 'refusing' ? NO : ask(...asked);
    return { ...provider, createOrder: reply(provider.createOrder), findOrder: reply(provider.findOrder), charge: reply(provider.charge) };
  };

  it('declines what the screening declines, and says nothing of why', async () => {
    verdict = 'block';
    const order = await till.order();
    const declined = await till.pay(order.id, {});
    expect(declined).toMatchObject({ status: 402, body: { code: 'payments.declined' } });
    expect(JSON.stringify(declined.body)).not.toMatch(/fraud|risk|score|block|screen/i);
    expect((await world.get(`/orders/${order.id}/payments`, till.kitchen.customer)).body.data).toEqual([]);
    verdict = 'allow';
    expect((await till.pay(order.id, {})).status).toBe(201);
  });

  it('tells the screening of the device and the network, once for each request', async () => {
    const order = await till.order();
    screened.length = 0;
    const headers = { 'idempotency-key': 'screened-1', 'x-device-id': 'device-7' };
    const first = await world.post(`/orders/${order.id}/payments`, {}, till.kitchen.customer, headers);
    const again = await world.post(`/orders/${order.id}/payments`, {}, till.kitchen.customer, headers);
    expect(again.body).toEqual(first.body);
    expect(screened).toMatchObject([{ orderId: order.id, deviceId: 'device-7', ip: '127.0.0.1', channel: 'checkout', amount: order.total.amount }]);
    await till.pay((await till.order()).id, {});
    expect(screened.at(-1)?.deviceId).toBeNull();
  });

  it('holds what is to be reviewed, and shows staff that it waits', async () => {
    verdict = 'review';
    const { order, payment, providerOrderId } = await till.atCheckout();
    const proof = proofOf(await till.provider.pay({ order_id: providerOrderId }));
    const confirmed = await world.post(`/payments/${payment.id}/confirmation`, proof, till.kitchen.customer);
    expect(confirmed.body).toMatchObject({ status: 'authorized', captured: { amount: 0 }, charges: [{ status: 'authorized' }] });
    expect(JSON.stringify(confirmed.body)).not.toMatch(/review|approval|manual/i);
    expect((await till.payment(payment.id)).attempts).toMatchObject([{ waitsForApproval: true }]);
    expect((await world.get(`/orders/${order.id}`, till.kitchen.customer)).body.status).toBe('pending');
    expect((await world.get(`/payments/${payment.id}/return?${new URLSearchParams(proof)}`)).body).toContain('<h1>Being looked up</h1>');
  });

  it('says when to come back to a provider that is silent, and goes on from there', async () => {
    const order = await till.order();
    const pay = () => till.pay(order.id, {}, till.kitchen.customer, 'patient-1');
    mood = 'silent';
    const away = await pay();
    expect(away).toMatchObject({ status: 503, body: { code: 'payments.provider_unreachable', retryAfterSeconds: 5 } });
    expect(away.headers.get('retry-after')).toBe('5');
    expect(await pay()).toMatchObject({ status: 503 });
    const { data } = (await world.get(`/orders/${order.id}/payments`, till.kitchen.customer)).body;
    expect(data).toMatchObject([{ status: 'pending', attempts: [{ status: 'opening' }] }]);

    mood = 'well';
    await expect.poll(async () => (await pay()).status, { timeout: 20_000, interval: 300 }).toBe(201);
    expect(till.provider.state().orders.filter(({ notes }) => (notes as Record<string, string>)['orderId'] === order.id)).toHaveLength(1);
  });

  it('says so when every provider refuses, and not in their words', async () => {
    const order = await till.order();
    mood = 'refusing';
    const refused = await till.pay(order.id, {}, till.kitchen.customer, 'refused-1');
    expect(refused).toMatchObject({ status: 502, body: { code: 'payments.provider_refused' } });
    const { data } = (await world.get(`/orders/${order.id}/payments`, till.staff.cashier)).body;
    expect(data).toMatchObject([{ attempts: [{ status: 'failed', failure: { code: 'provider_refused' } }] }]);
    expect(JSON.stringify([refused.body, data])).not.toContain(OTHERS_WORDS);

    mood = 'well';
    expect(await till.pay(order.id, {}, till.kitchen.customer, 'refused-2')).toMatchObject({ status: 201 });
  });

  it('confirms nothing that the provider does not, but loses nothing either', async () => {
    const { payment, providerOrderId } = await till.atCheckout();
    const proof = proofOf(await till.provider.pay({ order_id: providerOrderId }));
    mood = 'refusing';
    const confirmed = await world.post(`/payments/${payment.id}/confirmation`, proof, till.kitchen.customer);
    expect(confirmed.status).toBe(200);
    expect(JSON.stringify(confirmed.body)).not.toContain(OTHERS_WORDS);
    expect((await till.payment(payment.id, till.kitchen.customer)).status).toBe('captured'); // By its order, which was asked for instead.
  });
});
