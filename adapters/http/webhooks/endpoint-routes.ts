import { z } from 'zod';
import type { Webhooks } from '#application/webhooks/module.ts';
import { err, ok } from '#domain/shared/result.ts';
import { DESCRIPTION_MAX, OVERLAP_MAX_HOURS, URL_MAX } from '#domain/webhooks/endpoint.ts';
import { EVENT_TYPES_MAX } from '#domain/webhooks/event-types.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { etag, given, Id, link, PageQuery, pageRequest, pageView, RestaurantParams } from '../schemas.ts';
import { ENDPOINT_BODY, ENDPOINT_EXAMPLE, SECRET_EXAMPLE } from './examples.ts';
import { WEBHOOKS_PROBLEMS } from './problems.ts';
import { EndpointView, endpointView, WithSecretView } from './views.ts';

export const READ = { permission: 'webhooks:read', in: 'restaurant' } as const;
export const WRITE = { permission: 'webhooks:write', in: 'restaurant' } as const;
export const WebhookParams = RestaurantParams.extend({ webhookId: Id });

const EventType = z
  .string()
  .max(64)
  .regex(/^(\*|[a-z_]+\.(\*|[a-z_]+))$/, 'a type such as order.created, a group such as order.*, or *');
const facts = {
  url: z.string().min(1).max(URL_MAX).meta({ format: 'uri', example: ENDPOINT_BODY.url }),
  eventTypes: z.array(EventType).min(1).max(EVENT_TYPES_MAX).meta({ description: 'What it is told of; GET /webhook-events lists the types.' }),
  description: z.string().max(DESCRIPTION_MAX),
};
const AddBody = z.strictObject({ ...facts, description: facts.description.default('') });
const ChangeBody = z.strictObject(facts).partial();
const RotateBody = z.strictObject({
  overlapHours: z
    .int()
    .min(0)
    .max(OVERLAP_MAX_HOURS)
    .default(24)
    .meta({ description: 'For how long deliveries are signed with the old secret as well; 0 when it has leaked.' }),
});

const NOT_FOUND = pick(WEBHOOKS_PROBLEMS, 'webhooks.endpoint_not_found');
const MOVING = pick(WEBHOOKS_PROBLEMS, 'webhooks.endpoint_not_found', 'webhooks.illegal_transition');
const HOW = `Every event is a POST of JSON, signed by [Standard Webhooks](https://www.standardwebhooks.com) in \`webhook-id\`, \`webhook-timestamp\` and \`webhook-signature\`. Answer with any 2xx within 15 seconds, and do your work afterwards. Anything else is tried again for three days, ten times in all, and no sooner than \`Retry-After\` asks; 410 disables the webhook, and so does failing for three days. Owners and managers are told of it, by mail and in the app. Redirects are not followed. An event may come twice, with the same \`webhook-id\`, and events may come in any order.`;

const endpointKey = ({ restaurantId, webhookId }: z.output<typeof WebhookParams>) => ({ restaurantId, endpointId: webhookId });

