import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AddListEntry } from '#application/fraud/add-list-entry.ts';
import { DEFAULT_POLICY } from '#domain/fraud/policy.ts';
import { AT, MINUTE, newId, openWatch, reviewer, type Watch } from '../../support/fraud.ts';
import { must } from '../../support/must.ts';
import { PROFILES } from '../../support/profiles.ts';

describe.each(PROFILES)('deny and allow lists on %s', (profile) => {
  let watch: Watch;
  beforeAll(async () => {
    watch = await openWatch(profile);
  });
  afterAll(async () => {
    expect(await watch.complaints()).toEqual([]);
    await watch?.close();
  });

  const clerk = reviewer(newId());
  const add = (entry: Partial<AddListEntry> & { value?: string }) =>
    watch.fraud.addListEntry(
      {
        restaurantId: null,
        list: 'deny',
        kind: 'device',
        subject: { value: entry.value ?? newId() },
        reason: 'seen before',
        expiresAt: null,
        ...entry,
      },
      clerk,
    );
  const code = (answer: { readonly ok: boolean; readonly error?: { readonly code: string } }) => (answer.ok ? 'ok' : answer.error?.code);
  const action = async (changes: Parameters<Watch['decide']>[0]) => {
    const { verdict } = await watch.decide(changes);
    return [verdict.action, ...verdict.rules.map(({ name }) => name)];
  };

  it('name what they name however it is written', async () => {
    const restaurantId = newId();
    const person = watch.request({ restaurantId });
    const known = { email: 'Me.E.Ra+x@Googlemail.com', phone: '098765 43210', registeredAt: null, isVerified: null };
    watch.accounts.set(person.customerId, known);
    watch.orders.set(person.orderId, { units: 1, discount: 0, tip: 0, address: '12, M.G. Road  411001', phone: null, place: null });
    const attempt = { ...person, ip: '::ffff:203.0.113.9', deviceId: 'phone-1', instrument: 'fp-1' };
    for (const [kind, value] of [
      ['email', 'meera@gmail.com'],
      ['phone', '+91 98765-43210'],
      ['address', '12 m g road 411001'],
      ['ip', '203.0.113.9'],
      ['network', '203.0.113.200'],
      ['device', 'phone-1'],
      ['instrument', 'fp-1'],
      ['customer', person.customerId.toUpperCase()],
    ] as const) {
      const entry = must(await add({ restaurantId, kind, value }));
      expect([kind, ...(await action({ ...attempt, paymentId: newId() }))]).toEqual([kind, 'block', 'denied']);
      must(await watch.fraud.removeListEntry({ restaurantId, entryId: entry.id }, clerk));
      expect(await action({ ...attempt, paymentId: newId(), deviceId: newId(), instrument: null, ip: null })).not.toContain('denied');
    }
  });

  it('deny whatever else is allowed, at the restaurant and on the platform', async () => {
    const [restaurantId, deviceId] = [newId(), newId()];
    must(await add({ restaurantId, list: 'allow', value: deviceId }));
    expect(await action({ restaurantId, deviceId })).toEqual(['allow', 'allowed']);
    expect(await action({ deviceId })).toEqual(['allow']); // Another restaurant's list says nothing here.
    must(await add({ value: deviceId }));
    expect(await action({ restaurantId, deviceId })).toEqual(['block', 'denied', 'allowed']);
    expect(await action({ deviceId })).toEqual(['block', 'denied']);
  });

  it('spare the velocity of the very key that is allowed, and of no other', async () => {
    const [office, deviceId] = [newId(), newId()];
    must(await add({ list: 'allow', value: office }));
    for (let i = 0; i < 6; i++) {
      await watch.assess({ deviceId: office, instrument: newId() });
      await watch.assess({ deviceId, instrument: newId() });
    }
    expect(await action({ deviceId: office, instrument: newId() })).toEqual(['allow', 'allowed']);
    expect(await action({ deviceId, instrument: newId() })).toEqual(['block', 'card_testing']);
  });

  it('end when they expire, and can then be renewed', async () => {
    const value = newId();
    const brief = { value, expiresAt: AT + MINUTE };
    expect(code(await add({ value, expiresAt: AT }))).toBe('fraud.entry_expired');
    const first = must(await add(brief));
    expect(code(await add({ value }))).toBe('fraud.entry_exists');
    expect(await action({ deviceId: value, at: AT + MINUTE - 1 })).toContain('denied');
    expect(await action({ deviceId: value, at: AT + MINUTE })).not.toContain('denied');
    watch.clock.at = AT + MINUTE;
    const second = must(await add({ value }));
    expect(second.id).not.toBe(first.id);
    expect(await action({ deviceId: value })).toContain('denied');
    watch.clock.at = AT;
  });

  it('hold a thing once, however many add it at once', async () => {
    const [value, restaurantId] = [newId(), newId()];
    const answers = await Promise.all(Array.from({ length: 6 }, () => add({ value })));
    expect(answers.map(code).toSorted()).toEqual([...Array.from({ length: 5 }, () => 'fraud.entry_exists'), 'ok']);
    must(await add({ value, restaurantId })); // Of another list.
    must(await add({ value, list: 'allow' }));
  });

  it('take from a decision what nobody can read, of their own restaurant', async () => {
    const request = watch.request({ deviceId: newId() });
    const { decisionId } = await watch.fraud.assess(request);
    const of = (kind: 'device' | 'ip', restaurantId: string | null) => add({ kind, restaurantId, subject: { decisionId } });
    expect(code(await of('device', newId()))).toBe('fraud.decision_not_found');
    expect(code(await of('ip', null))).toBe('fraud.entry_not_in_decision');
    expect(must(await of('device', request.restaurantId)).value).toBe(`decision ${decisionId}`);
    expect(await action({ restaurantId: request.restaurantId, deviceId: request.deviceId ?? null })).toContain('denied');
  });

  it('refuse what names nothing', async () => {
    for (const [kind, value] of [
      ['email', 'meera'],
      ['email', '@x.y'],
      ['phone', '12'],
      ['ip', '203.0.113.999'],
      ['ip', '1::2::3'],
      ['network', 'home'],
      ['customer', 'meera'],
      ['device', ' '],
      ['address', '., -'],
    ] as const) {
      expect([kind, value, code(await add({ kind, value }))]).toEqual([kind, value, 'fraud.entry_value_malformed']);
    }
  });

  it('are removed once, by who may, and listed until then', async () => {
    const restaurantId = newId();
    const entries = [must(await add({ restaurantId })), must(await add({ restaurantId, list: 'allow' })), must(await add({ restaurantId }))];
    const [first, , last] = entries as [(typeof entries)[0], unknown, (typeof entries)[0]];
    const ids = async (filter = {}) => (await watch.fraud.listEntries(restaurantId, filter, { limit: 9 })).data.map(({ id }) => id);
    expect(await ids()).toEqual(entries.map(({ id }) => id).toReversed());
    expect(await ids({ list: 'deny' })).toEqual([last.id, first.id]);
    const remove = (where: string | null) => watch.fraud.removeListEntry({ restaurantId: where, entryId: first.id }, clerk);
    for (const where of [null, newId()]) expect(code(await remove(where))).toBe('fraud.entry_not_found');
    expect(code(await remove(restaurantId))).toBe('ok');
    expect(code(await remove(restaurantId))).toBe('fraud.entry_not_found');
    expect(await ids({ list: 'deny' })).toEqual([last.id]);
    expect((await watch.events(`fraud_list_entry:${first.id}`)).map(({ data }) => data.type)).toEqual([
      'fraud.list_entry_added',
      'fraud.list_entry_removed',
    ]);
    expect((await watch.fraud.listEntries(null, {}, { limit: 100 })).data.every((entry) => entry.restaurantId === null)).toBe(true);
  });

  it('stand beside a policy that is changed by who has seen the last, and that decides from then on', async () => {
    const restaurantId = newId();
    const change = (costs: object, expectedVersion?: number) =>
      watch.fraud.changePolicy({ restaurantId, policy: { ...DEFAULT_POLICY, costs: { ...DEFAULT_POLICY.costs, ...costs } }, expectedVersion }, clerk);
    expect(await watch.fraud.policy(restaurantId)).toMatchObject({ version: 0, policy: DEFAULT_POLICY });
    const before = await watch.decide({ restaurantId });
    must(await change({ chargebackFee: 1_000_000_00 }, 0));
    expect(code(await change({ chargebackFee: 0 }, 0))).toBe('fraud.changed_meanwhile');
    expect(code(await change({ chargebackFee: -1 }))).toBe('fraud.policy_malformed');
    const after = await watch.decide({ restaurantId });
    expect([before.verdict.action, after.verdict.action]).toEqual(['allow', 'block']);
    expect((await watch.fraud.policy(restaurantId)).version).toBe(1);
  });
});
