import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setCountdownWithin } from '#application/inventory/countdown-within.ts';
import { onStockChanged } from '#application/inventory/on-stock-changed.ts';
import type { EventLog } from '#application/shared/event-log.ts';
import type { Job } from '#application/shared/job.ts';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import { Platform } from '#composition/modules/platform.ts';
import { type Reading, StockAlert } from '#domain/inventory/alert.ts';
import type { StockItem } from '#domain/inventory/stock-item.ts';
import { ok } from '#domain/shared/result.ts';
import { AT, CLERK, HOUR, heading, must, newId, openStockroom, type Stockroom } from '../../support/inventory.ts';
import { PROFILES } from '../../support/profiles.ts';

describe.each(PROFILES)('stock alerts and the write-off on %s', (profile) => {
  let room: Stockroom;
  let log: EventLog;
  let job: Job;
  beforeAll(async () => {
    room = await openStockroom(profile);
    log = room.container.get(Platform.eventLog);
    job = room.container.getAll(Platform.jobs).find(({ name }) => name === 'inventory-write-off-expired') as Job;
    await log.start();
  });
  afterAll(async () => {
    await log?.stop();
    await room?.close();
  });

  const alerts = async ({ id }: Pick<StockItem, 'id'>) => {
    await log.settle();
    const told = await room.events(`stock_alert:${id}`);
    expect(told.map(({ version }) => version)).toEqual(told.map((_, i) => i + 1));
    return told.map(({ data }) =>
      data.type.startsWith('inventory.stock_') && 'was' in data ? [data.type.slice('inventory.stock_'.length), data.was, data.available] : [],
    );
  };
  const reserve = async (item: StockItem, quantity: number) => {
    const orderId = newId();
    must(await room.reserve({ restaurantId: item.restaurantId, orderId, demand: [{ stockItemId: item.id, quantity: quantity * 1_000 }] }));
    return orderId;
  };

  it('tell once of each level that is crossed', async () => {
    const onion = await room.item(newId(), 'Onion', 'kg', 2);
    await room.receive(onion, 5);
    expect(await alerts(onion)).toEqual([]);
    const first = await reserve(onion, 3);
    expect(await alerts(onion)).toEqual([['low', 'ok', 2_000]]);
    await reserve(onion, 1);
    expect(await alerts(onion)).toHaveLength(1); // Still low.
    await reserve(onion, 1);
    expect((await alerts(onion)).slice(1)).toEqual([['out', 'low', 0]]);
    await room.settle(onion.restaurantId, first, 'released');
    expect((await alerts(onion)).slice(2)).toEqual([['recovered', 'out', 3_000]]);
    must(await room.inventory.wasteStock({ ...heading(onion.restaurantId, onion.id), quantity: 3, batchId: undefined }, CLERK));
    expect((await alerts(onion)).slice(3)).toEqual([['out', 'ok', 0]]);
    await room.receive(onion, 1);
    expect((await alerts(onion)).slice(4)).toEqual([['low', 'out', 1_000]]);
  });

  it('tell of a threshold that was moved', async () => {
    const rice = await room.item(newId(), 'Rice', 'kg', 0);
    await room.receive(rice, 5);
    const change = { restaurantId: rice.restaurantId, stockItemId: rice.id, name: undefined, lowStockThreshold: 10, expectedVersion: undefined };
    must(await room.inventory.changeStockItem(change, CLERK));
    expect(await alerts(rice)).toEqual([['low', 'ok', 5_000]]);
  });

  it('tell of a countdown that ran out, and that it no longer counts', async () => {
    const [restaurantId, id] = [newId(), newId()];
    const countDown = (portions: number | null) =>
      room.run(async (tx) => ok(await setCountdownWithin(tx).set(restaurantId, id, 'Thali', portions, room.clock.at)));
    await countDown(1);
    must(
      await room.reserve({
        restaurantId,
        orderId: newId(),
        demand: (await room.inventory.demandFor(restaurantId, [{ sellableId: id, quantity: 1 }])).lines,
      }),
    );
    expect(await alerts({ id })).toEqual([['out', 'ok', 0]]);
    await countDown(null);
    expect((await alerts({ id })).slice(1)).toEqual([['recovered', 'out', 0]]);
  });

  it('are silent on a replay, and go on afterwards', async () => {
    const salt = await room.item(newId(), 'Salt', 'kg', 1);
    await room.receive(salt, 1);
    expect(await alerts(salt)).toHaveLength(1);
    const before = (await room.events()).length;
    expect(await log.replay('inventory-alerts')).toBe(true);
    await log.settle();
    expect((await room.events()).length).toBe(before);
    await room.receive(salt, 1);
    expect((await alerts(salt)).slice(1)).toEqual([['recovered', 'low', 2_000]]);
  });

  it('say nothing of what was low before anybody listened', async () => {
    await log.settle();
    await log.stop();
    const ghee = await room.item(newId(), 'Ghee', 'kg', 1);
    await room.receive(ghee, 1);
    const unheard = await room.events(`stock_item:${ghee.id}`);
    const moved = (await room.events()).filter(
      ({ data }) => data.type === 'inventory.stock_moved' && data.lines.some(({ stockItemId }) => stockItemId === ghee.id),
    );
    const listener = onStockChanged({ clock: { now: () => room.clock.at } });
    await room.run(async (tx) =>
      ok(
        await listener.on(
          tx,
          [...unheard, ...moved].filter(({ data }) => listener.types.includes(data.type)),
          true,
        ),
      ),
    );
    expect(await room.events(`stock_alert:${ghee.id}`)).toEqual([]);
    await log.start();
    expect(await alerts(ghee)).toEqual([['low', 'ok', 1_000]]);
  });

  it('are written over by nobody who has not seen the last', async () => {
    const tea = await room.item(newId(), 'Tea', 'kg', 1);
    const reading = {
      restaurantId: tea.restaurantId,
      stockItemId: tea.id,
      name: 'Tea',
      unit: 'kg',
      available: 0,
      threshold: 1,
      isCounted: true,
    } as Reading;
    const first = StockAlert.cross(undefined, reading, AT) as NonNullable<ReturnType<typeof StockAlert.cross>>;
    await room.run(async (tx) => ok(await tx.alerts.save([first])));
    await expect(room.run(async (tx) => ok(await tx.alerts.save([first])))).rejects.toThrow(WriteConflict);
  });

  it('write off what expired on the shelf, once, and leave what is held and what is good', async () => {
    const [milk, curd] = [await room.item(newId(), 'Milk'), await room.item(newId(), 'Curd')];
    await room.receive(milk, 4, HOUR);
    await room.receive(milk, 2, 3 * HOUR);
    await room.receive(curd, 1, 2 * HOUR);
    const orderId = await reserve(milk, 1);
    expect(await job.run()).toBe(0);
    room.clock.at = AT + 2 * HOUR;
    expect(await job.run()).toBe(2);
    expect(await job.run()).toBe(0);
    const levels = async (item: StockItem) =>
      (await room.inventory.stockLevels(item.restaurantId, { limit: 1 })).data.map(({ onHand, held, available }) => [onHand, held, available]);
    expect([await levels(milk), await levels(curd)]).toEqual([[[3_000, 1_000, 2_000]], [[0, 0, 0]]]);
    const [written] = (await room.inventory.movements(curd.restaurantId, curd.id, { limit: 1 })).data;
    expect(written).toMatchObject({ kind: 'waste', from: 'shelf', to: 'waste', quantity: 1_000, reason: 'expired' });
    expect(await alerts(curd)).toEqual([['out', 'ok', 0]]);

    await room.settle(milk.restaurantId, orderId, 'released'); // It comes back to the shelf expired, and is found the next time.
    expect(await job.run()).toBe(1);
    expect(await levels(milk)).toEqual([[2_000, 0, 2_000]]);
    room.clock.at = AT;
  });

  it('write off more than one round holds', async () => {
    const item = await room.item(newId());
    for (let i = 1; i <= 199; i++) await room.receive(item, 1, i);
    const second = await room.item(newId());
    for (let i = 1; i <= 30; i++) await room.receive(second, 1, i);
    room.clock.at = AT + HOUR / 2;
    expect(await job.run()).toBe(229);
    expect((await room.balances(item.restaurantId)).every(({ shelf }) => shelf === 0)).toBe(true);
    room.clock.at = AT;
  });

  // Only a server has two connections to try it with.
  if (profile === 'postgres')
    it('leave what an order is just taking for the next time, and wait for nobody', async () => {
      const [busy, idle] = [await room.item(newId()), await room.item(newId())];
      for (const item of [busy, idle]) await room.receive(item, 1, 1);
      room.clock.at = AT + HOUR / 2;
      await room.run(async (tx) => {
        await tx.balances.lock(busy.restaurantId, [busy.id]);
        expect(await job.run()).toBe(1);
        return ok(undefined);
      });
      expect(await job.run()).toBe(1);
      room.clock.at = AT;
    });

  it('write off nothing twice when two nodes try at once', async () => {
    const item = await room.item(newId());
    for (let i = 1; i <= 50; i++) await room.receive(item, 1, i);
    room.clock.at = AT + HOUR / 2;
    const written = await Promise.all([job.run(), job.run(), job.run()]);
    expect(written.reduce((sum, n) => sum + n, 0)).toBe(50);
    room.clock.at = AT;
  });
});
