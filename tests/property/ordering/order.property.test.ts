import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FINAL_STATUSES, type OrderEvent } from '#domain/ordering/events.ts';
import { ORDER_ACTIONS, ORDER_NEXT, ORDER_STATUSES, Order, type OrderAction, OrderId, type OrderStatus } from '#domain/ordering/order.ts';
import { orderFacts } from '../../support/arbitraries/ordering.ts';

const id = OrderId.of('019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10');
const anyStatuses = fc.array(fc.constantFrom(...ORDER_STATUSES), { maxLength: 25 });

it('whatever is asked of it, an order stays valid, keeps its money, and its events tell its story', () => {
  fc.assert(
    fc.property(orderFacts, anyStatuses, (facts, asked) => {
      const placed = Order.place(id, facts);
      const told: OrderEvent[] = [...placed.events];
      let order: Order = { ...placed.state, version: 1 };

      for (const [i, to] of asked.entries()) {
        const before = order;
        const moved = Order.moveTo(order, to, i % 2 ? `reason ${i}` : null, facts.placedAt + i);
        expect(moved.ok).toBe(ORDER_NEXT[before.status].includes(to));
        if (!moved.ok) continue;
        expect(FINAL_STATUSES.includes(before.status)).toBe(false);
        told.push(...moved.value.events);
        order = Order.check({ ...moved.value.state, version: before.version + 1 });
        expect(order.price).toEqual(facts.price);
      }
      expect(Order.fold(id, JSON.parse(JSON.stringify(told)) as OrderEvent[])).toEqual(order);
    }),
  );
});

it('every status can be reached from a beginning, and every final one ends there', () => {
  const reached = new Set<OrderStatus>();
  const walk = (status: OrderStatus): void => {
    if (reached.has(status)) return;
    reached.add(status);
    for (const next of ORDER_NEXT[status]) walk(next);
  };
  walk('pending');
  expect([...reached].sort()).toEqual([...ORDER_STATUSES].sort());
  expect([...FINAL_STATUSES].sort()).toEqual(['cancelled', 'completed', 'expired', 'rejected', 'returned']);
});

it('settles its stock exactly when it ends', () => {
  for (const from of ORDER_STATUSES) {
    for (const to of ORDER_NEXT[from]) expect(Order.settlement(from, to) !== undefined, `${from} -> ${to}`).toBe(FINAL_STATUSES.includes(to));
  }
  expect(Order.settlement('accepted', 'cancelled')).toBe('released');
  expect(Order.settlement('preparing', 'cancelled')).toBe('wasted');
  expect(Order.settlement('ready', 'completed')).toBe('fulfilled');
});

it('only deliveries leave the house, and no delivery is complete before it has', () => {
  fc.assert(
    fc.property(orderFacts, fc.constantFrom(...(Object.keys(ORDER_ACTIONS) as OrderAction[])), (facts, action) => {
      const ready: Order = { ...Order.place(id, facts).state, status: 'ready' };
      const acted = Order.act(ready, action, null, 1);
      const isDelivery = facts.diningOption === 'delivery';
      if (action === 'dispatch') expect(acted.ok).toBe(isDelivery);
      if (action === 'completion') expect(acted.ok).toBe(!isDelivery);
      if (action === 'return' || action === 'acceptance') expect(acted.ok).toBe(false);
    }),
  );
});

it('stops corrupt rows at the border', () => {
  fc.assert(
    fc.property(orderFacts, (facts) => {
      const order = Order.place(id, facts).state;
      expect(() => Order.check({ ...order, status: 'lost' as OrderStatus })).toThrow();
      expect(() => Order.check({ ...order, lines: [] })).toThrow();
      expect(() => Order.check({ ...order, price: { ...order.price, total: (order.price.total + 1) as never } })).toThrow();
    }),
    { numRuns: 20 },
  );
});
