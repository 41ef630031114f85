import type { TicketStatus } from './ticket.ts';

export type SupportError =
  | { readonly code: 'support.order_not_found'; readonly orderId: string }
  | { readonly code: 'support.conversation_over'; readonly orderId: string; readonly endedAt: number }
  | { readonly code: 'support.ticket_not_found'; readonly ticketId: string }
  | { readonly code: 'support.ticket_closed'; readonly ticketId: string }
  | {
      readonly code: 'support.ticket_cannot_move';
      readonly from: TicketStatus;
      readonly to: TicketStatus;
      readonly allowed: readonly TicketStatus[];
    }
  | { readonly code: 'support.not_permitted'; readonly permission: string }
  | { readonly code: 'support.staff_only' }
  | { readonly code: 'support.nothing_to_read'; readonly lastSeq: number }
  | { readonly code: 'support.restaurant_not_found'; readonly restaurantId: string }
  | { readonly code: 'support.too_many_tickets'; readonly limit: number }
  | { readonly code: 'support.assignee_cannot_answer'; readonly assigneeId: string }
  | { readonly code: 'support.canned_reply_not_found'; readonly cannedReplyId: string }
  | { readonly code: 'support.too_many_canned_replies'; readonly limit: number }
  | { readonly code: 'support.changed_meanwhile'; readonly version: number };

export type SupportErrorOf<Code extends SupportError['code']> = Extract<SupportError, { readonly code: Code }>;
