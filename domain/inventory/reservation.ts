import type { Change } from '../shared/change.ts';
import { invariant } from '../shared/invariant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { InventoryEvent } from './events.ts';
import { Movement, type MovementLine, type Place } from './movement.ts';

const NEXT = {
  held: ['fulfilled', 'released', 'expired', 'wasted'],
  fulfilled: [],
  released: [],
  expired: [],
  wasted: [],
} as const satisfies Record<string, readonly string[]>;

export type ReservationStatus = keyof typeof NEXT;
export const RESERVATION_STATUSES = Object.keys(NEXT) as readonly ReservationStatus[];
export const RESERVATION_NEXT: Readonly<Record<ReservationStatus, readonly ReservationStatus[]>> = NEXT;
export type Outcome = (typeof NEXT)['held'][number];

/** Where held stock goes when its order ends. */
export const GOES_TO = { fulfilled: 'sold', released: 'shelf', expired: 'shelf', wasted: 'waste' } as const satisfies Record<Outcome, Place>;

/** What one order holds, and what became of it. */
export type Reservation = {
  readonly restaurantId: string;
  readonly orderId: string;
  readonly lines: readonly MovementLine[];
  readonly status: ReservationStatus;
  /** When the hold lapses; null when it does not. */
  readonly expiresAt: number | null;
  readonly reservedAt: number;
  readonly settledAt: number | null;
  readonly version: number;
};
type Reserved = Change<Reservation, InventoryEvent>;

function hold(order: Pick<Reservation, 'restaurantId' | 'orderId' | 'lines' | 'expiresAt'>, at: number): Reserved {
  const { restaurantId, orderId, lines, expiresAt } = order;
  const state: Reservation = { restaurantId, orderId, lines, expiresAt, status: 'held', reservedAt: at, settledAt: null, version: 0 };
  return { state, events: [{ type: 'inventory.stock_reserved', restaurantId, orderId, lines, expiresAt, at }] };
}

/** Ends the hold, once; the error is the status it ended in before. */
function settle(reservation: Reservation, outcome: Outcome, at: number): Result<Reserved, { readonly settled: ReservationStatus }> {
  const { restaurantId, orderId, lines, status } = reservation;
  if (!RESERVATION_NEXT[status].includes(outcome)) return err({ settled: status });
  const state: Reservation = { ...reservation, status: outcome, settledAt: at };
  return ok({ state, events: [{ type: 'inventory.reservation_settled', restaurantId, orderId, outcome, lines, at }] });
}

/** The movement that brought the reservation to where it is. */
function movement({ restaurantId, orderId, lines, status, reservedAt, settledAt }: Reservation): Movement {
  const [from, to, at] = status === 'held' ? (['shelf', 'held', reservedAt] as const) : (['held', GOES_TO[status], settledAt ?? reservedAt] as const);
  return Movement.check({ restaurantId, documentId: orderId, kind: 'order', from, to, lines, reason: null, at });
}

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(reservation: Reservation): Reservation {
  const { orderId, status, lines, settledAt } = reservation;
  invariant(status in NEXT, `the reservation of order ${orderId} is ${status}`);
  invariant(lines.length > 0, `the reservation of order ${orderId} holds nothing`);
  invariant((status === 'held') === (settledAt === null), `the reservation of order ${orderId} is ${status}, settled or not`);
  return reservation;
}

export const Reservation = { hold, settle, movement, check };
