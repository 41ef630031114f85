const at = '2026-11-21T10:30:00.000Z';
const digest = 'bS7bB2sQk0Kq3w0M4c9kq1mB8eU6vY2nT5xR7zA1dFg';

export const EMAIL_EXAMPLE = {
  id: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a60',
  template: 'order_confirmation',
  recipient: 'm•••a@e•••e.com',
  recipientDigest: digest,
  status: 'failed',
  priority: 'normal',
  attempts: 3,
  failure: 'exhausted',
  reason: 'answered 451 (EENVELOPE)',
  campaignId: null,
  traceId: '0af7651916cd43dd8448eb211c80319c',
  queuedAt: at,
  dueAt: '2026-11-21T10:36:00.000Z',
  expiresAt: '2026-11-22T10:30:00.000Z',
  endedAt: '2026-11-21T10:36:00.000Z',
};
export const READ_EXAMPLE = {
  ...EMAIL_EXAMPLE,
  content: { subject: 'Order #0042 at Annapurna Kitchen: we have it', text: 'Annapurna Kitchen\n\nWe have your order\n…' },
};
export const RETRIED_EXAMPLE = {
  ...EMAIL_EXAMPLE,
  status: 'pending',
  attempts: 0,
  failure: null,
  reason: null,
  dueAt: '2026-11-21T11:00:00.000Z',
  endedAt: null,
};
export const TEST_EXAMPLE = {
  ...RETRIED_EXAMPLE,
  template: 'test_mail',
  priority: 'urgent',
  dueAt: at,
  expiresAt: '2026-11-21T11:30:00.000Z',
};
export const SENDING_EXAMPLE = { isPaused: true, reason: 'The provider asked us to wait', since: at };
export const STATISTICS_EXAMPLE = {
  counts: [{ status: 'sent', template: 'order_confirmation', count: 1_204, attempts: 1_209 }],
  oldestWaitingAt: null,
  sentLastMinute: 14,
  sentLastHour: 650,
};
export const CAMPAIGN_BODY = {
  template: 'offer',
  subject: 'Ten meals for the price of nine, {{name}}',
  text: 'Begin a lunch plan this week and the tenth meal is on us.\n\nYour code: {{code}}',
  button: { label: 'See the plans', link: 'https://example.com/plans' },
  recipients: [{ email: 'meera@example.com', name: 'Meera', fields: { code: 'TEN4NINE' } }],
};
export const CAMPAIGN_EXAMPLE = {
  id: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a61',
  template: 'offer',
  subject: CAMPAIGN_BODY.subject,
  recipients: 1,
  queuedBy: 'account:019a9f3e-7c45-7b1c-9d55-3f1f1c2b7a15',
  queuedAt: at,
};
export const SUPPRESSION_EXAMPLE = {
  id: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a62',
  recipient: 'm•••a@e•••e.com',
  recipientDigest: digest,
  reason: 'manual',
  note: 'asked on the phone',
  addedBy: 'account:019a9f3e-7c45-7b1c-9d55-3f1f1c2b7a15',
  addedAt: at,
};
export const DIGEST_EXAMPLE = { recipientDigest: digest };
