/** What is wrong with an address that events are to be sent to. */
export const TARGET_FAULTS = ['malformed', 'not_https', 'has_credentials', 'port_not_allowed', 'not_public', 'unresolvable'] as const;
export type TargetFault = (typeof TARGET_FAULTS)[number];

export type WebhooksError =
  | { readonly code: 'webhooks.endpoint_not_found' }
  | { readonly code: 'webhooks.too_many_endpoints'; readonly limit: number }
  | { readonly code: 'webhooks.url_refused'; readonly fault: TargetFault }
  | { readonly code: 'webhooks.event_type_unknown'; readonly eventTypes: readonly string[] }
  | { readonly code: 'webhooks.illegal_transition'; readonly from: string; readonly to: string }
  | { readonly code: 'webhooks.changed_meanwhile'; readonly version: number }
  | { readonly code: 'webhooks.delivery_not_found' }
  | { readonly code: 'webhooks.endpoint_disabled' }
  | { readonly code: 'webhooks.delivery_under_way'; readonly deliveryStatus: string }
  | { readonly code: 'webhooks.too_many_replays'; readonly limit: number };

export type WebhooksErrorOf<Code extends WebhooksError['code']> = Extract<WebhooksError, { readonly code: Code }>;
