import { z } from 'zod';
import type { Support } from '#application/support/module.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { etag, given, Id, Instant, link, PageQuery, pageRequest, pageView, RestaurantParams } from '../schemas.ts';
import { CANNED_REPLY_BODY, CANNED_REPLY_EXAMPLE, STATISTICS_EXAMPLE, TICKET_EXAMPLE } from './examples.ts';
import { SUPPORT_PROBLEMS } from './problems.ts';
import { CannedReplyShape, CannedReplyView, cannedReplyView, StatisticsView, Status, statisticsView, TicketView, ticketView } from './views.ts';

/** Where tickets are answered: at a restaurant, or on the platform for those that are for no restaurant. */
type Scope = 'platform' | 'restaurant';
const SCOPES = ['platform', 'restaurant'] as const satisfies readonly Scope[];
const NoParams = z.object({});
const pathOf = (scope: Scope, rest: string): string => (scope === 'platform' ? `/support/${rest}` : `/restaurants/{restaurantId}/support/${rest}`);
const paramsOf = (scope: Scope) => (scope === 'platform' ? NoParams : RestaurantParams);
const nameOf = (verb: string, noun: string, scope: Scope): string => `${verb}${scope === 'platform' ? 'Platform' : ''}${noun}`;
const whose = (scope: Scope): string => (scope === 'platform' ? 'the platform' : 'a restaurant');
/** Null on the platform, whose paths name no restaurant. */
const restaurantIn = (params: object): string | null => ('restaurantId' in params ? String(params.restaurantId) : null);

const TicketsQuery = PageQuery.extend({ status: Status.optional(), assigneeId: Id.optional() });
const YEAR_MS = 366 * 86_400_000;
const PeriodQuery = z
  .strictObject({ from: Instant, to: Instant })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to) && Date.parse(to) - Date.parse(from) <= YEAR_MS, {
    path: ['to'],
    message: 'after from, and within a year of it',
  });
const ReplyParams = z.object({ cannedReplyId: Id });
const replyParamsOf = (scope: Scope) => (scope === 'platform' ? ReplyParams : RestaurantParams.extend(ReplyParams.shape));

export const deskRoutes = (support: Support): readonly AnyRoute[] =>
  SCOPES.flatMap((scope) => [
    ticketsRoute(support, scope),
    statisticsRoute(support, scope),
    listRepliesRoute(support, scope),
    writeReplyRoute(support, scope),
    rewriteReplyRoute(support, scope),
    removeReplyRoute(support, scope),
  ]);

