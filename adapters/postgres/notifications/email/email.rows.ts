import { defineEntity, p } from '@mikro-orm/core';
import { EMAIL_ATTEMPTS_LIMIT, EMAIL_FAILURES, EMAIL_STATUSES, OPEN_STATUSES, PRIORITIES } from '#domain/notifications/email/email.ts';
import { SUPPRESSION_REASONS } from '#domain/notifications/email/suppression.ts';

const schema = 'notifications';
const oneOf = (column: string, values: readonly string[]): string => `${column} in (${values.map((value) => `'${value}'`).join(', ')})`;

export const EmailRow = defineEntity({
  name: 'EmailRow',
  schema,
  tableName: 'emails',
  uniques: [{ name: 'emails_key', properties: ['key'] }],
  indexes: [
    {
      name: 'emails_due',
      expression: `create index emails_due on notifications.emails (priority, due_at, id) where ${oneOf('status', OPEN_STATUSES)}`,
    },
    { name: 'emails_status_template', properties: ['status', 'template', 'id'] },
    { name: 'emails_recipient', properties: ['recipientDigest', 'id'] },
    { name: 'emails_campaign', expression: 'create index emails_campaign on notifications.emails (campaign_id, id) where campaign_id is not null' },
    { name: 'emails_ended', properties: ['endedAt'] },
  ],
  checks: [
    { name: 'emails_status', expression: oneOf('status', EMAIL_STATUSES) },
    { name: 'emails_failure', expression: `${oneOf('failure', EMAIL_FAILURES)} and status = 'failed' or failure is null and status <> 'failed'` },
    { name: 'emails_priority', expression: `priority >= 0 and priority <= ${Object.keys(PRIORITIES).length - 1}` },
    { name: 'emails_attempts', expression: `attempts >= 0 and attempts <= ${EMAIL_ATTEMPTS_LIMIT}` },
    { name: 'emails_text_goes', expression: `status = 'failed' or (status = 'sent') = (sealed_facts = '')` },
    { name: 'emails_ended_some_time', expression: `(status in ('sent', 'failed')) = (ended_at is not null)` },
  ],
  properties: {
    id: p.uuid().primary(),
    key: p.text(),
    toAddress: p.text(),
    recipientDigest: p.text(),
    template: p.text(),
    priority: p.smallint(),
    campaignId: p.uuid().nullable(),
    traceId: p.text().nullable(),
    sealedFacts: p.text(),
    status: p.text(),
    attempts: p.integer(),
    dueAt: p.datetime(3),
    expiresAt: p.datetime(3),
    failure: p.text().nullable(),
    reason: p.text().nullable(),
    queuedAt: p.datetime(3),
    endedAt: p.datetime(3).nullable(),
    version: p.integer(),
  },
});

export const CampaignRow = defineEntity({
  name: 'EmailCampaignRow',
  schema,
  tableName: 'email_campaigns',
  properties: {
    id: p.uuid().primary(),
    template: p.text(),
    subject: p.text(),
    text: p.text(),
    button: p.json<{ readonly label: string; readonly link: string }>().nullable(),
    recipients: p.integer(),
    queuedBy: p.text(),
    queuedAt: p.datetime(3),
    version: p.integer(),
  },
});

export const SuppressionRow = defineEntity({
  name: 'SuppressionRow',
  schema,
  tableName: 'suppressions',
  uniques: [{ name: 'suppressions_address', properties: ['address'] }],
  indexes: [
    { name: 'suppressions_reason', properties: ['reason', 'id'] },
    { name: 'suppressions_recipient', properties: ['recipientDigest', 'id'] },
  ],
  checks: [{ name: 'suppressions_reason_is_known', expression: oneOf('reason', SUPPRESSION_REASONS) }],
  properties: {
    id: p.uuid().primary(),
    address: p.text(),
    recipientDigest: p.text(),
    reason: p.text(),
    note: p.text().nullable(),
    addedBy: p.text(),
    addedAt: p.datetime(3),
    version: p.integer(),
  },
});

/** One row at the most, which is called so: without it, mail is sent. */
export const SendingRow = defineEntity({
  name: 'EmailSendingRow',
  schema,
  tableName: 'email_sending',
  properties: {
    id: p.text().primary(),
    isPaused: p.boolean(),
    reason: p.text().nullable(),
    since: p.datetime(3),
    version: p.integer(),
  },
});

export const EMAIL_ROWS = [EmailRow, CampaignRow, SuppressionRow, SendingRow];
