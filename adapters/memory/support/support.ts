import { pageOf } from '#application/shared/page.ts';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import type { SupportQueries, SupportTx } from '#application/support/ports.ts';
import type { CannedReply } from '#domain/support/canned-reply.ts';
import { spreadOf } from '#domain/support/statistics.ts';
import { type Message, Thread, type ThreadSubject } from '#domain/support/thread.ts';
import { TICKET_STATUSES, Ticket, type TicketStatus } from '#domain/support/ticket.ts';
import { newestFirst } from '../paging.ts';
import type { MemoryStore } from '../store.ts';
import { DuplicateKey, type MemoryTx } from '../tx.ts';

const THREADS = 'support.threads';
/** Which thread is about what. */
const SUBJECTS = 'support.subjects';
const MESSAGES = 'support.messages';
const TICKETS = 'support.tickets';
const CANNED_REPLIES = 'support.canned_replies';

const subjectOf = ({ kind, id }: ThreadSubject): string => `${kind}/${id}`;
/** In the order of their numbers, as ids sort. */
const placeOf = ({ threadId, seq }: Pick<Message, 'threadId' | 'seq'>): string => `${threadId}/${String(seq).padStart(10, '0')}`;

export const memorySupport = (tx: MemoryTx): SupportTx => ({
  threads: {
    async lock(subject) {
      await tx.lock(SUBJECTS, [subjectOf(subject)]);
      const known = tx.get<{ readonly id: string }>(SUBJECTS, subjectOf(subject));
      return known && tx.get<Thread>(THREADS, known.id);
    },
    async save({ state, events }) {
      const { id, version, restaurantId, subject } = Thread.check(state);
      try {
        if (version === 0) tx.insert(SUBJECTS, subjectOf(subject), { id });
      } catch (error) {
        throw error instanceof DuplicateKey ? new WriteConflict(`somebody else opened the thread of ${subject.id}`) : error;
      }
      tx.put(THREADS, id, version, { ...state, version: version + events.length });
      tx.append({ stream: `thread:${id}`, version, restaurantId }, events);
    },
    add: async (message) => tx.insert(MESSAGES, placeOf(message), message),
    said: async (threadId, authorId, clientId) =>
      tx.rows<Message>(MESSAGES).find((message) => message.threadId === threadId && message.authorId === authorId && message.clientId === clientId),
  },
  tickets: {
    async lock(ticketId) {
      await tx.lock(TICKETS, [ticketId]);
      return tx.get<Ticket>(TICKETS, ticketId);
    },
    async save({ state, events }) {
      const { id, version, restaurantId } = Ticket.check(state);
      tx.put(TICKETS, id, version, { ...state, version: version + events.length });
      tx.append({ stream: `ticket:${id}`, version, restaurantId }, events);
    },
  },
  cannedReplies: {
    find: async (cannedReplyId) => tx.get<CannedReply>(CANNED_REPLIES, cannedReplyId),
    async lockKept(restaurantId) {
      await tx.lock(CANNED_REPLIES, [`all of ${restaurantId ?? ''}`]);
      return tx.rows<CannedReply>(CANNED_REPLIES).filter((reply) => reply.restaurantId === restaurantId && !reply.isRemoved).length;
    },
    async save({ state, events }) {
      const { id, version, restaurantId } = state;
      tx.put(CANNED_REPLIES, id, version, { ...state, version: version + events.length });
      tx.append({ stream: `canned_reply:${id}`, version, restaurantId }, events);
    },
  },
});

export const memorySupportQueries = (store: MemoryStore): SupportQueries => {
  const threads = (isWanted: (thread: Thread) => boolean, request: Parameters<SupportQueries['threadsOfCustomer']>[1]) => {
    const byMessage = ({ lastMessageId }: Thread): string => lastMessageId;
    const rows = store.rows<Thread>(THREADS).filter((thread) => thread.subject.kind === 'order' && isWanted(thread));
    return pageOf(newestFirst(rows, byMessage, request), request.limit, byMessage, (thread) => thread);
  };
  const tickets = (isWanted: (ticket: Ticket) => boolean, request: Parameters<SupportQueries['ticketsOfRequester']>[1]) => {
    const rows = store.rows<Ticket>(TICKETS).filter(isWanted);
    return pageOf(
      newestFirst(rows, ({ id }) => id, request),
      request.limit,
      ({ id }) => id,
      (ticket) => ticket,
    );
  };
  return {
    async thread(subject) {
      const known = store.row<{ readonly id: string }>(SUBJECTS, subjectOf(subject));
      return known && store.row<Thread>(THREADS, known.id);
    },
    threadById: async (threadId) => store.row<Thread>(THREADS, threadId),
    async messages(threadId, { limit, before, after }, isStaff) {
      const all = store.rows<Message>(MESSAGES).filter((message) => message.threadId === threadId && (isStaff || !message.isInternal));
      if (after !== undefined) return all.filter(({ seq }) => seq > after).slice(0, limit);
      return all.filter(({ seq }) => before === undefined || seq < before).slice(-limit);
    },
    threadsOfCustomer: async (customerId, page) => threads((thread) => thread.customerId === customerId, page),
    threadsOfRestaurant: async (restaurantId, page) => threads((thread) => thread.restaurantId === restaurantId, page),
    ticket: async (ticketId) => store.row<Ticket>(TICKETS, ticketId),
    ticketsOfRequester: async (requesterId, page) => tickets((ticket) => ticket.requesterId === requesterId, page),
    unresolvedOf: async (requesterId) =>
      store.rows<Ticket>(TICKETS).filter((ticket) => ticket.requesterId === requesterId && ticket.resolvedAt === null).length,
    tickets: async (restaurantId, { status, assigneeId }, page) =>
      tickets(
        (ticket) =>
          ticket.restaurantId === restaurantId &&
          (status === undefined || ticket.status === status) &&
          (assigneeId === undefined || ticket.assigneeId === assigneeId),
        page,
      ),
    resolvedBefore: async (at, after, limit) =>
      store
        .rows<Ticket>(TICKETS)
        .filter(({ id, status, resolvedAt }) => status === 'resolved' && (resolvedAt ?? at) <= at && (after === undefined || id > after))
        .slice(0, limit)
        .map(({ id }) => id),
    cannedReplies: async (restaurantId) =>
      store.rows<CannedReply>(CANNED_REPLIES).filter((reply) => reply.restaurantId === restaurantId && !reply.isRemoved),
    async statistics(restaurantId, from, to) {
      const all = store.rows<Ticket>(TICKETS).filter((ticket) => ticket.restaurantId === restaurantId);
      const opened = all.filter(({ openedAt }) => openedAt >= from && openedAt < to);
      const byStatus = TICKET_STATUSES.map((status) => [status, all.filter((ticket) => ticket.status === status).length]);
      return {
        byStatus: Object.fromEntries(byStatus) as Record<TicketStatus, number>,
        opened: opened.length,
        firstResponse: spreadOf(opened.flatMap(({ firstRespondedAt, openedAt }) => (firstRespondedAt === null ? [] : firstRespondedAt - openedAt))),
        resolution: spreadOf(opened.flatMap((ticket) => Ticket.resolutionMs(ticket) ?? [])),
      };
    },
  };
};
