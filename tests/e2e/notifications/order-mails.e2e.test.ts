import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '#application/notifications/email/ports.ts';
import { Notifications } from '#composition/modules/notifications.ts';
import { Platform } from '#composition/modules/platform.ts';
import { tokenIn } from '../../support/mail.ts';
import { PROFILES } from '../../support/profiles.ts';
import { openTill, type Till } from '../../support/till.ts';
import { startWorld, type World } from '../../support/world.ts';

describe.each(PROFILES)('what is mailed of an order on %s', (profile) => {
  let world: World;
  let till: Till;
  let seen = new Set<string>();
  beforeAll(async () => {
    world = await startWorld(profile);
    till = await openTill(world);
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    seen = new Set((await everything()).map(({ id }) => id));
  });

  const settle = async () => {
    for (let i = 0; i < 3; i++) await world.container.get(Platform.eventLog).settle(); // What follows may have something follow it.
  };
  const everything = async (): Promise<readonly Message[]> => {
    await settle();
    while ((await world.container.get(Notifications.send)()) > 0);
    return world.container.get(Notifications.outbox).list().toReversed();
  };
  /** What went out in this test, in the order it went, to the customer or to whoever else. */
  const mails = async (to = till.kitchen.people.customer) => (await everything()).filter((mail) => mail.to === to && !seen.has(mail.id));
  const subjects = async (to?: string) => (await mails(to)).map(({ subject }) => subject);
  /** The provider says in its own time that it is done. */
  const refunded = () =>
    expect.poll(async () => (await subjects()).filter((subject) => subject.startsWith('Your refund')).length, { timeout: 20_000 }).toBe(1);
  const number = (order: { readonly number: string | number }) => `#${String(order.number).padStart(4, '0')}`;

  it('is what its customer must know: placed, accepted, paid back', async () => {
    const { order, payment } = await till.paidOnline([till.kitchen.line('thali', 2), till.kitchen.line('tea')]);
    await settle();
    for (const action of ['acceptance', 'preparation', 'readiness', 'completion'])
      expect((await till.kitchen.act(order.id, action)).status).toBe(200);
    till.provider.configure({ refundSeconds: 0 });
    expect((await till.refund(payment.id, { amount: 2_000 })).status).toBe(201);
    await refunded();
    const n = number(order);
    const got = await mails();
    expect(got.map(({ subject }) => subject).sort()).toEqual(
      [
        `Order ${n} at Annapurna: we have it`,
        expect.stringMatching(`^Receipt for order ${n}: ₹`),
        `Order ${n} is accepted`,
        `Order ${n} is ready`,
        'Your refund of ₹20.00 was made',
      ].sort(),
    );
    const confirmation = got.find(({ subject }) => subject.endsWith('we have it'));
    for (const part of [
      '2 × Thali: ₹400.00',
      'Regular',
      '1 × Tea: ₹20.00',
      'Subtotal: ₹420.00',
      'CGST 2.5%: ₹10.50',
      'Total: ₹441.00',
      'IST',
      `http://thali.test/track/${order.id}`,
    ])
      expect(confirmation?.text).toContain(part);
    expect(got.find(({ subject }) => subject.startsWith('Receipt'))?.text).toContain('Paid: ₹441.00');
  });

  it('carries the trace of the request that made it', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const body = till.kitchen.body([till.kitchen.line('dal', 2)], { payment: 'cash' });
    const headers = { 'idempotency-key': crypto.randomUUID(), traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
    expect((await world.post('/orders', body, till.kitchen.customer, headers)).status).toBe(201);
    expect((await mails()).map((mail) => mail.traceId)).toEqual([traceId]);
  });

  it('is told once, however often the log is read again', async () => {
    const order = await till.order(undefined, { payment: 'cash' });
    expect(await subjects()).toEqual([`Order ${number(order)} at Annapurna: we have it`]);
    for (const name of [
      'notifications-order-mails',
      'notifications-receipts',
      'notifications-refunds',
      'notifications-low-stock',
      'notifications-welcome',
    ])
      expect(await world.container.get(Platform.eventLog).replay(name)).toBe(true);
    expect(await subjects()).toHaveLength(1);
  });

  it('is bad news with its reason, and that money goes back when there is some', async () => {
    const cash = await till.order(undefined, { payment: 'cash' });
    await till.kitchen.act(cash.id, 'rejection', till.kitchen.owner, { reason: 'The tandoor is down https://evil.test' });
    const [, rejected, ...more] = await mails();
    expect(more).toEqual([]);
    expect(rejected?.subject).toBe(`Order ${number(cash)} could not be taken`);
    expect(rejected?.text).toContain('Annapurna says: The tandoor is down');
    expect(rejected?.text).not.toMatch(/evil|What you paid/);

    const { order } = await till.paidOnline();
    await settle();
    await till.kitchen.act(order.id, 'rejection');
    const paid = (await mails()).filter(({ text }) => text.includes(number(order)));
    expect(paid.find(({ subject }) => subject.endsWith('could not be taken'))?.text).toContain('What you paid goes back');
    expect(paid.map(({ subject }) => subject)).toContain('Your money is on its way back');
    await refunded(); // Or the next test hears of it.
  });

  it('is a delivery on its way, and not that it is ready', async () => {
    const deliveryAddress = { line1: '14 Lotus Apartments', city: 'Pune', postalCode: '411001' };
    const order = await till.order(undefined, { payment: 'cash', diningOption: 'delivery', deliveryAddress });
    for (const action of ['acceptance', 'preparation', 'readiness', 'dispatch', 'completion'])
      expect((await till.kitchen.act(order.id, action)).status).toBe(200);
    const n = number(order);
    expect(await subjects()).toEqual([`Order ${n} at Annapurna: we have it`, `Order ${n} is accepted`, `Order ${n} is on its way`]);
  });

  it('goes to nobody whose account is closed', async () => {
    const { email, token } = await world.account('leaves@kitchen.test');
    const placed = await world.order(till.kitchen.body([till.kitchen.line('tea')]), token);
    expect(placed.status).toBe(201);
    expect(await subjects(email)).toHaveLength(1);
    await world.call('DELETE', '/me', { token, body: { password: 'Dosa-And-Chutney-1!' } });
    await till.kitchen.act(placed.body.id, 'acceptance');
    expect((await subjects(email)).filter((subject) => subject.includes('is accepted'))).toEqual([]);
  });

  it('is not what its customer wishes not to be mailed', async () => {
    const { email, token } = await world.account('quiet@kitchen.test');
    const { version: _version, ...wishes } = (await world.get('/me/notification-preferences', token)).body;
    const channels = { ...wishes.channels, orders: { ...wishes.channels.orders, email: false } };
    expect((await world.call('PUT', '/me/notification-preferences', { token, body: { ...wishes, channels } })).status).toBe(200);
    const placed = await world.order(till.kitchen.body([till.kitchen.line('tea')]), token);
    await till.kitchen.act(placed.body.id, 'acceptance');
    expect(await subjects(email)).toEqual([]);
    expect((await world.get('/me/notifications', token)).body.data).toMatchObject([{ title: expect.stringMatching('is accepted') }]);
  });

  it('tells owners and managers what runs short, and nobody else', async () => {
    const kitchen = till.kitchen;
    const counted = await world.post(
      `/restaurants/${kitchen.restaurantId}/stock-movements`,
      { kind: 'waste', stockItemId: kitchen.stock.rice, quantity: 1, reason: 'spilled' },
      kitchen.owner,
    );
    expect(counted.status).toBeLessThan(300);
    await world.call('PATCH', `/restaurants/${kitchen.restaurantId}/stock-items/${kitchen.stock.rice}`, {
      token: kitchen.owner,
      body: { lowStockThreshold: 5_000 },
    });
    await world.post(
      `/restaurants/${kitchen.restaurantId}/stock-movements`,
      { kind: 'waste', stockItemId: kitchen.stock.rice, quantity: 1, reason: 'spilled' },
      kitchen.owner,
    );
    const alerts = (await everything()).filter(({ id, subject }) => !seen.has(id) && subject.startsWith('Running low'));
    expect(alerts.map(({ to }) => to).sort()).toEqual([expect.stringMatching(/^manager\d+@till\.test$/), kitchen.people.owner].sort());
    expect(alerts[0]?.text).toMatch(/Rice: [\d.]+ kg \(warns at 5000 kg\)/);
  });

  it('welcomes who confirmed an address, and tells people where they work', async () => {
    const email = 'new@kitchen.test';
    await world.post('/auth/register', { email, password: 'tiffin-At-7-sharp', displayName: 'Asha' });
    expect(await subjects(email)).toEqual(['Welcome: please confirm your e-mail address']);
    const [verification] = await mails(email);
    expect((await world.post('/auth/verify-email', { token: tokenIn(verification) })).status).toBeLessThan(300);
    expect(await subjects(email)).toEqual(['Welcome: please confirm your e-mail address', 'Good to have you here']);
    const all = await everything();
    const hired = all.filter(({ subject }) => subject === 'You are on the team of Annapurna');
    expect(hired.map(({ to }) => to)).toEqual(expect.arrayContaining([expect.stringMatching(/^cashier\d+@till\.test$/)]));
    expect(hired.find(({ to }) => to.startsWith('manager'))?.text).toContain('you are a manager there');
  });
});
