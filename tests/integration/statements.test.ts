import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Platform } from '#composition/modules/platform.ts';
import { type Kitchen, openKitchen } from '../support/kitchen.ts';
import { SQL_PROFILES } from '../support/profiles.ts';
import { startWorld, type World } from '../support/world.ts';

/** Counts do not depend on the machine. Each budget holds BEGIN and COMMIT. */
describe.each(SQL_PROFILES)('statements on %s', (profile) => {
  let world: World;
  let kitchen: Kitchen;
  beforeAll(async () => {
    world = await startWorld(profile);
    kitchen = await openKitchen(world, { rice: 1_000, lentils: 1_000 });
    await world.container.get(Platform.eventLog).settle();
    await world.container.get(Platform.eventLog).stop(); // Nobody else may talk to the database while we count.
  });
  afterAll(() => world.close());

  const once = async (work: () => Promise<{ readonly status: number }>): Promise<number> => {
    const before = world.database.statements.count;
    const { status } = await work();
    expect(status).toBeLessThan(300);
    return world.database.statements.count - before;
  };
  /** The least of three: what is kept in memory is checked against the database once a second, whoever comes then. */
  const counted = async (work: () => Promise<{ readonly status: number }>): Promise<number> =>
    Math.min(await once(work), await once(work), await once(work));
  const lines = (n: number) => Array.from({ length: n }, (_, i) => kitchen.line(i % 2 ? 'thali' : 'dal'));
  const place = (n: number) => world.order(kitchen.body(lines(n)), kitchen.customer);

  it('places an order in six, between BEGIN and COMMIT, however many lines it has', async () => {
    await place(1); // What is read once is read now: the session, the restaurant, the menu, the recipes, a block of numbers.
    expect(await counted(() => place(1))).toBe(8);
    expect(await counted(() => place(3))).toBe(8);
    expect(await counted(() => place(30))).toBe(8);
  });

  it('places all orders that come at the same time in as many as one of them', async () => {
    const all = async () => {
      const answers = await Promise.all([1, 30, 2, 3, 1, 2, 3, 1, 2].map(place));
      return { status: Math.max(...answers.map(({ status }) => status)) };
    };
    expect(await counted(all)).toBeLessThanOrEqual(16);
  });

  it.each(profile === 'postgres' ? [[1], [3], [30]] : [])('places an order of %i lines in three packets', async (n) => {
    const packets = async () => {
      const before = world.database.statements.packets ?? 0;
      await place(n);
      return (world.database.statements.packets ?? 0) - before;
    };
    // BEGIN, the key, the order and the locks; what it holds; the events and COMMIT.
    expect(Math.min(await packets(), await packets(), await packets())).toBe(3);
  });

  it('answers a quote from memory', async () => {
    expect(await counted(() => world.post('/orders/quotes', kitchen.body(lines(3))))).toBe(0);
  });

  it('moves an order in three, and settles its stock in two more', async () => {
    const orders = [await place(3), await place(3), await place(3)].map(({ body }) => body.id as string);
    const each = (action: string) => {
      const queue = [...orders];
      return counted(() => kitchen.act(queue.pop() as string, action));
    };
    expect(await each('acceptance')).toBe(5);
    expect(await each('cancellation')).toBe(7);
  });

  it.each<[string, string, number]>([
    ['an order', '/orders/{order}', 1],
    ['its own orders', '/me/orders', 1],
    ["a restaurant's orders", '/restaurants/{restaurant}/orders', 1],
    ['stock levels', '/restaurants/{restaurant}/stock-levels', 1],
    ['the menu', '/restaurants/{restaurant}/menu', 2],
  ])('reads %s', async (_what, path, budget) => {
    const { body } = await place(1);
    const address = path.replace('{order}', body.id).replace('{restaurant}', kitchen.restaurantId);
    await world.get(address, kitchen.owner); // The owner's standing is read once in five seconds.
    expect(await counted(() => world.get(address, kitchen.owner))).toBeLessThanOrEqual(budget);
  });
});
