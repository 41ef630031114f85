import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import { Delivery, type SendFault } from '#domain/webhooks/delivery.ts';
import { Endpoint } from '#domain/webhooks/endpoint.ts';
import { saved } from './add-endpoint.ts';
import type { Answer, OutgoingRequest, WebhooksDeps } from './ports.ts';

const ACTOR = system('webhooks');
const USER_AGENT = 'Thali-Webhooks/1.0';
const notSent = (fault: SendFault): Answer => ({ durationMs: 0, statusCode: null, fault, excerpt: '', retryAfterMs: null });

type Deps = Pick<WebhooksDeps, 'uow' | 'queries' | 'outgoing' | 'signatures' | 'vault' | 'clock' | 'chance' | 'log'>;

/**
 * Sends what was claimed and notes what became of it. A process that dies in between leaves it to be sent again, under
 * the same id, when its lease is over. Undefined when somebody else has it by now.
 */
export const sendDelivery =
  (deps: Deps) =>
  async (claimed: Delivery): Promise<Delivery | undefined> => {
    const { uow, queries, outgoing, clock, chance, log } = deps;
    const { restaurantId, endpointId, id } = claimed;
    const at = clock.now();
    const endpoint = await queries.endpoint(restaurantId, endpointId);
    const request = endpoint && signed(deps, endpoint, claimed, at);
    const answer = request ? await outgoing.post(request) : notSent(endpoint ? 'secret_unreadable' : 'blocked');
    const luck = chance();

    const settled = await uow.run(ACTOR, async ({ endpoints, deliveries }) => {
      const delivery = await deliveries.lock(restaurantId, endpointId, id);
      const change = delivery && Delivery.settle(delivery, claimed.claims, { ...answer, at }, luck);
      if (!change) return ok(undefined);
      await deliveries.save(change);
      const seen = Delivery.isTest(claimed) ? undefined : await endpoints.find(restaurantId, endpointId);
      const observed = seen && Endpoint.observe(seen, outcomeOf(answer), clock.now());
      if (observed) await endpoints.save(observed);
      return ok(saved(change));
    });
    if (settled.value?.status === 'failed') log.warn('a webhook was given up', { deliveryId: id, endpointId, failure: settled.value.failure });
    return settled.value;
  };

/** Standard Webhooks 1.0: one signature for each secret that signs at the moment. Undefined when one cannot be opened any more. */
function signed({ signatures, vault }: Deps, endpoint: Endpoint, { id, body }: Delivery, at: number): OutgoingRequest | undefined {
  const seconds = Math.floor(at / 1_000);
  let secrets: readonly string[];
  try {
    secrets = Endpoint.signing(endpoint, at).map(({ sealed }) => vault.open(sealed, endpoint.id));
  } catch {
    return undefined;
  }
  const each = secrets.map((secret) => signatures.sign(secret, { id, seconds, body }));
  return {
    url: endpoint.url,
    headers: {
      'content-type': 'application/json',
      'user-agent': USER_AGENT,
      'webhook-id': id,
      'webhook-timestamp': String(seconds),
      'webhook-signature': each.join(' '),
    },
    body,
  };
}

function outcomeOf(answer: Answer): 'accepted' | 'refused' | 'gone' {
  if (Delivery.isAccepted(answer)) return 'accepted';
  return Delivery.isGone(answer) ? 'gone' : 'refused';
}
