import { ContainerModule } from 'inversify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Payments } from '#composition/modules/payments.ts';
import { Platform } from '#composition/modules/platform.ts';
import { PROFILES } from '../../support/profiles.ts';
import { openTill, proofOf, type Till } from '../../support/till.ts';
import { startWorld, type World } from '../../support/world.ts';

describe.each(PROFILES)('what is written down of payments on %s', (profile) => {
  const said: string[] = [];
  let world: World;
  let till: Till;
  beforeAll(async () => {
    const keep = (message: string, facts?: object): void => void said.push(`${message} ${JSON.stringify(facts ?? {})}`);
    const listening = new ContainerModule(({ rebind }) => {
      rebind(Platform.log).toConstantValue({ info: keep, warn: keep, error: keep });
    });
    world = await startWorld(profile, listening);
    till = await openTill(world);
  });
  afterAll(() => world.close());

  it('holds no card number, no signature and no address of an account, in the log of the process or of events', async () => {
    const { payment, providerOrderId } = await till.atCheckout();
    const byCard = await till.provider.pay({ order_id: providerOrderId, method: 'card', card: '4100280000001007' });
    const proof = proofOf(byCard);
    expect((await world.post(`/payments/${payment.id}/confirmation`, proof, till.kitchen.customer)).body.status).toBe('captured');
    await world.post(`/payments/${payment.id}/confirmation`, { ...proof, razorpay_signature: 'f'.repeat(64) }, till.kitchen.customer);
    await world.post('/me/payment-methods', { token: '4100 2800 0000 1007' }, till.kitchen.customer);
    const { providerOrderId: another } = await till.atCheckout();
    await till.provider.pay({ order_id: another, method: 'upi', vpa: 'success@razorpay' });
    await world.container.get(Platform.eventLog).settle();

    const { store } = world.database;
    const events =
      store.kind === 'sql'
        ? JSON.stringify(await world.container.get(Platform.sql)()('select data from platform.events'))
        : world.container
            .get(Platform.store)
            .events.map(({ json }) => json)
            .join('\n');
    const rows = JSON.stringify(await world.container.get(Payments.queries).ofOrder(payment.orderId));
    const written = [...said, events, rows].join('\n');
    expect(said.length).toBeGreaterThan(5);
    expect(written).toContain('captured');
    for (const secret of ['4100280000001007', '4100 2800 0000 1007', 'success@razorpay', byCard.signature as string, 'f'.repeat(64)]) {
      expect(written.includes(secret), secret).toBe(false);
    }
  });
});
