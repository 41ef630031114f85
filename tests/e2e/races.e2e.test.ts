import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Platform } from '#composition/modules/platform.ts';
import { INVARIANTS } from '#composition/modules.ts';
import { type Kitchen, openKitchen } from '../support/kitchen.ts';
import { PROFILES } from '../support/profiles.ts';
import { type Json, startWorld, type World } from '../support/world.ts';

const CUSTOMERS = 200;
const PORTIONS = 50;

describe.each(PROFILES)('everybody at once on %s', (profile) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(profile);
  });
  afterAll(() => world.close());

  const soundness = async (): Promise<string[]> => {
    if (profile === 'memory') return [];
    const sql = world.container.get(Platform.sql);
    const broken: string[] = [];
    for (const { id, sql: text } of INVARIANTS) for (const row of await sql()<Json>(text)) broken.push(`${id}: ${JSON.stringify(row)}`);
    return broken;
  };

  it(`sells the last ${PORTIONS} portions to exactly ${PORTIONS} of ${CUSTOMERS} customers, whatever the order of their lines`, async () => {
    // Rice for 50 thalis; lentils for more: the thali and the dal share them, and their lines come in both orders.
    const kitchen: Kitchen = await openKitchen(world, { rice: 10, lentils: 100 });
    const buyers = await Promise.all(Array.from({ length: 10 }, (_, i) => world.account(`buyer${i}@race.test`)));
    const answers = await Promise.all(
      Array.from({ length: CUSTOMERS }, (_, i) => {
        const lines = [kitchen.line('thali'), kitchen.line('dal')];
        return world.order(kitchen.body(i % 2 ? lines : lines.toReversed()), (buyers[i % 10] as { token: string }).token, `race-${i}`);
      }),
    );
    const placed = answers.filter(({ status }) => status === 201);
    expect(placed).toHaveLength(PORTIONS);
    for (const { status, body } of answers)
      if (status !== 201) expect(body).toMatchObject({ status: 409, code: 'ordering.insufficient_stock', shortages: [{ name: 'Rice' }] });
    expect(await kitchen.levels('rice')).toEqual({ onHand: 10, held: 10, available: 0 });
    expect((await kitchen.levels('lentils')).held).toBeCloseTo(PORTIONS * 0.2, 6);
    expect(new Set(placed.map(({ body }) => body.number)).size).toBe(PORTIONS);
    await world.container.get(Platform.eventLog).settle();
    expect(await soundness()).toEqual([]);
  });

  it('adds up lines that share an ingredient before it says yes', async () => {
    const kitchen = await openKitchen(world, { rice: 1, lentils: 0.3 });
    const refused = await world.order(kitchen.body([kitchen.line('dal', 2), kitchen.line('dal', 2)]), kitchen.customer);
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'ordering.insufficient_stock', shortages: [{ name: 'Lentils', unit: 'kg', needed: 0.4, available: 0.3 }] },
    });
    expect(await kitchen.levels('lentils')).toEqual({ onHand: 0.3, held: 0, available: 0.3 });
    expect((await world.get('/me/orders', kitchen.customer)).body.data).toEqual([]);
    expect((await world.order(kitchen.body([kitchen.line('dal', 2), kitchen.line('dal', 1)]), kitchen.customer)).status).toBe(201);
  });

  it('makes one order of a request that is sent many times at once, and another of another', async () => {
    const kitchen = await openKitchen(world);
    const body = kitchen.body([kitchen.line('thali')]);
    const send = (key: string, what: object) => world.order(what, kitchen.customer, key);
    const answers = await Promise.all([...Array.from({ length: 10 }, () => send('again', body)), send('else', body)]);
    const other = answers.pop();
    expect(other?.status).toBe(201);
    const [first] = answers.filter(({ status }) => status === 201);
    for (const { status, body: answer } of answers) {
      if (status === 201) expect(answer).toEqual(first?.body);
      else expect(answer).toMatchObject({ status: 409, code: 'ordering.request_in_progress' });
    }
    const { data } = (await world.get('/me/orders', kitchen.customer)).body;
    expect(data.map(({ id }: Json) => id).sort()).toEqual([first?.body.id, other?.body.id].sort());
    expect((await kitchen.levels('rice')).held).toBeCloseTo(0.4, 6);
  });

  it('lets one of many people who act at once have their way', async () => {
    const kitchen = await openKitchen(world);
    const { body: order } = await world.order(kitchen.body([kitchen.line('thali')]), kitchen.customer);
    const answers = await Promise.all(
      ['acceptance', 'rejection', 'cancellation', 'rejection', 'cancellation'].map((action) => kitchen.act(order.id, action)),
    );
    const won = answers.filter(({ status }) => status === 200);
    const { body: after } = await world.get(`/orders/${order.id}`, kitchen.customer);
    expect(won.length).toBeGreaterThanOrEqual(1);
    expect(after.version).toBe(1 + won.length);
    for (const { status, body } of answers) if (status !== 200) expect(['ordering.illegal_transition', 'http.write_conflict']).toContain(body.code);
    const { held, onHand } = await kitchen.levels('rice');
    expect(onHand).toBe(10);
    expect(held).toBe(after.status === 'accepted' ? 0.2 : 0);
  });

  it('sells no item it counts down beyond its count', async () => {
    const kitchen = await openKitchen(world);
    const path = `/restaurants/${kitchen.restaurantId}/menu/items/${kitchen.items.tea}/availability`;
    expect((await world.call('PUT', path, { body: { state: 'quantity', quantity: 7 }, token: kitchen.owner })).status).toBe(200);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => world.order(kitchen.body([kitchen.line('tea')]), kitchen.customer, `tea-${i}`)),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(7);
    expect((await world.get(path)).body).toMatchObject({ state: 'out_of_stock', portions: 0 });
    const [{ body: first }] = answers.filter(({ status }) => status === 201) as [Json];
    await kitchen.act(first.id, 'cancellation', kitchen.customer);
    expect((await world.get(path)).body).toMatchObject({ state: 'quantity', portions: 1 });
  });
});
