import { z } from 'zod';
import type { Webhooks } from '#application/webhooks/module.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, route } from '../route.ts';
import { deliveryRoutes } from './delivery-routes.ts';
import { endpointRoutes } from './endpoint-routes.ts';
import { EVENT_DESCRIPTIONS } from './event-schemas.ts';

const loose = (description: string) => z.record(z.string(), z.unknown()).meta({ additionalProperties: true, description });
const EventsView = z.object({
  data: z.array(
    z.object({
      type: z.string(),
      summary: z.string(),
      schema: loose('JSON Schema of the body'),
      example: loose('A whole body'),
    }),
  ),
});

const described = (): z.input<typeof EventsView>['data'] =>
  EVENT_DESCRIPTIONS.map(({ type, summary, schema, example }) => ({
    type,
    summary,
    schema: z.toJSONSchema(schema, { io: 'input' }) as Record<string, unknown>,
    example,
  }));

export const webhookRoutes = (webhooks: Webhooks): readonly AnyRoute[] => [
  ...endpointRoutes(webhooks),
  ...deliveryRoutes(webhooks),
  route({
    method: 'get',
    path: '/webhook-events',
    operationId: 'listWebhookEvents',
    tag: 'Webhooks',
    summary: 'List the types of events that webhooks can be told of',
    description: 'What a body has may grow: ignore what you do not know.',
    access: 'public',
    status: 200,
    response: EventsView,
    example: { response: { data: described().slice(1, 2) } },
    problems: {},
    handle: async () => ok({ data: described() }),
  }),
];
