import type { DispatchChannel } from './dispatch.ts';
import type { Category, Preferences } from './preferences.ts';

/** Neither addresses nor texts are in it. */
export type InboxEvent = NoticeEvent | DispatchEvent | PreferencesEvent | PushSubscriptionEvent;

export type NoticeEvent =
  | {
      readonly type: 'notifications.notice_created';
      readonly noticeId: string;
      readonly accountId: string;
      readonly restaurantId: string | null;
      readonly category: Category;
      readonly at: number;
    }
  | { readonly type: 'notifications.notice_read'; readonly noticeId: string; readonly accountId: string; readonly at: number };

type OfDispatch = {
  readonly dispatchId: string;
  readonly accountId: string;
  readonly channel: DispatchChannel;
  readonly at: number;
};
export type DispatchEvent =
  | (OfDispatch & { readonly type: 'notifications.dispatch_planned'; readonly dueAt: number })
  | (OfDispatch & { readonly type: 'notifications.dispatch_sent'; readonly attempts: number })
  /** `expired` and `unwanted` were never tried, or not to the end. */
  | (OfDispatch & {
      readonly type: 'notifications.dispatch_dropped';
      readonly why: 'expired' | 'unwanted' | 'unreachable' | 'refused';
      readonly reason: string;
    });

export type PreferencesEvent = {
  readonly type: 'notifications.preferences_changed';
  readonly accountId: string;
  readonly preferences: Omit<Preferences, 'accountId' | 'version'>;
  readonly at: number;
};

export type PushSubscriptionEvent = {
  readonly type: `notifications.push_${'subscribed' | 'unsubscribed'}`;
  readonly subscriptionId: string;
  readonly accountId: string;
  readonly at: number;
};