export const endpointRoutes = (webhooks: Webhooks): readonly AnyRoute[] => [
  route({
    method: 'post',
    path: '/restaurants/{restaurantId}/webhooks',
    operationId: 'addWebhook',
    tag: 'Webhooks',
    summary: 'Have events of the restaurant sent to an address',
    description: `${HOW}\n\nThe answer is the only place where its secret is ever shown.`,
    access: WRITE,
    params: RestaurantParams,
    body: AddBody,
    status: 201,
    response: WithSecretView,
    example: { body: ENDPOINT_BODY, response: { ...ENDPOINT_EXAMPLE, secret: SECRET_EXAMPLE } },
    problems: pick(WEBHOOKS_PROBLEMS, 'webhooks.url_refused', 'webhooks.too_many_endpoints', 'webhooks.event_type_unknown'),
    replyHeaders: etag,
    async handle({ params, body }, { actor }) {
      const added = await webhooks.addEndpoint({ ...params, ...body }, actor);
      return added.ok ? ok({ ...endpointView(added.value.endpoint), secret: added.value.secret }) : added;
    },
  }),
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/webhooks',
    operationId: 'listWebhooks',
    tag: 'Webhooks',
    summary: 'List the webhooks of a restaurant, newest first',
    access: READ,
    params: RestaurantParams,
    query: PageQuery,
    status: 200,
    response: pageView(EndpointView),
    example: { response: { data: [ENDPOINT_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { params, query }) => link(`/restaurants/${params.restaurantId}/webhooks`, page, query),
    async handle({ params, query }) {
      const { data, next } = await webhooks.endpoints(params.restaurantId, pageRequest(query));
      return ok({ data: data.map(endpointView), next });
    },
  }),
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/webhooks/{webhookId}',
    operationId: 'getWebhook',
    tag: 'Webhooks',
    summary: 'Read a webhook, and whether it works',
    access: READ,
    params: WebhookParams,
    status: 200,
    response: EndpointView,
    example: { response: ENDPOINT_EXAMPLE },
    problems: NOT_FOUND,
    replyHeaders: etag,
    async handle({ params }) {
      const found = await webhooks.endpoint(params.restaurantId, params.webhookId);
      return found ? ok(endpointView(found)) : err({ code: 'webhooks.endpoint_not_found' });
    },
  }),
  route({
    method: 'patch',
    path: '/restaurants/{restaurantId}/webhooks/{webhookId}',
    operationId: 'changeWebhook',
    tag: 'Webhooks',
    summary: 'Change where a webhook goes, or what it is told of',
    description: 'What waits to be sent goes to the new address as well. Its secret stays.',
    access: WRITE,
    params: WebhookParams,
    body: ChangeBody,
    status: 200,
    response: EndpointView,
    example: { body: { eventTypes: ['*'] }, response: { ...ENDPOINT_EXAMPLE, eventTypes: ['*'], version: 2 } },
    problems: pick(
      WEBHOOKS_PROBLEMS,
      'webhooks.endpoint_not_found',
      'webhooks.url_refused',
      'webhooks.event_type_unknown',
      'webhooks.changed_meanwhile',
    ),
    replyHeaders: etag,
    async handle({ params, body }, { actor, ifMatch }) {
      const changed = await webhooks.changeEndpoint({ ...endpointKey(params), changes: given(body), expectedVersion: ifMatch }, actor);
      return changed.ok ? ok(endpointView(changed.value)) : changed;
    },
  }),
  route({
    method: 'delete',
    path: '/restaurants/{restaurantId}/webhooks/{webhookId}',
    operationId: 'deleteWebhook',
    tag: 'Webhooks',
    summary: 'Delete a webhook',
    description: 'Nothing more is sent to it, and its secrets are forgotten.',
    access: WRITE,
    params: WebhookParams,
    status: 204,
    response: z.undefined(),
    example: { response: undefined },
    problems: MOVING,
    async handle({ params }, { actor }) {
      const deleted = await webhooks.deleteEndpoint(endpointKey(params), actor);
      return deleted.ok ? ok(undefined) : deleted;
    },
  }),
  ...moveRoutes(webhooks),
  route({
    method: 'post',
    path: '/restaurants/{restaurantId}/webhooks/{webhookId}/secret-rotation',
    operationId: 'rotateWebhookSecret',
    tag: 'Webhooks',
    summary: 'Give a webhook a new secret',
    description:
      'Until the overlap ends, every delivery carries two signatures, so that receivers can change when they like. A secret that was older than both signs no more. The answer is the only place where the new one is shown.',
    access: WRITE,
    params: WebhookParams,
    body: RotateBody,
    status: 200,
    response: WithSecretView,
    example: {
      body: { overlapHours: 24 },
      response: { ...ENDPOINT_EXAMPLE, oldSecretEndsAt: '2026-11-22T10:30:00.000Z', version: 2, secret: SECRET_EXAMPLE },
    },
    problems: NOT_FOUND,
    replyHeaders: etag,
    async handle({ params, body }, { actor }) {
      const rotated = await webhooks.rotateSecret({ ...endpointKey(params), ...body }, actor);
      return rotated.ok ? ok({ ...endpointView(rotated.value.endpoint), secret: rotated.value.secret }) : rotated;
    },
  }),
];

/** Turning it on and off differ in little. */
function moveRoutes(webhooks: Webhooks): readonly AnyRoute[] {
  const moves = [
    {
      noun: 'activation',
      operationId: 'activateWebhook',
      summary: 'Enable a webhook',
      description: 'What it missed while it was disabled for failing can be replayed.',
      move: webhooks.enableEndpoint,
      example: ENDPOINT_EXAMPLE,
    },
    {
      noun: 'deactivation',
      operationId: 'deactivateWebhook',
      summary: 'Disable a webhook',
      description: 'What happens meanwhile is not kept for it, and what waits fails.',
      move: webhooks.disableEndpoint,
      example: { ...ENDPOINT_EXAMPLE, status: 'disabled', disabledFor: 'owner' },
    },
  ];
  return moves.map(({ noun, operationId, summary, description, move, example }) =>
    route({
      method: 'post',
      path: `/restaurants/{restaurantId}/webhooks/{webhookId}/${noun}`,
      operationId,
      tag: 'Webhooks',
      summary,
      description,
      access: WRITE,
      params: WebhookParams,
      status: 200,
      response: EndpointView,
      example: { response: { ...example, version: 2 } },
      problems: MOVING,
      replyHeaders: etag,
      async handle({ params }, { actor }) {
        const moved = await move(endpointKey(params), actor);
        return moved.ok ? ok(endpointView(moved.value)) : moved;
      },
    }),
  );
}
