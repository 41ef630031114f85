import { type Container, ContainerModule } from 'inversify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryStore } from '#adapters/memory/store.ts';
import { createContainer } from '#composition/container.ts';
import type { Database } from '#composition/database.ts';
import { LARDER } from '#composition/demo/larder.ts';
import { DISHES } from '#composition/demo/menu.ts';
import { DEMO_ACCOUNTS, DEMO_PASSWORD, seedDemo } from '#composition/demo.ts';
import { Catalogue } from '#composition/modules/catalogue.ts';
import { Identity } from '#composition/modules/identity.ts';
import { Inventory } from '#composition/modules/inventory.ts';
import { Ordering } from '#composition/modules/ordering.ts';
import { Partners } from '#composition/modules/partners.ts';
import { Platform } from '#composition/modules/platform.ts';
import { ANONYMOUS, may, worksAt } from '#domain/shared/actor.ts';
import { Money } from '#domain/shared/money.ts';
import type { Result } from '#domain/shared/result.ts';
import { freshDatabase, PROFILES, type Profile, SILENT, testConfig } from '#tests/support/profiles.ts';

const ALL = { limit: 1_000 };
const SECRET = 'a-secret-that-only-the-tests-know-000';
const quiet = () => undefined;

/** A process on a database that others may have used before it, and may use after it. */
type Start = (interruption?: { readonly afterIds: number }) => Container;

class Interrupted extends Error {}

async function start(profile: Profile): Promise<{ readonly database: Database; readonly start: Start }> {
  const database = await freshDatabase(profile);
  const store = new MemoryStore();
  return {
    database,
    start: (interruption) => {
      const overrides = new ContainerModule(({ rebind }) => {
        if (profile === 'memory') rebind(Platform.store).toConstantValue(store);
      });
      const container = createContainer({ config: testConfig, secret: SECRET, log: SILENT, store: database.store }, overrides);
      if (interruption) {
        const ids = container.get(Platform.ids);
        let left = interruption.afterIds;
        container.rebind(Platform.ids).toConstantValue({
          next() {
            if (left-- === 0) throw new Interrupted();
            return ids.next();
          },
        });
      }
      return container;
    },
  };
}

async function eventsIn(container: Container): Promise<number> {
  if (!container.isBound(Platform.sql)) return container.get(Platform.store).events.length;
  const [row] = await container.get(Platform.sql)()<{ readonly count: number }>('select count(*)::int as count from platform.events');
  return row?.count ?? 0;
}

function valueOf<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

async function restaurantOf(container: Container): Promise<string> {
  const { data } = await container.get(Partners.useCases).restaurants(ALL);
  expect(data).toHaveLength(1);
  return data[0]?.id ?? expect.fail('there is no restaurant');
}

const menuAt = async (container: Container, time: string) =>
  valueOf(await container.get(Catalogue.useCases).menu(await restaurantOf(container), Temporal.Instant.from(`2027-03-10T${time}:00+05:30`).epochMilliseconds));
const dishesAt = async (container: Container, time: string) => (await menuAt(container, time)).categories.flatMap(({ items }) => items);

async function signIn(container: Container, email: string) {
  const identity = container.get(Identity.useCases);
  const { accessToken } = valueOf(await identity.signIn({ identifier: email, password: DEMO_PASSWORD }, ANONYMOUS));
  return (await identity.authenticate(accessToken)) ?? expect.fail(`${email} proves to be nobody`);
}

