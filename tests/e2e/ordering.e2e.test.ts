import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Platform } from '#composition/modules/platform.ts';
import { type Kitchen, openKitchen } from '../support/kitchen.ts';
import { PROFILES } from '../support/profiles.ts';
import { type Json, startWorld, type World } from '../support/world.ts';

describe.each(PROFILES)('ordering on %s', (profile) => {
  let world: World;
  let kitchen: Kitchen;
  beforeAll(async () => {
    world = await startWorld(profile);
    kitchen = await openKitchen(world);
  });
  afterAll(() => world.close());

  const place = async (lines: readonly object[], changes: object = {}): Promise<Json> => {
    const answer = await world.order(kitchen.body(lines, changes), kitchen.customer);
    expect(answer.body).toMatchObject({ status: changes && 'payment' in changes && changes.payment === 'online' ? 'pending' : 'placed' });
    return answer.body;
  };

  it('places an order, explains its price, and holds its stock', async () => {
    const before = await kitchen.levels('rice');
    const order = await place(
      [{ ...kitchen.line('thali', 2), modifiers: [{ optionId: kitchen.options.large }], note: 'no onion' }, kitchen.line('tea')],
      { tip: 1_000 },
    );
    expect(order).toMatchObject({
      customerId: kitchen.customerId,
      number: expect.stringMatching(/^\d{4,}$/),
      currency: 'INR',
      lines: [
        {
          name: 'Thali',
          quantity: 2,
          unitPrice: { amount: 20_000 },
          modifiers: [{ name: 'Large', unitPrice: { amount: 5_000 } }],
          subtotal: { amount: 50_000 },
          note: 'no onion',
        },
        { name: 'Tea', subtotal: { amount: 2_000 } },
      ],
      subtotal: { amount: 52_000, currency: 'INR' },
      taxes: [
        { name: 'CGST', percent: 2.5, taxable: { amount: 52_000 }, amount: { amount: 1_300 } },
        { name: 'SGST', percent: 2.5, amount: { amount: 1_300 } },
      ],
      tip: { amount: 1_000 },
      rounding: { amount: 0 },
      total: { amount: 55_600, currency: 'INR' },
    });
    const after = await kitchen.levels('rice');
    expect(after.available).toBeCloseTo(before.available - 0.6, 6);
    expect(after.held).toBeCloseTo(before.held + 0.6, 6);
    expect(after.onHand).toBeCloseTo(before.onHand, 6);

    const quote = await world.post('/orders/quotes', kitchen.body([kitchen.line('thali')]));
    expect(quote).toMatchObject({ status: 200, body: { total: { amount: 21_000 } } });
    expect(await kitchen.levels('rice')).toEqual(after);
  });

  it('goes through its life, told step by step', async () => {
    const before = await kitchen.levels('lentils');
    const { id } = await place([kitchen.line('dal')]);
    for (const [action, status] of [
      ['acceptance', 'accepted'],
      ['preparation', 'preparing'],
      ['readiness', 'ready'],
      ['completion', 'completed'],
    ] as const) {
      expect(await kitchen.act(id, action)).toMatchObject({ status: 200, body: { status } });
    }
    const after = await kitchen.levels('lentils');
    expect(after.onHand).toBeCloseTo(before.onHand - 0.1, 6);
    expect(after.held).toBeCloseTo(before.held, 6);

    const history = await world.get(`/orders/${id}/history`, kitchen.customer);
    expect(history.body.data.map(({ from, to, version }: Json) => [from, to, version])).toEqual([
      [null, 'placed', 1],
      ['placed', 'accepted', 2],
      ['accepted', 'preparing', 3],
      ['preparing', 'ready', 4],
      ['ready', 'completed', 5],
    ]);
    expect(await kitchen.act(id, 'cancellation')).toMatchObject({ status: 409, body: { code: 'ordering.illegal_transition', from: 'completed' } });
  });

  it('delivers only what was dispatched, and takes back what was not delivered', async () => {
    const deliveryAddress = { line1: '12 MG Road', city: 'Pune', postalCode: '411001' };
    const { id } = await place([kitchen.line('dal')], { diningOption: 'delivery', deliveryAddress });
    for (const action of ['acceptance', 'preparation', 'readiness']) await kitchen.act(id, action);
    expect(await kitchen.act(id, 'completion')).toMatchObject({ status: 409, body: { code: 'ordering.not_dispatched' } });
    expect(await kitchen.act(id, 'dispatch')).toMatchObject({ status: 200, body: { status: 'out_for_delivery' } });
    expect(await kitchen.act(id, 'return', kitchen.owner, { reason: 'nobody home' })).toMatchObject({
      status: 200,
      body: { status: 'returned', reason: 'nobody home' },
    });
    const { id: takeaway } = await place([kitchen.line('tea')]);
    for (const action of ['acceptance', 'preparation', 'readiness']) await kitchen.act(takeaway, action);
    expect(await kitchen.act(takeaway, 'dispatch')).toMatchObject({ status: 409, body: { code: 'ordering.not_a_delivery' } });
  });

  it('puts the stock back when an order is cancelled or rejected in time', async () => {
    const before = await kitchen.levels('rice');
    const [a, b, c] = [
      await place([kitchen.line('thali')]),
      await place([kitchen.line('thali')]),
      await place([kitchen.line('thali')], { payment: 'online' }),
    ];
    expect((await kitchen.levels('rice')).held).toBeCloseTo(before.held + 0.6, 6);
    expect(await kitchen.act(a.id, 'cancellation', kitchen.customer)).toMatchObject({ status: 200 });
    expect(await kitchen.act(b.id, 'rejection', kitchen.owner, { reason: 'too busy' })).toMatchObject({ status: 200 });
    expect(await kitchen.act(c.id, 'cancellation', kitchen.customer)).toMatchObject({ status: 200 });
    expect(await kitchen.levels('rice')).toEqual(before);
  });

  it('lets a customer cancel until the kitchen has accepted, and do nothing else', async () => {
    const { id } = await place([kitchen.line('tea')]);
    expect(await kitchen.act(id, 'acceptance', kitchen.customer)).toMatchObject({ status: 403, body: { code: 'ordering.not_permitted' } });
    await kitchen.act(id, 'acceptance');
    expect(await kitchen.act(id, 'cancellation', kitchen.customer)).toMatchObject({ status: 409, body: { code: 'ordering.too_late_to_cancel' } });
  });

  it("shows nobody else's order", async () => {
    const { id } = await place([kitchen.line('tea')]);
    const stranger = await world.account('stranger@kitchen.test');
    const elsewhere = await openKitchen(world);
    for (const token of [stranger.token, elsewhere.owner]) {
      expect(await world.get(`/orders/${id}`, token)).toMatchObject({ status: 404, body: { code: 'ordering.order_not_found' } });
      expect(await world.get(`/orders/${id}/history`, token)).toMatchObject({ status: 404 });
      expect(await kitchen.act(id, 'cancellation', token)).toMatchObject({ status: 404 });
    }
    expect((await world.get(`/restaurants/${kitchen.restaurantId}/orders`, elsewhere.owner)).status).toBe(404);
    expect((await world.get(`/restaurants/${kitchen.restaurantId}/orders`, stranger.token)).status).toBe(403);
    expect((await world.get(`/orders/${id}`)).status).toBe(401);
    expect((await world.get('/me/orders', stranger.token)).body.data).toEqual([]);
    expect((await world.get('/me/orders?limit=1', kitchen.customer)).body).toMatchObject({ data: [{ id }], next: id });
    expect((await world.get(`/restaurants/${kitchen.restaurantId}/orders?status=placed&limit=1`, kitchen.owner)).body.data).toMatchObject([{ id }]);
  });

  it('answers a repeated request with the same order, whatever has become of it', async () => {
    const body = kitchen.body([kitchen.line('dal', 2)]);
    const before = await kitchen.levels('lentils');
    const first = await world.order(body, kitchen.customer, 'once');
    await kitchen.act(first.body.id, 'acceptance');
    const again = await world.order(body, kitchen.customer, 'once');
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect((await kitchen.levels('lentils')).held).toBeCloseTo(before.held + 0.2, 6);
    const other = await world.order(kitchen.body([kitchen.line('dal', 3)]), kitchen.customer, 'once');
    expect(other).toMatchObject({ status: 422, body: { code: 'ordering.idempotency_key_reused' } });
    expect((await world.post('/orders', body, kitchen.customer)).status).toBe(400);
  });

  it('makes one order of many copies of a request sent at once', async () => {
    const before = (await world.get('/me/orders?limit=100', kitchen.customer)).body.data.length;
    const answers = await Promise.all(Array.from({ length: 10 }, () => world.order(kitchen.body([kitchen.line('tea')]), kitchen.customer, 'storm')));
    const ids = new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.id));
    expect(ids.size).toBe(1);
    expect(answers.every(({ status, body }) => status === 201 || body.code === 'ordering.request_in_progress')).toBe(true);
    expect((await world.get('/me/orders?limit=100', kitchen.customer)).body.data).toHaveLength(before + 1);
  });

  it('expires what nobody pays for, and gives the stock back', async () => {
    const before = await kitchen.levels('rice');
    const { id, expiresAt, placedAt } = await place([kitchen.line('thali')], { payment: 'online' });
    expect(Date.parse(expiresAt) - Date.parse(placedAt)).toBe(15 * 60_000);
    const job = world.container.getAll(Platform.jobs).find(({ name }) => name === 'ordering-expire-unpaid');
    const clock = world.container.get(Platform.clock) as { now(): number };
    const real = clock.now;
    expect(await job?.run()).toBe(0);
    clock.now = () => real() + 16 * 60_000;
    try {
      expect(await job?.run()).toBe(1);
      expect(await job?.run()).toBe(0);
    } finally {
      clock.now = real;
    }
    expect((await world.get(`/orders/${id}`, kitchen.customer)).body.status).toBe('expired');
    expect(await kitchen.levels('rice')).toEqual(before);
  });
});
