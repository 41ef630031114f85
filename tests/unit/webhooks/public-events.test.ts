import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_DESCRIPTIONS } from '#adapters/http/webhooks/event-schemas.ts';
import { AUDITED } from '#domain/audit/classes.ts';
import { BODY_MAX_BYTES } from '#domain/webhooks/delivery.ts';
import { bodyOf, LINES_TOLD_MAX, PUBLIC_EVENT_TYPES, publicEventsOf, TEST_EVENT_TYPE, TOLD_TYPES } from '#domain/webhooks/public-events.ts';
import type { Json } from '../../support/world.ts';

const AT = 1_764_000_000_000;
const id = (n: number): string => `019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a${n}`;
const [restaurantId, orderId, paymentId, customerId, itemId] = [id(10), id(11), id(12), id(13), id(14)];
const SECRETIVE = { name: 'Asha Rao', phone: '+919876543210', line1: '7 MG Road', note: 'no onions, I am allergic' };

const line = (name: string) => ({
  itemId,
  name,
  quantity: 2,
  unitPrice: 100,
  taxClass: 'food',
  modifiers: [],
  note: SECRETIVE.note,
  subtotal: 200,
  taxes: [],
});
const order = (lines: Json[]) => ({
  restaurantId,
  customerId,
  number: 42,
  businessDay: '2025-11-24',
  diningOption: 'delivery',
  payment: 'cash',
  currency: 'INR',
  lines,
  price: { pricesIncludeTax: false, subtotal: 200, taxes: [], tip: 0, rounding: 0, total: 210 },
  deliveryAddress: { line1: SECRETIVE.line1, line2: null, city: 'Pune', postalCode: '411001', phone: SECRETIVE.phone },
  scheduledFor: AT + 1,
  placedAt: AT,
  expiresAt: null,
});
const ofOrder = (status: string, more: object = {}) => ({
  type: `ordering.order_${status}`,
  ...{ orderId, restaurantId, customerId, from: 'placed', to: status, reason: 'because', at: AT },
  ...more,
});
const ofPayment = (type: string, more: object) => ({ type: `payments.${type}`, paymentId, orderId, restaurantId, customerId, at: AT, ...more });
const charge = {
  ...{ kind: 'charge', chargeId: 'pay_1', providerOrderId: null, amount: 21_000, currency: 'USD', fee: null, feeTax: null, at: AT },
  instrument: { method: 'upi', label: 'asha@upi', fingerprint: 'f', isInternational: false },
  failure: { code: 'BAD_REQUEST_ERROR', reason: null, description: 'by Asha Rao' },
};
const dispute = { kind: 'dispute', disputeId: 'disp_1', chargeId: 'pay_1', amount: 5, currency: 'INR', status: 'open', respondBy: AT };
const stock = { restaurantId, stockItemId: id(15), name: 'Rice', unit: 'kg', was: 'ok', available: 1_500, threshold: 2_000, at: AT };
const refund = { refundId: id(16), amount: 500, providerRefundId: 'rfnd_1' };

/** An event of each type that is told, and what is told of it. */
const SAMPLES: readonly (readonly [Json, readonly (readonly [string, object])[]])[] = [
  [
    ofOrder('pending', { from: null, order: order([line('Thali')]) }),
    [['order.created', { status: 'pending', total: { amount: 210, currency: 'INR' } }]],
  ],
  [ofOrder('placed', { from: null, order: order([line('Thali')]) }), [['order.created', { status: 'placed', number: 42, lineCount: 1 }]]],
  [ofOrder('placed', { from: 'pending' }), [['order.status_changed', { from: 'pending', to: 'placed', reason: 'because' }]]],
  ...['accepted', 'preparing', 'ready', 'out_for_delivery', 'completed', 'returned', 'rejected', 'expired'].map(
    (status) => [ofOrder(status), [['order.status_changed', { orderId, from: 'placed', to: status }]]] as const,
  ),
  [
    ofOrder('cancelled'),
    [
      ['order.status_changed', { from: 'placed', to: 'cancelled' }],
      ['order.cancelled', { from: 'placed', reason: 'because' }],
    ],
  ],
  [ofPayment('charge_captured', { charge }), [['payment.succeeded', { paymentId, amount: { amount: 21_000, currency: 'USD' }, method: 'upi' }]]],
  [ofPayment('charge_failed', { charge }), [['payment.failed', { failureCode: 'BAD_REQUEST_ERROR' }]]],
  [ofPayment('refund_processed', refund), [['payment.refunded', { refundId: id(16), amount: { amount: 500, currency: 'EUR' } }]]],
  [ofPayment('refund_failed', refund), [['payment.refund_failed', { amount: { amount: 500, currency: 'EUR' } }]]],
  [
    ofPayment('dispute_changed', { dispute, before: null }),
    [['payment.dispute_changed', { disputeId: 'disp_1', respondBy: '2025-11-24T16:00:00.000Z' }]],
  ],
  ...['added', 'changed', 'archived'].map(
    (change) => [{ type: `catalogue.item_${change}`, itemId, restaurantId, at: AT }, [['menu.item_changed', { itemId, change }]]] as const,
  ),
  [
    { type: 'catalogue.item_availability_set', itemId, restaurantId, availability: { state: 'quantity' }, quantity: 12, at: AT },
    [['menu.availability_changed', { itemId, optionId: null, availability: 'quantity', quantity: 12 }]],
  ],
  [
    { type: 'catalogue.option_availability_set', groupId: id(17), optionId: id(18), restaurantId, isOutOfStock: true, at: AT },
    [['menu.availability_changed', { itemId: null, optionId: id(18), availability: 'out_of_stock', quantity: null }]],
  ],
  ...['low', 'out', 'recovered'].map(
    (level) =>
      [{ type: `inventory.stock_${level}`, ...stock }, [[`inventory.stock_${level}`, { available: 1.5, threshold: 2, unit: 'kg' }]]] as const,
  ),
  [
    { type: 'partners.staff_added', restaurantId, accountId: id(19), role: 'cashier', at: AT },
    [['staff.added', { accountId: id(19), role: 'cashier' }]],
  ],
  [{ type: 'partners.staff_removed', restaurantId, accountId: id(19), at: AT }, [['staff.removed', { role: null }]]],
  [
    { type: 'partners.restaurant_changed', restaurantId, settings: { name: 'Annapurna', isAcceptingOrders: false }, at: AT },
    [['restaurant.changed', { name: 'Annapurna', isAcceptingOrders: false }]],
  ],
];
const schemaOf = (type: string) => EVENT_DESCRIPTIONS.find((event) => event.type === type)?.schema;