const ticketsRoute = (support: Support, scope: Scope): AnyRoute =>
  route({
    method: 'get',
    path: pathOf(scope, 'tickets'),
    operationId: nameOf('list', 'Tickets', scope),
    tag: 'Support',
    summary: `List the tickets for ${whose(scope)}, newest first`,
    access: { permission: 'support:read', in: scope },
    params: paramsOf(scope),
    query: TicketsQuery,
    status: 200,
    response: pageView(TicketView),
    example: { response: { data: [TICKET_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { params, query }) => link(pathOf(scope, 'tickets').replace('{restaurantId}', restaurantIn(params) ?? ''), page, query),
    async handle({ params, query: { status, assigneeId, ...query } }) {
      const { data, next } = await support.tickets(restaurantIn(params), given({ status, assigneeId }), pageRequest(query));
      return ok({ data: data.map(ticketView), next });
    },
  });

const statisticsRoute = (support: Support, scope: Scope): AnyRoute =>
  route({
    method: 'get',
    path: pathOf(scope, 'statistics'),
    operationId: nameOf('get', 'SupportStatistics', scope),
    tag: 'Support',
    summary: `Read how quickly ${whose(scope)} answers`,
    description: 'Of the tickets that were opened in that time, and how many stand where right now.',
    access: { permission: 'support:read', in: scope },
    params: paramsOf(scope),
    query: PeriodQuery,
    status: 200,
    response: StatisticsView,
    example: { response: STATISTICS_EXAMPLE },
    problems: {},
    handle: async ({ params, query: { from, to } }) =>
      ok(statisticsView(await support.statistics(restaurantIn(params), Date.parse(from), Date.parse(to)))),
  });

const listRepliesRoute = (support: Support, scope: Scope): AnyRoute =>
  route({
    method: 'get',
    path: pathOf(scope, 'canned-replies'),
    operationId: nameOf('list', 'CannedReplies', scope),
    tag: 'Support',
    summary: `List the canned replies of ${whose(scope)}`,
    access: { permission: 'support:read', in: scope },
    params: paramsOf(scope),
    status: 200,
    response: z.object({ data: z.array(CannedReplyView), next: z.null() }),
    example: { response: { data: [CANNED_REPLY_EXAMPLE], next: null } },
    problems: {},
    handle: async ({ params }) => ok({ data: (await support.cannedReplies(restaurantIn(params))).map(cannedReplyView), next: null }),
  });

const writeReplyRoute = (support: Support, scope: Scope): AnyRoute =>
  route({
    method: 'post',
    path: pathOf(scope, 'canned-replies'),
    operationId: nameOf('write', 'CannedReply', scope),
    tag: 'Support',
    summary: `Keep a reply that is given again and again at ${whose(scope)}`,
    description: '`{customer}` and `{order}` in its text are filled in when it is used.',
    access: { permission: 'support:write', in: scope },
    params: paramsOf(scope),
    body: CannedReplyShape,
    status: 201,
    response: CannedReplyView,
    example: { body: CANNED_REPLY_BODY, response: CANNED_REPLY_EXAMPLE },
    problems: pick(SUPPORT_PROBLEMS, 'support.too_many_canned_replies'),
    replyHeaders: etag,
    async handle({ params, body }, { actor }) {
      const written = await support.writeCannedReply({ restaurantId: restaurantIn(params), reply: body }, actor);
      return written.ok ? ok(cannedReplyView(written.value)) : written;
    },
  });

const rewriteReplyRoute = (support: Support, scope: Scope): AnyRoute =>
  route({
    method: 'put',
    path: pathOf(scope, 'canned-replies/{cannedReplyId}'),
    operationId: nameOf('rewrite', 'CannedReply', scope),
    tag: 'Support',
    summary: `Change a canned reply of ${whose(scope)}`,
    access: { permission: 'support:write', in: scope },
    params: replyParamsOf(scope),
    body: CannedReplyShape,
    status: 200,
    response: CannedReplyView,
    example: { body: CANNED_REPLY_BODY, response: { ...CANNED_REPLY_EXAMPLE, version: 2 } },
    problems: pick(SUPPORT_PROBLEMS, 'support.canned_reply_not_found', 'support.changed_meanwhile'),
    replyHeaders: etag,
    async handle({ params, body }, { actor, ifMatch }) {
      const command = { restaurantId: restaurantIn(params), cannedReplyId: params.cannedReplyId, reply: body, expectedVersion: ifMatch };
      const rewritten = await support.rewriteCannedReply(command, actor);
      return rewritten.ok ? ok(cannedReplyView(rewritten.value)) : rewritten;
    },
  });

const removeReplyRoute = (support: Support, scope: Scope): AnyRoute =>
  route({
    method: 'delete',
    path: pathOf(scope, 'canned-replies/{cannedReplyId}'),
    operationId: nameOf('remove', 'CannedReply', scope),
    tag: 'Support',
    summary: `Remove a canned reply of ${whose(scope)}`,
    access: { permission: 'support:write', in: scope },
    params: replyParamsOf(scope),
    status: 204,
    response: z.undefined(),
    example: { response: undefined },
    problems: pick(SUPPORT_PROBLEMS, 'support.canned_reply_not_found'),
    handle: ({ params }, { actor }) => support.removeCannedReply({ restaurantId: restaurantIn(params), cannedReplyId: params.cannedReplyId }, actor),
  });
