import type { Page, PageRequest } from '#application/shared/page.ts';
import type { Clock, Ids } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { Change } from '#domain/shared/change.ts';
import type { CannedReply } from '#domain/support/canned-reply.ts';
import type { CannedReplyEvent, ThreadEvent, TicketEvent } from '#domain/support/events.ts';
import type { SupportStatistics } from '#domain/support/statistics.ts';
import type { Message, Thread, ThreadSubject } from '#domain/support/thread.ts';
import type { Ticket, TicketStatus } from '#domain/support/ticket.ts';

export type Threads = {
  /** The thread about something as it is now; nobody else writes it until the transaction ends. */
  lock(subject: ThreadSubject): Promise<Thread | undefined>;
  /** Writes the state and its events, or throws WriteConflict. */
  save(change: Change<Thread, ThreadEvent>): Promise<void>;
  /** Adds a message to a thread that is locked. */
  add(message: Message): Promise<void>;
  /** What somebody has said already under a name of their own. */
  said(threadId: string, authorId: string, clientId: string): Promise<Message | undefined>;
};

export type Tickets = {
  /** The ticket as it is now; nobody else writes it until the transaction ends. */
  lock(ticketId: string): Promise<Ticket | undefined>;
  save(change: Change<Ticket, TicketEvent>): Promise<void>;
};

export type CannedReplies = {
  find(cannedReplyId: string): Promise<CannedReply | undefined>;
  /** How many of a restaurant, or, with null, of the platform were not removed; nobody else adds any until the transaction ends. */
  lockKept(restaurantId: string | null): Promise<number>;
  save(change: Change<CannedReply, CannedReplyEvent>): Promise<void>;
};

/** A stretch of a thread: the newest of those before a number, or the oldest of those after one. */
export type Stretch = { readonly limit: number; readonly before?: number; readonly after?: number };
export type TicketFilter = { readonly status?: TicketStatus; readonly assigneeId?: string };

export type SupportQueries = {
  thread(subject: ThreadSubject): Promise<Thread | undefined>;
  threadById(threadId: string): Promise<Thread | undefined>;
  /** In the order they were sent; without the internal ones for who must not see them. */
  messages(threadId: string, stretch: Stretch, isStaff: boolean): Promise<readonly Message[]>;
  /** Conversations about orders, the one with the newest message first; `after` is the newest message of the last. */
  threadsOfCustomer(customerId: string, page: PageRequest): Promise<Page<Thread>>;
  threadsOfRestaurant(restaurantId: string, page: PageRequest): Promise<Page<Thread>>;
  ticket(ticketId: string): Promise<Ticket | undefined>;
  ticketsOfRequester(requesterId: string, page: PageRequest): Promise<Page<Ticket>>;
  /** Tickets that have not been resolved. */
  unresolvedOf(requesterId: string): Promise<number>;
  /** Of a restaurant or, with null, of the platform. */
  tickets(restaurantId: string | null, filter: TicketFilter, page: PageRequest): Promise<Page<Ticket>>;
  /** Tickets that were resolved before, by id, those after `after`. */
  resolvedBefore(at: number, after: string | undefined, limit: number): Promise<readonly string[]>;
  cannedReplies(restaurantId: string | null): Promise<readonly CannedReply[]>;
  statistics(restaurantId: string | null, from: number, to: number): Promise<SupportStatistics>;
};

/** What support needs to know of others. */
export type SupportFacts = {
  order(orderId: string): Promise<OrderFacts | undefined>;
  hasRestaurant(restaurantId: string): Promise<boolean>;
  nameOf(accountId: string): Promise<string | undefined>;
  /** Whether an account may answer the tickets of a restaurant or, with null, of the platform. */
  mayAnswer(accountId: string, restaurantId: string | null): Promise<boolean>;
};
export type OrderFacts = {
  readonly restaurantId: string;
  readonly customerId: string;
  /** For people. */
  readonly number: number;
  readonly isOver: boolean;
  /** When it was placed or was to be made, whichever is later. */
  readonly dueAt: number;
};

export type SupportTx = { readonly threads: Threads; readonly tickets: Tickets; readonly cannedReplies: CannedReplies };
export type SupportDeps = {
  readonly uow: UnitOfWork<SupportTx>;
  readonly queries: SupportQueries;
  readonly facts: SupportFacts;
  readonly clock: Clock;
  readonly ids: Ids;
};