describe.each(PROFILES)('the demo on %s', (profile) => {
  let database: Database;
  let container: Container;
  let restart: Start;
  const said: string[] = [];

  beforeAll(async () => {
    ({ database, start: restart } = await start(profile));
    container = restart();
    expect(await seedDemo(container, (line) => said.push(line))).toBe(true);
  });
  afterAll(async () => {
    await container.unbindAll();
    await database.close();
  });

  it('says what it made, in few lines', () => {
    expect(said).toHaveLength(3);
    expect(said.join(' ')).toMatch(/4 accounts.* dishes .* recipes/);
  });

  it('has the whole menu, every dish with its recipe', async () => {
    const restaurantId = await restaurantOf(container);
    const dishes = await dishesAt(container, '12:00');
    expect(dishes.length).toBeGreaterThanOrEqual(40);
    expect(dishes.map(({ name }) => name)).toEqual(DISHES.map(({ name }) => name));

    const inventory = container.get(Inventory.useCases);
    for (const [index, { id, groupIds }] of dishes.entries()) {
      const dish = DISHES[index];
      const demand = await inventory.demandFor(restaurantId, [{ sellableId: id, quantity: 1 }]);
      expect(demand.length).toBe(Object.keys(dish?.takes ?? {}).length + (dish?.portions ? 1 : 0));
      expect(groupIds.length).toBe(dish?.choices.length);
    }
  });

  it('can sell every dish whose hours hold', async () => {
    const dishes = await dishesAt(container, '15:00');
    const served = dishes.filter(({ isAvailableNow }) => isAvailableNow);
    expect(served.length).toBeGreaterThanOrEqual(50);
    expect(served.filter(({ isOrderableNow }) => !isOrderableNow)).toEqual([]);

    const restaurantId = await restaurantOf(container);
    const portions = await container.get(Inventory.useCases).portions(restaurantId);
    const left = new Map(portions.map(({ sellableId, portions: count }) => [sellableId, count]));
    for (const [index, { id, name }] of dishes.entries()) {
      expect(left.get(id), name).toBeGreaterThanOrEqual(DISHES[index]?.portions ?? 200);
      expect(left.get(id), name).toBeLessThanOrEqual(800);
    }
    expect(portions.filter(({ portions: count }) => count < 1)).toEqual([]);
  });

  it('has breakfast from seven to eleven and a late night that crosses midnight', async () => {
    const courseAt = async (time: string): Promise<readonly string[]> => {
      const always = new Set((await dishesAt(container, '15:00')).filter(({ isAvailableNow }) => isAvailableNow).map(({ name }) => name));
      return (await dishesAt(container, time)).filter(({ name, isOrderableNow }) => isOrderableNow && !always.has(name)).map(({ name }) => name);
    };
    expect(await courseAt('06:59')).toEqual([]);
    expect(await courseAt('07:00')).toEqual(['Kanda Poha', 'Rava Upma', 'Aloo Paratha with Curd', 'Puri Bhaji']);
    expect(await courseAt('11:00')).toEqual([]);
    expect(await courseAt('22:00')).toEqual(['Egg Bhurji Pav', 'Chicken Kathi Roll', 'Midnight Pav Bhaji']);
    expect(await courseAt('01:59')).toHaveLength(3);
    expect(await courseAt('02:00')).toEqual([]);
  });

  it('counts the grand thali down', async () => {
    const grand = (await dishesAt(container, '12:00')).find(({ name }) => name === 'Maharaja Thali');
    expect(grand?.availability).toEqual({ state: 'quantity', quantity: 20 });
  });

  it('stocks enough of everything for one of each, well above its threshold', async () => {
    const restaurantId = await restaurantOf(container);
    const menu = await menuAt(container, '12:00');
    const portions = [...menu.categories.flatMap(({ items }) => items), ...menu.groups.flatMap(({ options }) => options)];
    const inventory = container.get(Inventory.useCases);
    const { data: levels } = await inventory.stockLevels(restaurantId, ALL);
    expect(levels.map(({ item }) => item.name).sort()).toEqual(Object.keys(LARDER).sort());
    expect(levels.filter(({ level }) => level !== 'ok')).toEqual([]);

    const available = new Map(levels.map(({ item, available: there }) => [item.id, there]));
    const demand = await inventory.demandFor(restaurantId, portions.map(({ id }) => ({ sellableId: id, quantity: 1 })));
    for (const { stockItemId, quantity } of demand.filter(({ stockItemId: id }) => available.has(id))) {
      expect(available.get(stockItemId)).toBeGreaterThanOrEqual(quantity);
    }
  });

  it('keeps what is perishable in two lots that expire one after the other', async () => {
    const { data: levels } = await container.get(Inventory.useCases).stockLevels(await restaurantOf(container), ALL);
    for (const name of ['Milk', 'Curd', 'Paneer', 'Chicken']) {
      const batches = levels.find(({ item }) => item.name === name)?.batches ?? [];
      expect(batches.map(({ lot }) => lot)).toEqual(['OPENING-1', 'OPENING-2']);
      expect(batches.every(({ expiresAt, shelf }) => (expiresAt ?? 0) > Date.now() && shelf > 0)).toBe(true);
    }
  });

  it('lets its people in, each as what they are', async () => {
    const restaurantId = await restaurantOf(container);
    const other = await start(profile);
    try {
      // Elsewhere, so that the demo under test stays as it was made.
      const elsewhere = other.start();
      await seedDemo(elsewhere, quiet);
      const theirs = await restaurantOf(elsewhere);
      expect(theirs).not.toBe(restaurantId);
      const [admin, owner, kitchen, customer] = await Promise.all(DEMO_ACCOUNTS.map(({ email }) => signIn(elsewhere, email)));
      if (!admin || !owner || !kitchen || !customer) throw new Error('somebody is missing');
      expect(may(admin, 'platform:operate')).toBe(true);
      expect(may(owner, 'restaurants:write', theirs)).toBe(true);
      expect(may(owner, 'platform:operate')).toBe(false);
      expect(may(kitchen, 'orders:prepare', theirs)).toBe(true);
      expect(may(kitchen, 'menu:write', theirs)).toBe(false);
      expect(worksAt(customer, theirs)).toBe(false);
      await elsewhere.unbindAll();
    } finally {
      await other.database.close();
    }
  });

  it('changes nothing when it is made again', async () => {
    const before = await eventsIn(container);
    expect(await seedDemo(container, (line) => expect.fail(`made again: ${line}`))).toBe(true);
    expect(await eventsIn(container)).toBe(before);
  });

  it('takes an order, and is left alone from then on', async () => {
    const restaurantId = await restaurantOf(container);
    const customer = await signIn(container, 'customer@demo.test');
    const menu = await menuAt(container, '12:00');
    const dishOf = (name: string) => menu.categories.flatMap(({ items }) => items).find((item) => item.name === name) ?? expect.fail(`no ${name}`);
    const optionOf = (name: string) => menu.groups.flatMap(({ options }) => options).find((option) => option.name === name)?.id ?? expect.fail(`no ${name}`);
    const thali = {
      itemId: dishOf('Everyday Veg Thali').id,
      quantity: 2,
      note: null,
      modifiers: [
        { optionId: optionOf('One butter naan'), quantity: 1 },
        { optionId: optionOf('Bowl of curd'), quantity: 1 },
      ],
    };
    const cola = { itemId: dishOf('Cola 300 ml').id, quantity: 1, note: null, modifiers: [] };
    const placed = await container.get(Ordering.useCases).placeOrder(
      {
        request: {
          restaurantId,
          diningOption: 'takeaway',
          payment: 'cash',
          lines: [thali, cola],
          tip: Money.zero,
          deliveryAddress: null,
          scheduledFor: null,
        },
        key: 'first-order',
        fingerprint: 'first-order',
      },
      customer,
    );
    // 2 x (220 + 20 + 35) + 5 % and 60 + 40 %, rounded to the rupee: 577.50 + 84.00.
    expect(valueOf(placed).price).toMatchObject({ subtotal: 610_00, total: 662_00, rounding: 50 });

    const { data: levels } = await container.get(Inventory.useCases).stockLevels(restaurantId, ALL);
    const heldOf = (name: string) => levels.find(({ item }) => item.name === name)?.held;
    expect([heldOf('Cola 300 ml'), heldOf('Curd'), heldOf('Refined flour')]).toEqual([1_000, 2 * (50 + 15 + 100), 2 * 80]);

    const before = await eventsIn(container);
    expect(await seedDemo(container, (line) => expect.fail(`touched: ${line}`))).toBe(true);
    expect(await eventsIn(container)).toBe(before);
  });

  it("leaves somebody's own data alone", async () => {
    const own = await start(profile);
    try {
      const theirs = own.start();
      const account = { email: 'asha@example.com', displayName: 'Asha', password: 'Dosa-And-Chutney-1!' };
      valueOf(await theirs.get(Identity.useCases).registerAccount(account, ANONYMOUS));
      const before = await eventsIn(theirs);
      expect(await seedDemo(theirs, (line) => expect.fail(`touched: ${line}`))).toBe(false);
      expect(await eventsIn(theirs)).toBe(before);
      await theirs.unbindAll();
    } finally {
      await own.database.close();
    }
  });

  it('completes what an interrupted run left', async () => {
    const whole = await eventsIn(await uninterrupted(profile));
    const broken = await start(profile);
    try {
      const counts: number[] = [];
      for (const afterIds of [3, 9, 40, 150, 200, 250]) {
        const process = broken.start({ afterIds });
        await expect(seedDemo(process, quiet)).rejects.toThrow(Interrupted);
        counts.push(await eventsIn(process));
        await process.unbindAll();
      }
      expect(counts.at(-1)).toBeLessThan(whole);
      const last = broken.start();
      expect(await seedDemo(last, quiet)).toBe(true);
      expect(await eventsIn(last)).toBe(whole);
      const dishes = await dishesAt(last, '15:00');
      expect(dishes.filter(({ isAvailableNow, isOrderableNow }) => isAvailableNow && !isOrderableNow)).toEqual([]);
      await last.unbindAll();
    } finally {
      await broken.database.close();
    }
  });
});
