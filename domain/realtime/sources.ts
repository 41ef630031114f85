import type { CatalogueEvent } from '#domain/catalogue/events.ts';
import type { FraudEvent } from '#domain/fraud/events.ts';
import type { InventoryEvent } from '#domain/inventory/events.ts';
import type { NoticeEvent } from '#domain/notifications/events.ts';
import type { OrderEvent } from '#domain/ordering/events.ts';
import type { PartnersEvent } from '#domain/partners/events.ts';
import type { PaymentEvent } from '#domain/payments/events.ts';
import type { ThreadEvent } from '#domain/support/events.ts';
import { Quantity } from '../shared/quantity.ts';
import type { Announcement } from './announcement.ts';

type Source = OrderEvent | PaymentEvent | CatalogueEvent | InventoryEvent | FraudEvent | PartnersEvent | NoticeEvent | ThreadEvent;
/** What is announced when an event is in the log. `version` is the event's, in its stream. */
type Tell<E> = (event: E, version: number) => readonly Announcement[];
type Table = { readonly [Type in Source['type']]?: Tell<Extract<Source, { readonly type: Type }>> };

const restaurant = (id: string, ...topics: readonly string[]): string[] => topics.map((topic) => `restaurant:${id}:${topic}`);

const ofOrder = ({ orderId, restaurantId, customerId }: { orderId: string; restaurantId: string; customerId: string }): string[] => [
  `order:${orderId}`,
  `user:${customerId}`,
  ...restaurant(restaurantId, 'orders'),
];

const orderMoved: Tell<OrderEvent> = (event, version) => {
  const { orderId, restaurantId, customerId, from, to, reason, order } = event;
  // An order that waits for its money, or never gets it, is nothing for the kitchen.
  const isForKitchen = to !== 'pending' && (from !== 'pending' || to === 'placed');
  const channels = [...ofOrder(event), ...(isForKitchen ? restaurant(restaurantId, 'kitchen') : [])];
  if (from === null) {
    if (order === undefined) return [];
    const { number, diningOption, payment, lines, price, currency } = order;
    const items = lines.reduce((sum, { quantity }) => sum + quantity, 0);
    const total = { amount: price.total, currency };
    const data = { orderId, restaurantId, customerId, number: String(number).padStart(4, '0'), status: to, diningOption, payment, items, total };
    return [{ type: 'order.created', channels, data }];
  }
  const moved: Announcement = { type: 'order.status_changed', channels, data: { orderId, restaurantId, from, to, reason, version } };
  return to === 'cancelled' ? [moved, { type: 'order.cancelled', channels, data: { orderId, restaurantId, from, reason } }] : [moved];
};

type Payer = { readonly orderId: string; readonly restaurantId: string; readonly customerId: string; readonly paymentId: string };
const ofPayment = ({ orderId, restaurantId, customerId }: Payer): string[] => [
  `order:${orderId}`,
  `user:${customerId}`,
  `role:${restaurantId}:cashier`,
  ...restaurant(restaurantId, 'dashboard'),
];

const stockShort =
  (level: 'low' | 'out'): Tell<Extract<InventoryEvent, { readonly type: 'inventory.stock_low' | 'inventory.stock_out' }>> =>
  ({ restaurantId, stockItemId, name, unit, available, threshold }) => {
    const quantities = { available: Quantity.toUnits(available), threshold: Quantity.toUnits(threshold) };
    const data = { restaurantId, stockItemId, name, unit, level, ...quantities };
    const told: Announcement = { type: 'inventory.stock_low', channels: restaurant(restaurantId, 'kitchen', 'dashboard'), data };
    return level === 'low' ? [told] : [told, alert(restaurantId, 'out_of_stock', stockItemId, null)];
  };

const alert = (restaurantId: string, kind: 'out_of_stock' | 'fraud_review' | 'dispute', subject: string, orderId: string | null): Announcement => ({
  type: 'dashboard.alert_raised',
  channels: restaurant(restaurantId, 'dashboard'),
  data: { restaurantId, kind, subject, orderId },
});

