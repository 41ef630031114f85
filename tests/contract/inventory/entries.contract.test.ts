import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BATCHES_MAX } from '#domain/inventory/balance.ts';
import type { StockItem } from '#domain/inventory/stock-item.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok } from '#domain/shared/result.ts';
import { AT, CLERK, HOUR, heading, must, newId, openStockroom, type Stockroom } from '../../support/inventory.ts';
import { legsOf, placesOf, placesOfBalances, stockedIn } from '../../support/ledger.ts';
import { PROFILES } from '../../support/profiles.ts';

describe.each(PROFILES)('stock entries on %s', (profile) => {
  let room: Stockroom;
  beforeAll(async () => {
    room = await openStockroom(profile);
  });
  afterAll(() => room?.close());

  const stockOf = async ({ restaurantId, id }: StockItem) => {
    const { data } = await room.inventory.stockLevels(restaurantId, { limit: 100 });
    const level = data.find(({ item }) => item.id === id);
    return (
      level && { onHand: level.onHand, held: level.held, available: level.available, batches: level.batches.map(({ lot, shelf }) => [lot, shelf]) }
    );
  };
  const waste = ({ restaurantId, id }: StockItem, quantity: number, batchId?: string) =>
    room.inventory.wasteStock({ ...heading(restaurantId, id), reason: 'spilt', quantity, batchId }, CLERK);
  const count = ({ restaurantId, id }: StockItem, counted: number, batchId?: string) =>
    room.inventory.countStock({ ...heading(restaurantId, id), counted, batchId }, CLERK);
  const transfer = (from: StockItem, to: StockItem, quantity: number, actor: Actor = CLERK) =>
    room.inventory.transferStock({ ...heading(from.restaurantId, from.id), quantity, toRestaurantId: to.restaurantId, toStockItemId: to.id }, actor);
  const unchanged = async (work: () => Promise<unknown>) => {
    const before = [await room.balances(), (await room.movements()).length, (await room.events()).length];
    const answer = await work();
    expect([await room.balances(), (await room.movements()).length, (await room.events()).length]).toEqual(before);
    return answer;
  };

  it('keep stock items as they were given, newest first, and apart by name', async () => {
    const restaurantId = newId();
    const items = [
      await room.item(restaurantId, 'Onion', 'kg', 2.5),
      await room.item(restaurantId, 'Naan', 'piece'),
      await room.item(restaurantId, 'Milk', 'ml'),
    ];
    expect(items[0]).toMatchObject({ restaurantId, name: 'Onion', unit: 'kg', kind: 'ingredient', lowStockThreshold: 2_500, version: 1 });
    const first = await room.inventory.stockItems(restaurantId, { limit: 2 });
    expect(first.data).toEqual([items[2], items[1]]);
    expect(await room.inventory.stockItems(restaurantId, { limit: 2, after: first.next as string })).toEqual({ data: [items[0]], next: null });

    const again = await unchanged(() => room.inventory.addStockItem({ restaurantId, name: 'ONION', unit: 'kg', lowStockThreshold: 0 }, CLERK));
    expect(again).toEqual(err({ code: 'inventory.name_taken', name: 'ONION' }));
    await room.item(newId(), 'Onion'); // Another restaurant's onions are its own.
  });

  it('change a name and a threshold, for those who have seen the latest', async () => {
    const [onion, milk] = [await room.item(newId(), 'Onion'), await room.item(newId(), 'Milk')];
    const change = (changes: { name?: string; lowStockThreshold?: number }, expectedVersion?: number, item = onion) =>
      room.inventory.changeStockItem(
        { restaurantId: item.restaurantId, stockItemId: item.id, name: undefined, lowStockThreshold: undefined, ...changes, expectedVersion },
        CLERK,
      );
    expect(must(await change({ lowStockThreshold: 3 }, 1))).toEqual({ ...onion, lowStockThreshold: 3_000, version: 2 });
    expect(await change({ name: 'Red onion' }, 1)).toEqual(err({ code: 'inventory.changed_meanwhile', version: 2 }));
    expect(must(await change({ name: 'Red onion' }))).toMatchObject({ name: 'Red onion', version: 3 });
    await room.item(onion.restaurantId, 'Onion'); // The old name is free again.
    expect(await unchanged(() => change({ name: 'onion' }))).toEqual(err({ code: 'inventory.name_taken', name: 'onion' }));
    expect(must(await change({ name: 'RED onion' }))).toMatchObject({ name: 'RED onion' });
    const strange = await change({}, undefined, { ...onion, restaurantId: milk.restaurantId });
    expect(strange).toEqual(err({ code: 'inventory.stock_item_not_found', stockItemId: onion.id }));
    expect((await room.events(`stock_item:${onion.id}`)).map(({ version }) => version)).toEqual([1, 2, 3, 4]);
  });

  it('give a name that ten want at once to one of them', async () => {
    const restaurantId = newId();
    const added = await Promise.all(
      Array.from({ length: 10 }, () => room.inventory.addStockItem({ restaurantId, name: 'Ghee', unit: 'kg', lowStockThreshold: 0 }, CLERK)),
    );
    expect(added.filter((result) => result.ok)).toHaveLength(1);
    expect(added.filter((result) => !result.ok && result.error.code === 'inventory.name_taken')).toHaveLength(9);
  });

  it('receive into batches by lot and expiry, and forget those that are used up', async () => {
    const paneer = await room.item(newId());
    const monday = await room.receive(paneer, 2, HOUR, 'L1');
    expect(await room.receive(paneer, 0.5, HOUR, 'L1')).toBe(monday);
    const tuesday = await room.receive(paneer, 4, 2 * HOUR, 'L1');
    const lasting = await room.receive(paneer, 1.25);
    expect(lasting).toBe(paneer.id);
    expect(await stockOf(paneer)).toEqual({
      onHand: 7_750,
      held: 0,
      available: 7_750,
      batches: [
        ['L1', 2_500],
        ['L1', 4_000],
        [null, 1_250],
      ],
    });

    must(await waste(paneer, 2.5, monday));
    expect((await room.balances(paneer.restaurantId)).map(({ batchId }) => batchId).sort()).toEqual([monday, tuesday, paneer.id].sort());
    await room.receive(paneer, 1);
    expect((await room.balances(paneer.restaurantId)).map(({ batchId }) => batchId).sort()).toEqual([tuesday, paneer.id].sort());
  });

  it('waste what expires first, or the batch that is meant, and never more than is free', async () => {
    const paneer = await room.item(newId(), 'Paneer');
    const soon = await room.receive(paneer, 1, HOUR, 'soon');
    const later = await room.receive(paneer, 2, 2 * HOUR, 'later');
    expect(must(await waste(paneer, 1.5)).lines).toEqual([
      { stockItemId: paneer.id, batchId: soon, quantity: 1_000 },
      { stockItemId: paneer.id, batchId: later, quantity: 500 },
    ]);
    const orderId = newId();
    must(await room.reserve({ restaurantId: paneer.restaurantId, orderId, demand: [{ stockItemId: paneer.id, quantity: 1_000 }] }));
    const refusal = { code: 'inventory.not_on_shelf', stockItemId: paneer.id, name: 'Paneer', unit: 'kg', needed: 0.501, available: 0.5 };
    expect(await unchanged(() => waste(paneer, 0.501))).toEqual(err(refusal));
    expect(await unchanged(() => waste(paneer, 0.501, later))).toEqual(err(refusal));
    const nowhere = newId();
    expect(await unchanged(() => waste(paneer, 0.1, nowhere))).toEqual(err({ code: 'inventory.batch_not_found', batchId: nowhere }));
    must(await waste(paneer, 0.5, later));
    expect(await stockOf(paneer)).toEqual({ onHand: 1_000, held: 1_000, available: 0, batches: [['later', 0]] });
  });

  it('count what is on hand, held stock included, and record a count that agrees', async () => {
    const rice = await room.item(newId(), 'Rice');
    await room.receive(rice, 3, HOUR, 'A');
    await room.receive(rice, 2, 2 * HOUR, 'B');
    must(await room.reserve({ restaurantId: rice.restaurantId, orderId: newId(), demand: [{ stockItemId: rice.id, quantity: 1_000 }] }));

    expect(must(await count(rice, 5))).toMatchObject({ kind: 'count', lines: [] });
    must(await count(rice, 4.5)); // A lost half a kilo, off the batch that expires first.
    expect((await stockOf(rice))?.batches).toEqual([
      ['A', 1_500],
      ['B', 2_000],
    ]);
    must(await count(rice, 4.75));
    expect((await stockOf(rice))?.batches).toEqual([
      ['A', 1_750],
      ['B', 2_000],
    ]);
    must(await count(rice, 0, (await room.balances(rice.restaurantId)).find(({ lot }) => lot === 'B')?.batchId));
    expect(await stockOf(rice)).toEqual({ onHand: 2_750, held: 1_000, available: 1_750, batches: [['A', 1_750]] });

    const refusal = { code: 'inventory.count_below_held', stockItemId: rice.id, name: 'Rice', unit: 'kg', counted: 0.999, held: 1 };
    expect(await unchanged(() => count(rice, 0.999))).toEqual(err(refusal));
    must(await count(rice, 1));
    expect(await stockOf(rice)).toEqual({ onHand: 1_000, held: 1_000, available: 0, batches: [['A', 0]] });
  });

  it('transfer usable stock with its lots and expiries, to where the caller may change stock', async () => {
    const [here, there] = [await room.item(newId(), 'Paneer'), await room.item(newId(), 'Paneer')];
    const soon = await room.receive(here, 1, HOUR, 'soon');
    await room.receive(here, 1, 2 * HOUR, 'later');
    await room.receive(here, 1);
    must(await transfer(here, there, 1.5));
    must(await transfer(here, there, 1));
    expect((await stockOf(here))?.batches).toEqual([[null, 500]]);
    expect((await stockOf(there))?.batches).toEqual([
      ['soon', 1_000],
      ['later', 1_000],
      [null, 500],
    ]);
    expect((await room.balances(there.restaurantId)).find(({ lot }) => lot === 'soon')).toMatchObject({ batchId: soon, expiresAt: AT + HOUR });
    must(await transfer(there, here, 1));
    expect((await stockOf(here))?.batches).toEqual([
      ['soon', 1_000],
      [null, 500],
    ]);

    const refusal = { code: 'inventory.not_on_shelf', stockItemId: there.id, name: 'Paneer', unit: 'kg', needed: 2, available: 1.5 };
    expect(await unchanged(() => transfer(there, here, 2))).toEqual(err(refusal));
    const grants = [{ restaurantId: here.restaurantId, role: 'manager', permissions: ['stock:write' as const] }];
    const manager: Actor = { kind: 'account', accountId: newId(), sessionId: newId(), permissions: [], grants };
    expect(await unchanged(() => transfer(here, there, 0.1, manager))).toEqual(
      err({ code: 'inventory.stock_item_not_found', stockItemId: there.id }),
    );
    expect(await unchanged(() => transfer(here, here, 0.1))).toEqual(err({ code: 'inventory.transfer_to_itself', stockItemId: here.id }));
    const pieces = await room.item(here.restaurantId, 'Samosa', 'piece');
    expect(await unchanged(() => transfer(here, pieces, 0.1))).toEqual(err({ code: 'inventory.units_differ', unit: 'kg', toUnit: 'piece' }));
  });

  it('never transfer what has expired', async () => {
    const [here, there] = [await room.item(newId(), 'Paneer'), await room.item(newId(), 'Paneer')];
    await room.receive(here, 1, HOUR);
    room.clock.at += HOUR;
    expect(await transfer(here, there, 1)).toMatchObject({ ok: false, error: { available: 0 } });
    room.clock.at = AT;
  });

  it('survive transfers back and forth at once', async () => {
    const [here, there] = [await room.item(newId()), await room.item(newId())];
    for (const item of [here, there]) await room.receive(item, 10, HOUR, 'x');
    const results = await Promise.all(Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? transfer(here, there, 0.5) : transfer(there, here, 0.5))));
    expect(results.every(({ ok: isOk }) => isOk)).toBe(true);
    expect([(await stockOf(here))?.onHand, (await stockOf(there))?.onHand]).toEqual([10_000, 10_000]);
  });

  it('refuse quantities that are none, goods that have expired, and more than can be', async () => {
    const salt = await room.item(newId(), 'Salt');
    const receive = (quantity: number, expiresAt: number | null = null) =>
      room.inventory.receiveStock({ ...heading(salt.restaurantId, salt.id), quantity, lot: null, expiresAt }, CLERK);
    for (const quantity of [0, -1, 0.0001, 1_000_000.001, Number.NaN]) {
      expect(await unchanged(() => receive(quantity))).toEqual(err({ code: 'inventory.quantity_malformed', quantity }));
    }
    expect(await unchanged(() => receive(1, AT))).toEqual(err({ code: 'inventory.already_expired', stockItemId: salt.id }));
    expect(
      await unchanged(() => room.inventory.receiveStock({ ...heading(newId(), salt.id), quantity: 1, lot: null, expiresAt: null }, CLERK)),
    ).toEqual(err({ code: 'inventory.stock_item_not_found', stockItemId: salt.id }));
  });

  it('keep at most so many batches of an item', async () => {
    const milk = await room.item(newId());
    for (let i = 1; i < BATCHES_MAX; i++) await room.receive(milk, 1, i * HOUR);
    const one = room.inventory.receiveStock({ ...heading(milk.restaurantId, milk.id), quantity: 1, lot: 'one more', expiresAt: null }, CLERK);
    expect(await one).toEqual(err({ code: 'inventory.too_many_batches', limit: BATCHES_MAX }));
    await room.receive(milk, 1, HOUR); // One that is there already takes more.
  });

  it('make an entry once for its key, and refuse the key for another', async () => {
    const flour = await room.item(newId());
    const receive = (quantity: number, fingerprint: string, actor: Actor = CLERK) =>
      room.inventory.receiveStock(
        { ...heading(flour.restaurantId, flour.id), request: { key: 'delivery-1', fingerprint }, quantity, lot: null, expiresAt: null },
        actor,
      );
    const first = must(await receive(5, 'five'));
    expect(must(await receive(5, 'five'))).toEqual(first);
    expect(await receive(6, 'six')).toEqual(err({ code: 'inventory.idempotency_key_reused' }));
    expect((await stockOf(flour))?.onHand).toBe(5_000);
    must(await receive(1, 'five', { kind: 'account', accountId: newId(), sessionId: newId(), permissions: [], grants: [] })); // Somebody else's key.
    expect((await stockOf(flour))?.onHand).toBe(6_000);

    const refused = { ...heading(flour.restaurantId, flour.id), request: { key: 'waste-1', fingerprint: 'w' }, reason: 'spilt', batchId: undefined };
    expect(await room.inventory.wasteStock({ ...refused, quantity: 60 }, CLERK)).toMatchObject({ ok: false });
    must(await room.inventory.wasteStock({ ...refused, quantity: 6 }, CLERK)); // What was refused has not used its key up.
  });

  it('make one of ten entries at once under one key', async () => {
    const flour = await room.item(newId());
    const entries = await Promise.all(
      Array.from({ length: 10 }, () =>
        room.inventory.receiveStock(
          { ...heading(flour.restaurantId, flour.id), request: { key: 'k', fingerprint: 'f' }, quantity: 1, lot: null, expiresAt: null },
          CLERK,
        ),
      ),
    );
    const made = entries.flatMap((entry) => (entry.ok ? [entry.value.documentId] : []));
    expect(new Set(made).size).toBe(1);
    expect(entries.every((entry) => entry.ok || entry.error.code === 'inventory.request_in_progress')).toBe(true);
    expect((await stockOf(flour))?.onHand).toBe(1_000);
  });

  it('roll back as a whole', async () => {
    const rice = await room.item(newId());
    const answer = await unchanged(() =>
      room.run(async (tx) => {
        const balances = await tx.balances.lock(rice.restaurantId, [rice.id]);
        const entry = {
          restaurantId: rice.restaurantId,
          documentId: newId(),
          kind: 'receipt' as const,
          from: 'supplier' as const,
          to: 'shelf' as const,
        };
        const lines = [{ stockItemId: rice.id, batchId: rice.id, quantity: 5 as never }];
        await tx.entries.save({
          state: { ...entry, lines, opens: balances, reason: null, at: AT },
          events: [{ type: 'inventory.stock_moved' } as never],
        });
        return err('no' as const);
      }),
    );
    expect(answer).toEqual(err('no'));
  });

  it('tell of every movement, newest first, by item', async () => {
    const restaurantId = newId();
    const [onion, rice] = [await room.item(restaurantId, 'Onion'), await room.item(restaurantId, 'Rice')];
    await room.receive(onion, 1);
    await room.receive(rice, 2);
    must(await waste(onion, 0.25));
    const all = await room.inventory.movements(restaurantId, undefined, { limit: 10 });
    expect(all.data.map(({ name, unit, kind, from, to, quantity, reason }) => [name, unit, kind, from, to, quantity, reason])).toEqual([
      ['Onion', 'kg', 'waste', 'shelf', 'waste', 250, 'spilt'],
      ['Rice', 'kg', 'receipt', 'supplier', 'shelf', 2_000, null],
      ['Onion', 'kg', 'receipt', 'supplier', 'shelf', 1_000, null],
    ]);
    const first = await room.inventory.movements(restaurantId, onion.id, { limit: 1 });
    const second = await room.inventory.movements(restaurantId, onion.id, { limit: 1, after: first.next as string });
    expect([...first.data, ...second.data]).toEqual([all.data[0], all.data[2]]);
    expect(second.next).toBeNull();
    expect((await room.inventory.movements(newId(), onion.id, { limit: 10 })).data).toEqual([]);
  });

  it('leave balances that are the fold of the movements and of the events', async () => {
    const events = (await room.events()).map(({ data }) => data);
    const [balances, movements] = [placesOfBalances(await room.balances()), await room.movements()];
    expect(Object.keys(balances).length).toBeGreaterThan(20);
    expect(balances).toEqual(stockedIn(placesOf(legsOf(events))));
    expect(balances).toEqual(stockedIn(placesOf(movements as never)));
    expect(ok(movements.length)).toEqual(ok(legsOf(events).length));
  });
});
