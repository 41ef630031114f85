import type { SupportError } from '#domain/support/errors.ts';
import type { Problems } from '../problem.ts';

export const SUPPORT_PROBLEMS: Problems<SupportError> = {
  'support.order_not_found': { status: 404, title: 'There is no such order', detail: 'Check orderId; GET /me/orders lists yours.' },
  'support.conversation_over': {
    status: 409,
    title: 'The conversation about this order is over',
    detail: 'The order ended more than a week ago. Open a ticket with POST /support/tickets instead.',
  },
  'support.ticket_not_found': { status: 404, title: 'There is no such ticket', detail: 'Check ticketId; GET /me/tickets lists yours.' },
  'support.ticket_closed': {
    status: 409,
    title: 'The ticket is closed',
    detail: 'It was resolved more than a week ago, which is final. Open another with POST /support/tickets.',
  },
  'support.ticket_cannot_move': {
    status: 409,
    title: 'The ticket cannot go there from where it stands',
    detail: ({ from, to, allowed }) =>
      `It is ${from} and cannot become ${to}${allowed.length === 0 ? '; that is final' : `; it can become ${allowed.join(' or ')}`}.`,
  },
  'support.not_permitted': {
    status: 403,
    title: 'You may not answer here',
    detail: ({ permission }) =>
      `It takes the permission ${permission}. Ask an owner or manager of the restaurant, or whoever runs the installation, for a role that has it.`,
  },
  'support.staff_only': { status: 403, title: 'Only colleagues leave notes', detail: 'Leave `isInternal` out: the restaurant reads what you write.' },
  'support.nothing_to_read': {
    status: 409,
    title: 'There is no such message yet',
    detail: ({ lastSeq }) => (lastSeq === 0 ? 'Nothing was said here yet.' : `The newest message is number ${lastSeq}.`),
  },
  'support.restaurant_not_found': { status: 404, title: 'There is no such restaurant', detail: 'Check the id; GET /restaurants lists them.' },
  'support.too_many_tickets': {
    status: 409,
    title: 'Enough tickets of yours are waiting',
    detail: ({ limit }) => `${limit} are the most at a time. Write on in one that is open: GET /me/tickets lists them.`,
  },
  'support.assignee_cannot_answer': {
    status: 422,
    title: 'They cannot answer this ticket',
    detail: 'Whoever is to have it needs the permission support:write at the restaurant it is for.',
  },
  'support.canned_reply_not_found': {
    status: 404,
    title: 'There is no such canned reply',
    detail: 'GET the canned replies of the restaurant to see which there are.',
  },
  'support.too_many_canned_replies': {
    status: 409,
    title: 'There are enough canned replies',
    detail: ({ limit }) => `${limit} are the most. Remove one that nobody uses.`,
  },
  'support.changed_meanwhile': {
    status: 412,
    title: 'The canned reply has changed since you read it',
    detail: ({ version }) => `It is at version ${version} now. Read it again, and send its ETag in If-Match.`,
  },
};
