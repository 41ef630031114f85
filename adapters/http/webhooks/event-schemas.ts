import { z } from 'zod';
import { type PublicData, type PublicEventType, TEST_EVENT_TYPE } from '#domain/webhooks/public-events.ts';
import { Id, Instant, MoneyView } from '../schemas.ts';

const Status = z.string().meta({ description: 'As GET /orders/{orderId} names it', example: 'accepted' });
const Reason = z.string().nullable().meta({ description: 'What whoever did it said' });
const Quantity = z.number().meta({ description: 'In the unit of the item' });
const Stock = z.object({ stockItemId: Id, name: z.string(), unit: z.string(), available: Quantity, threshold: Quantity });
const Refund = z.object({ paymentId: Id, orderId: Id, refundId: Id, amount: MoneyView });
const Staff = z.object({ accountId: Id, role: z.string().nullable() });

const id = (n: number): string => `019a9f3e-7c4${n}-7b1c-9d55-3f1f1c2b7a1${n}`;
const [restaurantId, orderId, paymentId, itemId] = [id(0), id(1), id(2), id(3)] as const;
const amount = { amount: 42_000, currency: 'INR' };
const stock = { stockItemId: id(5), name: 'Rice', unit: 'kg', available: 0.8, threshold: 1 };
const refund = { paymentId, orderId, refundId: id(4), amount };

type Described<Data> = { readonly summary: string; readonly data: z.ZodType<Data> & z.ZodObject; readonly example: Data };

/** What every public event means and carries, for those who receive it. */
const DESCRIBED: { readonly [Type in PublicEventType]: Described<PublicData[Type]> } = {
  'order.created': {
    summary: 'An order was made; one that is paid online waits (`pending`) for its money',
    data: z.object({
      orderId: Id,
      number: z.int(),
      businessDay: z.string(),
      status: Status,
      diningOption: z.string(),
      payment: z.string(),
      lines: z
        .array(z.object({ itemId: Id, name: z.string(), quantity: z.int() }))
        .meta({ description: 'The first thirty; GET /orders/{orderId} tells everything' }),
      lineCount: z.int(),
      total: MoneyView,
      scheduledFor: Instant.nullable(),
    }),
    example: {
      orderId,
      number: 42,
      businessDay: '2026-11-21',
      status: 'placed',
      diningOption: 'takeaway',
      payment: 'cash',
      lines: [{ itemId, name: 'Thali', quantity: 2 }],
      lineCount: 1,
      total: amount,
      scheduledFor: null,
    },
  },
  'order.status_changed': {
    summary: 'An order went from one status to another',
    data: z.object({ orderId: Id, from: Status, to: Status, reason: Reason }),
    example: { orderId, from: 'placed', to: 'accepted', reason: null },
  },
  'order.cancelled': {
    summary: 'An order was cancelled, told besides `order.status_changed`',
    data: z.object({ orderId: Id, from: Status, reason: Reason }),
    example: { orderId, from: 'placed', reason: 'the customer called' },
  },
  'payment.succeeded': {
    summary: 'Money for an order was taken',
    data: z.object({ paymentId: Id, orderId: Id, amount: MoneyView, method: z.string().nullable() }),
    example: { paymentId, orderId, amount, method: 'upi' },
  },
  'payment.failed': {
    summary: 'One try to pay failed; another, or the same one late, may still succeed',
    data: z.object({ paymentId: Id, orderId: Id, amount: MoneyView, failureCode: z.string().nullable() }),
    example: { paymentId, orderId, amount, failureCode: 'BAD_REQUEST_ERROR' },
  },
  'payment.refunded': { summary: 'Money went back', data: Refund, example: refund },
  'payment.refund_failed': { summary: 'Money that was to go back did not', data: Refund, example: refund },
  'payment.dispute_changed': {
    summary: 'A customer’s bank asks for money back, or what became of that',
    data: z.object({ paymentId: Id, orderId: Id, disputeId: z.string(), amount: MoneyView, status: z.string(), respondBy: Instant.nullable() }),
    example: { paymentId, orderId, disputeId: 'disp_Esz7KAitoYM7PJ', amount, status: 'open', respondBy: '2026-11-28T10:30:00.000Z' },
  },
  'menu.item_changed': {
    summary: 'Something on the menu was added, changed or taken off',
    data: z.object({ itemId: Id, change: z.enum(['added', 'changed', 'archived']) }),
    example: { itemId, change: 'changed' },
  },
  'menu.availability_changed': {
    summary: 'An item, or an option to choose with one, can be had or not',
    data: z.object({ itemId: Id.nullable(), optionId: Id.nullable(), availability: z.string(), quantity: z.number().nullable() }),
    example: { itemId, optionId: null, availability: 'out_of_stock', quantity: null },
  },
  'inventory.stock_low': { summary: 'Of a stock item there is no more than its threshold', data: Stock, example: stock },
  'inventory.stock_out': { summary: 'Of a stock item nothing can be promised any more', data: Stock, example: { ...stock, available: 0 } },
  'inventory.stock_recovered': { summary: 'Of a stock item there is enough again', data: Stock, example: { ...stock, available: 20 } },
  'staff.added': { summary: 'Somebody was given a role', data: Staff, example: { accountId: id(6), role: 'cashier' } },
  'staff.removed': { summary: 'Somebody works here no more', data: Staff, example: { accountId: id(6), role: null } },
  'restaurant.changed': {
    summary: 'The settings of the restaurant were changed',
    data: z.object({ name: z.string(), isAcceptingOrders: z.boolean() }),
    example: { name: 'Annapurna', isAcceptingOrders: true },
  },
};

const TEST: Described<{ readonly endpointId: string }> = {
  summary: 'What a webhook is tested with; nothing happened',
  data: z.object({ endpointId: Id }),
  example: { endpointId: id(7) },
};

export type EventDescription = {
  readonly type: string;
  readonly summary: string;
  readonly schema: z.ZodObject;
  readonly example: Readonly<Record<string, unknown>>;
};

/** Every type of event with the shape of its whole body. */
export const EVENT_DESCRIPTIONS: readonly EventDescription[] = Object.entries<Described<never> | Described<object>>({
  ...DESCRIBED,
  [TEST_EVENT_TYPE]: TEST,
}).map(([type, { summary, data, example }]) => ({
  type,
  summary,
  schema: z.object({
    type: z.literal(type),
    timestamp: Instant.meta({ description: 'When it happened' }),
    data: (data as z.ZodObject).extend({ restaurantId: Id }),
  }),
  example: { type, timestamp: '2026-11-21T10:30:00.000Z', data: { restaurantId, ...(example as object) } },
}));
