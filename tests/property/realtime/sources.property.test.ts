import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CATALOGUE, messageOf } from '#adapters/websocket/realtime/catalogue.ts';
import { ORDER_NEXT, ORDER_STATUSES, type OrderStatus } from '#domain/ordering/order.ts';
import { Channel } from '#domain/realtime/channel.ts';
import { announcementsOf, SOURCES } from '#domain/realtime/sources.ts';
import { isOver, timelineOf } from '#domain/realtime/timeline.ts';

const ids = fc.record({ orderId: fc.uuid(), restaurantId: fc.uuid(), customerId: fc.uuid(), paymentId: fc.uuid() });
const text = fc.string({ maxLength: 20 });
const nullable = fc.option(text);
const amount = fc.integer({ min: 1, max: 1e9 });
const order = fc.record({
  number: fc.integer({ min: 1, max: 20_000 }),
  diningOption: fc.constantFrom('delivery', 'takeaway', 'dine_in'),
  payment: fc.constantFrom('cash', 'online'),
  lines: fc.array(fc.record({ quantity: fc.integer({ min: 1, max: 99 }) })),
  price: fc.record({ total: amount }),
  currency: fc.constant('INR'),
});
const stock = fc.record({ restaurantId: fc.uuid(), stockItemId: fc.uuid(), name: text, unit: text, available: fc.integer(), threshold: fc.nat() });
const OTHERS: Readonly<Record<string, fc.Arbitrary<object>>> = {
  'payments.charge_captured': fc.record({ charge: fc.record({ amount }) }),
  'payments.charge_failed': fc.record({ charge: fc.record({ amount, failure: fc.option(fc.record({ reason: nullable })) }) }),
  'payments.refund_processed': fc.record({ refundId: fc.uuid(), amount }),
  'payments.dispute_changed': fc.record({ dispute: fc.record({ disputeId: text }), before: fc.constant(null) }),
  'fraud.review_opened': fc.record({ reviewId: fc.uuid() }),
  'catalogue.item_availability_set': fc.record({
    itemId: fc.uuid(),
    availability: fc.record({ state: fc.constantFrom('in_stock', 'quantity', 'out_of_stock') }),
    quantity: fc.option(fc.nat()),
  }),
  'catalogue.option_availability_set': fc.record({ optionId: fc.uuid(), isOutOfStock: fc.boolean() }),
  'inventory.stock_low': stock,
  'inventory.stock_out': stock,
  'partners.staff_added': fc.record({ accountId: fc.uuid(), role: text }),
  'partners.staff_removed': fc.record({ accountId: fc.uuid() }),
  'notifications.notice_created': fc.record({ noticeId: fc.uuid(), accountId: fc.uuid(), category: text }),
  'notifications.notice_read': fc.record({ noticeId: fc.uuid(), accountId: fc.uuid() }),
  'support.message_sent': fc.record({
    threadId: fc.uuid(),
    messageId: fc.uuid(),
    seq: fc.nat(),
    side: fc.constantFrom('customer', 'restaurant', 'rider', 'support'),
    isInternal: fc.constant(false),
  }),
};
const event = (type: string): fc.Arbitrary<{ type: string }> => {
  const to = /^ordering\.order_(\w+)$/.exec(type)?.[1] as OrderStatus | undefined;
  const from = fc.constantFrom(null, ...ORDER_STATUSES.filter((status) => to !== undefined && ORDER_NEXT[status].includes(to)));
  const more = to === undefined ? (OTHERS[type] as fc.Arbitrary<object>) : fc.record({ from, to: fc.constant(to), reason: nullable, order });
  return fc.tuple(ids, more).map(([some, rest]) => ({ ...some, ...rest, type }));
};

it.each(SOURCES)('tells of %s what the catalogue says it tells, where it says so', (type) => {
  fc.assert(
    fc.property(event(type), fc.integer({ min: 1, max: 99 }), (fact, version) => {
      const told = announcementsOf(fact, version);
      expect(told.length).toBeGreaterThan(0);
      for (const { type: name, channels, data } of told) {
        const message = { id: crypto.randomUUID(), type: name, at: new Date().toISOString(), data };
        expect(messageOf(name).strict().safeParse(message).error).toBeUndefined();
        expect((CATALOGUE[name].data as never as { strict(): { parse(d: unknown): unknown } }).strict().parse(data)).toEqual(data);
        expect(CATALOGUE[name].isAwaited).toBeUndefined();
        const addresses = CATALOGUE[name].channels.map((address) => new RegExp(`^${address.replaceAll(/\{\w+\}/g, '[\\w-]+')}$`));
        for (const channel of channels) {
          expect(Channel.parse(channel)).toBeDefined();
          expect([channel, addresses.some((address) => address.test(channel))]).toEqual([channel, true]);
        }
        expect(new Set(channels).size).toBe(channels.length);
      }
    }),
    { numRuns: 30 },
  );
});

it('tells the kitchen of an order once it is placed, and never of one that nobody paid', () => {
  const kitchenHears = (from: OrderStatus | null, to: OrderStatus) => {
    const some = { orderId: 'o', restaurantId: 'r', customerId: 'c', reason: null, order: { lines: [], price: { total: 1 }, number: 1 } };
    return announcementsOf({ type: `ordering.order_${to}`, from, to, ...some } as never, 1).some(({ channels }) =>
      channels.includes('restaurant:r:kitchen'),
    );
  };
  expect([kitchenHears(null, 'pending'), kitchenHears('pending', 'expired'), kitchenHears('pending', 'cancelled')]).toEqual([false, false, false]);
  expect([kitchenHears(null, 'placed'), kitchenHears('pending', 'placed'), kitchenHears('accepted', 'cancelled')]).toEqual([true, true, true]);
});

it('draws the way of an order: all it came to, where it is, and what is to come', () => {
  const walk = fc
    .tuple(fc.constantFrom('pending' as const, 'placed' as const), fc.array(fc.nat({ max: 9 }), { maxLength: 12 }))
    .map(([first, choices]) => {
      const way: OrderStatus[] = [first];
      for (const choice of choices) {
        const next = ORDER_NEXT[way.at(-1) as OrderStatus];
        if (next.length > 0) way.push(next[choice % next.length] as OrderStatus);
      }
      return way;
    });
  fc.assert(
    fc.property(walk, fc.constantFrom('delivery' as const, 'takeaway' as const, 'dine_in' as const), (way, diningOption) => {
      const steps = timelineOf(
        diningOption,
        way.map((to, at) => ({ to, at })),
      );
      expect(steps.slice(0, way.length).map(({ status, at }) => [status, at])).toEqual(way.map((to, at) => [to, at]));
      const last = way.at(-1) as OrderStatus;
      const ahead = steps.slice(way.length);
      expect(steps.filter(({ state }) => state === 'now').map(({ status }) => status)).toEqual(isOver(last) ? [] : [last]);
      expect(ahead.every(({ state, at }) => state === 'next' && at === null)).toBe(true);
      if (isOver(last)) expect(ahead).toEqual([]);
      else expect(ahead.at(-1)?.status).toBe('completed');
      expect(new Set(steps.map(({ status }) => status)).size).toBe(steps.length);
    }),
  );
});
