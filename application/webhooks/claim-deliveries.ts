import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import { Delivery } from '#domain/webhooks/delivery.ts';
import { saved } from './add-endpoint.ts';
import type { DueRequest, WebhooksDeps } from './ports.ts';

const ACTOR = system('webhooks');

export type Taken = {
  /** To be sent, each by us alone until its lease is over. */
  readonly toSend: readonly Delivery[];
  /** How many were looked at: with those that are not to be sent any more. */
  readonly count: number;
  /** The endpoint that the last of them is for. */
  readonly last: string | undefined;
};

/** Takes what is due. It is committed before anything is sent, so that a crash leaves a lease behind and no doubt. */
export const claimDeliveries =
  ({ uow, clock }: Pick<WebhooksDeps, 'uow' | 'clock'>) =>
  async (request: Omit<DueRequest, 'at'>): Promise<Taken> => {
    const taken = await uow.run(ACTOR, async ({ deliveries }) => {
      const at = clock.now();
      const claims = (await deliveries.due({ ...request, at })).map(({ delivery, isEnabled }) => Delivery.claim(delivery, isEnabled, at));
      for (const claim of claims) await deliveries.save(claim);
      return ok(claims.map(saved));
    });
    return { toSend: taken.value.filter(({ status }) => status === 'sending'), count: taken.value.length, last: taken.value.at(-1)?.endpointId };
  };
