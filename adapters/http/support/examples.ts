const at = '2026-11-21T10:30:00.000Z';
const restaurantId = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10';
const orderId = '019a9f3e-7c41-7b1c-9d55-3f1f1c2b7a11';
const threadId = '019a9f3e-7c42-7b1c-9d55-3f1f1c2b7a12';

export const MESSAGE_EXAMPLE = {
  id: '019a9f3e-7c43-7b1c-9d55-3f1f1c2b7a13',
  threadId,
  seq: 1,
  side: 'customer',
  isYours: true,
  authorId: null,
  text: 'Please ring at the second door.',
  isInternal: false,
  sentAt: at,
};
export const CONVERSATION_EXAMPLE = { threadId, lastSeq: 1, unread: 0, readUpTo: 1, data: [MESSAGE_EXAMPLE] };
export const THREAD_EXAMPLE = { threadId, orderId, restaurantId, lastSeq: 4, unread: 1 };
export const TICKET_BODY = { orderId, title: 'A dish was missing', text: 'The dal did not come with it.', category: 'order' };
export const TICKET_EXAMPLE = {
  id: '019a9f3e-7c44-7b1c-9d55-3f1f1c2b7a14',
  restaurantId,
  orderId,
  requesterId: '019a9f3e-7c45-7b1c-9d55-3f1f1c2b7a15',
  title: TICKET_BODY.title,
  category: 'order',
  priority: 'normal',
  status: 'open',
  assigneeId: null,
  openedAt: at,
  firstResponseSeconds: null,
  resolutionSeconds: null,
  resolvedAt: null,
  version: 1,
};
export const CANNED_REPLY_BODY = { title: 'Missing dish', text: 'Dear {customer}, we are sorry about order {order}. The dish is paid back.' };
export const CANNED_REPLY_EXAMPLE = { id: '019a9f3e-7c46-7b1c-9d55-3f1f1c2b7a16', ...CANNED_REPLY_BODY, version: 1 };
export const STATISTICS_EXAMPLE = {
  byStatus: { open: 2, waiting: 1, resolved: 4, closed: 31 },
  opened: 12,
  firstResponse: { count: 11, medianSeconds: 240, p90Seconds: 1_900 },
  resolution: { count: 9, medianSeconds: 5_400, p90Seconds: 40_000 },
};
