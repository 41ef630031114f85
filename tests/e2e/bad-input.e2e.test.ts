import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Kitchen, openKitchen } from '../support/kitchen.ts';
import { PROFILES } from '../support/profiles.ts';
import { type Answer, type Json, startWorld, type World } from '../support/world.ts';

const NOBODY = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10';

describe.each(PROFILES)('bad input on %s', (profile) => {
  let world: World;
  let kitchen: Kitchen;
  let elsewhere: Kitchen;
  beforeAll(async () => {
    world = await startWorld(profile);
    kitchen = await openKitchen(world, { rice: 2, lentils: 2 });
    elsewhere = await openKitchen(world);
  });
  afterAll(() => world.close());

  /** Refused with this code, told as a problem, and without a trace. */
  const refused = async (send: () => Promise<Answer>, status: number, code: string, facts: object = {}): Promise<void> => {
    const [stock, orders] = [await kitchen.levels('lentils'), await countOrders()];
    const answer = await send();
    expect(answer.body).toMatchObject({
      status,
      code,
      type: `/problems#${code}`,
      title: expect.any(String),
      detail: expect.any(String),
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      ...facts,
    });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await kitchen.levels('lentils')).toEqual(stock);
    expect(await countOrders()).toBe(orders);
  };
  const countOrders = async (): Promise<number> => (await world.get('/me/orders?limit=100', kitchen.customer)).body.data.length;
  const order =
    (lines: Json, changes: object = {}) =>
    () =>
      world.order({ ...kitchen.body([]), lines, ...changes }, kitchen.customer);
  const raw =
    (text: string, headers: Record<string, string> = {}) =>
    () =>
      world.call('POST', '/orders', { raw: text, token: kitchen.customer, headers: { 'idempotency-key': 'raw', ...headers } });
  const dal = () => [kitchen.line('dal')];

  it.each<[string, (line: Json) => Json, string]>([
    ['an unknown field', (line) => [{ ...line, price: 1 }], '/body/lines/0/price'],
    ['a quantity of none', (line) => [{ ...line, quantity: 0 }], '/body/lines/0/quantity'],
    ['a negative quantity', (line) => [{ ...line, quantity: -3 }], '/body/lines/0/quantity'],
    ['half a portion', (line) => [{ ...line, quantity: 0.5 }], '/body/lines/0/quantity'],
    ['an enormous quantity', (line) => [{ ...line, quantity: 1e15 }], '/body/lines/0/quantity'],
    ['a quantity in words', (line) => [{ ...line, quantity: 'two' }], '/body/lines/0/quantity'],
    ['an item that is no id', () => [{ itemId: "1' or '1'='1", quantity: 1 }], '/body/lines/0/itemId'],
    ['a note that is too long', (line) => [{ ...line, note: 'x'.repeat(501) }], '/body/lines/0/note'],
    ['no lines', () => [], '/body/lines'],
    ['lines that are no list', () => 'all of it', '/body/lines'],
    ['too many lines', (line) => Array.from({ length: 101 }, () => line), '/body/lines'],
  ])('%s', async (_what, lines, pointer) => {
    await refused(order(lines(kitchen.line('dal'))), 400, 'http.invalid_request', { errors: [expect.objectContaining({ pointer })] });
  });

  it.each<[string, object, string]>([
    ['a total of their own', { total: 1 }, '/body/total'],
    ['a negative tip', { tip: -1 }, '/body/tip'],
    ['a tip with a fraction', { tip: 0.5 }, '/body/tip'],
    ['an unknown dining option', { diningOption: 'picnic' }, '/body/diningOption'],
    ['an unknown payment', { payment: 'barter' }, '/body/payment'],
    ['a date that is none', { scheduledFor: 'tomorrow' }, '/body/scheduledFor'],
  ])('%s', async (_what, changes, pointer) => {
    await refused(order(dal(), changes), 400, 'http.invalid_request', { errors: [expect.objectContaining({ pointer })] });
  });

  it.each<[string, () => string, number, string]>([
    ['a body that is no JSON', () => '{"lines": [', 400, 'http.malformed_json'],
    ['no body', () => '', 400, 'http.malformed_json'],
    ['NUL in a string', () => JSON.stringify(kitchen.body([{ ...kitchen.line('dal'), note: 'a\0b' }])), 400, 'http.malformed_json'],
    ['half a character', () => JSON.stringify(kitchen.body([{ ...kitchen.line('dal'), note: '\ud800' }])), 400, 'http.malformed_json'],
    ['a key that stands twice', () => '{"tip":0,"tip":1}', 400, 'http.malformed_json'],
    ['a key that reaches a prototype', () => '{"__proto__":{"admin":true}}', 400, 'http.malformed_json'],
    ['a body that is too deep', () => '['.repeat(1_000) + ']'.repeat(1_000), 400, 'http.malformed_json'],
    ['a body that is too large', () => JSON.stringify({ note: 'x'.repeat(300 * 1024) }), 413, 'http.body_too_large'],
  ])('%s', async (_what, text, status, code) => {
    await refused(raw(text()), status, code);
  });

  it('a body of another type, or of none', async () => {
    await refused(raw('lines=1', { 'content-type': 'application/x-www-form-urlencoded' }), 415, 'http.unsupported_media_type');
  });

  it('what the restaurant does not have, or not now', async () => {
    await refused(order([{ itemId: NOBODY, quantity: 1 }]), 422, 'ordering.item_not_found', { line: 0 });
    await refused(order([elsewhere.line('dal')]), 422, 'ordering.item_not_found');
    await refused(order([{ itemId: kitchen.items.thali, quantity: 1 }]), 422, 'ordering.modifier_missing', { name: 'Size' });
    const both = [{ optionId: kitchen.options.regular }, { optionId: kitchen.options.large }];
    await refused(order([{ ...kitchen.line('thali'), modifiers: both }]), 422, 'ordering.too_many_modifiers');
    await refused(
      order([{ ...kitchen.line('thali'), modifiers: [{ optionId: kitchen.options.large, quantity: 2 }] }]),
      422,
      'ordering.option_repeated',
    );
    await refused(order([{ ...kitchen.line('dal'), modifiers: [{ optionId: kitchen.options.large }] }]), 422, 'ordering.option_not_found');
    await refused(order(dal(), { restaurantId: NOBODY }), 404, 'ordering.restaurant_not_found');
    await refused(order([kitchen.line('dal', 30)]), 409, 'ordering.insufficient_stock', {
      shortages: [{ name: 'Lentils', needed: 3, available: 2 }],
    });
    await refused(order([kitchen.line('tea', 999), kitchen.line('dal', 999)]), 409, 'ordering.insufficient_stock');
  });

  it('a delivery without an address, an address without a delivery, and times that cannot be', async () => {
    const deliveryAddress = { line1: '12 MG Road', city: 'Pune', postalCode: '411001' };
    await refused(order(dal(), { diningOption: 'delivery' }), 422, 'ordering.address_required');
    await refused(order(dal(), { deliveryAddress }), 422, 'ordering.address_unexpected');
    await refused(order(dal(), { scheduledFor: '2020-01-01T00:00:00Z' }), 422, 'ordering.schedule_out_of_range');
    await refused(order(dal(), { scheduledFor: '2199-01-01T00:00:00Z' }), 422, 'ordering.schedule_out_of_range');
  });

  it('a restaurant that is closed, paused, or does not do that', async () => {
    const patch = (body: object) => world.call('PATCH', `/restaurants/${kitchen.restaurantId}`, { body, token: kitchen.owner });
    await patch({ isAcceptingOrders: false });
    await refused(order(dal()), 409, 'ordering.restaurant_closed', { isPaused: true });
    await patch({ isAcceptingOrders: true, openingHours: [] });
    await refused(order(dal()), 409, 'ordering.restaurant_closed', { isPaused: false });
    await patch({ openingHours: [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, from: '00:00', to: '24:00' })), diningOptions: ['dine_in'] });
    await refused(order(dal()), 422, 'ordering.dining_option_not_offered', { offered: ['dine_in'] });
    await patch({ diningOptions: ['takeaway', 'delivery', 'dine_in'] });
    expect((await order(dal())()).status).toBe(201);
  });

  it('an item that was taken off, and one whose ingredient ran out', async () => {
    const path = `/restaurants/${kitchen.restaurantId}/menu/items/${kitchen.items.tea}/availability`;
    await world.call('PUT', path, { body: { state: 'out_of_stock' }, token: kitchen.owner });
    await refused(order([kitchen.line('tea')]), 409, 'ordering.item_unavailable', { reason: 'out_of_stock' });
    await world.call('PUT', path, { body: { state: 'in_stock' }, token: kitchen.owner });
    expect((await order([kitchen.line('tea')])()).status).toBe(201);

    const thali = `/restaurants/${kitchen.restaurantId}/menu/items/${kitchen.items.thali}/availability`;
    expect((await world.get(thali)).body).toMatchObject({ state: 'in_stock', portions: 10, limitedBy: { name: 'Rice' } });
    expect((await order([kitchen.line('thali', 10)])()).status).toBe(201);
    expect((await world.get(thali)).body).toMatchObject({ state: 'out_of_stock', portions: 0 });
    await refused(order([kitchen.line('thali')]), 409, 'ordering.insufficient_stock');
    await world.post(
      `/restaurants/${kitchen.restaurantId}/stock-movements`,
      { kind: 'receipt', stockItemId: kitchen.stock.rice, quantity: 1 },
      kitchen.owner,
    );
    expect((await world.get(thali)).body).toMatchObject({ state: 'in_stock', portions: 5 });
  });

  it('a caller who is nobody, and a token that is none', async () => {
    await refused(() => world.post('/orders', kitchen.body(dal()), undefined, { 'idempotency-key': 'k' }), 401, 'http.unauthenticated');
    await refused(
      () => world.post('/orders', kitchen.body(dal()), 'eyJhbGciOiJub25lIn0.e30.', { 'idempotency-key': 'k' }),
      401,
      'http.unauthenticated',
    );
  });

  it('an order without a key, and a key that is none', async () => {
    await refused(() => world.post('/orders', kitchen.body(dal()), kitchen.customer), 400, 'http.invalid_request', {
      errors: [expect.objectContaining({ pointer: '/headers/idempotency-key' })],
    });
    await refused(() => world.order(kitchen.body(dal()), kitchen.customer, 'x'.repeat(256)), 400, 'http.invalid_request');
  });

  it('an address that is none', async () => {
    await refused(() => world.get('/orders/42', kitchen.customer), 400, 'http.invalid_request');
    await refused(() => world.get(`/orders/${NOBODY}`, kitchen.customer), 404, 'ordering.order_not_found');
    await refused(() => world.get('/nowhere'), 404, 'http.not_found');
    await refused(() => world.call('DELETE', '/orders', { token: kitchen.customer }), 405, 'http.method_not_allowed');
    await refused(() => world.get('/me/orders?limit=1000', kitchen.customer), 400, 'http.invalid_request');
    await refused(() => world.get('/me/orders?page=2', kitchen.customer), 400, 'http.invalid_request');
  });
});
