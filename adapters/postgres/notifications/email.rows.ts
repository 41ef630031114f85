import { defineEntity, p } from '@mikro-orm/core';
import { EMAIL_ATTEMPTS_MAX, EMAIL_STATUSES } from '#domain/notifications/email.ts';

export const EmailRow = defineEntity({
  name: 'EmailRow',
  schema: 'notifications',
  tableName: 'emails',
  uniques: [{ name: 'emails_key', properties: ['key'] }],
  indexes: [
    { name: 'emails_due', expression: `create index emails_due on notifications.emails (due_at, id) where status in ('pending', 'processing')` },
  ],
  checks: [
    { name: 'emails_status', expression: `status in (${EMAIL_STATUSES.map((status) => `'${status}'`).join(', ')})` },
    { name: 'emails_attempts', expression: `attempts >= 0 and attempts <= ${EMAIL_ATTEMPTS_MAX}` },
    { name: 'emails_text_goes', expression: `(status in ('sent', 'failed')) = (sealed_facts = '')` },
  ],
  properties: {
    id: p.uuid().primary(),
    key: p.text(),
    toAddress: p.text(),
    template: p.text(),
    sealedFacts: p.text(),
    status: p.text(),
    attempts: p.integer(),
    dueAt: p.datetime(3),
    queuedAt: p.datetime(3),
    version: p.integer(),
  },
});

export const NOTIFICATIONS_ROWS = [EmailRow];
