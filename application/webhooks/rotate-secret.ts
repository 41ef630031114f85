import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { Endpoint } from '#domain/webhooks/endpoint.ts';
import type { WebhooksErrorOf } from '#domain/webhooks/errors.ts';
import { saved, type WithSecret } from './add-endpoint.ts';
import type { EndpointKey } from './change-endpoint.ts';
import type { WebhooksDeps } from './ports.ts';

export type RotateSecret = EndpointKey & { readonly overlapHours: number };

export const rotateSecret =
  ({ uow, signatures, vault, clock }: Pick<WebhooksDeps, 'uow' | 'signatures' | 'vault' | 'clock'>) =>
  (
    { restaurantId, endpointId, overlapHours }: RotateSecret,
    actor: Actor,
  ): Promise<Result<WithSecret, WebhooksErrorOf<'webhooks.endpoint_not_found'>>> => {
    const secret = signatures.mint();
    const sealed = vault.seal(secret, endpointId);
    return uow.run(actor, async ({ endpoints }) => {
      const endpoint = await endpoints.find(restaurantId, endpointId);
      if (!endpoint) return err({ code: 'webhooks.endpoint_not_found' });

      const rotated = Endpoint.rotate(endpoint, sealed, overlapHours, clock.now());
      await endpoints.save(rotated);
      return ok({ endpoint: saved(rotated), secret });
    });
  };
