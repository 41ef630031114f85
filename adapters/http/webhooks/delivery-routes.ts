import { z } from 'zod';
import type { Webhooks } from '#application/webhooks/module.ts';
import { err, ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { given, Id, Instant, link, PageQuery, pageRequest, pageView } from '../schemas.ts';
import { READ, WebhookParams, WRITE } from './endpoint-routes.ts';
import { DELIVERY_EXAMPLE, REPLAYED_EXAMPLE, SUMMARY_EXAMPLE, TEST_EXAMPLE } from './examples.ts';
import { WEBHOOKS_PROBLEMS } from './problems.ts';
import { DeliveryStatusName, DeliverySummaryView, DeliveryView, deliverySummaryView, deliveryView } from './views.ts';

const DeliveryParams = WebhookParams.extend({ deliveryId: Id });
const DeliveryQuery = PageQuery.extend({ status: DeliveryStatusName.optional() });
const ReplayBody = z.strictObject({ from: Instant, to: Instant }).meta({ description: 'When they were queued: from, until before.' });
const ReplayedView = z.object({
  replayed: z.int(),
  hasMore: z.boolean().meta({ description: 'Whether to ask again, for the rest of the range.' }),
});

const missing = (code: 'webhooks.endpoint_not_found' | 'webhooks.delivery_not_found') => err({ code });

export const deliveryRoutes = (webhooks: Webhooks): readonly AnyRoute[] => [
  route({
    method: 'post',
    path: '/restaurants/{restaurantId}/webhooks/{webhookId}/test',
    operationId: 'testWebhook',
    tag: 'Webhooks',
    summary: 'Send a test event now, and show what came of it',
    description: 'The event is `webhook.test`. It is sent once, also to a webhook that is disabled, and the answer waits for it: up to 15 seconds.',
    access: WRITE,
    params: WebhookParams,
    status: 200,
    response: DeliveryView,
    example: { response: TEST_EXAMPLE },
    problems: pick(WEBHOOKS_PROBLEMS, 'webhooks.endpoint_not_found'),
    async handle({ params: { restaurantId, webhookId } }, { actor }) {
      const tested = await webhooks.testEndpoint({ restaurantId, endpointId: webhookId }, actor);
      return tested.ok ? ok(deliveryView(tested.value)) : tested;
    },
  }),
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/webhooks/{webhookId}/deliveries',
    operationId: 'listWebhookDeliveries',
    tag: 'Webhooks',
    summary: 'List what was sent to a webhook, newest first',
    description: 'Deliveries are kept for thirty days.',
    access: READ,
    params: WebhookParams,
    query: DeliveryQuery,
    status: 200,
    response: pageView(DeliverySummaryView),
    example: { response: { data: [SUMMARY_EXAMPLE], next: null } },
    problems: pick(WEBHOOKS_PROBLEMS, 'webhooks.endpoint_not_found'),
    replyHeaders: (page, { params, query }) => link(`/restaurants/${params.restaurantId}/webhooks/${params.webhookId}/deliveries`, page, query),
    async handle({ params: { restaurantId, webhookId }, query: { status, ...query } }) {
      if (!(await webhooks.endpoint(restaurantId, webhookId))) return err({ code: 'webhooks.endpoint_not_found' });
      const { data, next } = await webhooks.deliveries(restaurantId, webhookId, given({ status }), pageRequest(query));
      return ok({ data: data.map(deliverySummaryView), next });
    },
  }),
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/webhooks/{webhookId}/deliveries/{deliveryId}',
    operationId: 'getWebhookDelivery',
    tag: 'Webhooks',
    summary: 'Read a delivery with its body and its attempts',
    access: READ,
    params: DeliveryParams,
    status: 200,
    response: DeliveryView,
    example: { response: DELIVERY_EXAMPLE },
    problems: pick(WEBHOOKS_PROBLEMS, 'webhooks.endpoint_not_found', 'webhooks.delivery_not_found'),
    async handle({ params: { restaurantId, webhookId, deliveryId } }) {
      const endpoint = await webhooks.endpoint(restaurantId, webhookId);
      const found = endpoint && (await webhooks.delivery(restaurantId, webhookId, deliveryId));
      return found ? ok(deliveryView(found)) : missing(endpoint ? 'webhooks.delivery_not_found' : 'webhooks.endpoint_not_found');
    },
  }),
  route({
    method: 'post',
    path: '/restaurants/{restaurantId}/webhooks/{webhookId}/deliveries/{deliveryId}/replay',
    operationId: 'replayWebhookDelivery',
    tag: 'Webhooks',
    summary: 'Send a delivery again',
    description: 'The same body under the same `webhook-id`, with all its attempts before it.',
    access: WRITE,
    params: DeliveryParams,
    status: 202,
    response: DeliveryView,
    example: { response: REPLAYED_EXAMPLE },
    problems: pick(
      WEBHOOKS_PROBLEMS,
      'webhooks.endpoint_not_found',
      'webhooks.delivery_not_found',
      'webhooks.endpoint_disabled',
      'webhooks.delivery_under_way',
      'webhooks.too_many_replays',
    ),
    async handle({ params: { restaurantId, webhookId, deliveryId } }, { actor }) {
      const replayed = await webhooks.replayDelivery({ restaurantId, endpointId: webhookId, deliveryId }, actor);
      return replayed.ok ? ok(deliveryView(replayed.value)) : replayed;
    },
  }),
  route({
    method: 'post',
    path: '/restaurants/{restaurantId}/webhooks/{webhookId}/replays',
    operationId: 'replayFailedWebhookDeliveries',
    tag: 'Webhooks',
    summary: 'Send again what failed in a stretch of time',
    description: 'The oldest first, 500 for each request.',
    access: WRITE,
    params: WebhookParams,
    body: ReplayBody,
    status: 202,
    response: ReplayedView,
    example: { body: { from: '2026-11-20T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z' }, response: { replayed: 17, hasMore: false } },
    problems: pick(WEBHOOKS_PROBLEMS, 'webhooks.endpoint_not_found', 'webhooks.endpoint_disabled'),
    handle: ({ params: { restaurantId, webhookId }, body: { from, to } }, { actor }) =>
      webhooks.replayFailed({ restaurantId, endpointId: webhookId, from: Date.parse(from), to: Date.parse(to) }, actor),
  }),
];
