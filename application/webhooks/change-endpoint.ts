import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { Endpoint, type EndpointChanges } from '#domain/webhooks/endpoint.ts';
import type { WebhooksErrorOf } from '#domain/webhooks/errors.ts';
import { saved } from './add-endpoint.ts';
import type { WebhooksDeps } from './ports.ts';

export type EndpointKey = { readonly restaurantId: string; readonly endpointId: string };
export type ChangeEndpoint = EndpointKey & { readonly changes: EndpointChanges; readonly expectedVersion: number | undefined };

/** What waits already goes to the new address as well. */
export const changeEndpoint =
  ({ uow, outgoing, clock }: Pick<WebhooksDeps, 'uow' | 'outgoing' | 'clock'>) =>
  async (
    { restaurantId, endpointId, changes, expectedVersion }: ChangeEndpoint,
    actor: Actor,
  ): Promise<
    Result<
      Endpoint,
      WebhooksErrorOf<'webhooks.endpoint_not_found' | 'webhooks.url_refused' | 'webhooks.event_type_unknown' | 'webhooks.changed_meanwhile'>
    >
  > => {
    const fault = changes.url === undefined ? undefined : await outgoing.faultOf(changes.url);
    if (fault) return err({ code: 'webhooks.url_refused', fault });
    return uow.run(actor, async ({ endpoints }) => {
      const endpoint = await endpoints.find(restaurantId, endpointId);
      if (!endpoint) return err({ code: 'webhooks.endpoint_not_found' });

      const changed = Endpoint.change(endpoint, changes, expectedVersion, clock.now());
      if (!changed.ok) return changed;

      await endpoints.save(changed.value);
      return ok(saved(changed.value));
    });
  };
