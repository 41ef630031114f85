import { z } from 'zod';
import type { Announcements, AnnouncementType } from '#domain/realtime/announcement.ts';

const Id = z.uuid();
const Money = z.object({ amount: z.int(), currency: z.string().length(3) }).meta({ description: 'Whole minor units: 12900 INR is ₹129.00.' });
const Minor = z.int().meta({ description: 'In minor units of the order’s currency.' });
const Words = z.string().max(1_000);
const OfOrder = { orderId: Id, restaurantId: Id };
const OfPayment = { ...OfOrder, paymentId: Id, amount: Minor };
const OfTable = { restaurantId: Id, tableId: Id };
const Ticket = z.object({ ...OfOrder, ticketId: Id, stationId: Id, status: z.string() });
const Channel = z.string().max(128);
const DiningOption = z.enum(['delivery', 'takeaway', 'dine_in']);

type Entry<Type extends AnnouncementType> = {
  readonly summary: string;
  /** Where it is told, as names of channels. */
  readonly channels: readonly string[];
  readonly data: z.ZodType<Announcements[Type]>;
  /** What it stands for is part of the plan and not of the program yet. */
  readonly isAwaited?: true;
};
const ORDER_CHANNELS = ['restaurant:{restaurantId}:orders', 'restaurant:{restaurantId}:kitchen', 'order:{orderId}', 'user:{accountId}'];
const PAYMENT_CHANNELS = ['order:{orderId}', 'user:{accountId}', 'role:{restaurantId}:{role}', 'restaurant:{restaurantId}:dashboard'];
const TABLES = ['restaurant:{restaurantId}:tables'];
const KITCHEN = ['restaurant:{restaurantId}:kitchen'];
const USER = ['user:{accountId}'];
const DASHBOARD = ['restaurant:{restaurantId}:dashboard'];
const STAFF = ['restaurant:{restaurantId}:staff', 'user:{accountId}'];
const CHAT = ['chat:{threadId}'];
const TALK = ['chat:{threadId}', 'restaurant:{restaurantId}:staff'];

