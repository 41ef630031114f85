import fc from 'fast-check';
import { expect, it } from 'vitest';
import { allocate } from '#domain/inventory/allocation.ts';
import { Balance } from '#domain/inventory/balance.ts';
import type { InventoryEvent } from '#domain/inventory/events.ts';
import { Movement, type StockEntry } from '#domain/inventory/movement.ts';
import { type Outcome, RESERVATION_NEXT, RESERVATION_STATUSES, Reservation } from '#domain/inventory/reservation.ts';
import { StockItem } from '#domain/inventory/stock-item.ts';
import { Stockroom } from '#domain/inventory/stockroom.ts';
import type { Change } from '#domain/shared/change.ts';
import { Quantity } from '#domain/shared/quantity.ts';
import type { Result } from '#domain/shared/result.ts';
import { legsOf, placesOf, placesOfBalances, stockedIn, totalsOf } from '../../support/ledger.ts';

const ITEMS = ['onion', 'paneer', 'rice'] as const;
const OUTCOMES: readonly Outcome[] = RESERVATION_NEXT.held as readonly Outcome[];
const item = fc.constantFrom(...ITEMS);
const quantity = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 3_000 })).map(Quantity.of);
const batch = fc.option(fc.nat(3), { nil: undefined });

const command = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('receive' as const),
      item,
      quantity,
      keepsFor: fc.option(fc.integer({ min: 0, max: 20 })),
      lot: fc.constantFrom(null, 'L1'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('waste' as const), item, quantity, batch }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('count' as const), item, quantity, batch }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('transfer' as const), item, to: item, quantity }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('reserve' as const),
      demand: fc.array(fc.record({ stockItemId: item, quantity }), { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('settle' as const), order: fc.nat(9), outcome: fc.constantFrom(...OUTCOMES) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('write_off' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('set_shelf' as const), item, quantity }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), for: fc.integer({ min: 1, max: 8 }) }) },
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

/** A stockroom of pure functions: what the use cases and the adapters do between them, without either. */
class Book {
  now = 1_000;
  balances: readonly Balance[] = ITEMS.map((id) => Balance.empty(Balance.undated(id)));
  events: readonly InventoryEvent[] = [];
  orders: Reservation[] = [];
  #documents = 0;

  run(asked: Command): boolean {
    switch (asked.do) {
      case 'wait':
        this.now += asked.for;
        return true;
      case 'receive': {
        const expiresAt = asked.keepsFor === null ? null : this.now + asked.keepsFor;
        const delivery = { quantity: asked.quantity, lot: asked.lot, expiresAt, newBatchId: `b${this.#documents}` };
        return this.#enter(Stockroom.receive(this.#standing(asked.item), delivery));
      }
      case 'waste':
        return this.#enter(Stockroom.waste(this.#standing(asked.item), asked.quantity, this.#batch(asked)));
      case 'count':
        return this.#enter(Stockroom.count(this.#standing(asked.item), asked.quantity, this.#batch(asked)));
      case 'transfer': {
        if (asked.item === asked.to) return false;
        const moved = Stockroom.transfer(this.#standing(asked.item), this.#standing(asked.to), asked.quantity);
        if (!moved.ok) return false;
        for (const value of moved.value) this.#enter({ ok: true, value });
        return true;
      }
      case 'set_shelf': {
        if (this.#of(asked.item).length > 1) return false;
        const entry = Stockroom.setShelf(this.#standing(asked.item), asked.quantity);
        return entry !== undefined && this.#enter({ ok: true, value: entry });
      }
      case 'write_off': {
        const expired = this.balances.filter((balance) => !Balance.isUsable(balance, this.now) && balance.shelf > 0);
        return (
          expired.length > 0 &&
          this.#enter({ ok: true, value: Stockroom.writeOff({ restaurantId: 'r', documentId: this.#document(), at: this.now }, expired) })
        );
      }
      case 'reserve': {
        const allocated = allocate(asked.demand, this.balances, this.now);
        if (!allocated.ok) return false;
        return this.#save(
          Reservation.hold({ restaurantId: 'r', orderId: `o${this.orders.length}`, lines: allocated.value, expiresAt: null }, this.now),
        );
      }
      case 'settle': {
        const order = this.orders[asked.order % Math.max(1, this.orders.length)];
        const settled = order && Reservation.settle(order, asked.outcome, this.now);
        return settled?.ok === true && this.#save(settled.value);
      }
    }
  }

  #save({ state, events }: Change<Reservation, InventoryEvent>): boolean {
    this.#move(Reservation.movement(Reservation.check(state)), events);
    this.orders = [...this.orders.filter(({ orderId }) => orderId !== state.orderId), { ...state, version: state.version + events.length }];
    return true;
  }

  #enter(entry: Result<Change<StockEntry, InventoryEvent>, unknown>): boolean {
    if (entry.ok) this.#move(entry.value.state, entry.value.events, entry.value.state.opens);
    return entry.ok;
  }

