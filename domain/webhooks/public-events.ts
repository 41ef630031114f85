import type { CatalogueEvent } from '#domain/catalogue/events.ts';
import type { InventoryEvent } from '#domain/inventory/events.ts';
import type { OrderEvent } from '#domain/ordering/events.ts';
import type { PartnersEvent } from '#domain/partners/events.ts';
import type { PaymentEvent } from '#domain/payments/events.ts';

/** The events of the log that the outside may be told of. */
type Told = OrderEvent | PaymentEvent | CatalogueEvent | InventoryEvent | PartnersEvent;
type Of<Type extends Told['type']> = Extract<Told, { readonly type: Type }>;

type Money = { readonly amount: number; readonly currency: string };
type OfStock = {
  readonly stockItemId: string;
  readonly name: string;
  readonly unit: string;
  readonly available: number;
  readonly threshold: number;
};
type OfRefund = { readonly paymentId: string; readonly orderId: string; readonly refundId: string; readonly amount: Money };
type OfStaff = { readonly accountId: string; readonly role: string | null };

/** What each public event carries, besides the restaurant. Nobody's name, number or address is in it: the API tells them to whoever may know. */
export type PublicData = {
  'order.created': {
    readonly orderId: string;
    readonly number: number;
    readonly businessDay: string;
    readonly status: string;
    readonly diningOption: string;
    readonly payment: string;
    /** The first of them; `lineCount` is how many there are. */
    readonly lines: readonly { readonly itemId: string; readonly name: string; readonly quantity: number }[];
    readonly lineCount: number;
    readonly total: Money;
    readonly scheduledFor: string | null;
  };
  'order.status_changed': { readonly orderId: string; readonly from: string; readonly to: string; readonly reason: string | null };
  'order.cancelled': { readonly orderId: string; readonly from: string; readonly reason: string | null };
  'payment.succeeded': { readonly paymentId: string; readonly orderId: string; readonly amount: Money; readonly method: string | null };
  'payment.failed': { readonly paymentId: string; readonly orderId: string; readonly amount: Money; readonly failureCode: string | null };
  'payment.refunded': OfRefund;
  'payment.refund_failed': OfRefund;
  'payment.dispute_changed': {
    readonly paymentId: string;
    readonly orderId: string;
    readonly disputeId: string;
    readonly amount: Money;
    readonly status: string;
    readonly respondBy: string | null;
  };
  'menu.item_changed': { readonly itemId: string; readonly change: 'added' | 'changed' | 'archived' };
  'menu.availability_changed': {
    readonly itemId: string | null;
    readonly optionId: string | null;
    readonly availability: string;
    readonly quantity: number | null;
  };
  'inventory.stock_low': OfStock;
  'inventory.stock_out': OfStock;
  'inventory.stock_recovered': OfStock;
  'staff.added': OfStaff;
  'staff.removed': OfStaff;
  'restaurant.changed': { readonly name: string; readonly isAcceptingOrders: boolean };
};
export type PublicEventType = keyof PublicData;
export type PublicEvent = { [Type in PublicEventType]: { readonly type: Type; readonly data: PublicData[Type] } }[PublicEventType];

export const PUBLIC_EVENT_TYPES = [
  'order.created',
  'order.status_changed',
  'order.cancelled',
  'payment.succeeded',
  'payment.failed',
  'payment.refunded',
  'payment.refund_failed',
  'payment.dispute_changed',
  'menu.item_changed',
  'menu.availability_changed',
  'inventory.stock_low',
  'inventory.stock_out',
  'inventory.stock_recovered',
  'staff.added',
  'staff.removed',
  'restaurant.changed',
] as const satisfies readonly PublicEventType[];

/** What an endpoint is tested with. Nobody subscribes to it. */
export const TEST_EVENT_TYPE = 'webhook.test';

/** A body has to stay small, and an order may have a hundred lines. */
export const LINES_TOLD_MAX = 30;
const TEXT_MAX = 200;
const UNITS = 1_000;

