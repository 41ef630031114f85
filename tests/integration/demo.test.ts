import { type Container, ContainerModule } from 'inversify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryStore } from '#adapters/memory/store.ts';
import { createContainer } from '#composition/container.ts';
import type { Database } from '#composition/database.ts';
import { granted } from '#composition/demo/granted.ts';
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
            if (left-- <= 0) throw new Interrupted();
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

async function restaurantOf(container: Container): Promise<string> {
  const { data } = await container.get(Partners.useCases).restaurants(ALL);
  expect(data).toHaveLength(1);
  return data[0]?.id ?? expect.fail('there is no restaurant');
}

const menuAt = async (container: Container, time: string) =>
  granted(
    await container
      .get(Catalogue.useCases)
      .menu(await restaurantOf(container), Temporal.Instant.from(`2027-03-10T${time}:00+05:30`).epochMilliseconds),
  );
const dishesAt = async (container: Container, time: string) => (await menuAt(container, time)).categories.flatMap(({ items }) => items);

async function signIn(container: Container, email: string) {
  const identity = container.get(Identity.useCases);
  const signedIn = granted(await identity.signIn({ identifier: email, password: DEMO_PASSWORD }, ANONYMOUS));
  if ('challenge' in signedIn) expect.fail(`${email} is asked for a second factor`);
  return (await identity.authenticate(signedIn.accessToken)) ?? expect.fail(`${email} proves to be nobody`);
}

describe.each(PROFILES)('the demo on %s', (profile) => {
  let database: Database;
  let container: Container;
  let whole: number;
  const said: string[] = [];

  beforeAll(async () => {
    const opened = await start(profile);
    database = opened.database;
    container = opened.start();
    expect(await seedDemo(container, (line) => said.push(line))).toBe(true);
    whole = await eventsIn(container);
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
      const { lines: demand } = await inventory.demandFor(restaurantId, [{ sellableId: id, quantity: 1 }]);
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
    const { lines: demand } = await inventory.demandFor(
      restaurantId,
      portions.map(({ id }) => ({ sellableId: id, quantity: 1 })),
    );
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

  it('changes nothing when it is made again', async () => {
    expect(await seedDemo(container, (line) => expect.fail(`made again: ${line}`))).toBe(true);
    expect(await eventsIn(container)).toBe(whole);
  });

  it('lets its people in, each as what they are', async () => {
    const restaurantId = await restaurantOf(container);
    const [admin, owner, kitchen, customer] = await Promise.all(DEMO_ACCOUNTS.map(({ email }) => signIn(container, email)));
    if (!admin || !owner || !kitchen || !customer) throw new Error('somebody is missing');
    expect(may(admin, 'platform:operate')).toBe(true);
    expect(may(owner, 'restaurants:write', restaurantId)).toBe(true);
    expect(may(owner, 'platform:operate')).toBe(false);
    expect(may(kitchen, 'orders:prepare', restaurantId)).toBe(true);
    expect(may(kitchen, 'menu:write', restaurantId)).toBe(false);
    expect(worksAt(customer, restaurantId)).toBe(false);
  });

  it('takes an order, and is left alone from then on', async () => {
    const restaurantId = await restaurantOf(container);
    const customer = await signIn(container, 'customer@demo.test');
    const menu = await menuAt(container, '12:00');
    const dishOf = (name: string) => menu.categories.flatMap(({ items }) => items).find((item) => item.name === name) ?? expect.fail(`no ${name}`);
    const optionOf = (name: string) =>
      menu.groups.flatMap(({ options }) => options).find((option) => option.name === name)?.id ?? expect.fail(`no ${name}`);
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
    expect(granted(placed).price).toMatchObject({ subtotal: 610_00, total: 662_00, rounding: 50 });

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
      granted(await theirs.get(Identity.useCases).registerAccount(account, ANONYMOUS));
      const before = await eventsIn(theirs);
      expect(await seedDemo(theirs, (line) => expect.fail(`touched: ${line}`))).toBe(false);
      expect(await eventsIn(theirs)).toBe(before);
      await theirs.unbindAll();
    } finally {
      await own.database.close();
    }
  });

  it('completes what interrupted runs left', async () => {
    const broken = await start(profile);
    try {
      let interruptions = 0;
      for (const afterIds of [3, 9, ...Array.from({ length: 20 }, () => 250)]) {
        const process = broken.start({ afterIds });
        const outcome = await seedDemo(process, quiet).catch((error: unknown) => error);
        await process.unbindAll();
        if (outcome === true) break;
        expect(outcome).toBeInstanceOf(Interrupted);
        interruptions += 1;
      }
      expect(interruptions).toBeGreaterThanOrEqual(4);

      const process = broken.start();
      expect(await seedDemo(process, (line) => expect.fail(`was not complete: ${line}`))).toBe(true);
      expect(await eventsIn(process)).toBe(whole);
      const dishes = await dishesAt(process, '15:00');
      expect(dishes.filter(({ isAvailableNow, isOrderableNow }) => isAvailableNow && !isOrderableNow)).toEqual([]);
      await process.unbindAll();
    } finally {
      await broken.database.close();
    }
  });
});
