import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setCountdownWithin } from '#application/inventory/countdown-within.ts';
import { stockWithin } from '#application/inventory/stock-within.ts';
import { Inventory } from '#composition/modules/inventory.ts';
import type { StockItem } from '#domain/inventory/stock-item.ts';
import { err, ok } from '#domain/shared/result.ts';
import { CLERK, HOUR, heading, must, newId, openStockroom, type Stockroom } from '../../support/inventory.ts';
import { PROFILES } from '../../support/profiles.ts';

describe.each(PROFILES)('recipes and countdowns on %s', (profile) => {
  let room: Stockroom;
  beforeAll(async () => {
    room = await openStockroom(profile);
  });
  afterAll(() => room?.close());

  const write = (restaurantId: string, sellableId: string, lines: readonly (readonly [Pick<StockItem, 'id'>, number])[], expectedVersion?: number) =>
    room.inventory.writeRecipe(
      { restaurantId, sellableId, lines: lines.map(([{ id }, quantity]) => ({ stockItemId: id, quantity })), expectedVersion },
      CLERK,
    );
  const countDown = (restaurantId: string, itemId: string, portions: number | null, name = 'Masala dosa') =>
    room.run(async (tx) => ok(await setCountdownWithin(tx).set(restaurantId, itemId, name, portions, room.clock.at)));
  const order = async (restaurantId: string, sellableId: string, quantity: number) => {
    const { lines: demand } = await room.inventory.demandFor(restaurantId, [{ sellableId, quantity }]);
    return room.reserve({ restaurantId, orderId: newId(), demand });
  };
  const left = async (restaurantId: string, sellableId: string) =>
    (await room.inventory.portions(restaurantId, [sellableId])).map(({ portions }) => portions);

  it('keep a recipe as it was written, for those who have seen the latest', async () => {
    const restaurantId = newId();
    const [onion, rice, dosa] = [await room.item(restaurantId), await room.item(restaurantId), newId()];
    expect(await room.inventory.recipe(restaurantId, dosa)).toBeUndefined();
    const written = must(
      await write(restaurantId, dosa, [
        [onion, 0.05],
        [rice, 0.12],
      ]),
    );
    expect(written).toEqual({
      restaurantId,
      sellableId: dosa,
      lines: [
        { stockItemId: onion.id, quantity: 50 },
        { stockItemId: rice.id, quantity: 120 },
      ],
      countsDown: false,
      version: 1,
    });
    expect(await room.inventory.recipe(restaurantId, dosa)).toEqual(written);
    expect(await write(restaurantId, dosa, [], 7)).toEqual(err({ code: 'inventory.changed_meanwhile', version: 1 }));
    expect(must(await write(restaurantId, dosa, [[rice, 0.1]], 1)).version).toBe(2);
    expect(await room.inventory.recipe(newId(), dosa)).toBeUndefined();
    const thali = newId();
    must(await write(restaurantId, thali, [[onion, 0.01]]));
    const newest = [dosa, thali].sort().toReversed();
    const first = await room.inventory.recipes(restaurantId, { limit: 1 });
    const second = await room.inventory.recipes(restaurantId, { limit: 1, after: first.next as string });
    expect([...first.data, ...second.data].map(({ sellableId }) => sellableId)).toEqual(newest);
  });

  it('refuse what is not on the menu, not stocked here, twice in it, nothing or too fine', async () => {
    const restaurantId = newId();
    const [onion, elsewhere, dosa] = [await room.item(restaurantId), await room.item(newId()), newId()];
    const offMenu = '00000000-0000-4000-8000-000000000000';
    expect(await write(restaurantId, offMenu, [[onion, 1]])).toEqual(err({ code: 'inventory.sellable_not_found', sellableId: offMenu }));
    expect(await write(restaurantId, dosa, [[elsewhere, 1]])).toEqual(err({ code: 'inventory.stock_item_not_found', stockItemId: elsewhere.id }));
    expect(
      await write(restaurantId, dosa, [
        [onion, 1],
        [onion, 1],
      ]),
    ).toEqual(err({ code: 'inventory.recipe_malformed', index: 1, reason: 'duplicate' }));
    expect(await write(restaurantId, dosa, [[onion, 0]])).toEqual(err({ code: 'inventory.recipe_malformed', index: 0, reason: 'quantity' }));
    expect(await write(restaurantId, dosa, [[onion, 0.0001]])).toEqual(err({ code: 'inventory.quantity_malformed', quantity: 0.0001 }));
    const many = Array.from({ length: 101 }, () => [onion, 1] as const);
    expect(await write(restaurantId, dosa, many)).toEqual(err({ code: 'inventory.recipe_too_long', limit: 100 }));
    expect(await room.inventory.recipe(restaurantId, dosa)).toBeUndefined();
  });

  it('turn portions into ingredients, each once, and nothing for what has no recipe', async () => {
    const restaurantId = newId();
    const [onion, rice, dosa, extra] = [await room.item(restaurantId), await room.item(restaurantId), newId(), newId()];
    must(
      await write(restaurantId, dosa, [
        [onion, 0.05],
        [rice, 0.12],
      ]),
    );
    must(await write(restaurantId, extra, [[onion, 0.02]]));
    const portions = [dosa, extra, newId(), dosa].map((sellableId, i) => ({ sellableId, quantity: i + 1 }));
    const { lines: demand } = await room.inventory.demandFor(restaurantId, portions);
    expect(new Map(demand.map(({ stockItemId, quantity }) => [stockItemId, quantity]))).toEqual(
      new Map([
        [onion.id, 5 * 50 + 2 * 20],
        [rice.id, 5 * 120],
      ]),
    );
    expect((await room.inventory.demandFor(newId(), portions)).lines).toEqual([]);
  });

  it('say how many portions the usable shelf gives, and what stops the next', async () => {
    const restaurantId = newId();
    const [onion, rice] = [await room.item(restaurantId, 'Onion'), await room.item(restaurantId, 'Rice')];
    const [dosa, idli, water] = [newId(), newId(), newId()];
    must(
      await write(restaurantId, dosa, [
        [onion, 0.05],
        [rice, 0.12],
      ]),
    );
    must(await write(restaurantId, idli, [[rice, 0.1]]));
    await room.receive(onion, 1);
    await room.receive(rice, 1, HOUR);
    const onlyDosa = [{ sellableId: dosa, portions: 8, limitedBy: { stockItemId: rice.id, name: 'Rice', unit: 'kg', available: 1, needed: 0.12 } }];
    expect(await room.inventory.portions(restaurantId, [dosa, water, dosa])).toEqual(onlyDosa);
    must(await order(restaurantId, dosa, 3));
    expect(new Map((await room.inventory.portions(restaurantId)).map(({ sellableId, portions }) => [sellableId, portions]))).toEqual(
      new Map([
        [dosa, 5],
        [idli, 6],
      ]),
    );
    room.clock.at += HOUR; // The rice expires.
    expect(await left(restaurantId, idli)).toEqual([0]);
    room.clock.at -= HOUR;
  });

  it('hold for an order what its recipe took when it was placed', async () => {
    const restaurantId = newId();
    const [rice, idli] = [await room.item(restaurantId), newId()];
    must(await write(restaurantId, idli, [[rice, 0.1]]));
    await room.receive(rice, 1);
    must(await order(restaurantId, idli, 2));
    must(await write(restaurantId, idli, [[rice, 0.4]]));
    must(await order(restaurantId, idli, 2));
    expect(await order(restaurantId, idli, 1)).toEqual(err([{ stockItemId: rice.id, name: rice.name, unit: 'kg', needed: 0.4, available: 0 }]));
  });

  it('are seen at once where they were written, and within a second elsewhere', async () => {
    const restaurantId = newId();
    const [rice, idli] = [await room.item(restaurantId), newId()];
    const other = room.other().get(Inventory.useCases);
    const demandOf = async (inventory: typeof other) =>
      (await inventory.demandFor(restaurantId, [{ sellableId: idli, quantity: 1 }])).lines.map(({ quantity }) => quantity);
    expect([await demandOf(room.inventory), await demandOf(other)]).toEqual([[], []]);
    must(await write(restaurantId, idli, [[rice, 0.1]]));
    expect([await demandOf(room.inventory), await demandOf(other)]).toEqual([[100], []]);
    room.clock.at += 1_000;
    const statements = room.statements.count;
    expect(await demandOf(other)).toEqual([100]);
    expect(room.statements.count - statements).toBe(profile === 'memory' ? 0 : 2); // The revision, and the book it is of.
    expect(await demandOf(other)).toEqual([100]);
    expect(room.statements.count - statements).toBe(profile === 'memory' ? 0 : 2);
  });

  it('hold nothing by recipes that have changed elsewhere, and say so', async () => {
    const restaurantId = newId();
    const [rice, idli, orderId] = [await room.item(restaurantId), newId(), newId()];
    must(await write(restaurantId, idli, [[rice, 0.1]]));
    await room.receive(rice, 1);
    const other = room.other().get(Inventory.useCases);
    const portions = [{ sellableId: idli, quantity: 2 }];
    await other.demandFor(restaurantId, portions);
    await countDown(restaurantId, idli, 1);

    const { lines: demand, revision } = await other.demandFor(restaurantId, portions); // It has not heard of the countdown.
    expect(demand).toHaveLength(1);
    const before = await room.balances(restaurantId);
    const at = room.clock.at;
    const hold = await room.run(async (tx) => {
      const answer = await stockWithin(tx).reserve({ restaurantId, orderId, demand, revision, expiresAt: null, usableAt: at, at });
      return ok(answer);
    });
    expect(hold).toEqual(ok('stale'));
    expect(await room.balances(restaurantId)).toEqual(before);

    const anew = await other.demandFor(restaurantId, portions, revision);
    expect(anew.revision).toBeGreaterThan(revision);
    expect(anew.lines.map(({ stockItemId }) => stockItemId).sort()).toEqual([rice.id, idli].sort());
    const refused = await room.reserve({ restaurantId, orderId, demand: anew.lines, revision: anew.revision });
    expect(refused).toMatchObject({ ok: false, error: [{ stockItemId: idli, needed: 2, available: 1 }] });
  });

  it('count an item down with its ingredients, and never sell more than are left', async () => {
    const restaurantId = newId();
    const [rice, dosa] = [await room.item(restaurantId), newId()];
    must(await write(restaurantId, dosa, [[rice, 0.1]]));
    await room.receive(rice, 10);
    await countDown(restaurantId, dosa, 12);
    expect(await left(restaurantId, dosa)).toEqual([12]);
    const orders = await Promise.all(Array.from({ length: 20 }, () => order(restaurantId, dosa, 1)));
    expect(orders.filter(({ ok: isOk }) => isOk)).toHaveLength(12);
    expect(await order(restaurantId, dosa, 1)).toEqual(err([{ stockItemId: dosa, name: 'Masala dosa', unit: 'portion', needed: 1, available: 0 }]));

    await countDown(restaurantId, dosa, 3, 'Masala dosa, large'); // What is held stays held.
    expect(await left(restaurantId, dosa)).toEqual([3]);
    expect((await room.balances(restaurantId)).find(({ stockItemId }) => stockItemId === dosa)).toMatchObject({ shelf: 3_000, held: 12_000 });
    expect(await room.inventory.portions(restaurantId, [dosa])).toMatchObject([{ limitedBy: { name: 'Masala dosa, large', unit: 'portion' } }]);
    must(await write(restaurantId, dosa, [[rice, 0.2]])); // A new recipe goes on counting down.
    expect(await left(restaurantId, dosa)).toEqual([3]);

    await countDown(restaurantId, dosa, null);
    expect(await left(restaurantId, dosa)).toEqual([44]); // Of the 8.8 kg of rice that are free.
    expect((await room.balances(restaurantId)).find(({ stockItemId }) => stockItemId === dosa)).toMatchObject({ shelf: 0, held: 12_000 });
    expect((await room.inventory.recipe(restaurantId, dosa))?.countsDown).toBe(false);
  });

  it('give back a portion of a countdown that has ended, without a trace on the menu', async () => {
    const [restaurantId, dosa, orderId] = [newId(), newId(), newId()];
    await countDown(restaurantId, dosa, 5);
    const { lines: demand } = await room.inventory.demandFor(restaurantId, [{ sellableId: dosa, quantity: 2 }]);
    must(await room.reserve({ restaurantId, orderId, demand }));
    await countDown(restaurantId, dosa, null);
    await room.settle(restaurantId, orderId, 'released');
    expect(await room.inventory.portions(restaurantId, [dosa])).toEqual([]);
    await countDown(restaurantId, dosa, 4); // Four are left, whatever came back meanwhile.
    expect(await left(restaurantId, dosa)).toEqual([4]);
  });

  it('say nothing when nothing changes', async () => {
    const [restaurantId, dosa] = [newId(), newId()];
    await countDown(restaurantId, dosa, null);
    expect((await room.events()).filter((event) => event.restaurantId === restaurantId)).toEqual([]);
    await countDown(restaurantId, dosa, 0);
    const events = await room.events();
    expect(events.filter(({ restaurantId: of }) => of === restaurantId).map(({ data }) => data.type)).toEqual([
      'inventory.stock_item_added',
      'inventory.recipe_changed',
    ]);
    await countDown(restaurantId, dosa, 0);
    expect(await room.events()).toEqual(events);
    expect(await left(restaurantId, dosa)).toEqual([0]);
  });

  it('are hidden from the stockroom, and nothing to be cooked with', async () => {
    const [restaurantId, dosa] = [newId(), newId()];
    await countDown(restaurantId, dosa, 5);
    expect((await room.inventory.stockItems(restaurantId, { limit: 10 })).data).toEqual([]);
    expect((await room.inventory.stockLevels(restaurantId, { limit: 10 })).data).toEqual([]);
    const refusal = err({ code: 'inventory.stock_item_not_found', stockItemId: dosa });
    expect(await room.inventory.receiveStock({ ...heading(restaurantId, dosa), quantity: 1, lot: null, expiresAt: null }, CLERK)).toEqual(refusal);
    expect(await write(restaurantId, newId(), [[{ id: dosa }, 1]])).toEqual(refusal);
  });

  it('are set by one of many at once, whole', async () => {
    const [restaurantId, dosa] = [newId(), newId()];
    await Promise.all([1, 2, 3, 4].map((portions) => countDown(restaurantId, dosa, portions)));
    const [portions] = await left(restaurantId, dosa);
    expect([1, 2, 3, 4]).toContain(portions);
    expect((await room.events(`stock_item:${dosa}`)).map(({ version }) => version)).toEqual([1]);
  });

  it('are rolled back with the transaction they belong to', async () => {
    const [restaurantId, dosa] = [newId(), newId()];
    await room.run(async (tx) => {
      await setCountdownWithin(tx).set(restaurantId, dosa, 'Dosa', 5, room.clock.at);
      const request = {
        restaurantId,
        orderId: newId(),
        demand: [{ stockItemId: dosa, quantity: 5_000 }],
        revision: await tx.recipes.revision(restaurantId),
        expiresAt: null,
        usableAt: room.clock.at,
        at: room.clock.at,
      };
      expect(await stockWithin(tx).reserve(request)).toBe('reserved');
      return err('no' as const);
    });
    expect(await room.balances(restaurantId)).toEqual([]);
    expect(await room.inventory.portions(restaurantId)).toEqual([]);
  });
});
