import type { Brand } from '../shared/brand.ts';
import type { Change } from '../shared/change.ts';
import type { DiningOption } from '../shared/dining.ts';
import { invariant } from '../shared/invariant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { OrderingErrorOf } from './errors.ts';
import type { OrderEvent } from './events.ts';
import { type OrderLine, type OrderPrice, priceFault } from './pricing.ts';

export type OrderId = Brand<string, 'OrderId'>;
export const OrderId = { of: (raw: string): OrderId => raw as OrderId };

const NEXT = {
  pending: ['placed', 'expired', 'cancelled'],
  placed: ['accepted', 'rejected', 'cancelled'],
  accepted: ['preparing', 'cancelled'],
  preparing: ['ready', 'cancelled'],
  ready: ['out_for_delivery', 'completed', 'cancelled'],
  out_for_delivery: ['completed', 'returned'],
  completed: [],
  returned: [],
  rejected: [],
  cancelled: [],
  expired: [],
} as const satisfies Record<string, readonly string[]>;

export type OrderStatus = keyof typeof NEXT;
export const ORDER_STATUSES = Object.keys(NEXT) as readonly OrderStatus[];
export const ORDER_NEXT: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = NEXT;

/** What people do to an order, where it leads, and what it takes. */
export const ORDER_ACTIONS = {
  acceptance: { to: 'accepted', permission: 'orders:accept' },
  rejection: { to: 'rejected', permission: 'orders:reject' },
  preparation: { to: 'preparing', permission: 'orders:prepare' },
  readiness: { to: 'ready', permission: 'orders:ready' },
  dispatch: { to: 'out_for_delivery', permission: 'orders:dispatch' },
  completion: { to: 'completed', permission: 'orders:complete' },
  cancellation: { to: 'cancelled', permission: 'orders:cancel' },
  return: { to: 'returned', permission: 'orders:return' },
} as const satisfies Record<string, { readonly to: OrderStatus; readonly permission: `orders:${string}` }>;
export type OrderAction = keyof typeof ORDER_ACTIONS;

export const LINES_MAX = 100;
export const QUANTITY_MAX = 999;
export const PAYMENTS = ['cash', 'online'] as const;
export type Payment = (typeof PAYMENTS)[number];

export type DeliveryAddress = {
  readonly line1: string;
  readonly line2: string | null;
  readonly city: string;
  readonly postalCode: string;
  readonly phone: string | null;
};

/** What was agreed when the order was made; it never changes. */
export type OrderFacts = {
  readonly restaurantId: string;
  readonly customerId: string;
  /** For people, unique within the restaurant's business day. */
  readonly number: number;
  readonly businessDay: string;
  readonly diningOption: DiningOption;
  readonly payment: Payment;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  readonly price: OrderPrice;
  readonly deliveryAddress: DeliveryAddress | null;
  readonly scheduledFor: number | null;
  readonly placedAt: number;
  /** When an unpaid order gives its stock back; null when it waits for no payment. */
  readonly expiresAt: number | null;
};

export type Order = OrderFacts & {
  readonly id: OrderId;
  readonly status: OrderStatus;
  /** Why it is where it is, when somebody said so. */
  readonly reason: string | null;
  /** 0 until first saved; the repository owns the increment. */
  readonly version: number;
};

type Moved = Result<Change<Order, OrderEvent>, OrderingErrorOf<'ordering.illegal_transition'>>;

/** Orders paid in cash are placed at once; the others wait for their payment, with the stock held. */
function place(id: OrderId, facts: OrderFacts): Change<Order, OrderEvent> {
  const status = facts.payment === 'online' ? 'pending' : 'placed';
  const state: Order = { ...facts, id, status, reason: null, version: 0 };
  const event = {
    type: `ordering.order_${status}`,
    ...idsOf(state),
    from: null,
    to: status,
    reason: null,
    at: facts.placedAt,
    order: facts,
  } as OrderEvent;
  return { state, events: [event] };
}

function moveTo(order: Order, to: OrderStatus, reason: string | null, at: number): Moved {
  const from = order.status;
  const allowed = ORDER_NEXT[from];
  if (!allowed.includes(to)) return err({ code: 'ordering.illegal_transition', from, to, allowed });
  const event = { type: `ordering.order_${to}`, ...idsOf(order), from, to, reason, at } as OrderEvent;
  return ok({ state: { ...order, status: to, reason }, events: [event] });
}

/** What an action asks beyond the table: only deliveries are dispatched, and a delivery is not complete before it was. */
function act(
  order: Order,
  action: OrderAction,
  reason: string | null,
  at: number,
): Result<Change<Order, OrderEvent>, OrderingErrorOf<'ordering.illegal_transition' | 'ordering.not_a_delivery' | 'ordering.not_dispatched'>> {
  const moved = moveTo(order, ORDER_ACTIONS[action].to, reason, at);
  if (!moved.ok) return moved;
  const isDelivery = order.diningOption === 'delivery';
  if (action === 'dispatch' && !isDelivery) return err({ code: 'ordering.not_a_delivery', diningOption: order.diningOption });
  if (action === 'completion' && isDelivery && order.status !== 'out_for_delivery') return err({ code: 'ordering.not_dispatched' });
  return moved;
}

/** What becomes of the stock an order holds when it ends, or undefined while it goes on. */
function settlement(from: OrderStatus, to: OrderStatus): 'fulfilled' | 'released' | 'expired' | 'wasted' | undefined {
  switch (to) {
    case 'completed':
      return 'fulfilled';
    case 'expired':
      return 'expired';
    case 'rejected':
      return 'released';
    case 'returned':
      return 'wasted';
    case 'cancelled':
      // What the kitchen has begun does not go back on the shelf.
      return from === 'preparing' || from === 'ready' ? 'wasted' : 'released';
    default:
      return undefined;
  }
}

/** The order its events tell of. */
function fold(id: OrderId, events: readonly OrderEvent[]): Order {
  const [first, ...rest] = events;
  invariant(first?.order !== undefined, `order ${id} has no beginning`);
  const { to, reason } = rest.at(-1) ?? first;
  return { ...first.order, id, status: to, reason, version: events.length };
}

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(order: Order): Order {
  invariant(order.status in NEXT, `unknown status ${order.status}`);
  invariant(order.lines.length > 0 && order.lines.length <= LINES_MAX, 'an order has 1 to LINES_MAX lines');
  invariant(
    order.lines.every(({ quantity }) => isQuantity(quantity)),
    'a quantity is a whole number from 1 to QUANTITY_MAX',
  );
  const fault = priceFault(order.lines, order.price);
  invariant(fault === undefined, `order ${order.id}: ${fault}`);
  return order;
}

const idsOf = ({ id, restaurantId, customerId }: Order) => ({ orderId: id, restaurantId, customerId });

export const isQuantity = (n: number): boolean => Number.isSafeInteger(n) && n >= 1 && n <= QUANTITY_MAX;

export const Order = {
  place,
  act,
  expire: (order: Order, at: number): Moved => moveTo(order, 'expired', null, at),
  /** Its payment was found to be somebody else's. */
  refusePayment: (order: Order, at: number): Moved => moveTo(order, 'cancelled', null, at),
  /** All of its money is there. */
  pay: (order: Order, at: number): Moved => moveTo(order, 'placed', null, at),
  moveTo, // For the tests of the table; use cases say what they mean.
  settlement,
  fold,
  check,
};
