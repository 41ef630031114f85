type OfEndpoint = { readonly endpointId: string; readonly restaurantId: string; readonly at: number };
/** Neither whole addresses, which may hold a password of their owner's, nor secrets are in it. */
export type EndpointEvent =
  | (OfEndpoint & { readonly type: `webhooks.endpoint_${'added' | 'changed'}`; readonly host: string; readonly eventTypes: readonly string[] })
  | (OfEndpoint & { readonly type: `webhooks.endpoint_${'enabled' | 'failing' | 'recovered' | 'deleted'}` })
  | EndpointDisabled
  | (OfEndpoint & { readonly type: 'webhooks.secret_rotated'; readonly oldEndsAt: number });

export type EndpointDisabled = OfEndpoint & { readonly type: 'webhooks.endpoint_disabled'; readonly reason: DisableReason };

/** Whether its owner turned it off, or it failed for days, or it said (410) that it is gone. */
export const DISABLE_REASONS = ['owner', 'failing', 'gone'] as const;
export type DisableReason = (typeof DISABLE_REASONS)[number];

type OfDelivery = {
  readonly deliveryId: string;
  readonly endpointId: string;
  readonly restaurantId: string;
  readonly eventType: string;
  readonly at: number;
};
export type DeliveryEvent =
  | (OfDelivery & { readonly type: 'webhooks.delivery_queued' })
  | (OfDelivery & { readonly type: 'webhooks.delivery_succeeded'; readonly attempts: number })
  | (OfDelivery & { readonly type: 'webhooks.delivery_failed'; readonly attempts: number; readonly failure: DeliveryFailure })
  | (OfDelivery & { readonly type: 'webhooks.delivery_replayed'; readonly replays: number });

/** Why no more is tried: every attempt failed, or the endpoint is gone, or disabled, or what tried it never came back. */
export const DELIVERY_FAILURES = ['exhausted', 'gone', 'endpoint_disabled', 'abandoned'] as const;
export type DeliveryFailure = (typeof DELIVERY_FAILURES)[number];

/** The webhooks module's published language. */
export type WebhooksEvent = EndpointEvent | DeliveryEvent;
