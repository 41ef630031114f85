import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fraud } from '#composition/modules/fraud.ts';
import { judge } from '#domain/fraud/decision.ts';
import type { AssessedEvent } from '#domain/fraud/events.ts';
import type { OutcomeEvent } from '#domain/fraud/outcomes.ts';
import { DEFAULT_POLICY } from '#domain/fraud/policy.ts';
import { replay } from '#domain/fraud/replay.ts';
import { CARD_TESTING } from '#domain/fraud/rules.ts';
import { AT, DAY, MINUTE, newId, openWatch, type Watch } from '../../support/fraud.ts';
import { PROFILES } from '../../support/profiles.ts';

describe.each(PROFILES)('assessing attempts on %s', (profile) => {
  let watch: Watch;
  beforeAll(async () => {
    watch = await openWatch(profile);
    await watch.log.start();
  });
  afterAll(async () => {
    expect(await watch.complaints()).toEqual([]);
    await watch?.log.stop();
    await watch?.close();
  });

  it('allows what is ordinary, and keeps nothing that names a device or an address', async () => {
    const request = watch.request({ ip: '203.0.113.77', deviceId: 'my-very-own-phone', instrument: 'fp_4242' });
    watch.accounts.set(request.customerId, { email: 'meera@example.com', phone: '+91 98765 43210', registeredAt: AT - 300 * DAY, isVerified: true });
    watch.orders.set(request.orderId, { units: 3, discount: 0, tip: 0, address: '12 MG Road 411001', phone: null, place: null });
    const answer = await watch.fraud.assess(request);
    expect(answer).toEqual({ decisionId: expect.any(String), action: 'allow', review: null });
    const told = JSON.stringify(await watch.events(`fraud_decision:${answer.decisionId}`));
    for (const secret of ['203.0.113', 'my-very-own-phone', 'fp_4242', 'meera', '98765', 'MG Road']) expect(told).not.toContain(secret);
    expect((await watch.decide(request)).signals.tokens).toMatchObject({
      ip: expect.any(String),
      network: expect.any(String),
      email: expect.any(String),
      phone: expect.any(String),
      address: expect.any(String),
    });
  });

  it('decides an attempt once, and another try of the payment anew', async () => {
    const request = watch.request({ deviceId: newId() });
    const first = await watch.fraud.assess(request);
    expect(await watch.fraud.assess({ ...request, amount: 1 })).toEqual(first);
    const another = { ...request, attemptId: newId() };
    expect((await watch.fraud.assess(another)).decisionId).not.toBe(first.decisionId);
    expect((await watch.decide(another)).verdict.features.device_attempts_10m).toBe(1);
  });

  it('decides an attempt once, however many ask at once', async () => {
    const request = watch.request({ deviceId: newId() });
    const answers = await Promise.all(Array.from({ length: 8 }, () => watch.fraud.assess(request)));
    expect(new Set(answers.map(({ decisionId }) => decisionId)).size).toBe(1);
    expect((await watch.decide({ ...request, attemptId: newId() })).verdict.features.device_attempts_10m).toBe(1);
  });

  it('lets every one of 20 attempts at once on one device see those before it', async () => {
    const deviceId = newId();
    const decisions = await Promise.all(Array.from({ length: 20 }, () => watch.decide({ deviceId, instrument: newId() })));
    const seen = decisions.map(({ verdict }) => verdict.features.device_attempts_10m).toSorted((a, b) => a - b);
    expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => i));
    const tested = decisions.filter(({ verdict }) => verdict.rules.some(({ name }) => name === 'card_testing'));
    expect(tested).toHaveLength(20 - (CARD_TESTING.device.instruments - 1));
    expect(tested.every(({ verdict }) => verdict.action === 'block')).toBe(true);
  });

  it('blocks nobody for sharing a network, and whoever fails on it all the time', async () => {
    const restaurantId = newId();
    const on = (host: number) => ({ restaurantId, ip: `198.51.100.${host}` });
    for (let i = 0; i < 14; i++) await watch.assess({ ...on(i), instrument: newId() });
    expect((await watch.decide({ ...on(99), instrument: newId() })).verdict.rules).toEqual([]);

    const failing = Array.from({ length: 8 }, () => watch.request({ restaurantId, ip: '192.0.2.7' }));
    for (const request of failing) await watch.fraud.assess(request);
    await watch.tell(
      restaurantId,
      failing.map(({ paymentId }) => charge(paymentId, 'failed')),
    );
    await watch.log.settle();
    const { verdict } = await watch.decide({ restaurantId, ip: '192.0.2.7' });
    expect(verdict).toMatchObject({ action: 'block', rules: [{ name: 'card_testing', observed: 8 }] });
    expect(verdict.reasons[0]?.text).toBe('8 failed payments from the address on the internet in 10 minutes; 8 are too many');
  });

  const charge = (paymentId: string, status: string, fingerprint: string | null = null) => ({
    type: `payments.charge_${status}`,
    paymentId,
    charge: { chargeId: `ch_${paymentId}`, status, amount: 450_00, instrument: { method: 'card', fingerprint } },
    at: watch.clock.at,
  });

  const refund = (paymentId: string, reason: string) => ({
    type: 'payments.refund_requested',
    paymentId,
    refund: { id: newId(), amount: 450_00, reason },
    at: watch.clock.at,
  });

  it('learns of a card from the charge, when nobody knew it before', async () => {
    const [restaurantId, fingerprint] = [newId(), newId()];
    const requests = [watch.request({ restaurantId }), watch.request({ restaurantId })];
    for (const request of requests) {
      await watch.fraud.assess(request);
      await watch.tell(restaurantId, [charge(request.paymentId, 'authorized', fingerprint), charge(request.paymentId, 'captured', fingerprint)]);
    }
    await watch.log.settle();
    const { verdict } = await watch.decide({ restaurantId, instrument: fingerprint });
    expect(verdict.features.instrument_customers_30d).toBe(3);
  });

  it('compares with what the customer completed before, and counts what came back', async () => {
    const [restaurantId, customerId] = [newId(), newId()];
    const order = (to: string, orderId: string) => ({
      type: `ordering.order_${to}`,
      orderId,
      restaurantId,
      customerId,
      from: 'ready',
      to,
      reason: null,
      at: watch.clock.at,
    });
    for (let i = 0; i < 3; i++) {
      const request = watch.request({ restaurantId, customerId, amount: 300_00 });
      await watch.fraud.assess(request);
      await watch.tell(restaurantId, [order('completed', request.orderId)]);
    }
    await watch.tell(restaurantId, [order('returned', newId())]); // In cash: nobody assessed it.
    const paid = watch.request({ restaurantId, customerId });
    await watch.fraud.assess(paid);
    await watch.tell(restaurantId, [
      refund(paid.paymentId, 'requested'),
      refund(paid.paymentId, 'duplicate'), // Ours to give back, and no habit of theirs.
    ]);
    await watch.log.settle();
    const { verdict } = await watch.decide({ restaurantId, customerId, amount: 1_200_00 });
    expect(verdict.features).toMatchObject({
      amount_times_own: 4,
      amount_times_restaurant: 4,
      customer_completed: 3,
      customer_refund_rate: 0.25,
      customer_no_show_rate: 0.25,
    });
    expect(verdict.reasons.map(({ text }) => text).join()).toContain('4 times what is usual at the restaurant');
  });

  it('knows of a fraud from the moment it is known, and not before', async () => {
    const [restaurantId, customerId] = [newId(), newId()];
    const request = watch.request({ restaurantId, customerId });
    await watch.fraud.assess(request);
    const knownAt = watch.clock.at + 5 * DAY;
    const dispute = (status: string, at: number) => ({
      type: 'payments.dispute_changed',
      paymentId: request.paymentId,
      dispute: { disputeId: 'd1', status, reason: 'fraudulent' },
      at,
    });
    await watch.tell(restaurantId, [dispute('open', knownAt), dispute('under_review', knownAt)]);
    const frauds = async (at: number) => {
      await watch.log.settle();
      await watch.log.settle(); // The label is an event itself.
      const { verdict } = await watch.decide({ restaurantId, customerId, at });
      return verdict.features.customer_frauds;
    };
    expect(await frauds(knownAt - 1)).toBe(0);
    expect(await frauds(knownAt)).toBe(1);
    await watch.tell(restaurantId, [dispute('lost', knownAt + DAY)]);
    expect(await frauds(knownAt + 2 * DAY)).toBe(1);
    await watch.tell(restaurantId, [dispute('won', knownAt + 3 * DAY)]);
    expect(await frauds(knownAt + 4 * DAY)).toBe(0);
  });

  it('asks a fresh account to prove itself, and nobody who is in cash', async () => {
    const fresh = (changes: object) => {
      const request = watch.request({ amount: 2_600_00, ...changes });
      watch.accounts.set(request.customerId, { email: null, phone: null, registeredAt: AT - MINUTE, isVerified: null });
      return watch.decide(request);
    };
    expect((await fresh({})).verdict.rules).toMatchObject([{ name: 'fresh_account', demands: 'step_up', limit: 2_500 }]);
    expect((await fresh({ amount: 2_500_00 })).verdict.rules).toEqual([]);
    expect((await fresh({ method: 'cash' })).verdict.rules).toEqual([]);
  });

  it('sends to review who works for the restaurant, or shares a device with somebody who does', async () => {
    const [restaurantId, worker, deviceId] = [newId(), newId(), newId()];
    watch.staff.set(restaurantId, [worker]);
    await watch.assess({ customerId: worker, deviceId }); // At another restaurant, as a guest.
    expect((await watch.decide({ restaurantId, deviceId })).verdict).toMatchObject({ rules: [{ name: 'self_dealing', demands: 'review' }] });
    expect((await watch.decide({ restaurantId, customerId: worker })).verdict.rules).toMatchObject([{ name: 'self_dealing' }]);
    expect((await watch.decide({ restaurantId })).verdict.rules).toEqual([]);
  });

  it('finds nobody in two places at once', async () => {
    const customerId = newId();
    await watch.assess({ customerId, deliveryPoint: { lat: 18.52, lng: 73.86 } });
    const { verdict } = await watch.decide({ customerId, deliveryPoint: { lat: 28.61, lng: 77.21 }, at: watch.clock.at + 10 * MINUTE });
    expect(verdict.rules).toMatchObject([{ name: 'impossible_speed', demands: 'review', limit: 900 }]);
  });

  it('judges every attempt again, from the log alone, to the same score', async () => {
    await watch.log.settle();
    await watch.log.settle();
    const log = (await watch.events()).map(({ data }) => data as OutcomeEvent);
    const met = replay(log, (fingerprint) => watch.container.get(Fraud.tokens).of('instrument', fingerprint));
    const attempts = log.filter((event): event is AssessedEvent => event.type === 'fraud.assessed');
    expect(attempts.length).toBeGreaterThan(60);
    for (const { decisionId, signals, verdict } of attempts) {
      const again = judge(watch.container.get(Fraud.judge), signals, met.get(decisionId) ?? {}, DEFAULT_POLICY, []);
      expect([decisionId, again]).toEqual([decisionId, verdict]);
    }
  });

  it('has the same histories after a replay, and after a replay into nothing', async () => {
    const before = await watch.histories();
    expect(before.size).toBeGreaterThan(50);
    await watch.log.replay('fraud-history');
    await watch.log.settle();
    expect(await watch.histories()).toEqual(before);
    await watch.forgetHistories();
    await watch.log.replay('fraud-history');
    await watch.log.settle();
    expect(await watch.histories()).toEqual(before);
  });
});
