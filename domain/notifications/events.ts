/** The notifications module's published language. Neither addresses nor texts are in it. */
export type NotificationsEvent =
  | { readonly type: 'notifications.email_queued'; readonly emailId: string; readonly template: string; readonly at: number }
  | { readonly type: 'notifications.email_sent'; readonly emailId: string; readonly template: string; readonly attempts: number; readonly at: number }
  | {
      readonly type: 'notifications.email_failed';
      readonly emailId: string;
      readonly template: string;
      readonly reason: string;
      readonly at: number;
    };
