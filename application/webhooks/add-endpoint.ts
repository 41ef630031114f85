import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { Endpoint, type EndpointDraft } from '#domain/webhooks/endpoint.ts';
import type { WebhooksErrorOf } from '#domain/webhooks/errors.ts';
import type { WebhooksDeps } from './ports.ts';

export type AddEndpoint = Omit<EndpointDraft, 'id' | 'sealedSecret'>;
/** The only time that the secret is seen. */
export type WithSecret = { readonly endpoint: Endpoint; readonly secret: string };

export const addEndpoint =
  ({ uow, outgoing, signatures, vault, clock, ids }: Pick<WebhooksDeps, 'uow' | 'outgoing' | 'signatures' | 'vault' | 'clock' | 'ids'>) =>
  async (
    command: AddEndpoint,
    actor: Actor,
  ): Promise<Result<WithSecret, WebhooksErrorOf<'webhooks.url_refused' | 'webhooks.too_many_endpoints' | 'webhooks.event_type_unknown'>>> => {
    const fault = await outgoing.faultOf(command.url);
    if (fault) return err({ code: 'webhooks.url_refused', fault });
    const id = ids.next();
    const secret = signatures.mint();
    const sealedSecret = vault.seal(secret, id);
    const at = clock.now();

    return uow.run(actor, async ({ endpoints }) => {
      const added = Endpoint.add({ ...command, id, sealedSecret }, await endpoints.countForAdding(command.restaurantId), at);
      if (!added.ok) return added;

      await endpoints.save(added.value);
      return ok({ endpoint: saved(added.value), secret });
    });
  };

/** A state as it is once its events are saved. */
export const saved = <S extends { readonly version: number }>({ state, events }: { readonly state: S; readonly events: readonly unknown[] }): S => ({
  ...state,
  version: state.version + events.length,
});
