import { addEndpoint } from './add-endpoint.ts';
import { changeEndpoint } from './change-endpoint.ts';
import { moveEndpoint } from './move-endpoint.ts';
import type { WebhooksDeps } from './ports.ts';
import { replayDelivery, replayFailed } from './replay-delivery.ts';
import { rotateSecret } from './rotate-secret.ts';
import { sendDelivery } from './send-delivery.ts';
import { testEndpoint } from './test-endpoint.ts';

/** Everything the outside may ask about webhooks. */
export const createWebhooks = (deps: WebhooksDeps) => ({
  addEndpoint: addEndpoint(deps),
  changeEndpoint: changeEndpoint(deps),
  enableEndpoint: moveEndpoint(deps, 'enable'),
  disableEndpoint: moveEndpoint(deps, 'disable'),
  deleteEndpoint: moveEndpoint(deps, 'remove'),
  rotateSecret: rotateSecret(deps),
  testEndpoint: testEndpoint(deps, sendDelivery(deps)),
  replayDelivery: replayDelivery(deps),
  replayFailed: replayFailed(deps),
  endpoint: deps.queries.endpoint,
  endpoints: deps.queries.endpoints,
  delivery: deps.queries.delivery,
  deliveries: deps.queries.deliveries,
});
export type Webhooks = ReturnType<typeof createWebhooks>;
