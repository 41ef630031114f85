import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { Delivery } from '#domain/webhooks/delivery.ts';
import type { WebhooksErrorOf } from '#domain/webhooks/errors.ts';
import { bodyOf, TEST_EVENT_TYPE } from '#domain/webhooks/public-events.ts';
import { saved } from './add-endpoint.ts';
import type { EndpointKey } from './change-endpoint.ts';
import type { WebhooksDeps } from './ports.ts';

/** Sends an event that means nothing, now and once, and tells what became of it. Also to an endpoint that is disabled. */
export const testEndpoint =
  (
    { uow, queries, clock, ids }: Pick<WebhooksDeps, 'uow' | 'queries' | 'clock' | 'ids'>,
    send: (claimed: Delivery) => Promise<Delivery | undefined>,
  ) =>
  async ({ restaurantId, endpointId }: EndpointKey, actor: Actor): Promise<Result<Delivery, WebhooksErrorOf<'webhooks.endpoint_not_found'>>> => {
    if (!(await queries.endpoint(restaurantId, endpointId))) return err({ code: 'webhooks.endpoint_not_found' });
    const id = ids.next();
    const at = clock.now();
    const body = bodyOf(TEST_EVENT_TYPE, restaurantId, at, { endpointId });
    const queued = Delivery.queue({ id, restaurantId, endpointId, eventId: null, eventType: TEST_EVENT_TYPE, body }, at);
    const claimed = Delivery.claim(queued.state, true, at);
    // Written down as taken, so that nobody else sends it.
    const change = { state: claimed.state, events: [...queued.events, ...claimed.events] };
    await uow.run(actor, async ({ deliveries }) => {
      await deliveries.add([change]);
      return ok(undefined);
    });
    const taken = saved(change);
    return ok((await send(taken)) ?? taken);
  };