  #move(movement: Movement, events: readonly InventoryEvent[], opens?: StockEntry['opens']): void {
    const after = Movement.apply(this.balances, movement, opens);
    if (!after) throw new Error('what was decided on what is there can be done');
    this.balances = after;
    this.events = [...this.events, ...events];
  }

  #of = (stockItemId: string): readonly Balance[] => this.balances.filter((balance) => balance.stockItemId === stockItemId);
  #document = (): string => `d${++this.#documents}`;
  #batch = (asked: { item: string; batch: number | undefined }): string | undefined =>
    asked.batch === undefined ? undefined : this.#of(asked.item)[asked.batch]?.batchId;
  #standing(id: string) {
    const { state } = StockItem.add({ restaurantId: 'r', id, name: id, unit: 'kg', lowStockThreshold: Quantity.zero }, this.now);
    return { item: state, balances: this.#of(id), documentId: this.#document(), reason: null, at: this.now };
  }
}

it('nothing appears or disappears, whatever is asked: balances are the fold of the events, and every item sums to zero', () => {
  const done: Record<string, number> = {};
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60, size: 'max' }), (commands) => {
      const book = new Book();
      for (const asked of commands) {
        const before = { balances: book.balances, events: book.events };
        const isDone = book.run(asked);
        if (isDone) done[asked.do] = (done[asked.do] ?? 0) + 1;
        else expect({ balances: book.balances, events: book.events }).toEqual(before);

        const places = placesOf(legsOf(book.events));
        expect(placesOfBalances(book.balances.map((balance) => ({ ...balance, restaurantId: 'r' })))).toEqual(stockedIn(places));
        expect(Object.values(totalsOf(places)).every((total) => total === 0)).toBe(true);
        expect(book.balances.every(({ shelf, held }) => shelf >= 0 && held >= 0)).toBe(true);

        const holds = book.orders.filter(({ status }) => status === 'held').flatMap(({ lines }) => lines);
        expect(Balance.held(book.balances)).toBe(holds.reduce((sum, line) => sum + line.quantity, 0));
      }
    }),
    { numRuns: 500 },
  );
  for (const kind of ['receive', 'waste', 'count', 'transfer', 'reserve', 'settle', 'write_off', 'set_shelf'])
    expect(done[kind], kind).toBeGreaterThan(50);
});

it('a count leaves on hand exactly what was counted', () => {
  let counted = 0;
  fc.assert(
    fc.property(fc.array(command, { maxLength: 30, size: 'max' }), item, quantity, (commands, id, found) => {
      const book = new Book();
      for (const asked of commands) book.run(asked);
      if (!book.run({ do: 'count', item: id, quantity: found, batch: undefined })) return;
      counted++;
      expect(Balance.onHand(book.balances.filter(({ stockItemId }) => stockItemId === id))).toBe(found);
    }),
    { numRuns: 500 },
  );
  expect(counted).toBeGreaterThan(100);
});

it('every status of a reservation but the first is final, and each can be reached', () => {
  const held = Reservation.hold(
    { restaurantId: 'r', orderId: 'o', lines: [{ stockItemId: 'rice', batchId: 'rice', quantity: Quantity.of(5) }], expiresAt: null },
    1,
  ).state;
  expect(RESERVATION_STATUSES.filter((status) => RESERVATION_NEXT[status].length > 0)).toEqual(['held']);
  for (const outcome of OUTCOMES) {
    const settled = Reservation.settle(held, outcome, 2);
    if (!settled.ok) throw new Error(`a hold can be ${outcome}`);
    for (const again of OUTCOMES) expect(Reservation.settle(settled.value.state, again, 3)).toEqual({ ok: false, error: { settled: outcome } });
  }
});
