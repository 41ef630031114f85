import { Email, type EmailFailure, type EmailPriority, type EmailStatus, PRIORITIES } from '#domain/notifications/email/email.ts';
import { instant, timestamp, timestampOrNull } from '../../sql.ts';

export type EmailRecord = {
  readonly id: string;
  readonly key: string;
  readonly to_address: string;
  readonly recipient_digest: string;
  readonly template: string;
  readonly priority: number;
  readonly campaign_id: string | null;
  readonly trace_id: string | null;
  readonly sealed_facts: string;
  readonly status: EmailStatus;
  readonly attempts: number;
  readonly due_at: string;
  readonly expires_at: string;
  readonly failure: EmailFailure | null;
  readonly reason: string | null;
  readonly queued_at: string;
  readonly ended_at: string | null;
  readonly version: number;
};

export const EMAIL_COLUMNS =
  'id, key, to_address, recipient_digest, template, priority, campaign_id, trace_id, sealed_facts, status, attempts, due_at, expires_at, failure, reason, queued_at, ended_at, version';
const BY_NUMBER = Object.keys(PRIORITIES) as readonly EmailPriority[];

export const toEmail = (row: EmailRecord): Email =>
  Email.check({
    id: row.id,
    key: row.key,
    to: row.to_address,
    recipientDigest: row.recipient_digest,
    template: row.template,
    priority: BY_NUMBER[row.priority] as EmailPriority,
    campaignId: row.campaign_id,
    traceId: row.trace_id,
    sealedFacts: row.sealed_facts,
    status: row.status,
    attempts: row.attempts,
    dueAt: instant(row.due_at),
    expiresAt: instant(row.expires_at),
    failure: row.failure,
    reason: row.reason,
    queuedAt: instant(row.queued_at),
    endedAt: row.ended_at === null ? null : instant(row.ended_at),
    version: row.version,
  });

/** As it stands after events that are written with it. */
export const toRecord = (email: Email, events: number): EmailRecord => ({
  id: email.id,
  key: email.key,
  to_address: email.to,
  recipient_digest: email.recipientDigest,
  template: email.template,
  priority: PRIORITIES[email.priority],
  campaign_id: email.campaignId,
  trace_id: email.traceId,
  sealed_facts: email.sealedFacts,
  status: email.status,
  attempts: email.attempts,
  due_at: timestamp(email.dueAt),
  expires_at: timestamp(email.expiresAt),
  failure: email.failure,
  reason: email.reason,
  queued_at: timestamp(email.queuedAt),
  ended_at: timestampOrNull(email.endedAt),
  version: email.version + events,
});
