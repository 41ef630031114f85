import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { INVENTORY_INVARIANTS } from '#adapters/postgres/inventory/invariants.ts';
import type { Job } from '#application/shared/job.ts';
import { Platform } from '#composition/modules/platform.ts';
import { type Outcome, RESERVATION_NEXT } from '#domain/inventory/reservation.ts';
import type { StockItem } from '#domain/inventory/stock-item.ts';
import { CLERK, heading, newId, openStockroom, type Stockroom } from '../../support/inventory.ts';
import { legsOf, placesOf, placesOfBalances, stockedIn, totalsOf } from '../../support/ledger.ts';
import { PROFILES } from '../../support/profiles.ts';

const ITEMS = 4;
const item = fc.nat(ITEMS - 1);
const quantity = fc.integer({ min: 1, max: 400 }).map((hundredths) => hundredths / 100);
const smallQuantity = fc.integer({ min: 1, max: 150 }).map((hundredths) => hundredths / 100);
const outcome = fc.constantFrom(...(RESERVATION_NEXT.held as readonly Outcome[]));

const command = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constant('receive' as const), item, quantity, fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined })) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('waste' as const), item, quantity) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('count' as const), item, fc.integer({ min: 0, max: 25 })) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('transfer' as const), item, item, quantity) },
  { weight: 6, arbitrary: fc.tuple(fc.constant('reserve' as const), fc.array(fc.tuple(item, smallQuantity), { minLength: 1, maxLength: 5 })) },
  { weight: 4, arbitrary: fc.tuple(fc.constant('settle' as const), fc.nat(50), outcome) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('write off' as const)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('wait' as const), fc.integer({ min: 1, max: 10 })) },
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

describe.each(PROFILES)('any history of a stockroom on %s', (profile) => {
  let room: Stockroom;
  let writeOff: Job;
  beforeAll(async () => {
    room = await openStockroom(profile);
    writeOff = room.container.get(Platform.jobs);
    if (profile !== 'memory') await room.sql('create schema ordering');
    if (profile !== 'memory') await room.sql('create table ordering.orders (id uuid primary key, status text not null)');
  });
  afterAll(() => room?.close());

  /** Two restaurants with two items each; what is asked of them is answered or refused, and never anything else. */
  async function live(items: readonly StockItem[], orders: string[], asked: Command): Promise<void> {
    const at = (i: number): StockItem => items[i] as StockItem;
    const about = (i: number) => heading(at(i).restaurantId, at(i).id);
    switch (asked[0]) {
      case 'receive':
        await room.inventory.receiveStock(
          { ...about(asked[1]), quantity: asked[2], lot: null, expiresAt: asked[3] === undefined ? null : room.clock.at + asked[3] },
          CLERK,
        );
        return;
      case 'waste':
        await room.inventory.wasteStock({ ...about(asked[1]), quantity: asked[2], batchId: undefined }, CLERK);
        return;
      case 'count':
        await room.inventory.countStock({ ...about(asked[1]), counted: asked[2], batchId: undefined }, CLERK);
        return;
      case 'transfer': {
        const { restaurantId: toRestaurantId, id: toStockItemId } = at(asked[2]);
        await room.inventory.transferStock({ ...about(asked[1]), quantity: asked[3], toRestaurantId, toStockItemId }, CLERK);
        return;
      }
      case 'reserve': {
        const { restaurantId } = at(asked[1][0]?.[0] ?? 0);
        const orderId = newId();
        const demand = asked[1]
          .filter(([i]) => at(i).restaurantId === restaurantId)
          .map(([i, wanted]) => ({ stockItemId: at(i).id, quantity: Math.round(wanted * 1_000) }));
        if ((await room.reserve({ restaurantId, orderId, demand })).ok) orders.push(`${restaurantId}/${orderId}`);
        return;
      }
      case 'settle': {
        const [restaurantId = '', orderId = ''] = orders.splice(asked[1] % Math.max(1, orders.length), 1)[0]?.split('/') ?? [];
        if (orderId !== '') await room.settle(restaurantId, orderId, asked[2]);
        return;
      }
      case 'write off':
        await writeOff.run();
        return;
      case 'wait':
        room.clock.at += asked[1];
    }
  }

  it('ends with every promise kept, several hands at work at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(command, { minLength: 1, maxLength: 12, size: 'max' }), { minLength: 5, maxLength: 12, size: 'max' }),
        async (waves) => {
          const [here, there] = [newId(), newId()];
          const items = await Promise.all([here, there, here, there].map((restaurantId) => room.item(restaurantId)));
          for (const item of items) await room.receive(item, 12);
          const orders: string[] = [];
          for (const wave of waves) {
            const ends = await Promise.allSettled(wave.map((asked) => live(items, orders, asked)));
            const broken = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
            expect(broken).toEqual([]);
          }

          const places = placesOf(legsOf((await room.events()).map(({ data }) => data)));
          expect(placesOfBalances(await room.balances())).toEqual(stockedIn(places));
          expect(placesOf((await room.movements()) as never)).toEqual(places);
          expect(Object.values(totalsOf(places)).every((total) => total === 0)).toBe(true);
          const held = (
            await Promise.all([here, there].map((restaurantId) => room.inventory.reservations(restaurantId, 'held', { limit: 100 })))
          ).flatMap(({ data }) => data);
          const lines = held.flatMap((reservation) => reservation.lines).reduce((sum, line) => sum + line.quantity, 0);
          const onHold = (await room.balances()).filter(({ restaurantId }) => restaurantId === here || restaurantId === there);
          expect(onHold.reduce((sum, balance) => sum + balance.held, 0)).toBe(lines);
        },
      ),
      { numRuns: profile === 'memory' ? 30 : 8, endOnFailure: true },
    );
    const done = (await room.events()).map(({ data }) => data.type);
    expect(done.filter((type) => type === 'inventory.stock_reserved').length).toBeGreaterThan(25);
    expect(done.filter((type) => type === 'inventory.reservation_settled').length).toBeGreaterThan(12);

    if (profile === 'memory') return;
    for (const { id, sql } of INVENTORY_INVARIANTS.filter((promise) => promise.id !== 'holds-have-live-orders'))
      expect(await room.sql(sql), id).toEqual([]);
  });
});
