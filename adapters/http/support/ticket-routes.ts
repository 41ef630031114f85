import { z } from 'zod';
import type { Support } from '#application/support/module.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { etag, given, Id, link, PageQuery, pageRequest, pageView } from '../schemas.ts';
import { Name } from '../validators.ts';
import { PostBody } from './conversation-routes.ts';
import { MESSAGE_EXAMPLE, TICKET_BODY, TICKET_EXAMPLE } from './examples.ts';
import { SUPPORT_PROBLEMS } from './problems.ts';
import { Category, ClientId, MessageText, MessageView, messageView, Priority, Status, TicketView, ticketView } from './views.ts';

const TicketParams = z.object({ ticketId: Id });
const OpenBody = z.strictObject({
  orderId: Id.optional().meta({ description: 'An order of yours; its restaurant answers.' }),
  restaurantId: Id.optional().meta({ description: 'Who is to answer, where it is about no order; without either the platform does.' }),
  title: Name,
  text: MessageText,
  category: Category.default('other'),
});
const WriteBody = z.union([
  PostBody.extend({ isInternal: z.boolean().default(false) }),
  z.strictObject({ cannedReplyId: Id, clientId: ClientId.optional(), isInternal: z.literal(false).default(false) }),
]);
const AssignBody = z.strictObject({ assigneeId: Id.nullable() });
const SortBody = z.strictObject({ category: Category.optional(), priority: Priority.optional() });
const MoveBody = z.strictObject({ status: Status.exclude(['closed']) });
const ABSENT = pick(SUPPORT_PROBLEMS, 'support.ticket_not_found', 'support.not_permitted');

export const ticketRoutes = (support: Support): readonly AnyRoute[] => [
  route({
    method: 'post',
    path: '/support/tickets',
    operationId: 'openTicket',
    tag: 'Support',
    summary: 'Ask a restaurant or the platform for help',
    access: 'authenticated',
    body: OpenBody,
    status: 201,
    response: TicketView,
    example: { body: TICKET_BODY, response: TICKET_EXAMPLE },
    problems: pick(SUPPORT_PROBLEMS, 'support.order_not_found', 'support.restaurant_not_found', 'support.too_many_tickets'),
    replyHeaders: (ticket) => ({ ...etag(ticket), location: `/support/tickets/${ticket.id}` }),
    async handle({ body: { orderId = null, restaurantId = null, ...body } }, { actor }) {
      const opened = await support.openTicket({ orderId, restaurantId, ...body }, actor);
      return opened.ok ? ok(ticketView(opened.value)) : opened;
    },
  }),
  route({
    method: 'get',
    path: '/me/tickets',
    operationId: 'listMyTickets',
    tag: 'Support',
    summary: 'List the tickets you have opened, newest first',
    access: 'authenticated',
    query: PageQuery,
    status: 200,
    response: pageView(TicketView),
    example: { response: { data: [TICKET_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { query }) => link('/me/tickets', page, query),
    async handle({ query }, { actor }) {
      const { data, next } = await support.ticketsOfRequester(actor.kind === 'account' ? actor.accountId : '', pageRequest(query));
      return ok({ data: data.map(ticketView), next });
    },
  }),
  route({
    method: 'get',
    path: '/support/tickets/{ticketId}',
    operationId: 'getTicket',
    tag: 'Support',
    summary: 'Read a ticket',
    access: 'authenticated',
    params: TicketParams,
    status: 200,
    response: TicketView,
    example: { response: TICKET_EXAMPLE },
    problems: ABSENT,
    replyHeaders: etag,
    async handle({ params }, { actor }) {
      const found = await support.ticket(params.ticketId, actor);
      return found.ok ? ok(ticketView(found.value)) : found;
    },
  }),
  route({
    method: 'post',
    path: '/support/tickets/{ticketId}/messages',
    operationId: 'writeToTicket',
    tag: 'Support',
    summary: 'Write on in a ticket, answer it, or leave a note for colleagues',
    description:
      'An answer has the ticket wait for who opened it; their word opens it again. In a canned reply `{customer}` and `{order}` are filled in. Internal notes are never shown to customers.',
    access: 'authenticated',
    params: TicketParams,
    body: WriteBody,
    status: 201,
    response: MessageView,
    example: { body: { text: MESSAGE_EXAMPLE.text }, response: MESSAGE_EXAMPLE },
    problems: {
      ...ABSENT,
      ...pick(SUPPORT_PROBLEMS, 'support.ticket_closed', 'support.staff_only', 'support.canned_reply_not_found'),
    },
    async handle({ params, body: { clientId = null, isInternal, ...words } }, { actor }) {
      const written = await support.writeToTicket({ ...params, words, clientId, isInternal }, actor);
      return written.ok ? ok(messageView(written.value, { accountId: written.value.authorId, side: written.value.side })) : written;
    },
  }),
  route({
    method: 'put',
    path: '/support/tickets/{ticketId}/assignee',
    operationId: 'assignTicket',
    tag: 'Support',
    summary: 'Give a ticket to somebody who answers, or to nobody',
    access: { permission: 'support:write', in: 'resource' },
    params: TicketParams,
    body: AssignBody,
    status: 200,
    response: TicketView,
    example: { body: { assigneeId: TICKET_EXAMPLE.requesterId }, response: { ...TICKET_EXAMPLE, assigneeId: TICKET_EXAMPLE.requesterId } },
    problems: { ...ABSENT, ...pick(SUPPORT_PROBLEMS, 'support.ticket_closed', 'support.assignee_cannot_answer') },
    replyHeaders: etag,
    async handle({ params, body }, { actor }) {
      const assigned = await support.assignTicket({ ...params, ...body }, actor);
      return assigned.ok ? ok(ticketView(assigned.value)) : assigned;
    },
  }),
  route({
    method: 'patch',
    path: '/support/tickets/{ticketId}',
    operationId: 'sortTicket',
    tag: 'Support',
    summary: 'Say what a ticket is about and how much it matters',
    access: { permission: 'support:write', in: 'resource' },
    params: TicketParams,
    body: SortBody,
    status: 200,
    response: TicketView,
    example: { body: { priority: 'urgent' }, response: { ...TICKET_EXAMPLE, priority: 'urgent' } },
    problems: { ...ABSENT, ...pick(SUPPORT_PROBLEMS, 'support.ticket_closed') },
    replyHeaders: etag,
    async handle({ params, body }, { actor }) {
      const sorted = await support.sortTicket({ ...params, ...given(body) }, actor);
      return sorted.ok ? ok(ticketView(sorted.value)) : sorted;
    },
  }),
  route({
    method: 'put',
    path: '/support/tickets/{ticketId}/status',
    operationId: 'moveTicket',
    tag: 'Support',
    summary: 'Resolve a ticket, take it up again, or have it wait',
    description: 'What is resolved can be taken up again for a week, and is closed for ever after that.',
    access: { permission: 'support:write', in: 'resource' },
    params: TicketParams,
    body: MoveBody,
    status: 200,
    response: TicketView,
    example: { body: { status: 'resolved' }, response: { ...TICKET_EXAMPLE, status: 'resolved' } },
    problems: { ...ABSENT, ...pick(SUPPORT_PROBLEMS, 'support.ticket_cannot_move') },
    replyHeaders: etag,
    async handle({ params, body }, { actor }) {
      const moved = await support.moveTicket({ ...params, to: body.status }, actor);
      return moved.ok ? ok(ticketView(moved.value)) : moved;
    },
  }),
];
