import { z } from 'zod';
import { DELIVERY_STATUSES, type Delivery, EXCERPT_MAX, SEND_FAULTS } from '#domain/webhooks/delivery.ts';
import { ENDPOINT_STATUSES, type Endpoint } from '#domain/webhooks/endpoint.ts';
import { DELIVERY_FAILURES, DISABLE_REASONS } from '#domain/webhooks/events.ts';
import { Id, InstantView } from '../schemas.ts';

export const DeliveryStatusName = z.enum(DELIVERY_STATUSES);
const LIVE_STATUSES = ENDPOINT_STATUSES.filter((status) => status !== 'deleted');

export const EndpointView = z.object({
  id: Id,
  restaurantId: Id,
  url: z.string(),
  description: z.string(),
  eventTypes: z.array(z.string()),
  status: z.enum(LIVE_STATUSES),
  disabledFor: z
    .enum(DISABLE_REASONS)
    .nullable()
    .meta({ description: 'Its `owner` turned it off, every attempt was `failing` for three days, or it answered 410: it is `gone`.' }),
  failingSince: InstantView.nullable().meta({ description: 'Since when every attempt has failed; null while it works.' }),
  oldSecretEndsAt: InstantView.nullable().meta({ description: 'Until when deliveries are signed with the secret before this one as well.' }),
  createdAt: InstantView,
  version: z.int(),
});
export const WithSecretView = EndpointView.extend({
  secret: z.string().meta({ description: 'Shown this once. What deliveries are signed with, by Standard Webhooks.' }),
});

const AttemptView = z.object({
  at: InstantView,
  durationMs: z.int(),
  statusCode: z.int().nullable().meta({ description: 'Null when there was no answer.' }),
  fault: z.enum(SEND_FAULTS).nullable(),
  excerpt: z.string().meta({ description: `The first ${EXCERPT_MAX} characters of the answer, where it was text.` }),
});
export const DeliverySummaryView = z.object({
  id: Id.meta({ description: 'The `webhook-id` it is sent with.' }),
  webhookId: Id,
  eventType: z.string(),
  status: DeliveryStatusName,
  failure: z.enum(DELIVERY_FAILURES).nullable(),
  attempts: z.int(),
  replays: z.int(),
  lastAttempt: AttemptView.nullable(),
  nextAttemptAt: InstantView.nullable(),
  queuedAt: InstantView,
});
export const DeliveryView = DeliverySummaryView.extend({
  body: z.string().meta({ description: 'Every byte that is sent.' }),
  history: z.array(AttemptView).meta({ description: 'The newest attempts, newest first.' }),
});

/** No secret is in it, sealed or not. */
export function endpointView({ secrets, ...endpoint }: Endpoint): z.input<typeof EndpointView> {
  const { status, eventTypes } = endpoint;
  return {
    ...endpoint,
    eventTypes: [...eventTypes],
    status: status === 'enabled' ? status : 'disabled',
    oldSecretEndsAt: secrets[1]?.endsAt ?? null,
  };
}

export const deliverySummaryView = ({ endpointId, history, dueAt, ...delivery }: Delivery): z.input<typeof DeliverySummaryView> => ({
  ...delivery,
  webhookId: endpointId,
  lastAttempt: history[0] ?? null,
  nextAttemptAt: delivery.status === 'waiting' ? dueAt : null,
});

export const deliveryView = (delivery: Delivery): z.input<typeof DeliveryView> => ({
  ...deliverySummaryView(delivery),
  body: delivery.body,
  history: [...delivery.history],
});
