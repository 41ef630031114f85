import type { Change } from '../shared/change.ts';
import { invariant } from '../shared/invariant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { SupportErrorOf } from './errors.ts';
import type { TicketEvent } from './events.ts';

/** `waiting` is for its requester; `resolved` ends by itself after a week without another word. */
const NEXT = {
  open: ['waiting', 'resolved'],
  waiting: ['open', 'resolved'],
  resolved: ['open', 'closed'],
  closed: [],
} as const satisfies Record<string, readonly string[]>;

export type TicketStatus = keyof typeof NEXT;
export const TICKET_STATUSES = Object.keys(NEXT) as readonly TicketStatus[];
export const TICKET_NEXT: Readonly<Record<TicketStatus, readonly TicketStatus[]>> = NEXT;

export const TICKET_CATEGORIES = ['order', 'payment', 'delivery', 'account', 'other'] as const;
export type TicketCategory = (typeof TICKET_CATEGORIES)[number];
export const TICKET_PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export type TicketPriority = (typeof TICKET_PRIORITIES)[number];

/** How long a resolved ticket may still be taken up again. */
export const REOPEN_MS = 7 * 24 * 60 * 60_000;

export type TicketFacts = {
  /** Null: for the platform itself. */
  readonly restaurantId: string | null;
  readonly requesterId: string;
  readonly orderId: string | null;
  readonly title: string;
  readonly openedAt: number;
};

export type Ticket = TicketFacts & {
  readonly id: string;
  readonly category: TicketCategory;
  readonly priority: TicketPriority;
  readonly status: TicketStatus;
  readonly assigneeId: string | null;
  readonly firstRespondedAt: number | null;
  readonly resolvedAt: number | null;
  /** Since when it waits for its requester, and how long it did before: none of that is ours. */
  readonly waitingSince: number | null;
  readonly waitedMs: number;
  readonly version: number;
};

type Changed = Change<Ticket, TicketEvent>;
type Moved = Result<Changed, SupportErrorOf<'support.ticket_cannot_move'>>;

function open(id: string, { category, priority, ...facts }: TicketFacts & Pick<Ticket, 'category' | 'priority'>): Changed {
  const unanswered = { status: 'open', assigneeId: null, firstRespondedAt: null, resolvedAt: null, waitingSince: null, waitedMs: 0 } as const;
  const state: Ticket = { ...facts, id, category, priority, ...unanswered, version: 0 };
  return { state, events: [{ type: 'support.ticket_opened', ...idsOf(state), orderId: facts.orderId, category, priority, at: facts.openedAt }] };
}

/** Gives it to somebody, or to nobody; undefined where they have it. */
function assign(
  ticket: Ticket,
  assigneeId: string | null,
  by: string,
  at: number,
): Result<Changed | undefined, SupportErrorOf<'support.ticket_closed'>> {
  if (ticket.status === 'closed') return err({ code: 'support.ticket_closed', ticketId: ticket.id });
  if (ticket.assigneeId === assigneeId) return ok(undefined);
  return ok({ state: { ...ticket, assigneeId }, events: [{ type: 'support.ticket_assigned', ...idsOf(ticket), assigneeId, by, at }] });
}

/** Says what it is about and how much it matters; undefined where that is what it says. */
function sort(
  ticket: Ticket,
  { category = ticket.category, priority = ticket.priority }: Partial<Pick<Ticket, 'category' | 'priority'>>,
  at: number,
): Result<Changed | undefined, SupportErrorOf<'support.ticket_closed'>> {
  if (ticket.status === 'closed') return err({ code: 'support.ticket_closed', ticketId: ticket.id });
  if (category === ticket.category && priority === ticket.priority) return ok(undefined);
  return ok({ state: { ...ticket, category, priority }, events: [{ type: 'support.ticket_sorted', ...idsOf(ticket), category, priority, at }] });
}

/** Somebody who works there has answered: the requester has the next word, unless the ticket was resolved already. */
function answer(ticket: Ticket, by: string, at: number): Result<Changed, SupportErrorOf<'support.ticket_closed'>> {
  if (ticket.status === 'closed') return err({ code: 'support.ticket_closed', ticketId: ticket.id });
  const isFirst = ticket.firstRespondedAt === null;
  const responded: Ticket = isFirst ? { ...ticket, firstRespondedAt: at } : ticket;
  const events: TicketEvent[] = isFirst ? [{ type: 'support.ticket_responded', ...idsOf(ticket), by, at }] : [];
  const waits = ticket.status === 'open' ? moved(responded, 'waiting', by, at) : { state: responded, events: [] };
  return ok({ state: waits.state, events: [...events, ...waits.events] });
}

/** The requester has written: it is our turn again. */
function ask(ticket: Ticket, at: number): Result<Changed, SupportErrorOf<'support.ticket_closed'>> {
  const { status, resolvedAt, requesterId } = ticket;
  const isOver = status === 'closed' || (resolvedAt !== null && at - resolvedAt >= REOPEN_MS);
  if (isOver) return err({ code: 'support.ticket_closed', ticketId: ticket.id });
  return ok(status === 'open' ? { state: ticket, events: [] } : moved(ticket, 'open', requesterId, at));
}

function moveTo(ticket: Ticket, to: TicketStatus, by: string, at: number): Moved {
  const { status: from } = ticket;
  const allowed = TICKET_NEXT[from];
  return allowed.includes(to) ? ok(moved(ticket, to, by, at)) : err({ code: 'support.ticket_cannot_move', from, to, allowed });
}

function moved(ticket: Ticket, to: TicketStatus, by: string, at: number): Changed {
  const { status: from, waitingSince, waitedMs } = ticket;
  invariant(TICKET_NEXT[from].includes(to), `a ticket that is ${from} cannot be ${to}`);
  const state: Ticket = {
    ...ticket,
    status: to,
    resolvedAt: to === 'resolved' ? at : to === 'closed' ? ticket.resolvedAt : null,
    waitingSince: to === 'waiting' ? at : null,
    waitedMs: waitedMs + (waitingSince === null ? 0 : Math.max(0, at - waitingSince)),
  };
  return { state, events: [{ type: 'support.ticket_moved', ...idsOf(ticket), from, to, by, at }] };
}

const idsOf = ({ id, restaurantId, requesterId }: Ticket) => ({ ticketId: id, restaurantId, requesterId });

/** How long it took us, without the time that we waited for the requester; null while it is not resolved. */
const resolutionMs = ({ resolvedAt, openedAt, waitedMs }: Pick<Ticket, 'resolvedAt' | 'openedAt' | 'waitedMs'>): number | null =>
  resolvedAt === null ? null : Math.max(0, resolvedAt - openedAt - waitedMs);

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(ticket: Ticket): Ticket {
  const { id, status, resolvedAt, waitingSince, waitedMs } = ticket;
  invariant(status in NEXT, `ticket ${id} is ${status}`);
  invariant((resolvedAt !== null) === (status === 'resolved' || status === 'closed'), `ticket ${id} is ${status}, resolved or not`);
  invariant((waitingSince !== null) === (status === 'waiting') && waitedMs >= 0, `ticket ${id} is ${status}, waiting or not`);
  return ticket;
}

export const Ticket = { open, assign, sort, answer, ask, moveTo, resolutionMs, check };