/** Every event that is ever told, what it says and where. One that stands nowhere here does not compile. */
export const CATALOGUE: { readonly [Type in AnnouncementType]: Entry<Type> } = {
  'order.created': {
    summary: 'An order was made. The kitchen hears of it once it is placed.',
    channels: ORDER_CHANNELS,
    data: z.object({
      ...OfOrder,
      customerId: Id,
      number: z.string(),
      status: z.string(),
      diningOption: DiningOption,
      payment: z.string(),
      items: z.int(),
      total: Money,
    }),
  },
  'order.updated': {
    summary: 'What an order consists of changed.',
    channels: ORDER_CHANNELS,
    data: z.object({ ...OfOrder, fields: z.array(z.string()) }),
    isAwaited: true,
  },
  'order.status_changed': {
    summary: 'An order went on.',
    channels: ORDER_CHANNELS,
    data: z.object({
      ...OfOrder,
      from: z.string(),
      to: z.string(),
      reason: Words.nullable(),
      version: z.int().meta({ description: 'The version of the order that this is.' }),
    }),
  },
  'order.assigned': {
    summary: 'Somebody brings an order.',
    channels: ORDER_CHANNELS,
    data: z.object({ ...OfOrder, riderId: Id }),
    isAwaited: true,
  },
  'order.cancelled': {
    summary: 'An order was cancelled. `order.status_changed` says so too.',
    channels: ORDER_CHANNELS,
    data: z.object({ ...OfOrder, from: z.string(), reason: Words.nullable() }),
  },
  'table.status_changed': {
    summary: 'A table is free, taken or to be cleaned.',
    channels: TABLES,
    data: z.object({ ...OfTable, status: z.string() }),
    isAwaited: true,
  },
  'table.session_opened': { summary: 'Guests sat down.', channels: TABLES, data: z.object({ ...OfTable, sessionId: Id }), isAwaited: true },
  'table.service_requested': {
    summary: 'A table asks for somebody.',
    channels: TABLES,
    data: z.object({ ...OfTable, what: z.string() }),
    isAwaited: true,
  },
  'payment.succeeded': { summary: 'Money for an order was taken.', channels: PAYMENT_CHANNELS, data: z.object(OfPayment) },
  'payment.failed': {
    summary: 'A try to pay did not go through; another may.',
    channels: PAYMENT_CHANNELS,
    data: z.object({ ...OfPayment, reason: z.string().nullable() }),
  },
  'payment.refunded': { summary: 'Money went back.', channels: PAYMENT_CHANNELS, data: z.object({ ...OfPayment, refundId: Id }) },
  'kitchen.ticket_created': { summary: 'A station has something to make.', channels: KITCHEN, data: Ticket, isAwaited: true },
  'kitchen.ticket_status_changed': { summary: 'A ticket went on.', channels: KITCHEN, data: Ticket, isAwaited: true },
  'notification.created': {
    summary: 'There is something to read.',
    channels: USER,
    data: z.object({ notificationId: Id, category: z.string() }),
  },
  'notification.read': { summary: 'It was read, here or elsewhere.', channels: USER, data: z.object({ notificationId: Id }) },
  'menu.availability_changed': {
    summary: 'A dish or an option can, or cannot, be had.',
    channels: ['restaurant:{restaurantId}:menu'],
    data: z.object({
      restaurantId: Id,
      kind: z.enum(['item', 'option']),
      id: Id,
      state: z.string(),
      quantity: z.number().nullable().meta({ description: 'Portions left to sell; null when they are not counted.' }),
    }),
  },
  'inventory.stock_low': {
    summary: 'There is little left of something, or nothing.',
    channels: [...KITCHEN, ...DASHBOARD],
    data: z.object({
      restaurantId: Id,
      stockItemId: Id,
      name: z.string(),
      unit: z.string(),
      level: z.enum(['low', 'out']),
      available: z.number(),
      threshold: z.number(),
    }),
  },
  'dashboard.metrics_updated': {
    summary: 'Figures of the day changed.',
    channels: DASHBOARD,
    data: z.object({ restaurantId: Id, metrics: z.record(z.string(), z.number()) }),
    isAwaited: true,
  },
  'dashboard.alert_raised': {
    summary: 'Something wants somebody’s attention.',
    channels: DASHBOARD,
    data: z.object({
      restaurantId: Id,
      kind: z.enum(['out_of_stock', 'fraud_review', 'dispute']),
      subject: z.string().meta({ description: 'The stock item, the review or the dispute.' }),
      orderId: Id.nullable(),
    }),
  },
  'staff.shift_changed': {
    summary: 'A shift was planned or moved.',
    channels: STAFF,
    data: z.object({ restaurantId: Id, accountId: Id, shiftId: Id }),
    isAwaited: true,
  },
  'staff.task_assigned': {
    summary: 'Somebody has something to do.',
    channels: STAFF,
    data: z.object({ restaurantId: Id, accountId: Id, taskId: Id }),
    isAwaited: true,
  },
  'staff.role_changed': {
    summary: 'Somebody works here from now on, in another role, or no more.',
    channels: STAFF,
    data: z.object({ restaurantId: Id, accountId: Id, role: z.string().nullable().meta({ description: 'null: none any more.' }) }),
  },
  'chat.message_created': {
    summary: 'Somebody wrote.',
    channels: CHAT,
    data: z.object({ threadId: Id, messageId: Id, seq: z.int(), side: z.enum(['customer', 'restaurant', 'rider', 'support']) }),
  },
  'chat.message_read': {
    summary: 'Somebody has read so far. It is told to those who are there, and kept by no channel.',
    channels: TALK,
    data: z.object({ channel: Channel, accountId: Id, seq: z.int() }),
  },
  'chat.typing': {
    summary: 'Somebody is writing: for five seconds, unless it is told again.',
    channels: TALK,
    data: z.object({ channel: Channel, accountId: Id }),
  },
};

export const EVENT_TYPES = Object.keys(CATALOGUE) as readonly AnnouncementType[];

/** What a message of an event is on the wire. */
export const messageOf = (type: AnnouncementType) =>
  z.object({
    id: z.string().meta({ description: 'The event’s: a message that comes twice has the same.' }),
    type: z.literal(type),
    at: z.iso.datetime(),
    data: CATALOGUE[type].data as z.ZodType,
  });