describe('what the outside is told', () => {
  it('is a sample of everything', () => {
    expect([...new Set(SAMPLES.map(([{ type }]) => type))].sort()).toEqual([...TOLD_TYPES].sort());
    expect([...new Set(SAMPLES.flatMap(([, told]) => told.map(([type]) => type)))].sort()).toEqual([...PUBLIC_EVENT_TYPES].sort());
    expect(EVENT_DESCRIPTIONS.map(({ type }) => type)).toEqual([...PUBLIC_EVENT_TYPES, TEST_EVENT_TYPE]);
    for (const type of PUBLIC_EVENT_TYPES) expect(type).toMatch(/^[a-z_]+\.[a-z_]+$/);
  });

  it.each(SAMPLES)('of $type has the documented shape, every member of it and no other', (event, expected) => {
    const told = publicEventsOf(event, 'EUR');
    expect(told.map(({ type, data }) => [type, data])).toEqual(expected.map(([type, data]) => [type, expect.objectContaining(data)]));
    for (const { type, data } of told) {
      const body = JSON.parse(bodyOf(type, restaurantId as string, AT, data));
      expect(schemaOf(type)?.parse(body)).toEqual(body);
      expect(body).toMatchObject({ type, timestamp: '2025-11-24T16:00:00.000Z', data: { restaurantId } });
      for (const secretive of [...Object.values(SECRETIVE), 'asha@upi', customerId]) expect(JSON.stringify(body)).not.toContain(secretive);
    }
  });

  it('is what the examples say', () => {
    for (const { type, schema, example } of EVENT_DESCRIPTIONS) expect([type, schema.parse(example)]).toEqual([type, example]);
  });

  it('is nothing of what is nobody’s business', () => {
    const untold = AUDITED.filter((type) => !TOLD_TYPES.includes(type));
    expect(untold.length).toBeGreaterThan(20);
    for (const type of [...untold, 'toString', '__proto__']) expect(publicEventsOf({ type }, 'INR')).toEqual([]);
  });

  it('is small, whatever the names and reasons are', () => {
    const text = (maxLength: number) => fc.string({ maxLength, unit: fc.constantFrom('"', 'क', '\ud83d\ude00', '\\', '\u2028', 'a') });
    const sized = (event: Json): void => {
      for (const { type, data } of publicEventsOf(event, 'INR'))
        expect(new TextEncoder().encode(bodyOf(type, restaurantId as string, AT, data)).length).toBeLessThanOrEqual(BODY_MAX_BYTES);
    };
    fc.assert(
      fc.property(fc.array(text(120), { minLength: 1, maxLength: 100 }), text(5_000), (names, reason) => {
        sized(ofOrder('placed', { from: null, order: order(names.map(line)) }));
        sized(ofOrder('cancelled', { reason }));
        sized(ofPayment('charge_failed', { charge: { ...charge, failure: { ...charge.failure, code: reason } } }));
      }),
      { numRuns: 50 },
    );
    sized(ofOrder('placed', { from: null, order: order(Array.from({ length: 100 }, () => line('क'.repeat(120)))) }));
    const [{ data }] = publicEventsOf(ofOrder('placed', { from: null, order: order(Array.from({ length: 100 }, () => line('x'))) }), 'INR') as [Json];
    expect([data.lines.length, data.lineCount]).toEqual([LINES_TOLD_MAX, 100]);
  });
});
