import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { Delivery } from '#domain/webhooks/delivery.ts';
import type { WebhooksErrorOf } from '#domain/webhooks/errors.ts';
import { saved } from './add-endpoint.ts';
import type { EndpointKey } from './change-endpoint.ts';
import type { WebhooksDeps } from './ports.ts';

/** How many deliveries one request replays at the most. */
export const REPLAY_BATCH = 500;

type Refusal = 'webhooks.endpoint_not_found' | 'webhooks.endpoint_disabled';

export const replayDelivery =
  ({ uow, clock }: Pick<WebhooksDeps, 'uow' | 'clock'>) =>
  (
    { restaurantId, endpointId, deliveryId }: EndpointKey & { readonly deliveryId: string },
    actor: Actor,
  ): Promise<
    Result<Delivery, WebhooksErrorOf<Refusal | 'webhooks.delivery_not_found' | 'webhooks.delivery_under_way' | 'webhooks.too_many_replays'>>
  > =>
    uow.run(actor, async ({ endpoints, deliveries }) => {
      const endpoint = await endpoints.find(restaurantId, endpointId);
      if (!endpoint) return err({ code: 'webhooks.endpoint_not_found' });
      const delivery = await deliveries.lock(restaurantId, endpointId, deliveryId);
      if (!delivery) return err({ code: 'webhooks.delivery_not_found' });
      if (endpoint.status !== 'enabled') return err({ code: 'webhooks.endpoint_disabled' });

      const replayed = Delivery.replay(delivery, clock.now());
      if (!replayed.ok) return replayed;

      await deliveries.save(replayed.value);
      return ok(saved(replayed.value));
    });

/** When they were queued: from the one instant until before the other. */
export type ReplayFailed = EndpointKey & { readonly from: number; readonly to: number };

/** Replays what failed of a stretch of time, the oldest first; whether there may be more tells who asks to ask again. */
export const replayFailed =
  ({ uow, clock }: Pick<WebhooksDeps, 'uow' | 'clock'>) =>
  (
    { restaurantId, endpointId, from, to }: ReplayFailed,
    actor: Actor,
  ): Promise<Result<{ readonly replayed: number; readonly hasMore: boolean }, WebhooksErrorOf<Refusal>>> =>
    uow.run(actor, async ({ endpoints, deliveries }) => {
      const endpoint = await endpoints.find(restaurantId, endpointId);
      if (!endpoint) return err({ code: 'webhooks.endpoint_not_found' });
      if (endpoint.status !== 'enabled') return err({ code: 'webhooks.endpoint_disabled' });

      const found = await deliveries.lockFailed(restaurantId, endpointId, { from, to }, REPLAY_BATCH);
      let replayed = 0;
      for (const delivery of found) {
        const again = Delivery.replay(delivery, clock.now());
        if (!again.ok) continue; // It was replayed as often as anything may be.
        await deliveries.save(again.value);
        replayed++;
      }
      return ok({ replayed, hasMore: found.length === REPLAY_BATCH && replayed > 0 });
    });
