import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { INVENTORY_INVARIANTS } from '#adapters/postgres/inventory/invariants.ts';
import { onStockChanged } from '#application/inventory/on-stock-changed.ts';
import type { StockItem } from '#domain/inventory/stock-item.ts';
import { ok } from '#domain/shared/result.ts';
import { CLERK, HOUR, heading, must, newId, openStockroom, type Stockroom } from '../../support/inventory.ts';
import { SQL_PROFILES } from '../../support/profiles.ts';

/** Everything the doctor finds wrong, by promise. */
async function findings(room: Stockroom): Promise<Record<string, readonly string[]>> {
  const found: Record<string, readonly string[]> = {};
  for (const { id, sql } of INVENTORY_INVARIANTS) {
    const culprits = await room.sql<{ culprit: string; detail: string }>(`select * from (${sql}) as culprits limit 6`);
    for (const { culprit, detail } of culprits) expect([culprit, detail]).toEqual([expect.any(String), expect.any(String)]);
    if (culprits.length > 0) found[id] = culprits.map(({ culprit }) => culprit);
  }
  return found;
}

describe.each(SQL_PROFILES)('the promises of inventory on %s', (profile) => {
  let room: Stockroom;
  let onion: StockItem;
  let rice: StockItem;
  let sellableId: string;
  let [held, sold, wasted]: readonly string[] = [];
  beforeAll(async () => {
    room = await openStockroom(profile);
    await room.sql(`create schema ordering`);
    await room.sql(`create table ordering.orders (id uuid primary key, status text not null)`);
  });
  afterAll(() => room?.close());

  beforeEach(async () => {
    const restaurantId = newId();
    [onion, rice] = [await room.item(restaurantId, 'Onion', 'kg', 3), await room.item(restaurantId, 'Rice')];
    await room.receive(onion, 10, HOUR, 'a');
    await room.receive(onion, 5);
    await room.receive(rice, 10, HOUR);
    must(await room.inventory.wasteStock({ ...heading(restaurantId, onion.id), quantity: 11, batchId: undefined }, CLERK));
    must(await room.inventory.countStock({ ...heading(restaurantId, rice.id), counted: 9, batchId: undefined }, CLERK));
    sellableId = newId();
    must(
      await room.inventory.writeRecipe(
        { restaurantId, sellableId, lines: [{ stockItemId: onion.id, quantity: 0.25 }], expectedVersion: undefined },
        CLERK,
      ),
    );
    const orders = [];
    for (const status of ['placed', 'completed', 'returned']) {
      const orderId = newId();
      orders.push(orderId);
      const demand = [onion, rice].map(({ id }) => ({ stockItemId: id, quantity: 1_000 }));
      must(await room.reserve({ restaurantId, orderId, demand }));
      await room.sql(`insert into ordering.orders values ($1::uuid, $2)`, [orderId, status]);
    }
    [held, sold, wasted] = orders as [string, string, string];
    await room.settle(restaurantId, sold, 'fulfilled');
    await room.settle(restaurantId, wasted, 'wasted');
    const alerts = onStockChanged({ clock: { now: () => room.clock.at } });
    const events = (await room.events()).filter(({ data }) => alerts.types.includes(data.type));
    await room.run(async (tx) => ok(await alerts.on(tx, events, false)));
    expect(await findings(room)).toEqual({});
  });

  /** Breaks the data, asks the doctor, and puts it back. */
  async function broken(breaking: string, params: readonly unknown[] = []): Promise<Record<string, readonly string[]>> {
    const tables = [
      'inventory.stock_items',
      'inventory.balances',
      'inventory.movements',
      'inventory.reservations',
      'inventory.recipes',
      'inventory.stock_alerts',
      'platform.events',
      'ordering.orders',
    ];
    for (const table of tables) await room.sql(`create table ${table.replace('.', '_')} as table ${table}`);
    await room.sql(breaking, params);
    const found = await findings(room);
    for (const table of tables) {
      await room.sql(`delete from ${table}`);
      await room.sql(`insert into ${table} overriding system value select * from ${table.replace('.', '_')}`);
      await room.sql(`drop table ${table.replace('.', '_')}`);
    }
    return found;
  }
  const batchOf = ({ restaurantId, id }: StockItem, batchId = id): string => `${restaurantId} ${id} ${batchId}`;

  it('name a balance below zero', async () => {
    await room.sql('alter table inventory.balances drop constraint balances_shelf');
    const found = await broken('update inventory.balances set shelf = -1 where stock_item_id = $1::uuid and batch_id = stock_item_id', [onion.id]);
    expect(found['stock-is-never-below-zero']).toEqual([batchOf(onion)]);
    await room.sql('alter table inventory.balances add constraint balances_shelf check (shelf >= 0)');
  });

  it('name a balance that no movement explains, and a movement that reached no balance', async () => {
    const shelf = await broken('update inventory.balances set shelf = shelf + 1 where stock_item_id = $1::uuid and batch_id = stock_item_id', [
      onion.id,
    ]);
    expect(shelf).toEqual({ 'stock-is-its-movements': [batchOf(onion)] });
    const lost = await broken('delete from inventory.balances where stock_item_id = $1::uuid and batch_id = stock_item_id', [onion.id]);
    expect(lost).toMatchObject({ 'stock-is-its-movements': [batchOf(onion)], 'stock-held-is-reserved': [batchOf(onion)] });
    const held = await broken('update inventory.balances set held = held + 1 where stock_item_id = $1::uuid and batch_id = stock_item_id', [
      onion.id,
    ]);
    expect(held).toEqual({ 'stock-is-its-movements': [batchOf(onion)], 'stock-held-is-reserved': [batchOf(onion)] });
  });

  it('name what is held for nobody, and who holds what is not held', async () => {
    const more = await broken(`update inventory.reservations set lines = jsonb_set(lines, '{0,quantity}', '1001') where order_id = $1::uuid`, [held]);
    expect(more['stock-held-is-reserved']).toHaveLength(1);
    expect(more['reservations-move-their-lines']).toEqual([held, held]);
    const gone = await broken('delete from inventory.reservations where order_id = $1::uuid', [held]);
    expect(gone['stock-held-is-reserved']).toHaveLength(2);
    expect(gone['reservations-move-their-lines']).toEqual([held, held]);
    expect(gone['reservations-end-once']).toEqual([`reservation:${held}`]);
  });

  it('name a hold whose order has ended, or never was, and an order that lost its hold', async () => {
    expect(await broken(`update ordering.orders set status = 'cancelled' where id = $1::uuid`, [held])).toEqual({ 'holds-have-live-orders': [held] });
    expect(await broken('delete from ordering.orders where id = $1::uuid', [held])).toEqual({ 'holds-have-live-orders': [held] });
    expect(await broken(`update ordering.orders set status = 'preparing' where id = $1::uuid`, [sold])).toEqual({ 'holds-have-live-orders': [sold] });
  });

  it('name a reservation that ended twice, otherwise, or without its event', async () => {
    const again = `insert into platform.events (id, type, stream, version, restaurant_id, data, actor, recorded_at)
      select gen_random_uuid(), type, stream, 3, restaurant_id, data, actor, recorded_at from platform.events where stream = 'reservation:' || $1 and version = 2`;
    expect(await broken(again, [sold])).toEqual({ 'reservations-end-once': [sold] });
    const otherwise = await broken(`update inventory.reservations set status = 'released' where order_id = $1::uuid`, [sold]);
    expect(otherwise).toEqual({ 'reservations-end-once': [sold], 'reservations-move-their-lines': [sold, sold, sold, sold] });
    const silent = await broken(`delete from platform.events where stream = 'reservation:' || $1 and version = 2`, [sold]);
    expect(silent).toEqual({ 'reservations-end-once': [sold] });
  });

  it('name a reservation whose stock went elsewhere, or in another quantity', async () => {
    const elsewhere = await broken(`update inventory.movements set to_place = 'sold' where document_id = $1::uuid and to_place = 'waste'`, [wasted]);
    expect(elsewhere).toEqual({ 'reservations-move-their-lines': [wasted, wasted, wasted, wasted] });
    const less = await broken(`update inventory.movements set quantity = 999 where document_id = $1::uuid and to_place = 'sold'`, [sold]);
    expect(less['reservations-move-their-lines']).toEqual([sold, sold, sold, sold]);
    expect(less['stock-is-its-movements']).toHaveLength(2);
  });

  it('name a movement of an item that nobody stocks', async () => {
    const found = await broken('delete from inventory.stock_items where id = $1::uuid', [rice.id]);
    expect(found['stock-is-of-known-items']?.length).toBeGreaterThan(2);
    expect(found['stock-is-of-known-items']).toContain(batchOf(rice));
  });

  it('name an entry that the log and the ledger tell differently', async () => {
    const [waste] = (await room.events())
      .flatMap(({ data }) => (data.type === 'inventory.stock_moved' && data.kind === 'waste' ? [data.documentId] : []))
      .slice(-1);
    const found = await broken(`update inventory.movements set quantity = quantity + 1 where document_id = $1::uuid`, [waste]);
    expect(new Set(found['entries-are-in-the-ledger'])).toEqual(new Set([waste]));
    const unsaid = await broken(`delete from platform.events where stream = 'stock_movement:' || $1`, [waste]);
    expect(new Set(unsaid['entries-are-in-the-ledger'])).toEqual(new Set([waste]));
  });

  it('name an item, a recipe or an alert that is not as its events left it', async () => {
    const id = 'stockroom-is-its-events';
    expect(await broken(`update inventory.stock_items set name = 'Leek' where id = $1::uuid`, [onion.id])).toEqual({
      [id]: [`stock_item:${onion.id}`],
    });
    expect(await broken('update inventory.stock_items set version = 2 where id = $1::uuid', [onion.id])).toEqual({
      [id]: [`stock_item:${onion.id}`],
    });
    expect(await broken(`update inventory.recipes set lines = '[]' where sellable_id = $1::uuid`, [sellableId])).toEqual({
      [id]: [`recipe:${sellableId}`],
    });
    expect(await broken(`update inventory.stock_alerts set level = 'out' where stock_item_id = $1::uuid`, [onion.id])).toEqual({
      [id]: [`stock_alert:${onion.id}`],
    });
  });
});