const roleChanged = (restaurantId: string, accountId: string, role: string | null): readonly Announcement[] => [
  { type: 'staff.role_changed', channels: [...restaurant(restaurantId, 'staff'), `user:${accountId}`], data: { restaurantId, accountId, role } },
];

const TABLE: Table = {
  'ordering.order_pending': orderMoved,
  'ordering.order_placed': orderMoved,
  'ordering.order_accepted': orderMoved,
  'ordering.order_preparing': orderMoved,
  'ordering.order_ready': orderMoved,
  'ordering.order_out_for_delivery': orderMoved,
  'ordering.order_completed': orderMoved,
  'ordering.order_returned': orderMoved,
  'ordering.order_rejected': orderMoved,
  'ordering.order_cancelled': orderMoved,
  'ordering.order_expired': orderMoved,
  'payments.charge_captured': (event) => {
    const { orderId, restaurantId, paymentId, charge } = event;
    return [{ type: 'payment.succeeded', channels: ofPayment(event), data: { orderId, restaurantId, paymentId, amount: charge.amount } }];
  },
  'payments.charge_failed': (event) => {
    const { orderId, restaurantId, paymentId, charge } = event;
    const data = { orderId, restaurantId, paymentId, amount: charge.amount, reason: charge.failure?.reason ?? null };
    return [{ type: 'payment.failed', channels: ofPayment(event), data }];
  },
  'payments.refund_processed': (event) => {
    const { orderId, restaurantId, paymentId, refundId, amount } = event;
    return [{ type: 'payment.refunded', channels: ofPayment(event), data: { orderId, restaurantId, paymentId, refundId, amount } }];
  },
  'payments.dispute_changed': ({ restaurantId, orderId, dispute, before }) =>
    before === null ? [alert(restaurantId, 'dispute', dispute.disputeId, orderId)] : [],
  'fraud.review_opened': ({ restaurantId, reviewId, orderId }) => [alert(restaurantId, 'fraud_review', reviewId, orderId)],
  'catalogue.item_availability_set': ({ restaurantId, itemId: id, availability: { state }, quantity }) => [
    { type: 'menu.availability_changed', channels: restaurant(restaurantId, 'menu'), data: { restaurantId, kind: 'item', id, state, quantity } },
  ],
  'catalogue.option_availability_set': ({ restaurantId, optionId: id, isOutOfStock }) => {
    const state = isOutOfStock ? 'out_of_stock' : 'in_stock';
    const data = { restaurantId, kind: 'option', id, state, quantity: null } as const;
    return [{ type: 'menu.availability_changed', channels: restaurant(restaurantId, 'menu'), data }];
  },
  'inventory.stock_low': stockShort('low'),
  'inventory.stock_out': stockShort('out'),
  'partners.staff_added': ({ restaurantId, accountId, role }) => roleChanged(restaurantId, accountId, role),
  'partners.staff_removed': ({ restaurantId, accountId }) => roleChanged(restaurantId, accountId, null),
  'notifications.notice_created': ({ noticeId: notificationId, accountId, category }) => [
    { type: 'notification.created', channels: [`user:${accountId}`], data: { notificationId, category } },
  ],
  'notifications.notice_read': ({ noticeId: notificationId, accountId }) => [
    { type: 'notification.read', channels: [`user:${accountId}`], data: { notificationId } },
  ],
  'support.message_sent': ({ threadId, messageId, seq, side, isInternal }) =>
    isInternal ? [] : [{ type: 'chat.message_created', channels: [`chat:${threadId}`], data: { threadId, messageId, seq, side } }],
};

/** The events of the log that anything is announced for. */
export const SOURCES: readonly string[] = Object.keys(TABLE);

/** What to tell of an event, and on which channels; nothing for the others. */
export function announcementsOf(event: { readonly type: string }, version: number): readonly Announcement[] {
  const tell = (TABLE as Readonly<Record<string, Tell<never> | undefined>>)[event.type];
  return tell?.(event as never, version) ?? [];
}
