import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { Endpoint } from '#domain/webhooks/endpoint.ts';
import type { WebhooksErrorOf } from '#domain/webhooks/errors.ts';
import { saved } from './add-endpoint.ts';
import type { EndpointKey } from './change-endpoint.ts';
import type { WebhooksDeps } from './ports.ts';

const MOVES = {
  enable: Endpoint.enable,
  disable: (endpoint: Endpoint, at: number) => Endpoint.disable(endpoint, 'owner', at),
  remove: Endpoint.remove,
} as const;

/** Enables, disables or deletes an endpoint. What waits for one that is not enabled fails when its time comes. */
export const moveEndpoint =
  ({ uow, clock }: Pick<WebhooksDeps, 'uow' | 'clock'>, move: keyof typeof MOVES) =>
  (
    { restaurantId, endpointId }: EndpointKey,
    actor: Actor,
  ): Promise<Result<Endpoint, WebhooksErrorOf<'webhooks.endpoint_not_found' | 'webhooks.illegal_transition'>>> =>
    uow.run(actor, async ({ endpoints }) => {
      const endpoint = await endpoints.find(restaurantId, endpointId);
      if (!endpoint) return err({ code: 'webhooks.endpoint_not_found' });

      const moved = MOVES[move](endpoint, clock.now());
      if (!moved.ok) return moved;

      await endpoints.save(moved.value);
      return ok(saved(moved.value));
    });
