import { z } from 'zod';
import type { Operations } from '#application/platform/module.ts';
import type { Clock } from '#application/shared/ports.ts';
import { may } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { Id, Instant, link, PageQuery, pageRequest } from '../schemas.ts';
import { CountsView, EVENT_EXAMPLE, EventShape, EventsView, eventView, REPLAY_EXAMPLE, ReplaysView, ReplayView, replayView } from './event-views.ts';
import { PLATFORM_PROBLEMS } from './problems.ts';

const READ = { tag: 'Event log', access: { permission: 'platform:read', in: 'platform' }, method: 'get', status: 200 } as const;
const DAY_MS = 86_400_000;

export const EventType = z.string().regex(/^[a-z_]{1,40}\.[a-z_]{1,80}$/, 'a type such as ordering.order_placed');
const SearchQuery = PageQuery.extend({
  type: EventType.optional(),
  stream: z
    .string()
    .regex(/^[\w:.-]{1,200}$/, 'a stream such as order:<id>')
    .optional(),
  restaurantId: Id.optional(),
  actor: z
    .string()
    .regex(/^[\w:.-]{1,120}$/, 'an actor such as account:<id>')
    .optional(),
  from: Instant.optional(),
  to: Instant.optional(),
});
const instantOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Date.parse(text));

export const eventRoutes = (operations: Operations, clock: Clock): readonly AnyRoute[] => [
  route({
    ...READ,
    path: '/admin/events',
    operationId: 'searchEvents',
    summary: 'Search the event log, newest first',
    description: 'Everything that ever happened, of all restaurants. The facts of events may be personal: they take the permission platform:data.',
    limiter: 'search',
    query: SearchQuery,
    response: EventsView,
    example: { response: { data: [EVENT_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { query }) => link('/admin/events', page, query),
    async handle({ query: { type, stream, restaurantId, actor, from, to, ...query } }, caller) {
      const search = { type, stream, restaurantId, actor, from: instantOf(from), to: instantOf(to) };
      const { data, next } = await operations.searchEvents(search, pageRequest(query));
      return ok({ data: data.map((event) => eventView(event, may(caller.actor, 'platform:data'))), next });
    },
  }),
  route({
    ...READ,
    path: '/admin/events/statistics',
    operationId: 'countEvents',
    summary: 'Count the events of each type',
    limiter: 'search',
    query: z.strictObject({
      days: z.coerce.number().int().min(1).max(31).default(1).meta({ description: 'How many days back from now.' }),
    }),
    response: CountsView,
    example: { response: { data: [{ type: EVENT_EXAMPLE.type, count: 42, lastAt: EVENT_EXAMPLE.recordedAt }] } },
    problems: {},
    handle: async ({ query: { days } }) => ok({ data: [...(await operations.countEvents(clock.now() - days * DAY_MS))] }),
  }),
  route({
    ...READ,
    path: '/admin/events/{eventId}',
    operationId: 'readEvent',
    summary: 'Read an event',
    params: z.object({ eventId: Id }),
    response: EventShape,
    example: { response: EVENT_EXAMPLE },
    problems: pick(PLATFORM_PROBLEMS, 'platform.event_not_found'),
    async handle({ params: { eventId } }, { actor }) {
      const found = await operations.findEvent(eventId);
      return found.ok ? ok(eventView(found.value, may(actor, 'platform:data'))) : found;
    },
  }),
  route({
    ...READ,
    path: '/admin/events/replays',
    operationId: 'listReplays',
    summary: 'List the latest replays of a part of the log',
    query: z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(20) }),
    response: ReplaysView,
    example: { response: { data: [REPLAY_EXAMPLE] } },
    problems: {},
    handle: async ({ query: { limit } }) => ok({ data: (await operations.replays(limit)).map(replayView) }),
  }),
  route({
    ...READ,
    path: '/admin/events/replays/{replayId}',
    operationId: 'readReplay',
    summary: 'Read how far a replay has come',
    params: z.object({ replayId: Id }),
    response: ReplayView,
    example: { response: REPLAY_EXAMPLE },
    problems: pick(PLATFORM_PROBLEMS, 'platform.replay_not_found'),
    async handle({ params: { replayId } }) {
      const found = await operations.findReplay(replayId);
      return found.ok ? ok(replayView(found.value)) : found;
    },
  }),
];
