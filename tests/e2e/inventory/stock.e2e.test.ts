import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Kitchen, openKitchen } from '../../support/kitchen.ts';
import { PROFILES } from '../../support/profiles.ts';
import { type Json, startWorld, type World } from '../../support/world.ts';

const TOMORROW = new Date(Date.now() + 86_400_000).toISOString();
const NEXT_WEEK = new Date(Date.now() + 7 * 86_400_000).toISOString();

describe.each(PROFILES)('the stockroom over HTTP on %s', (profile) => {
  let world: World;
  let kitchen: Kitchen;
  let at: string;
  let made = 0;
  beforeAll(async () => {
    world = await startWorld(profile);
    kitchen = await openKitchen(world, { rice: 5, lentils: 5 });
    at = `/restaurants/${kitchen.restaurantId}`;
  });
  afterAll(() => world?.close());

  const get = (path: string, token = kitchen.owner) => world.get(`${at}${path}`, token);
  const post = (path: string, body: unknown, token = kitchen.owner, headers?: Record<string, string>) =>
    world.post(`${at}${path}`, body, token, headers);
  const enter = (body: object, headers?: Record<string, string>) => post('/stock-movements', body, kitchen.owner, headers);
  const ingredient = async (unit = 'kg'): Promise<Json> => (await post('/stock-items', { name: `Item ${++made}`, unit })).body;
  const level = async (stockItemId: string): Promise<Json> =>
    (await get('/stock-levels?limit=100')).body.data.find((one: Json) => one.stockItemId === stockItemId);

  it('adds an item, tells its version, and changes it for who has seen the latest', async () => {
    const added = await post('/stock-items', { name: 'Paneer', unit: 'kg', lowStockThreshold: 1.5 });
    expect([added.status, added.headers.get('etag')]).toEqual([201, '"1"']);
    expect(added.body).toEqual({ id: expect.any(String), name: 'Paneer', unit: 'kg', lowStockThreshold: 1.5, version: 1 });
    const patch = (body: object, ifMatch?: string) =>
      world.call('PATCH', `${at}/stock-items/${added.body.id}`, {
        token: kitchen.owner,
        body,
        headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
      });
    expect(await patch({ lowStockThreshold: 2 }, '"1"')).toMatchObject({ status: 200, body: { lowStockThreshold: 2, version: 2 } });
    expect(await patch({ lowStockThreshold: 3 }, '"1"')).toMatchObject({ status: 412, body: { code: 'inventory.changed_meanwhile', version: 2 } });
    expect(await patch({ unit: 'g' })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/body/unit' }] } });
    expect(await post('/stock-items', { name: 'paneer', unit: 'g' })).toMatchObject({ status: 409, body: { code: 'inventory.name_taken' } });
  });

  it('receives, wastes and counts, in units, and shows the levels and the ledger', async () => {
    const { id } = await ingredient();
    const received = await enter({ kind: 'receipt', stockItemId: id, quantity: 2.5, lot: 'L1', expiresAt: TOMORROW, reason: 'from the market' });
    expect(received).toMatchObject({
      status: 201,
      body: { kind: 'receipt', from: 'supplier', to: 'shelf', reason: 'from the market', lines: [{ stockItemId: id, quantity: 2.5 }] },
    });
    await enter({ kind: 'receipt', stockItemId: id, quantity: 1, lot: 'L2', expiresAt: NEXT_WEEK });
    expect(await enter({ kind: 'waste', stockItemId: id, quantity: 0.125, reason: 'spilt' })).toMatchObject({
      status: 201,
      body: { lines: [{ quantity: 0.125 }] },
    });
    expect(await enter({ kind: 'count', stockItemId: id, counted: 3.5 })).toMatchObject({
      status: 201,
      body: { from: 'count', to: 'shelf', lines: [{ quantity: 0.125 }] },
    });
    expect(await level(id)).toMatchObject({
      onHand: 3.5,
      held: 0,
      available: 3.5,
      lowStockThreshold: 0,
      status: 'ok',
      batches: [
        { lot: 'L1', expiresAt: TOMORROW, onHand: 2.5 },
        { lot: 'L2', expiresAt: NEXT_WEEK, onHand: 1 },
      ],
    });
    const first = await get(`/stock-movements?stockItemId=${id}&limit=3`);
    expect(first.body.data.map(({ kind, quantity, unit }: Json) => [kind, quantity, unit])).toEqual([
      ['count', 0.125, 'kg'],
      ['waste', 0.125, 'kg'],
      ['receipt', 1, 'kg'],
    ]);
    const next = /<\/restaurants\/[^/]+(.+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] as string;
    expect((await get(next)).body).toMatchObject({ data: [{ kind: 'receipt', quantity: 2.5, documentId: received.body.documentId }], next: null });
  });

  it('says what stops an entry, and changes nothing', async () => {
    const { id, name } = await ingredient();
    await enter({ kind: 'receipt', stockItemId: id, quantity: 1 });
    const wasted = await enter({ kind: 'waste', stockItemId: id, quantity: 1.001, reason: 'spilt' });
    expect(wasted).toMatchObject({
      status: 409,
      body: {
        code: 'inventory.not_on_shelf',
        stockItemId: id,
        needed: 1.001,
        available: 1,
        detail: expect.stringContaining(`1.001 kg of ${name} are wanted and 1 kg are free`),
      },
    });
    const yesterday = new Date(Date.now() - 86_400_000).toISOString();
    expect(await enter({ kind: 'receipt', stockItemId: id, quantity: 1, expiresAt: yesterday })).toMatchObject({
      status: 422,
      body: { code: 'inventory.already_expired' },
    });
    expect(await enter({ kind: 'receipt', stockItemId: id, quantity: 0.0001 })).toMatchObject({
      status: 422,
      body: { code: 'inventory.quantity_malformed', quantity: 0.0001 },
    });
    for (const body of [
      { kind: 'receipt', stockItemId: id, quantity: -1 },
      { kind: 'receipt', stockItemId: id, quantity: 1, counted: 1 },
      { kind: 'receipt', stockItemId: id, quantity: 1, expiresAt: '9999-12-31T23:59:59-14:00' },
      { kind: 'waste', stockItemId: id, quantity: 1 },
      { kind: 'gift', stockItemId: id, quantity: 1 },
      { kind: 'count', stockItemId: id, counted: '1' },
    ]) {
      expect(await enter(body), JSON.stringify(body)).toMatchObject({ status: 400, body: { code: 'http.invalid_request' } });
    }
    expect(await level(id)).toMatchObject({ onHand: 1 });
  });

  it('makes an entry once for its key', async () => {
    const { id } = await ingredient();
    const body = { kind: 'receipt', stockItemId: id, quantity: 2 };
    const first = await enter(body, { 'idempotency-key': 'delivery-7' });
    expect(await enter(body, { 'idempotency-key': 'delivery-7' })).toMatchObject({ status: 201, body: first.body });
    expect(await enter({ ...body, quantity: 3 }, { 'idempotency-key': 'delivery-7' })).toMatchObject({
      status: 422,
      body: { code: 'inventory.idempotency_key_reused' },
    });
    expect(await level(id)).toMatchObject({ onHand: 2 });
  });

  it('transfers to a restaurant of the same people, and knows no other', async () => {
    const other = await openKitchen(world, { rice: 0, lentils: 0 });
    const { id } = await ingredient();
    await enter({ kind: 'receipt', stockItemId: id, quantity: 2, lot: 'L1', expiresAt: TOMORROW });
    const transfer = { kind: 'transfer', stockItemId: id, quantity: 1, toRestaurantId: other.restaurantId, toStockItemId: other.stock.rice };
    expect(await enter(transfer)).toMatchObject({ status: 404, body: { code: 'inventory.stock_item_not_found', stockItemId: other.stock.rice } });

    const owner = (await world.get(`${at}/staff`, kitchen.owner)).body.data[0];
    expect(await world.post(`/restaurants/${other.restaurantId}/staff`, { email: owner.email, role: 'manager' }, other.owner)).toMatchObject({
      status: 201,
    });
    kitchen.owner = await world.signIn(kitchen.people.owner);
    expect(await enter(transfer)).toMatchObject({ status: 201, body: { from: 'shelf', to: 'transfer' } });
    const there = await world.get(`/restaurants/${other.restaurantId}/stock-levels`, other.owner);
    expect(there.body.data.find(({ stockItemId }: Json) => stockItemId === other.stock.rice)).toMatchObject({
      onHand: 1,
      batches: [{ lot: 'L1', expiresAt: TOMORROW }],
    });
    expect(await level(id)).toMatchObject({ onHand: 1 });
  });

  it('writes recipes of what is on the menu, from what is in stock', async () => {
    const put = (sellableId: string, body: object, headers = {}) =>
      world.call('PUT', `${at}/recipes/${sellableId}`, { token: kitchen.owner, body, headers });
    const { id } = await ingredient('ml');
    expect(await get(`/recipes/${kitchen.items.tea}`)).toMatchObject({ status: 404, body: { code: 'inventory.recipe_not_found' } });
    const written = await put(kitchen.items.tea, { lines: [{ stockItemId: id, quantity: 150 }] });
    expect([written.status, written.headers.get('etag')]).toEqual([200, '"1"']);
    expect((await get(`/recipes/${kitchen.items.tea}`)).body).toEqual({
      sellableId: kitchen.items.tea,
      lines: [{ stockItemId: id, quantity: 150 }],
      countsDown: false,
      version: 1,
    });
    expect(await put(kitchen.items.tea, { lines: [] }, { 'if-match': '"9"' })).toMatchObject({ status: 412 });
    expect(await put(id, { lines: [] })).toMatchObject({ status: 404, body: { code: 'inventory.sellable_not_found' } });
    expect(await put(kitchen.items.tea, { lines: [{ stockItemId: kitchen.items.tea, quantity: 1 }] })).toMatchObject({
      status: 404,
      body: { code: 'inventory.stock_item_not_found' },
    });
    expect((await get('/recipes?limit=100')).body.data.map(({ sellableId }: Json) => sellableId)).toContain(kitchen.items.thali);

    expect(await world.order(kitchen.body([kitchen.line('tea')]), kitchen.customer)).toMatchObject({
      status: 409,
      body: { code: 'ordering.insufficient_stock', shortages: [{ stockItemId: id, unit: 'ml', needed: 150, available: 0 }] },
    });
    expect(await put(kitchen.items.tea, { lines: [] })).toMatchObject({ status: 200, body: { version: 2 } });
    expect(await world.order(kitchen.body([kitchen.line('tea')]), kitchen.customer)).toMatchObject({ status: 201 });
  });

  it('shows what orders hold, by status', async () => {
    const order = await world.order(kitchen.body([kitchen.line('dal', 2)]), kitchen.customer);
    const list = async (status: string) => (await get(`/reservations?status=${status}&limit=100`)).body.data;
    expect((await list('held'))[0]).toMatchObject({
      orderId: order.body.id,
      status: 'held',
      lines: [{ stockItemId: kitchen.stock.lentils, quantity: 0.2 }],
      settledAt: null,
    });
    await kitchen.act(order.body.id, 'rejection');
    expect((await list('held')).map(({ orderId }: Json) => orderId)).not.toContain(order.body.id);
    expect((await list('released'))[0]).toMatchObject({ orderId: order.body.id, settledAt: expect.any(String) });
    expect(await get('/reservations?status=gone')).toMatchObject({ status: 400 });
  });

  it('is closed to customers, and does not exist for the staff of others', async () => {
    const other = await openKitchen(world, { rice: 0, lentils: 0 });
    const paths = ['/stock-items', '/stock-levels', '/stock-movements', '/recipes', '/reservations'];
    for (const path of paths) {
      expect((await get(path, kitchen.customer)).status, path).toBe(403);
      expect((await get(path, other.owner)).status, path).toBe(404);
      expect((await world.get(`${at}${path}`)).status, path).toBe(401);
    }
    expect((await post('/stock-items', { name: 'Ghee', unit: 'kg' }, other.owner)).status).toBe(404);
    const theirs = { kind: 'receipt', stockItemId: kitchen.stock.rice, quantity: 1 };
    const trespass = await world.post(`/restaurants/${other.restaurantId}/stock-movements`, theirs, other.owner);
    expect(trespass).toMatchObject({ status: 404, body: { code: 'inventory.stock_item_not_found' } });
  });
});
