import { describe, expect, it } from 'vitest';
import { readStream } from '#adapters/postgres/events/log.ts';
import { Ordering } from '#composition/modules/ordering.ts';
import { Platform } from '#composition/modules/platform.ts';
import { INVARIANTS } from '#composition/modules.ts';
import type { OrderEvent } from '#domain/ordering/events.ts';
import { FINAL_STATUSES } from '#domain/ordering/events.ts';
import { ORDER_ACTIONS, Order, OrderId } from '#domain/ordering/order.ts';
import { type Kitchen, openKitchen } from '../support/kitchen.ts';
import { PROFILES, type Profile } from '../support/profiles.ts';
import { Chance } from '../support/random.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { type Answer, type Json, startWorld, type World } from '../support/world.ts';

/** SIM_SEED replays one story; SIM_STEPS makes it longer. */
const SEED = Number(process.env['SIM_SEED'] ?? 20_261_121);
const STEPS: Readonly<Record<Profile, number>> = { memory: 500, pglite: 150, postgres: 300 };
const WEIGHTS = { place: 40, repeat: 8, act: 40, receive: 4, waste: 3, count: 3, wait: 5, expire: 6, countDown: 3 } as const;
const START = Date.parse('2026-11-21T06:00:00Z');

/** Customers, cooks, storekeepers and time, each as likely to get in the way of another as chance will have it. */
class Story {
  readonly orders: string[] = [];
  readonly answers: Answer[] = [];
  readonly received = { rice: 8, lentils: 6 };
  readonly #world: World;
  readonly #kitchen: Kitchen;
  readonly #chance: Chance;
  readonly #clock: VirtualClock;
  readonly #sent: { readonly key: string; readonly body: object }[] = [];

  constructor(world: World, kitchen: Kitchen, chance: Chance, clock: VirtualClock) {
    this.#world = world;
    this.#kitchen = kitchen;
    this.#chance = chance;
    this.#clock = clock;
  }

  step(): () => Promise<void> {
    const what = this.#chance.weighted(WEIGHTS);
    switch (what) {
      case 'place':
        return this.#place();
      case 'repeat':
        return this.#sent.length === 0 ? this.#place() : this.#send(this.#chance.pick(this.#sent));
      case 'act':
        return this.#act();
      case 'wait': {
        this.#clock.advance(this.#chance.int(4) * 60_000);
        return async () => undefined;
      }
      case 'expire':
        return () => this.expire();
      case 'countDown':
        return this.#countDown();
      default:
        return this.#moveStock(what);
    }
  }

  async expire(): Promise<void> {
    const job = this.#world.container.getAll(Platform.jobs).find(({ name }) => name === 'ordering-expire-unpaid');
    await job?.run();
  }

  #place(): () => Promise<void> {
    const lines = Array.from({ length: 1 + this.#chance.int(3) }, () =>
      this.#kitchen.line(this.#chance.pick(['thali', 'dal', 'tea']), 1 + this.#chance.int(4)),
    );
    const body = this.#kitchen.body(lines, { payment: this.#chance.pick(['cash', 'online']), tip: this.#chance.int(500) });
    const request = { key: `sim-${this.#sent.length}`, body };
    this.#sent.push(request);
    return this.#send(request);
  }

  #send({ key, body }: { readonly key: string; readonly body: object }): () => Promise<void> {
    return async () => {
      const answer = await this.#world.order(body, this.#kitchen.customer, key);
      this.answers.push(answer);
      if (answer.status === 201 && !this.orders.includes(answer.body.id)) this.orders.push(answer.body.id);
    };
  }

  #act(): () => Promise<void> {
    if (this.orders.length === 0) return this.#place();
    // Mostly what is going on now, so that some orders come to their end.
    const recent = this.orders.slice(-12);
    const orderId = this.#chance.pick(this.#chance.next() < 0.8 ? recent : this.orders);
    const action = this.#chance.pick([...Object.keys(ORDER_ACTIONS), 'acceptance', 'preparation', 'readiness', 'completion']);
    const token = this.#chance.next() < 0.15 ? this.#kitchen.customer : this.#kitchen.owner;
    return async () => void this.answers.push(await this.#kitchen.act(orderId, action, token));
  }

  #moveStock(kind: 'receive' | 'waste' | 'count'): () => Promise<void> {
    const name = this.#chance.pick(['rice', 'lentils'] as const);
    const quantity = 1 + this.#chance.int(3);
    const stockItemId = this.#kitchen.stock[name];
    const expiresAt = this.#chance.next() < 0.5 ? new Date(this.#clock.now() + (1 + this.#chance.int(40)) * 60_000).toISOString() : undefined;
    const body = {
      receive: { kind: 'receipt', stockItemId, quantity, ...(expiresAt && { expiresAt }) },
      waste: { kind: 'waste', stockItemId, quantity: 0.3, reason: 'spilt' },
      count: { kind: 'count', stockItemId, counted: 5 + quantity },
    }[kind];
    return async () => {
      const answer = await this.#world.post(`/restaurants/${this.#kitchen.restaurantId}/stock-movements`, body, this.#kitchen.owner);
      this.answers.push(answer);
    };
  }

  #countDown(): () => Promise<void> {
    const body = this.#chance.next() < 0.7 ? { state: 'quantity', quantity: this.#chance.int(12) } : { state: 'in_stock' };
    const path = `/restaurants/${this.#kitchen.restaurantId}/menu/items/${this.#kitchen.items.tea}/availability`;
    return async () => void this.answers.push(await this.#world.call('PUT', path, { body, token: this.#kitchen.owner }));
  }
}

