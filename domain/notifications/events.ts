type OfEmail<Type extends string> = {
  readonly type: `notifications.${Type}`;
  readonly emailId: string;
  readonly template: string;
  readonly at: number;
};
type OfSuppression<Type extends string> = {
  readonly type: `notifications.${Type}`;
  readonly suppressionId: string;
  readonly reason: string;
  readonly at: number;
};

export type EmailEvent =
  | OfEmail<'email_queued'>
  | (OfEmail<'email_sent'> & { readonly attempts: number })
  | (OfEmail<'email_failed'> & { readonly failure: string; readonly reason: string })
  | OfEmail<'email_retried'>;

/** Somebody had a mail written to see whether mail works. */
export type TestEmailAsked = OfEmail<'test_email_asked'>;
export type EmailCampaignQueued = {
  readonly type: 'notifications.email_campaign_queued';
  readonly campaignId: string;
  readonly template: string;
  readonly recipients: number;
  readonly at: number;
};
export type EmailSendingChanged = {
  readonly type: 'notifications.email_sending_paused' | 'notifications.email_sending_resumed';
  readonly reason: string | null;
  readonly at: number;
};
export type EmailsForgotten = {
  readonly type: 'notifications.emails_forgotten';
  readonly count: number;
  readonly endedBefore: number;
  readonly at: number;
};
export type SuppressionEvent = OfSuppression<'suppression_added'> | OfSuppression<'suppression_removed'>;

/** The notifications module's published language. Neither addresses nor texts are in it. */
export type NotificationsEvent = EmailEvent | TestEmailAsked | EmailCampaignQueued | EmailSendingChanged | EmailsForgotten | SuppressionEvent;

export type { InboxEvent, NoticeEvent } from './inbox/events.ts';
