import { z } from 'zod';
import type { Operations } from '#application/platform/module.ts';
import type { Range } from '#application/platform/range-replays.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { Id, Instant, link, Text } from '../schemas.ts';
import { EventType } from './event-routes.ts';
import { EVENT_EXAMPLE, REPLAY_EXAMPLE, RETRY_EXAMPLE, ReplayView, RetriesView, replayView, SubscriptionsView } from './event-views.ts';
import { QueueName } from './job-views.ts';
import { PLATFORM_PROBLEMS } from './problems.ts';

const READ = { tag: 'Event log', access: { permission: 'platform:read', in: 'platform' }, method: 'get', status: 200 } as const;
const OPERATE = { tag: 'Event log', access: { permission: 'platform:operate', in: 'platform' }, method: 'post' } as const;

const SubscriptionParams = z.object({ subscription: QueueName.meta({ example: 'order-history' }) });
const AT = '/admin/events/subscriptions';

const Position = z.string().regex(/^\d{1,18}$/, 'a position of the log, in digits');
/** An end of a range: a position, or an instant. */
const End = z.union([z.strictObject({ position: Position }), z.strictObject({ at: Instant })]).meta({ example: { at: '2026-11-21T00:00:00.000Z' } });
type End = z.output<typeof End>;
const endOf = (end: End | undefined): Range['from'] =>
  end === undefined ? undefined : 'position' in end ? { position: end.position } : { at: Date.parse(end.at) };

const RetriesQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z
    .string()
    .regex(/^\d{20}r?$/, 'what `next` said')
    .optional(),
  parked: z.enum(['true', 'false']).optional().meta({ description: 'Only those that are parked, or only those that are not.' }),
});

export const subscriptionRoutes = (operations: Operations): readonly AnyRoute[] => [
  route({
    ...READ,
    path: AT,
    operationId: 'listSubscriptions',
    summary: 'List what reads the event log, and how far behind it is',
    response: SubscriptionsView,
    example: { response: { data: [{ name: 'order-history', isUrgent: false, behind: 3, lagSeconds: 0.2, retrying: 1, parked: 0 }] } },
    problems: {},
    handle: async () => ok({ data: [...(await operations.subscriptions())] }),
  }),
  route({
    ...READ,
    path: `${AT}/{subscription}/retries`,
    operationId: 'listRetries',
    summary: 'List the events a subscription could not take yet, with the last error of each',
    params: SubscriptionParams,
    query: RetriesQuery,
    response: RetriesView,
    example: { response: { data: [RETRY_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { params, query }) => link(`${AT}/${params.subscription}/retries`, page, query),
    async handle({ params: { subscription }, query: { limit, after, parked } }) {
      const filter = { isParked: parked === undefined ? undefined : parked === 'true' };
      const { data, next } = await operations.retries(subscription, filter, { limit, ...(after !== undefined && { after }) });
      return ok({ data: [...data], next });
    },
  }),
  route({
    ...OPERATE,
    path: `${AT}/{subscription}/unparking`,
    operationId: 'unparkEvents',
    summary: 'Give parked events another eight attempts',
    description: 'Those of one event, or all of them when none is named.',
    params: SubscriptionParams,
    body: z.strictObject({ eventId: Id.optional() }),
    status: 200,
    response: z.object({ unparked: z.int() }),
    example: { body: { eventId: EVENT_EXAMPLE.id }, response: { unparked: 1 } },
    problems: pick(PLATFORM_PROBLEMS, 'platform.subscription_not_found', 'platform.event_not_parked'),
    async handle({ params: { subscription }, body: { eventId } }, { actor }) {
      const done = await operations.unpark(subscription, eventId, actor);
      return done.ok ? ok({ unparked: done.value }) : done;
    },
  }),
  route({
    ...OPERATE,
    path: `${AT}/{subscription}/discards`,
    operationId: 'discardEvent',
    summary: 'Give a parked event up, and say why',
    description: 'The subscription is never handed it again. The event stays in the log, and so does who gave it up.',
    params: SubscriptionParams,
    body: z.strictObject({ eventId: Id, reason: Text(500).min(3) }),
    status: 204,
    response: z.undefined(),
    example: { body: { eventId: EVENT_EXAMPLE.id, reason: 'Its restaurant was closed; nobody waits for it' }, response: undefined },
    problems: pick(PLATFORM_PROBLEMS, 'platform.subscription_not_found', 'platform.event_not_parked'),
    handle: ({ params: { subscription }, body: { eventId, reason } }, { actor }) => operations.discard(subscription, eventId, reason, actor),
  }),
  route({
    ...OPERATE,
    path: `${AT}/{subscription}/replays`,
    operationId: 'replayEvents',
    summary: 'Hand a subscription a part of the log again',
    description:
      'It is told that it is a replay, so it rebuilds what is its own and is silent to the outside. What it reads live goes on meanwhile. Both ends are included; without them it is all it has had.',
    params: SubscriptionParams,
    body: z.strictObject({ from: End.optional(), to: End.optional(), types: z.array(EventType).min(1).max(50).optional() }),
    status: 202,
    response: ReplayView,
    example: { body: { from: { position: '4000' }, to: { position: '4711' } }, response: REPLAY_EXAMPLE },
    problems: pick(PLATFORM_PROBLEMS, 'platform.subscription_not_found', 'platform.nothing_to_replay'),
    replyHeaders: ({ id }) => ({ location: `/admin/events/replays/${id}` }),
    async handle({ params: { subscription }, body: { from, to, types } }, { actor }) {
      const replay = await operations.replayRange(subscription, { from: endOf(from), to: endOf(to), types }, actor);
      return replay.ok ? ok(replayView(replay.value)) : replay;
    },
  }),
];
