import type { Change } from '../../shared/change.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { InboxErrorOf } from './errors.ts';
import type { PushSubscriptionEvent } from './events.ts';

/** Where a browser is rung, and the keys that only it can open what is sent with (RFC 8291). Sealed where it is kept. */
export type PushAddress = { readonly endpoint: string; readonly p256dh: string; readonly auth: string };

export type PushSubscription = {
  readonly id: string;
  readonly accountId: string;
  /** A digest of the endpoint: one browser is subscribed once, for whoever signed in there last. */
  readonly key: string;
  readonly sealedAddress: string;
  readonly device: string;
  readonly subscribedAt: number;
  readonly version: number;
};

/** How many browsers and phones one person has. */
export const PUSH_SUBSCRIPTIONS_MAX = 20;

type Draft = Omit<PushSubscription, 'version'>;

/** `others` is how many the person has besides. */
function subscribe(
  draft: Draft,
  others: number,
): Result<Change<PushSubscription, PushSubscriptionEvent>, InboxErrorOf<'notifications.too_many_push_subscriptions'>> {
  if (others >= PUSH_SUBSCRIPTIONS_MAX) return err({ code: 'notifications.too_many_push_subscriptions', limit: PUSH_SUBSCRIPTIONS_MAX });
  const { id: subscriptionId, accountId, subscribedAt: at } = draft;
  return ok({ state: { ...draft, version: 0 }, events: [{ type: 'notifications.push_subscribed', subscriptionId, accountId, at }] });
}

const unsubscribe = (subscription: PushSubscription, at: number): Change<PushSubscription, PushSubscriptionEvent> => {
  const { id: subscriptionId, accountId } = subscription;
  return { state: subscription, events: [{ type: 'notifications.push_unsubscribed', subscriptionId, accountId, at }] };
};

export const PushSubscription = { subscribe, unsubscribe };
