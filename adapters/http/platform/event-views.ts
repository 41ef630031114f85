import { z } from 'zod';
import type { EventView } from '#application/platform/events.ts';
import { type RangeReplay, REPLAY_STATUSES } from '#application/platform/range-replays.ts';
import { Id, InstantView, pageView } from '../schemas.ts';

export const EventShape = z.object({
  id: Id,
  position: z.string(),
  type: z.string(),
  stream: z.string(),
  version: z.int(),
  restaurantId: Id.nullable(),
  actor: z.string(),
  recordedAt: InstantView,
  traceId: z.string().nullable(),
  data: z
    .record(z.string(), z.unknown())
    .meta({ additionalProperties: true, description: 'The facts, as its type has them; null for those without the permission platform:data.' })
    .nullable(),
});
export const EventsView = pageView(EventShape);
export const CountsView = z.object({ data: z.array(z.object({ type: z.string(), count: z.int(), lastAt: InstantView })) });

export const SubscriptionsView = z.object({
  data: z.array(
    z.object({
      name: z.string(),
      isUrgent: z.boolean().meta({ description: 'It goes first, and never waits for one that is not.' }),
      behind: z.int().meta({ description: 'How many events it has yet to read.' }),
      lagSeconds: z.number(),
      retrying: z.int(),
      parked: z.int().meta({ description: 'How many events it could not take in eight attempts.' }),
    }),
  ),
});

export const RetriesView = z.object({
  data: z.array(
    z.object({
      eventId: Id,
      type: z.string(),
      position: z.string(),
      isReplay: z.boolean(),
      attempts: z.int(),
      dueAt: InstantView,
      isParked: z.boolean(),
      lastError: z.string(),
    }),
  ),
  next: z.string().nullable(),
});

export const ReplayView = z.object({
  id: Id,
  subscription: z.string(),
  fromPosition: z.string(),
  toPosition: z.string(),
  types: z.array(z.string()).nullable(),
  handled: z.int(),
  status: z.enum(REPLAY_STATUSES),
  requestedBy: z.string(),
  requestedAt: InstantView,
  endedAt: InstantView.nullable(),
  lastError: z.string().nullable(),
});
export const ReplaysView = z.object({ data: z.array(ReplayView) });

/** Facts may be personal: not everybody who sees that an event is there sees what it says. */
export function eventView({ data: { type, ...data }, traceId, ...event }: EventView, maySeeData: boolean): z.input<typeof EventShape> {
  return { ...event, traceId: traceId ?? null, type, data: maySeeData ? data : null };
}
export const replayView = ({ types, ...replay }: RangeReplay): z.input<typeof ReplayView> => ({
  ...replay,
  types: types === null ? null : [...types],
});

export const EVENT_EXAMPLE = {
  id: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10',
  position: '4711',
  type: 'ordering.order_accepted',
  stream: 'order:019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a0f',
  version: 2,
  restaurantId: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a11',
  actor: 'account:019a9f3f-02aa-7a58-8d0e-6c5b0e3f9d21',
  recordedAt: '2026-11-21T10:30:00.000Z',
  traceId: '0af7651916cd43dd8448eb211c80319c',
  data: { orderId: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a0f' },
};
export const RETRY_EXAMPLE = {
  eventId: EVENT_EXAMPLE.id,
  type: EVENT_EXAMPLE.type,
  position: '4711',
  isReplay: false,
  attempts: 8,
  dueAt: '2026-11-21T10:32:08.000Z',
  isParked: true,
  lastError: 'no such restaurant',
};
export const REPLAY_EXAMPLE = {
  id: '019a9f3f-02aa-7a58-8d0e-6c5b0e3f9d21',
  subscription: 'order-history',
  fromPosition: '4000',
  toPosition: '4711',
  types: null,
  handled: 0,
  status: 'running',
  requestedBy: EVENT_EXAMPLE.actor,
  requestedAt: '2026-11-21T10:30:00.000Z',
  endedAt: null,
  lastError: null,
};
