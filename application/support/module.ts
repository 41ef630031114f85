import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { SupportErrorOf } from '#domain/support/errors.ts';
import type { Message, Speaker, Thread, ThreadSubject } from '#domain/support/thread.ts';
import type { Ticket } from '#domain/support/ticket.ts';
import { removeCannedReply, rewriteCannedReply, writeCannedReply } from './canned-replies.ts';
import { assignTicket, moveTicket, sortTicket } from './change-ticket.ts';
import { markRead, readerOf } from './mark-read.ts';
import { openTicket } from './open-ticket.ts';
import type { Stretch, SupportDeps } from './ports.ts';
import { postOrderMessage } from './post-order-message.ts';
import { seatAtTicket } from './seat.ts';
import { writeToTicket } from './write-to-ticket.ts';

export type Conversation = { readonly thread: Thread | undefined; readonly messages: readonly Message[]; readonly reader: Speaker };

/** Everything the outside may ask of support. */
export const createSupport = (deps: SupportDeps) => {
  const { queries } = deps;
  return {
    postOrderMessage: postOrderMessage(deps),
    markRead: markRead(deps),
    openTicket: openTicket(deps),
    writeToTicket: writeToTicket(deps),
    assignTicket: assignTicket(deps),
    sortTicket: sortTicket(deps),
    moveTicket: moveTicket(deps),
    writeCannedReply: writeCannedReply(deps),
    rewriteCannedReply: rewriteCannedReply(deps),
    removeCannedReply: removeCannedReply(deps),
    cannedReplies: queries.cannedReplies,
    /** A stretch of what was said, for who takes part. */
    async conversation(
      subject: ThreadSubject,
      stretch: Stretch,
      actor: Actor,
    ): Promise<Result<Conversation, SupportErrorOf<'support.order_not_found' | 'support.ticket_not_found' | 'support.not_permitted'>>> {
      const reader = await readerOf(deps, subject, actor);
      if (!reader.ok) return reader;
      const thread = await queries.thread(subject);
      const messages = thread ? await queries.messages(thread.id, stretch, reader.value.side !== 'customer') : [];
      return ok({ thread, messages, reader: reader.value });
    },
    /** Whether an actor takes part in a thread: for whoever tells them of its messages. */
    async takesPart(threadId: string, actor: Actor): Promise<boolean> {
      const thread = await queries.threadById(threadId);
      return thread !== undefined && (await readerOf(deps, thread.subject, actor)).ok;
    },
    /** The same receipt for who knows only the thread. */
    async markThreadRead(
      { threadId, seq }: { readonly threadId: string; readonly seq: number },
      actor: Actor,
    ): Promise<Awaited<ReturnType<ReturnType<typeof markRead>>>> {
      const thread = await queries.threadById(threadId);
      return thread ? markRead(deps)({ subject: thread.subject, seq }, actor) : err({ code: 'support.nothing_to_read', lastSeq: 0 });
    },
    threadsOfCustomer: queries.threadsOfCustomer,
    threadsOfRestaurant: queries.threadsOfRestaurant,
    async ticket(ticketId: string, actor: Actor): Promise<Result<Ticket, SupportErrorOf<'support.ticket_not_found' | 'support.not_permitted'>>> {
      const ticket = await queries.ticket(ticketId);
      if (!ticket) return err({ code: 'support.ticket_not_found', ticketId });
      const seat = seatAtTicket(ticket, actor, 'support:read');
      return seat.ok ? ok(ticket) : seat;
    },
    ticketsOfRequester: queries.ticketsOfRequester,
    tickets: queries.tickets,
    statistics: queries.statistics,
  };
};
export type Support = ReturnType<typeof createSupport>;
