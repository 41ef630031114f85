import { z } from 'zod';
import type { Conversation } from '#application/support/module.ts';
import type { CannedReply } from '#domain/support/canned-reply.ts';
import type { Spread, SupportStatistics } from '#domain/support/statistics.ts';
import { MESSAGE_MAX, type Message, SIDES, Thread } from '#domain/support/thread.ts';
import { TICKET_CATEGORIES, TICKET_PRIORITIES, TICKET_STATUSES, Ticket } from '#domain/support/ticket.ts';
import { Id, InstantView } from '../schemas.ts';
import { Name, Text } from '../validators.ts';

export const Category = z.enum(TICKET_CATEGORIES);
export const Priority = z.enum(TICKET_PRIORITIES);
export const Status = z.enum(TICKET_STATUSES);
export const MessageText = Text(MESSAGE_MAX).min(1);
export const ClientId = z
  .string()
  .regex(/^[\w.:-]{1,100}$/, 'letters, digits and . : _ -')
  .meta({ description: 'Your own name for this message: sent again under it, it is said once.', example: 'phone-1-0042' });

export const MessageView = z.object({
  id: Id,
  threadId: Id,
  seq: z.int(),
  side: z.enum(SIDES),
  isYours: z.boolean(),
  authorId: z.string().nullable().meta({ description: 'Who wrote it, for those who work there; null for the customer.' }),
  text: z.string(),
  isInternal: z.boolean(),
  sentAt: InstantView,
});
export const ConversationView = z.object({
  threadId: Id.nullable().meta({ description: 'Null while nobody has said anything.' }),
  lastSeq: z.int(),
  unread: z.int(),
  /** How far the others have read, for "seen". */
  readUpTo: z.int().meta({ description: 'The number of the last message that somebody on the other side has read.' }),
  data: z.array(MessageView),
});

export const messageView = (
  { authorId, threadId, id, seq, side, text, isInternal, at }: Message,
  reader: Conversation['reader'],
): z.input<typeof MessageView> => ({
  id,
  threadId,
  seq,
  side,
  isYours: authorId === reader.accountId,
  authorId: reader.side === 'customer' ? null : authorId,
  text,
  isInternal,
  sentAt: at,
});

export function conversationView({ thread, messages, reader }: Conversation): z.input<typeof ConversationView> {
  const data = messages.map((message) => messageView(message, reader));
  if (!thread) return { threadId: null, lastSeq: 0, unread: 0, readUpTo: 0, data };
  const others = Object.entries(thread.reads).filter(([accountId]) => isAcross(accountId, thread, reader));
  const readUpTo = others.reduce((most, [, seq]) => Math.max(most, seq), 0);
  return { threadId: thread.id, lastSeq: thread.lastSeq, unread: Thread.unread(thread, reader.accountId), readUpTo, data };
}

/** The customer is on one side, everybody else on the other. */
const isAcross = (accountId: string, { customerId }: Thread, reader: Conversation['reader']): boolean =>
  reader.side === 'customer' ? accountId !== customerId : accountId === customerId;

export const ThreadView = z.object({ threadId: Id, orderId: Id, restaurantId: Id.nullable(), lastSeq: z.int(), unread: z.int() });
export const threadView = (thread: Thread, accountId: string): z.input<typeof ThreadView> => ({
  threadId: thread.id,
  orderId: thread.subject.id,
  restaurantId: thread.restaurantId,
  lastSeq: thread.lastSeq,
  unread: Thread.unread(thread, accountId),
});

export const TicketView = z.object({
  id: Id,
  restaurantId: Id.nullable().meta({ description: 'Who answers; null: the platform.' }),
  orderId: Id.nullable(),
  requesterId: Id,
  title: Name,
  category: Category,
  priority: Priority,
  status: Status,
  assigneeId: Id.nullable(),
  openedAt: InstantView,
  firstResponseSeconds: z.int().nullable(),
  resolutionSeconds: z.int().nullable().meta({ description: 'Without the time it waited for who opened it.' }),
  resolvedAt: InstantView.nullable(),
  version: z.int(),
});
const seconds = (ms: number | null): number | null => (ms === null ? null : Math.round(ms / 1_000));
export const ticketView = (ticket: Ticket): z.input<typeof TicketView> => {
  const { firstRespondedAt, openedAt, waitingSince: _since, waitedMs: _waited, ...rest } = ticket;
  return {
    ...rest,
    openedAt,
    firstResponseSeconds: seconds(firstRespondedAt === null ? null : firstRespondedAt - openedAt),
    resolutionSeconds: seconds(Ticket.resolutionMs(ticket)),
  };
};

export const CannedReplyShape = z.strictObject({ title: Name, text: MessageText.meta({ example: 'Dear {customer}, …' }) });
export const CannedReplyView = z.object({ id: Id, title: z.string(), text: z.string(), version: z.int() });
export const cannedReplyView = ({ id, title, text, version }: CannedReply): z.input<typeof CannedReplyView> => ({ id, title, text, version });

const SpreadView = z.object({ count: z.int(), medianSeconds: z.int().nullable(), p90Seconds: z.int().nullable() });
export const StatisticsView = z.object({
  byStatus: z.object(Object.fromEntries(TICKET_STATUSES.map((status) => [status, z.int()])) as Record<Ticket['status'], z.ZodInt>),
  opened: z.int(),
  firstResponse: SpreadView,
  resolution: SpreadView,
});
const spreadView = ({ count, medianMs, p90Ms }: Spread) => ({ count, medianSeconds: seconds(medianMs), p90Seconds: seconds(p90Ms) });
export const statisticsView = ({ byStatus, opened, firstResponse, resolution }: SupportStatistics): z.input<typeof StatisticsView> => ({
  byStatus: { ...byStatus },
  opened,
  firstResponse: spreadView(firstResponse),
  resolution: spreadView(resolution),
});
