import { z } from 'zod';
import type { Support } from '#application/support/module.ts';
import { ok } from '#domain/shared/result.ts';
import type { ThreadSubject } from '#domain/support/thread.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { given, Id, link, PageQuery, pageRequest, pageView, RestaurantParams } from '../schemas.ts';
import { CONVERSATION_EXAMPLE, MESSAGE_EXAMPLE, THREAD_EXAMPLE } from './examples.ts';
import { SUPPORT_PROBLEMS } from './problems.ts';
import { ClientId, ConversationView, conversationView, MessageText, MessageView, messageView, ThreadView, threadView } from './views.ts';

const Seq = z.coerce.number().int().min(0).max(2_147_483_646);
const StretchQuery = z
  .strictObject({ limit: z.coerce.number().int().min(1).max(100).default(50), before: Seq.optional(), after: Seq.optional() })
  .refine(({ before, after }) => before === undefined || after === undefined, 'either before or after');
const OrderParams = z.object({ orderId: Id });
const TicketParams = z.object({ ticketId: Id });
export const PostBody = z.strictObject({ text: MessageText, clientId: ClientId.optional() });
const ReceiptBody = z.strictObject({ seq: z.int().min(1).max(2_147_483_646) });

const ABOUT = {
  order: { path: '/orders/{orderId}/messages', params: OrderParams, name: 'Order', what: 'an order' },
  ticket: { path: '/support/tickets/{ticketId}/messages', params: TicketParams, name: 'Ticket', what: 'a ticket' },
} as const;
const subjectOf = (kind: ThreadSubject['kind'], params: object): ThreadSubject => ({ kind, id: String(Object.values(params)[0]) });
const ABSENT = pick(SUPPORT_PROBLEMS, 'support.order_not_found', 'support.ticket_not_found', 'support.not_permitted');

export const conversationRoutes = (support: Support): readonly AnyRoute[] => [
  readRoute(support, 'order'),
  readRoute(support, 'ticket'),
  receiptRoute(support, 'order'),
  receiptRoute(support, 'ticket'),
  route({
    method: 'post',
    path: ABOUT.order.path,
    operationId: 'postOrderMessage',
    tag: 'Support',
    summary: 'Write to whoever has to do with an order',
    description: 'Its customer, its rider and whoever sees the orders of its restaurant read and write, up to a week after it has ended.',
    access: 'authenticated',
    params: OrderParams,
    body: PostBody,
    status: 201,
    response: MessageView,
    example: { body: { text: MESSAGE_EXAMPLE.text, clientId: 'phone-1-0042' }, response: MESSAGE_EXAMPLE },
    problems: pick(SUPPORT_PROBLEMS, 'support.order_not_found', 'support.conversation_over'),
    async handle({ params, body: { text, clientId = null } }, { actor }) {
      const posted = await support.postOrderMessage({ ...params, text, clientId }, actor);
      return posted.ok ? ok(messageView(posted.value, { accountId: posted.value.authorId, side: posted.value.side })) : posted;
    },
  }),
  route({
    method: 'get',
    path: '/me/conversations',
    operationId: 'listMyConversations',
    tag: 'Support',
    summary: 'List the conversations about your orders, the one with the newest message first',
    access: 'authenticated',
    query: PageQuery,
    status: 200,
    response: pageView(ThreadView),
    example: { response: { data: [THREAD_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { query }) => link('/me/conversations', page, query),
    async handle({ query }, { actor }) {
      const accountId = actor.kind === 'account' ? actor.accountId : '';
      const { data, next } = await support.threadsOfCustomer(accountId, pageRequest(query));
      return ok({ data: data.map((thread) => threadView(thread, accountId)), next });
    },
  }),
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/conversations',
    operationId: 'listConversations',
    tag: 'Support',
    summary: 'List the conversations about the orders of a restaurant, the one with the newest message first',
    access: { permission: 'orders:read', in: 'restaurant' },
    params: RestaurantParams,
    query: PageQuery,
    status: 200,
    response: pageView(ThreadView),
    example: { response: { data: [THREAD_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { params, query }) => link(`/restaurants/${params.restaurantId}/conversations`, page, query),
    async handle({ params, query }, { actor }) {
      const { data, next } = await support.threadsOfRestaurant(params.restaurantId, pageRequest(query));
      return ok({ data: data.map((thread) => threadView(thread, actor.kind === 'account' ? actor.accountId : '')), next });
    },
  }),
];

const readRoute = (support: Support, kind: ThreadSubject['kind']): AnyRoute =>
  route({
    method: 'get',
    path: ABOUT[kind].path,
    operationId: `list${ABOUT[kind].name}Messages`,
    tag: 'Support',
    summary: `Read what was said about ${ABOUT[kind].what}`,
    description: 'In the order it was said: the newest messages, those `before` a number, or what came `after` the last one you have.',
    access: 'authenticated',
    params: ABOUT[kind].params as z.ZodObject,
    query: StretchQuery,
    status: 200,
    response: ConversationView,
    example: { response: CONVERSATION_EXAMPLE },
    problems: ABSENT,
    async handle({ params, query: { limit, ...bounds } }, { actor }) {
      const found = await support.conversation(subjectOf(kind, params), { limit, ...given(bounds) }, actor);
      return found.ok ? ok(conversationView(found.value)) : found;
    },
  });

const receiptRoute = (support: Support, kind: ThreadSubject['kind']): AnyRoute =>
  route({
    method: 'put',
    path: `${ABOUT[kind].path}/receipt`,
    operationId: `mark${ABOUT[kind].name}MessagesRead`,
    tag: 'Support',
    summary: `Say how far you have read what was said about ${ABOUT[kind].what}`,
    access: 'authenticated',
    params: ABOUT[kind].params as z.ZodObject,
    body: ReceiptBody,
    status: 204,
    response: z.undefined(),
    example: { body: { seq: 4 }, response: undefined },
    problems: { ...ABSENT, ...pick(SUPPORT_PROBLEMS, 'support.nothing_to_read') },
    handle: ({ params, body }, { actor }) => support.markRead({ subject: subjectOf(kind, params), ...body }, actor),
  });
