import type { CannedReplyFacts } from './canned-reply.ts';
import type { Side, ThreadSubject } from './thread.ts';
import type { TicketCategory, TicketPriority, TicketStatus } from './ticket.ts';

/** The support module's published language. What people write to each other is in none of it. */
export type SupportEvent = ThreadEvent | TicketEvent | CannedReplyEvent;

type OfThread = {
  readonly threadId: string;
  readonly restaurantId: string | null;
  readonly subject: ThreadSubject;
  readonly customerId: string;
  readonly at: number;
};
export type ThreadEvent =
  | (OfThread & { readonly type: 'support.thread_opened' })
  | (OfThread & {
      readonly type: 'support.message_sent';
      readonly messageId: string;
      readonly seq: number;
      readonly authorId: string;
      readonly side: Side;
      /** For those who work there, and never for the customer. */
      readonly isInternal: boolean;
    })
  | (OfThread & { readonly type: 'support.messages_read'; readonly readerId: string; readonly side: Side; readonly seq: number });

type OfTicket = { readonly ticketId: string; readonly restaurantId: string | null; readonly requesterId: string; readonly at: number };
export type TicketEvent =
  | (OfTicket & {
      readonly type: 'support.ticket_opened';
      readonly orderId: string | null;
      readonly category: TicketCategory;
      readonly priority: TicketPriority;
    })
  | (OfTicket & { readonly type: 'support.ticket_assigned'; readonly assigneeId: string | null; readonly by: string })
  | (OfTicket & { readonly type: 'support.ticket_sorted'; readonly category: TicketCategory; readonly priority: TicketPriority })
  /** The first answer of somebody who works there. */
  | (OfTicket & { readonly type: 'support.ticket_responded'; readonly by: string })
  | (OfTicket & { readonly type: 'support.ticket_moved'; readonly from: TicketStatus; readonly to: TicketStatus; readonly by: string });

type OfCannedReply = { readonly cannedReplyId: string; readonly restaurantId: string | null; readonly at: number };
export type CannedReplyEvent =
  | (OfCannedReply & { readonly type: 'support.canned_reply_written'; readonly reply: CannedReplyFacts })
  | (OfCannedReply & { readonly type: 'support.canned_reply_removed' });
