import type { EmailStatus } from './email.ts';

export type EmailError =
  | { readonly code: 'notifications.email_not_found'; readonly emailId: string }
  | { readonly code: 'notifications.email_not_failed'; readonly emailStatus: EmailStatus }
  | { readonly code: 'notifications.email_gone' }
  | { readonly code: 'notifications.field_unknown'; readonly field: string }
  | { readonly code: 'notifications.idempotency_key_reused' }
  | { readonly code: 'notifications.request_in_progress' }
  | { readonly code: 'notifications.suppression_exists'; readonly suppressionId: string; readonly reason: string }
  | { readonly code: 'notifications.suppression_not_found'; readonly suppressionId: string }
  | { readonly code: 'notifications.sending_unchanged'; readonly isPaused: boolean };

/** The errors with one of these codes. */
export type EmailErrorOf<Code extends EmailError['code']> = Extract<EmailError, { readonly code: Code }>;