type Teller<E> = (event: E, currency: string) => readonly PublicEvent[];
const TOLD: { readonly [Type in Told['type']]?: Teller<Of<Type>> } = {
  'ordering.order_pending': created,
  'ordering.order_placed': (event) => (event.order ? created(event) : moved(event)),
  'ordering.order_accepted': moved,
  'ordering.order_preparing': moved,
  'ordering.order_ready': moved,
  'ordering.order_out_for_delivery': moved,
  'ordering.order_completed': moved,
  'ordering.order_returned': moved,
  'ordering.order_rejected': moved,
  'ordering.order_expired': moved,
  'ordering.order_cancelled': (event) => [
    ...moved(event),
    { type: 'order.cancelled', data: { orderId: event.orderId, from: event.from ?? 'pending', reason: cut(event.reason) } },
  ],
  'payments.charge_captured': ({ paymentId, orderId, charge: { amount, currency, instrument } }) => [
    { type: 'payment.succeeded', data: { paymentId, orderId, amount: { amount, currency }, method: instrument?.method ?? null } },
  ],
  'payments.charge_failed': ({ paymentId, orderId, charge: { amount, currency, failure } }) => [
    { type: 'payment.failed', data: { paymentId, orderId, amount: { amount, currency }, failureCode: cut(failure?.code ?? null) } },
  ],
  'payments.refund_processed': (event, currency) => [{ type: 'payment.refunded', data: refundOf(event, currency) }],
  'payments.refund_failed': (event, currency) => [{ type: 'payment.refund_failed', data: refundOf(event, currency) }],
  'payments.dispute_changed': ({ paymentId, orderId, dispute: { disputeId, amount, currency, status, respondBy } }) => [
    {
      type: 'payment.dispute_changed',
      data: { paymentId, orderId, disputeId, amount: { amount, currency }, status, respondBy: respondBy === null ? null : timeOf(respondBy) },
    },
  ],
  'catalogue.item_added': ({ itemId }) => [{ type: 'menu.item_changed', data: { itemId, change: 'added' } }],
  'catalogue.item_changed': ({ itemId }) => [{ type: 'menu.item_changed', data: { itemId, change: 'changed' } }],
  'catalogue.item_archived': ({ itemId }) => [{ type: 'menu.item_changed', data: { itemId, change: 'archived' } }],
  'catalogue.item_availability_set': ({ itemId, availability: { state }, quantity }) => [
    { type: 'menu.availability_changed', data: { itemId, optionId: null, availability: state, quantity } },
  ],
  'catalogue.option_availability_set': ({ optionId, isOutOfStock }) => [
    {
      type: 'menu.availability_changed',
      data: { itemId: null, optionId, availability: isOutOfStock ? 'out_of_stock' : 'in_stock', quantity: null },
    },
  ],
  'inventory.stock_low': (event) => [{ type: 'inventory.stock_low', data: stockOf(event) }],
  'inventory.stock_out': (event) => [{ type: 'inventory.stock_out', data: stockOf(event) }],
  'inventory.stock_recovered': (event) => [{ type: 'inventory.stock_recovered', data: stockOf(event) }],
  'partners.staff_added': ({ accountId, role }) => [{ type: 'staff.added', data: { accountId, role } }],
  'partners.staff_removed': ({ accountId }) => [{ type: 'staff.removed', data: { accountId, role: null } }],
  'partners.restaurant_changed': ({ settings: { name, isAcceptingOrders } }) => [{ type: 'restaurant.changed', data: { name, isAcceptingOrders } }],
};

/** The types of the log that something public follows from. */
export const TOLD_TYPES: readonly string[] = Object.keys(TOLD);

/** What the outside is told of an event of the log; a cancelled order is told twice, as a status and by a name of its own. */
export function publicEventsOf(event: { readonly type: string }, currency: string): readonly PublicEvent[] {
  const tell = Object.hasOwn(TOLD, event.type) ? (TOLD[event.type as Told['type']] as Teller<Told>) : undefined;
  return tell === undefined ? [] : tell(event as Told, currency);
}

/** The body as it is sent, and signed: its bytes never change. */
export const bodyOf = (type: string, restaurantId: string, at: number, data: object): string =>
  JSON.stringify({ type, timestamp: timeOf(at), data: { restaurantId, ...data } });

function created({ orderId, order, to }: OrderEvent): readonly PublicEvent[] {
  if (!order) return [];
  const { number, businessDay, diningOption, payment, currency, price, scheduledFor } = order;
  const lines = order.lines.slice(0, LINES_TOLD_MAX).map(({ itemId, name, quantity }) => ({ itemId, name, quantity }));
  return [
    {
      type: 'order.created',
      data: {
        orderId,
        number,
        businessDay,
        status: to,
        diningOption,
        payment,
        lines,
        lineCount: order.lines.length,
        total: { amount: price.total, currency },
        scheduledFor: scheduledFor === null ? null : timeOf(scheduledFor),
      },
    },
  ];
}

function moved({ orderId, from, to, reason }: OrderEvent): readonly PublicEvent[] {
  return from === null ? [] : [{ type: 'order.status_changed', data: { orderId, from, to, reason: cut(reason) } }];
}

function refundOf(
  { paymentId, orderId, refundId, amount }: Of<'payments.refund_processed'> | Of<'payments.refund_failed'>,
  currency: string,
): OfRefund {
  return { paymentId, orderId, refundId, amount: { amount, currency } };
}

function stockOf({
  stockItemId,
  name,
  unit,
  available,
  threshold,
}: Of<'inventory.stock_low' | 'inventory.stock_out' | 'inventory.stock_recovered'>): OfStock {
  return { stockItemId, name, unit, available: available / UNITS, threshold: threshold / UNITS };
}

function timeOf(at: number): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toString({ fractionalSecondDigits: 3 });
}

/** Whole characters only. */
function cut(text: string | null): string | null {
  return text === null ? null : [...text].slice(0, TEXT_MAX).join('');
}
