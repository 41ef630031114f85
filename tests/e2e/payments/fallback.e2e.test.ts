import { ContainerModule } from 'inversify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bankTransfer } from '#adapters/offline/bank-transfer.ts';
import { razorpayProvider } from '#adapters/razorpay/provider.ts';
import { createRazorpaySimulator, type RazorpaySimulator } from '#adapters/razorpay/simulator/simulator.ts';
import { Payments } from '#composition/modules/payments.ts';
import { PROFILES } from '../../support/profiles.ts';
import { openTill, proofOf, type Till } from '../../support/till.ts';
import { startWorld, type World } from '../../support/world.ts';

/** Two accounts, the second of which is asked only when the first has clearly said no. */
describe.each(PROFILES)('a second account on %s', (profile) => {
  let world: World;
  let till: Till;
  const accounts = new Map<string, RazorpaySimulator>();
  beforeAll(async () => {
    const account = (name: string, keySecret: string) => {
      const simulator = createRazorpaySimulator({ keys: { keyId: `rzp_${name}`, keySecret: `secret-of-${name}` }, deliver: async () => 200 });
      accounts.set(name, simulator);
      const fetch = (request: Request) => simulator.app.fetch(request);
      return { ...razorpayProvider({ keyId: `rzp_${name}`, keySecret, webhookSecrets: ['w'], fetch, timeoutMs: 200 }), name };
    };
    const providers = [account('razorpay', 'a key that was revoked'), account('razorpay_backup', 'secret-of-razorpay_backup'), bankTransfer];
    world = await startWorld(
      profile,
      new ContainerModule(({ rebind }) => {
        rebind(Payments.providers).toConstantValue(new Map(providers.map((provider) => [provider.name, provider])));
        rebind(Payments.settings).toConstantValue({
          routes: [{ processor: 'razorpay' }, { processor: 'razorpay_backup' }],
          captureWithinMinutes: 12,
        });
      }),
    );
    till = await openTill(world);
  });
  afterAll(async () => {
    await world.close();
    for (const { control } of accounts.values()) control.close();
  });

  it('takes the money when the first one refuses, and places the order', async () => {
    const order = await till.order();
    const opened = await till.pay(order.id, {});
    expect(opened.status).toBe(201);
    expect(opened.body.checkout.keyId).toBe('rzp_razorpay_backup');
    const attempts = (await till.payment(opened.body.id)).attempts;
    expect(attempts).toMatchObject([{ status: 'failed' }, { status: 'open' }]);
    const paid = await (accounts.get('razorpay_backup') as RazorpaySimulator).control.pay({ order_id: opened.body.checkout.providerOrderId });
    expect((await world.post(`/payments/${opened.body.id}/confirmation`, proofOf(paid), till.kitchen.customer)).body.status).toBe('captured');
    expect((await world.get(`/orders/${order.id}`, till.kitchen.owner)).body.status).toBe('placed');
    const { data } = (await world.get(`/restaurants/${till.kitchen.restaurantId}/balances`, till.kitchen.owner)).body;
    expect(data.map(({ account }: { account: string }) => account)).toContain('clearing:razorpay_backup');
  });
});
