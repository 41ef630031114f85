export type InboxError =
  | { readonly code: 'notifications.notice_not_found'; readonly noticeId: string }
  | { readonly code: 'notifications.time_zone_unknown'; readonly timeZone: string }
  | { readonly code: 'notifications.changed_meanwhile'; readonly version: number }
  | { readonly code: 'notifications.push_address_refused' }
  | { readonly code: 'notifications.push_subscription_not_found'; readonly subscriptionId: string }
  | { readonly code: 'notifications.too_many_push_subscriptions'; readonly limit: number };

export type InboxErrorOf<Code extends InboxError['code']> = Extract<InboxError, { readonly code: Code }>;