describe.each(PROFILES)('a day on %s', (profile) => {
  it(`ends with one story told by rows, events and stock (SIM_SEED=${SEED})`, async () => {
    const clock = new VirtualClock(START);
    const world = await startWorld(profile, clock.override());
    try {
      const kitchen = await openKitchen(world, { rice: 8, lentils: 6 });
      const story = new Story(world, kitchen, new Chance(SEED), clock);
      const width = new Chance(SEED + 1);
      for (let left = Number(process.env['SIM_STEPS'] ?? STEPS[profile]); left > 0; ) {
        const burst = Array.from({ length: 1 + width.int(8) }, () => story.step());
        left -= burst.length;
        await kitchen.signIn();
        await Promise.all(burst.map((go) => go()));
        clock.advance(1 + width.int(5_000));
      }
      await world.container.get(Platform.eventLog).settle();

      await kitchen.signIn();
      // Whatever was asked, nothing broke, and enough happened to mean something.
      expect(story.answers.filter(({ status }) => status === 401)).toEqual([]);
      expect(story.answers.filter(({ status }) => status >= 500).map(({ body }) => body)).toEqual([]);
      expect(story.orders.length).toBeGreaterThan(10);
      await eventsRebuildOrders(world, story.orders);
      expect(await brokenPromises(world)).toEqual([]);
      await stockAddsUp(world, kitchen, story);

      // Then everything ends: nobody pays any more, and the kitchen closes.
      clock.advance(60 * 60_000);
      await story.expire();
      await kitchen.signIn();
      for (const orderId of story.orders) await kitchen.act(orderId, 'cancellation');
      await world.container.get(Platform.eventLog).settle();
      const unfinished = (await ordersOf(world, story.orders)).filter(
        ({ status }) => !FINAL_STATUSES.includes(status) && status !== 'out_for_delivery',
      );
      expect(unfinished).toEqual([]);
      for (const name of ['rice', 'lentils'] as const) expect((await kitchen.levels(name)).held, `${name} held by nobody`).toBe(0);
      expect(await brokenPromises(world)).toEqual([]);
    } finally {
      await world.close();
    }
  });
});

async function ordersOf(world: World, ids: readonly string[]): Promise<Order[]> {
  const queries = world.container.get(Ordering.queries);
  const found = await Promise.all(ids.map((id) => queries.find(OrderId.of(id))));
  return found.filter((order) => order !== undefined);
}

async function eventsRebuildOrders(world: World, ids: readonly string[]): Promise<void> {
  for (const order of await ordersOf(world, ids)) {
    const told = (await eventsOf(world, `order:${order.id}`)) as OrderEvent[];
    expect(Order.fold(order.id, told)).toEqual(order);
  }
}

async function eventsOf(world: World, stream: string): Promise<Json[]> {
  const { store } = world.database;
  if (store.kind === 'sql') return (await readStream(world.container.get(Platform.sql)(), stream)).map(({ data }) => data);
  return world.container
    .get(Platform.store)
    .events.filter((event) => event.stream === stream)
    .map(({ json }) => JSON.parse(json));
}

/** What the doctor would say. The memory profile has no SQL; its rows are checked by stockAddsUp. */
async function brokenPromises(world: World): Promise<string[]> {
  if (world.database.store.kind === 'memory') return [];
  const sql = world.container.get(Platform.sql);
  const broken: string[] = [];
  for (const { id, sql: text } of INVARIANTS) for (const row of await sql()<Json>(text)) broken.push(`${id}: ${JSON.stringify(row)}`);
  return broken;
}

/** What is on hand is what the ledger says came minus what went; what is held is what unfinished orders hold. */
async function stockAddsUp(world: World, kitchen: Kitchen, story: Story): Promise<void> {
  for (const name of ['rice', 'lentils'] as const) {
    const levels = await kitchen.levels(name);
    const places: Record<string, number> = {};
    let after = '';
    do {
      const { body } = await world.get(
        `/restaurants/${kitchen.restaurantId}/stock-movements?limit=100&stockItemId=${kitchen.stock[name]}${after}`,
        kitchen.owner,
      );
      for (const { from, to, quantity } of body.data as Json[]) {
        places[from] = (places[from] ?? 0) - Math.round(quantity * 1_000);
        places[to] = (places[to] ?? 0) + Math.round(quantity * 1_000);
      }
      after = body.next === null ? '' : `&after=${body.next}`;
    } while (after !== '');
    expect(Object.values(places).reduce((sum, quantity) => sum + quantity, 0)).toBe(0);
    expect(Math.round(levels.held * 1_000)).toBe(places['held'] ?? 0);
    expect(Math.round(levels.onHand * 1_000)).toBe((places['held'] ?? 0) + (places['shelf'] ?? 0));
    const perThali = name === 'rice' ? 200 : 100;
    const orders = await ordersOf(world, story.orders);
    const held = orders
      .filter(({ status }) => !FINAL_STATUSES.includes(status))
      .flatMap(({ lines }) => lines)
      .reduce(
        (sum, { itemId, quantity }) =>
          sum + quantity * (itemId === kitchen.items.thali ? perThali : itemId === kitchen.items.dal && name === 'lentils' ? 100 : 0),
        0,
      );
    expect(places['held'] ?? 0).toBe(held);
  }
}
