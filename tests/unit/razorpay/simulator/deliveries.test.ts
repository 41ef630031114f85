import { describe, expect, it } from 'vitest';
import { simulated } from '../../../support/razorpay-world.ts';

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;

describe('the simulator’s webhooks', () => {
  it('tell what happened, signed, each under its own id', async () => {
    const { pay, control, received } = simulated();
    await pay();
    expect(received).toEqual([]);
    await control.advance(5);
    expect(received.map(({ event }) => event).toSorted()).toEqual(['order.paid', 'payment.authorized', 'payment.captured']);
    expect(received.every(({ genuine }) => genuine)).toBe(true);
    expect(new Set(received.map(({ eventId }) => eventId)).size).toBe(3);
    // Each is a snapshot of its moment.
    expect(received.find(({ event }) => event === 'payment.authorized')?.facts).toMatchObject([{ status: 'authorized', fee: null }]);
    expect(received.find(({ event }) => event === 'payment.captured')?.facts).toMatchObject([{ status: 'captured', fee: 1_180 }]);
  });

  it('come again 1, 2, 4 ... minutes later under the same id, until they are taken', async () => {
    let left = 4;
    const { pay, control, received } = simulated({}, () => (left-- > 0 ? 500 : 200));
    await pay({ outcome: 'failure' });
    await control.advance(DAY_S);
    expect(received).toHaveLength(5);
    expect(new Set(received.map(({ eventId }) => eventId)).size).toBe(1);
    const gaps = received.slice(1).map(({ at }, index) => (at - (received[index]?.at ?? 0)) / 60_000);
    expect(gaps).toEqual([1, 2, 4, 8]);
  });

  it('stop, and are switched off, when nobody took any for a day', async () => {
    const { pay, control, received } = simulated({}, () => 503);
    await pay({ outcome: 'failure' });
    await control.advance(3 * DAY_S);
    expect(received).toHaveLength(12); // At 0, 1, 3, 7 ... 1023 minutes, and after a day.
    expect((received.at(-1)?.at ?? 0) - (received[0]?.at ?? 0)).toBe(DAY_S * 1_000);
    expect(control.state().webhooks).toMatchObject([{ active: false }]);

    await pay();
    await control.advance(60);
    expect(received).toHaveLength(12);
    control.enableWebhook(control.state().webhooks[0]?.id ?? '');
    control.replay();
    await control.advance(60);
    expect(
      received
        .slice(12)
        .map(({ event }) => event)
        .toSorted(),
    ).toEqual(['order.paid', 'payment.authorized', 'payment.captured', 'payment.failed']);
  });

  it('keep the secret of their time when it changes', async () => {
    const { pay, control, received } = simulated();
    await pay({ outcome: 'failure' });
    control.rotateSecret(control.state().webhooks[0]?.id ?? '', 'a new secret');
    await pay({ outcome: 'failure' });
    await control.advance(10);
    expect(received.map(({ genuine }) => genuine).toSorted()).toEqual([false, true]);
  });

  it('go only to who wants them', async () => {
    const { pay, control, received } = simulated({ webhooks: [{ url: 'http://thali.test/', secret: 'x', events: ['order.paid', 'refund.*'] }] });
    const { payment_id } = await pay();
    control.refund(payment_id, 100);
    await control.advance(60);
    expect(received.map(({ event }) => event).toSorted()).toEqual(['order.paid', 'refund.created', 'refund.processed']);
  });
});

describe('what may happen to them', () => {
  it('W1: again under the same id', async () => {
    const { pay, control, received } = simulated();
    control.setFaults([{ name: 'W1', copies: 3, seconds: 2 * DAY_S }]);
    await pay({ outcome: 'failure' });
    await control.advance(3 * DAY_S);
    expect(received).toHaveLength(4);
    expect(new Set(received.map(({ eventId }) => eventId)).size).toBe(1);
  });

  it('W2: again under a new id', async () => {
    const { pay, control, received } = simulated();
    control.setFaults([{ name: 'W2' }]);
    await pay({ outcome: 'failure' });
    await control.advance(2 * HOUR_S);
    expect(new Set(received.map(({ eventId }) => eventId)).size).toBe(2);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
  });

  it('W3 and W4: in any order, and late', async () => {
    const orders = new Set<string>();
    for (let seed = 1; seed <= 12; seed += 1) {
      const { pay, control, received } = simulated({ seed });
      control.setFaults([{ name: 'W3' }]);
      await pay();
      await control.advance(2 * HOUR_S);
      orders.add(received.map(({ event }) => event).join());
    }
    expect(orders.size).toBeGreaterThan(3);

    const { pay, control, received } = simulated();
    control.setFaults([{ name: 'W4', seconds: 20 * HOUR_S }]);
    await pay({ outcome: 'failure' });
    await control.advance(19 * HOUR_S);
    expect(received).toEqual([]);
    await control.advance(2 * HOUR_S);
    expect(received).toHaveLength(1);
  });

  it('W5: never, and it is written down', async () => {
    const { pay, control, received } = simulated();
    control.setFaults([{ name: 'W5', route: 'payment.*' }]);
    await pay();
    await control.advance(DAY_S);
    expect(received.map(({ event }) => event)).toEqual(['order.paid']);
    expect(control.log().filter(({ kind }) => kind === 'dropped')).toHaveLength(2);
  });

  it('W6: before the reply to the call that caused it, and before the browser comes back', async () => {
    const { pay, control, received, call } = simulated();
    control.setFaults([{ name: 'W6' }]);
    const { payment_id } = await pay({}, { payment: { capture: 'manual' } });
    expect(received.map(({ event }) => event)).toEqual(['payment.authorized']);
    await call('POST', `/v1/payments/${payment_id}/capture`, { amount: 50_000, currency: 'INR' });
    expect(received.map(({ event }) => event)).toEqual(['payment.authorized', 'payment.captured', 'order.paid']);
  });

  it.each(['wrong', 'old_secret', 'altered', 'rewritten'] as const)(
    'W7: with a signature that does not hold (%s), and then with one that does',
    async (how) => {
      const { pay, control, received } = simulated({}, ({ genuine }) => (genuine ? 200 : 401));
      control.setFaults([{ name: 'W7', how, times: 1 }]);
      await pay({ outcome: 'failure' });
      await control.advance(5 * 60);
      expect(received.map(({ genuine }) => genuine)).toEqual([false, true]);
      if (how === 'altered') expect(received[0]?.body).not.toBe(received[1]?.body);
    },
  );

  it('W8: a thousand at once', async () => {
    const { pay, control, received } = simulated();
    control.setFaults([{ name: 'W8' }]);
    await pay({ outcome: 'failure' });
    await control.advance(10);
    expect(received).toHaveLength(1_001);
  });

  it('W9: two of one kind at the same time', async () => {
    let open = 0;
    let most = 0;
    const { pay, control, received } = simulated({}, async () => {
      open += 1;
      most = Math.max(most, open);
      await Promise.resolve();
      open -= 1;
      return 200;
    });
    control.setFaults([{ name: 'W9' }]);
    await pay({ outcome: 'failure' });
    await control.advance(10);
    expect(received).toHaveLength(2);
    expect(most).toBe(2);
  });

  it('W10: switched off', async () => {
    const { pay, control, received } = simulated();
    control.setFaults([{ name: 'W10' }]);
    await pay();
    await control.advance(DAY_S);
    expect(received).toEqual([]);
    expect(control.state().webhooks).toMatchObject([{ active: false }]);
  });
});
