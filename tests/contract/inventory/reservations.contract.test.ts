import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stockWithin } from '#application/inventory/stock-within.ts';
import type { OrderStock } from '#application/ordering/ports.ts';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import { type Outcome, RESERVATION_NEXT, Reservation } from '#domain/inventory/reservation.ts';
import type { StockItem } from '#domain/inventory/stock-item.ts';
import { Quantity } from '#domain/shared/quantity.ts';
import { err, ok } from '#domain/shared/result.ts';
import { AT, CLERK, HOUR, heading, must, newId, openStockroom, type Stockroom, shuffled } from '../../support/inventory.ts';
import { legsOf, placesOf, placesOfBalances, stockedIn, totalsOf } from '../../support/ledger.ts';
import { PROFILES } from '../../support/profiles.ts';

const OUTCOMES = RESERVATION_NEXT.held as readonly Outcome[];

describe.each(PROFILES)('reservations on %s', (profile) => {
  let room: Stockroom;
  beforeAll(async () => {
    room = await openStockroom(profile);
  });
  afterAll(() => room?.close());

  const wanting = (...lines: readonly (readonly [StockItem, number])[]) =>
    lines.map(([{ id }, quantity]) => ({ stockItemId: id, quantity: quantity * 1_000 }));
  const held = async (restaurantId: string, orderId: string) =>
    (await room.inventory.reservations(restaurantId, undefined, { limit: 100 })).data.find((reservation) => reservation.orderId === orderId);
  const shelves = async ({ restaurantId, id }: StockItem) =>
    (await room.balances(restaurantId)).filter(({ stockItemId }) => stockItemId === id).map(({ lot, shelf, held: holds }) => [lot, shelf, holds]);
  const sortedShelves = async (item: StockItem) => (await shelves(item)).sort((a, b) => String(a[0]).localeCompare(String(b[0])));

  it('is what ordering asks for', () => {
    const orderStock: OrderStock = stockWithin({} as never);
    expect(Object.keys(orderStock)).toEqual(['reserve', 'settle']);
  });

  it('hold the whole demand, first expired first, with duplicates added up', async () => {
    const restaurantId = newId();
    const [paneer, rice] = [await room.item(restaurantId), await room.item(restaurantId)];
    await room.receive(paneer, 1, 2 * HOUR, 'b');
    await room.receive(paneer, 1, HOUR, 'a');
    await room.receive(paneer, 1);
    await room.receive(rice, 1);
    const orderId = newId();
    must(await room.reserve({ restaurantId, orderId, demand: wanting([paneer, 0.75], [rice, 0.5], [paneer, 0.75]), expiresAt: AT + 900_000 }));
    expect(await sortedShelves(paneer)).toEqual([
      ['a', 0, 1_000],
      ['b', 500, 500],
      [null, 1_000, 0],
    ]);
    expect(await held(restaurantId, orderId)).toMatchObject({ status: 'held', expiresAt: AT + 900_000, reservedAt: AT, settledAt: null, version: 1 });
    expect((await room.events(`reservation:${orderId}`)).map(({ data: { type }, version }) => [type, version])).toEqual([
      ['inventory.stock_reserved', 1],
    ]);
  });

  it('hold nothing at all when anything is short, and say exactly what', async () => {
    const restaurantId = newId();
    const [paneer, rice, salt] = [
      await room.item(restaurantId, 'Paneer'),
      await room.item(restaurantId, 'Rice'),
      await room.item(restaurantId, 'Salt', 'g'),
    ];
    await room.receive(paneer, 1.5);
    await room.receive(rice, 10);
    await room.receive(salt, 5, HOUR);
    room.clock.at += HOUR;
    const before = [await room.balances(), (await room.movements()).length, (await room.events()).length];
    const refused = await room.reserve({ restaurantId, orderId: newId(), demand: wanting([rice, 1], [paneer, 1], [salt, 1], [paneer, 1]) });
    expect(refused.ok ? [] : refused.error.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
      { stockItemId: paneer.id, name: 'Paneer', unit: 'kg', needed: 2, available: 1.5 },
      { stockItemId: salt.id, name: 'Salt', unit: 'g', needed: 1, available: 0 },
    ]);
    expect([await room.balances(), (await room.movements()).length, (await room.events()).length]).toEqual(before);
    room.clock.at = AT;
  });

  it('hold for a meal to come nothing that expires before it is eaten', async () => {
    const paneer = await room.item(newId(), 'Paneer');
    const request = { restaurantId: paneer.restaurantId, demand: wanting([paneer, 1]), usableAt: AT + 2 * HOUR };
    await room.receive(paneer, 1, HOUR, 'today');
    await room.receive(paneer, 1, 2 * HOUR, 'then');
    expect(await room.reserve({ ...request, orderId: newId() })).toMatchObject({ ok: false, error: [{ needed: 1, available: 0 }] });
    await room.receive(paneer, 1, 3 * HOUR, 'after');
    must(await room.reserve({ ...request, orderId: newId() }));
    expect(await sortedShelves(paneer)).toEqual([
      ['after', 0, 1_000],
      [null, 0, 0],
      ['then', 1_000, 0],
      ['today', 1_000, 0],
    ]);
  });

  it('never see the stock of another restaurant', async () => {
    const onion = await room.item(newId());
    await room.receive(onion, 1);
    await expect(room.reserve({ restaurantId: newId(), orderId: newId(), demand: wanting([onion, 1]) })).rejects.toThrow('does not stock');
    expect(await shelves(onion)).toEqual([[null, 1_000, 0]]);
  });

  it('need nothing for a demand of nothing', async () => {
    const [restaurantId, orderId] = [newId(), newId()];
    must(await room.reserve({ restaurantId, orderId, demand: [] }));
    expect(await held(restaurantId, orderId)).toBeUndefined();
    await room.settle(restaurantId, orderId, 'released');
    expect(await room.events(`reservation:${orderId}`)).toEqual([]);
  });

  it.each<[Outcome, number, number]>([
    ['fulfilled', 500, 0],
    ['released', 1_500, 0],
    ['expired', 1_500, 0],
    ['wasted', 500, 0],
  ])('end %s, once', async (outcome, onShelf, onHold) => {
    const rice = await room.item(newId());
    await room.receive(rice, 0.7, HOUR, 'a');
    await room.receive(rice, 0.8, 2 * HOUR, 'b');
    const orderId = newId();
    must(await room.reserve({ restaurantId: rice.restaurantId, orderId, demand: wanting([rice, 1]) }));
    room.clock.at += 1_000;
    await room.settle(rice.restaurantId, orderId, outcome);
    const rows = await shelves(rice);
    expect([rows.reduce((sum, [, shelf]) => sum + Number(shelf), 0), rows.reduce((sum, [, , holds]) => sum + Number(holds), 0)]).toEqual([
      onShelf,
      onHold,
    ]);
    expect(await held(rice.restaurantId, orderId)).toMatchObject({ status: outcome, settledAt: AT + 1_000, version: 2 });

    await room.settle(rice.restaurantId, orderId, outcome); // Told again, it has nothing to do.
    expect(await shelves(rice)).toEqual(rows);
    expect(await room.events(`reservation:${orderId}`)).toHaveLength(2);
    const other = OUTCOMES.find((one) => one !== outcome) as Outcome;
    await expect(room.settle(rice.restaurantId, orderId, other)).rejects.toThrow(`was ${outcome} and cannot be ${other}`);
    room.clock.at = AT;
  });

  it('give back to the batch they took from, even one that has expired since', async () => {
    const milk = await room.item(newId());
    await room.receive(milk, 1, HOUR, 'a');
    const orderId = newId();
    must(await room.reserve({ restaurantId: milk.restaurantId, orderId, demand: wanting([milk, 1]) }));
    await room.receive(milk, 1, 3 * HOUR, 'b'); // A batch that is held is not forgotten.
    room.clock.at += 2 * HOUR;
    await room.settle(milk.restaurantId, orderId, 'released');
    expect(await sortedShelves(milk)).toEqual([
      ['a', 1_000, 0],
      ['b', 1_000, 0],
      [null, 0, 0],
    ]);
    const again = await room.reserve({ restaurantId: milk.restaurantId, orderId: newId(), demand: wanting([milk, 1.5]) });
    expect(again).toMatchObject(err([{ available: 1 }]));
    room.clock.at = AT;
  });

  it('are rolled back with the transaction they belong to', async () => {
    const rice = await room.item(newId());
    await room.receive(rice, 1);
    const before = [await room.balances(), (await room.movements()).length, (await room.events()).length];
    const orderId = newId();
    const refused = await room.run(async (tx) => {
      expect(
        await stockWithin(tx).reserve({
          restaurantId: rice.restaurantId,
          orderId,
          demand: wanting([rice, 1]),
          revision: await tx.recipes.revision(rice.restaurantId),
          expiresAt: null,
          usableAt: AT,
          at: AT,
        }),
      ).toBe('reserved');
      return err('no' as const);
    });
    expect(refused).toEqual(err('no'));
    expect([await room.balances(), (await room.movements()).length, (await room.events()).length]).toEqual(before);
    expect(await held(rice.restaurantId, orderId)).toBeUndefined();
  });

  it('are refused by the write itself when the stock is not there, whoever decided what', async () => {
    const rice = await room.item(newId());
    await room.receive(rice, 1);
    const before = await room.balances();
    const lines = [{ stockItemId: rice.id, batchId: rice.id, quantity: Quantity.of(1_001) }];
    const hold = Reservation.hold({ restaurantId: rice.restaurantId, orderId: newId(), lines, expiresAt: null }, AT);
    await expect(room.run(async (tx) => ok(await tx.reservations.save(hold)))).rejects.toThrow(WriteConflict);
    const nowhere = { ...hold, state: { ...hold.state, lines: [{ ...lines[0], batchId: newId(), quantity: Quantity.of(1) }] as never } };
    await expect(room.run(async (tx) => ok(await tx.reservations.save(nowhere)))).rejects.toThrow(WriteConflict);
    expect(await room.balances()).toEqual(before);
  });

  it('end once, even for who has not seen that they ended', async () => {
    const rice = await room.item(newId());
    await room.receive(rice, 5);
    const [orderId, other] = [newId(), newId()];
    for (const id of [orderId, other]) must(await room.reserve({ restaurantId: rice.restaurantId, orderId: id, demand: wanting([rice, 1]) }));
    const seen = await held(rice.restaurantId, orderId);
    const released = Reservation.settle(seen as Reservation, 'released', AT);
    if (!released.ok) throw new Error('a hold can be released');
    await room.run(async (tx) => ok(await tx.reservations.save(released.value)));
    const before = await room.balances();
    await expect(room.run(async (tx) => ok(await tx.reservations.save(released.value)))).rejects.toThrow(WriteConflict);
    expect(await room.balances()).toEqual(before); // The other order's rice is not given away.
  });

  it('never oversell: of sixty orders at once for the last twenty portions exactly twenty win', async () => {
    const restaurantId = newId();
    const items = await Promise.all(Array.from({ length: 6 }, () => room.item(restaurantId)));
    for (const item of items) {
      await room.receive(item, 8, HOUR, 'a');
      await room.receive(item, 12, 2 * HOUR, 'b');
    }
    const began = performance.now();
    const orders = await Promise.all(
      Array.from({ length: 60 }, (_, i) => {
        const lines = shuffled(items, i).map((item) => [item, 1] as const);
        return room.reserve({ restaurantId, orderId: newId(), demand: wanting(...lines) });
      }),
    );
    expect(orders.filter(({ ok: isOk }) => isOk)).toHaveLength(20);
    expect(orders.every((order) => order.ok || order.error.every(({ available }) => available === 0))).toBe(true);
    for (const item of items)
      expect(await sortedShelves(item)).toEqual([
        ['a', 0, 8_000],
        ['b', 0, 12_000],
        [null, 0, 0],
      ]);
    expect(performance.now() - began).toBeLessThan(5_000); // A deadlock costs a second each.
  });

  it('wait for each other in one order: reserving, settling and wasting the same items at once neither deadlock nor lose anything', async () => {
    const restaurantId = newId();
    const items = await Promise.all(Array.from({ length: 8 }, () => room.item(restaurantId)));
    for (const item of items) {
      await room.receive(item, 100, HOUR, 'a');
      await room.receive(item, 100, 2 * HOUR, 'b');
    }
    const stocked = (await room.balances(restaurantId)).filter(({ shelf }) => shelf > 0);
    // Holds whose lines stand in no order: settling may not count on the order in which they were made.
    const standing = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        const orderId = newId();
        const lines = shuffled(stocked, i).map(({ stockItemId, batchId }) => ({ stockItemId, batchId, quantity: Quantity.of(1_000) }));
        const change = Reservation.hold({ restaurantId, orderId, lines, expiresAt: null }, AT);
        await room.run(async (tx) => {
          await tx.balances.lock(
            restaurantId,
            items.map(({ id }) => id),
          );
          return ok(await tx.reservations.save(change));
        });
        return orderId;
      }),
    );
    const began = performance.now();
    await Promise.all([
      ...standing.map((orderId, i) => room.settle(restaurantId, orderId, OUTCOMES[i % 4] as Outcome)),
      ...Array.from({ length: 30 }, async (_, i) => {
        const demand = wanting(...shuffled(items, i + 100).map((item) => [item, 1] as const));
        must(await room.reserve({ restaurantId, orderId: newId(), demand }));
      }),
      ...shuffled(items, 7).map(async (item) =>
        must(await room.inventory.wasteStock({ ...heading(restaurantId, item.id), quantity: 1, batchId: undefined }, CLERK)),
      ),
    ]);
    expect(performance.now() - began).toBeLessThan(5_000); // A deadlock costs a second at least.
    for (const item of items) {
      const rows = await shelves(item);
      const [shelf, holds] = [1, 2].map((column) => rows.reduce((sum, row) => sum + Number(row[column]), 0));
      // 10 orders fulfilled and 10 wasted took 2 kg each, and 1 kg was spilt; 30 orders hold 1 kg each.
      expect([shelf, holds]).toEqual([(200 - 20 * 2 - 1 - 30) * 1_000, 30_000]);
    }
  });

  it('take three statements to make, and two to end', async () => {
    const restaurantId = newId();
    const items = await Promise.all(Array.from({ length: 5 }, () => room.item(restaurantId)));
    for (const item of items) await room.receive(item, 10);
    const orderId = newId();
    const counted: number[] = [];
    const spent = (work: (stock: OrderStock) => Promise<unknown>) =>
      room.run(async (tx) => {
        await tx.recipes.find(restaurantId, orderId); // BEGIN may travel with the first statement, whatever that is.
        const before = room.statements.count;
        await work(stockWithin(tx));
        counted.push(room.statements.count - before);
        return ok(undefined);
      });
    const revision = items.length; // Each of them was a page of the book.
    const order = { restaurantId, orderId, revision, expiresAt: null, usableAt: AT, at: AT };
    await spent((stock) => stock.reserve({ ...order, demand: wanting(...items.map((item) => [item, 1] as const)) }));
    await spent((stock) => stock.settle({ restaurantId, orderId, outcome: 'fulfilled', at: AT }));
    await spent((stock) => stock.reserve({ ...order, orderId: newId(), demand: wanting(...items.map((item) => [item, 100] as const)) }));
    expect(counted).toEqual(profile === 'memory' ? [0, 0, 0] : [3, 2, 3]);
  });

  it('are listed by status, newest order first', async () => {
    const rice = await room.item(newId());
    await room.receive(rice, 10);
    const orders = ['1', '2', '3'].map((n) => `019a9f3e-7c40-7b1c-9d55-00000000000${n}`);
    for (const orderId of orders) must(await room.reserve({ restaurantId: rice.restaurantId, orderId, demand: wanting([rice, 1]) }));
    await room.settle(rice.restaurantId, orders[1] as string, 'fulfilled');
    const list = async (status: 'held' | 'fulfilled' | 'wasted' | undefined, limit = 10, after?: string) =>
      (await room.inventory.reservations(rice.restaurantId, status, { limit, ...(after !== undefined && { after }) })).data.map(({ orderId }) =>
        orders.indexOf(orderId),
      );
    expect(await list(undefined)).toEqual([2, 1, 0]);
    expect(await list(undefined, 1, orders[2])).toEqual([1]);
    expect([await list('held'), await list('fulfilled'), await list('wasted')]).toEqual([[2, 0], [1], []]);
  });

  it('leave balances that are the fold of the movements and of the events, and items that sum to zero', async () => {
    const places = placesOf(legsOf((await room.events()).map(({ data }) => data)));
    const balances = placesOfBalances(await room.balances());
    expect(Object.keys(balances).length).toBeGreaterThan(20);
    expect(balances).toEqual(stockedIn(places));
    expect(placesOf((await room.movements()) as never)).toEqual(places);
    expect(Object.values(totalsOf(places)).every((total) => total === 0)).toBe(true);
  });
});
