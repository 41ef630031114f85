import type { DiningOption } from '../shared/dining.ts';

type Money = { readonly amount: number; readonly currency: string };
type OfOrder = { readonly orderId: string; readonly restaurantId: string };
type OfPayment = OfOrder & {
  readonly paymentId: string;
  /** In minor units of the order's currency. */
  readonly amount: number;
};
type OfTable = { readonly restaurantId: string; readonly tableId: string };
type OfTicket = OfOrder & { readonly ticketId: string; readonly stationId: string; readonly status: string };

/** Everything that is ever announced to those who follow, by its name. */
export type Announcements = {
  readonly 'order.created': OfOrder & {
    readonly customerId: string;
    readonly number: string;
    readonly status: string;
    readonly diningOption: DiningOption;
    readonly payment: string;
    readonly items: number;
    readonly total: Money;
  };
  readonly 'order.updated': OfOrder & { readonly fields: readonly string[] };
  readonly 'order.status_changed': OfOrder & {
    readonly from: string;
    readonly to: string;
    readonly reason: string | null;
    readonly version: number;
  };
  readonly 'order.assigned': OfOrder & { readonly riderId: string };
  readonly 'order.cancelled': OfOrder & { readonly from: string; readonly reason: string | null };
  readonly 'table.status_changed': OfTable & { readonly status: string };
  readonly 'table.session_opened': OfTable & { readonly sessionId: string };
  readonly 'table.service_requested': OfTable & { readonly what: string };
  readonly 'payment.succeeded': OfPayment;
  readonly 'payment.failed': OfPayment & { readonly reason: string | null };
  readonly 'payment.refunded': OfPayment & { readonly refundId: string };
  readonly 'kitchen.ticket_created': OfTicket;
  readonly 'kitchen.ticket_status_changed': OfTicket;
  readonly 'notification.created': { readonly notificationId: string; readonly category: string };
  readonly 'notification.read': { readonly notificationId: string };
  readonly 'menu.availability_changed': {
    readonly restaurantId: string;
    readonly kind: 'item' | 'option';
    readonly id: string;
    readonly state: string;
    /** Portions left to sell; null when they are not counted. */
    readonly quantity: number | null;
  };
  readonly 'inventory.stock_low': {
    readonly restaurantId: string;
    readonly stockItemId: string;
    readonly name: string;
    readonly unit: string;
    readonly level: 'low' | 'out';
    readonly available: number;
    readonly threshold: number;
  };
  readonly 'dashboard.metrics_updated': { readonly restaurantId: string; readonly metrics: Readonly<Record<string, number>> };
  readonly 'dashboard.alert_raised': {
    readonly restaurantId: string;
    readonly kind: 'out_of_stock' | 'fraud_review' | 'dispute';
    /** What it is about: a stock item, a review, a dispute. */
    readonly subject: string;
    readonly orderId: string | null;
  };
  readonly 'staff.shift_changed': { readonly restaurantId: string; readonly accountId: string; readonly shiftId: string };
  readonly 'staff.task_assigned': { readonly restaurantId: string; readonly accountId: string; readonly taskId: string };
  readonly 'staff.role_changed': {
    readonly restaurantId: string;
    readonly accountId: string /** null: none any more. */;
    readonly role: string | null;
  };
  readonly 'chat.message_created': {
    readonly threadId: string;
    readonly messageId: string;
    readonly seq: number;
    /** In whose name it was said. */
    readonly side: 'customer' | 'restaurant' | 'rider' | 'support';
  };
  readonly 'chat.message_read': { readonly channel: string; readonly accountId: string; readonly seq: number };
  readonly 'chat.typing': { readonly channel: string; readonly accountId: string };
};
export type AnnouncementType = keyof Announcements;

/** One thing to tell, and the channels it is told on. */
export type Announcement = {
  readonly [Type in AnnouncementType]: { readonly type: Type; readonly channels: readonly string[]; readonly data: Announcements[Type] };
}[AnnouncementType];
