import { defineEntity, p } from '@mikro-orm/core';
import { SIDES, SUBJECT_KINDS } from '#domain/support/thread.ts';
import { TICKET_CATEGORIES, TICKET_PRIORITIES, TICKET_STATUSES } from '#domain/support/ticket.ts';

const schema = 'support';
const oneOf = (column: string, values: readonly string[]): string => `${column} in (${values.map((value) => `'${value}'`).join(', ')})`;

/** Without a restaurant it is of the platform. Listed by the newest message, which is why its id stands here. */
export const ThreadRow = defineEntity({
  name: 'SupportThreadRow',
  schema,
  tableName: 'threads',
  indexes: [
    {
      name: 'threads_restaurant',
      expression: `create index threads_restaurant on support.threads (restaurant_id, last_message_id) where subject_kind = 'order'`,
    },
    {
      name: 'threads_customer',
      expression: `create index threads_customer on support.threads (customer_id, last_message_id) where subject_kind = 'order'`,
    },
  ],
  uniques: [{ name: 'threads_subject', properties: ['subjectId', 'subjectKind'] }],
  checks: [
    { name: 'threads_subject_kind', expression: oneOf('subject_kind', SUBJECT_KINDS) },
    { name: 'threads_last_seq', expression: 'last_seq >= 0' },
  ],
  properties: {
    id: p.uuid().primary(),
    restaurantId: p.uuid().nullable(),
    subjectKind: p.text(),
    subjectId: p.uuid(),
    customerId: p.uuid(),
    lastSeq: p.integer(),
    lastMessageId: p.uuid(),
    reads: p.json<Readonly<Record<string, number>>>(),
    version: p.integer(),
  },
});

/** What was said, once and for ever. */
export const MessageRow = defineEntity({
  name: 'SupportMessageRow',
  schema,
  tableName: 'messages',
  uniques: [{ name: 'messages_client', properties: ['threadId', 'authorId', 'clientId'] }],
  checks: [
    { name: 'messages_side', expression: oneOf('side', SIDES) },
    { name: 'messages_internal', expression: `not (is_internal and side = 'customer')` },
  ],
  properties: {
    threadId: p.uuid().primary(),
    seq: p.integer().primary(),
    id: p.uuid(),
    authorId: p.text(),
    side: p.text(),
    text: p.text(),
    isInternal: p.boolean(),
    clientId: p.text().nullable(),
    sentAt: p.datetime(3),
  },
});

export const TicketRow = defineEntity({
  name: 'SupportTicketRow',
  schema,
  tableName: 'tickets',
  indexes: [
    { name: 'tickets_restaurant', properties: ['restaurantId', 'status', 'id'] },
    { name: 'tickets_restaurant_opened', properties: ['restaurantId', 'openedAt'] },
    { name: 'tickets_assignee', properties: ['assigneeId', 'status', 'id'] },
    { name: 'tickets_requester', properties: ['requesterId', 'id'] },
    { name: 'tickets_platform', expression: 'create index tickets_platform on support.tickets (status, id) where restaurant_id is null' },
    { name: 'tickets_resolved', expression: `create index tickets_resolved on support.tickets (id) where status = 'resolved'` },
  ],
  checks: [
    { name: 'tickets_status', expression: oneOf('status', TICKET_STATUSES) },
    { name: 'tickets_category', expression: oneOf('category', TICKET_CATEGORIES) },
    { name: 'tickets_priority', expression: oneOf('priority', TICKET_PRIORITIES) },
    { name: 'tickets_resolved_at', expression: `(resolved_at is not null) = (status in ('resolved', 'closed'))` },
    { name: 'tickets_waiting', expression: `(waiting_since is not null) = (status = 'waiting') and waited_ms >= 0` },
  ],
  properties: {
    id: p.uuid().primary(),
    restaurantId: p.uuid().nullable(),
    requesterId: p.uuid(),
    orderId: p.uuid().nullable(),
    title: p.text(),
    category: p.text(),
    priority: p.text(),
    status: p.text(),
    assigneeId: p.uuid().nullable(),
    openedAt: p.datetime(3),
    firstRespondedAt: p.datetime(3).nullable(),
    resolvedAt: p.datetime(3).nullable(),
    waitingSince: p.datetime(3).nullable(),
    waitedMs: p.bigint('string'),
    version: p.integer(),
  },
});

export const CannedReplyRow = defineEntity({
  name: 'SupportCannedReplyRow',
  schema,
  tableName: 'canned_replies',
  indexes: [
    {
      name: 'canned_replies_kept',
      expression: 'create index canned_replies_kept on support.canned_replies (restaurant_id, id) where not is_removed',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    restaurantId: p.uuid().nullable(),
    title: p.text(),
    text: p.text(),
    isRemoved: p.boolean(),
    version: p.integer(),
  },
});

export const SUPPORT_ROWS = [ThreadRow, MessageRow, TicketRow, CannedReplyRow];
