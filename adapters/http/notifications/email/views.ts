import { z } from 'zod';
import type { ReadEmail } from '#application/notifications/email/operations/read-email.ts';
import type { EmailStatistics } from '#application/notifications/email/ports.ts';
import type { Campaign } from '#domain/notifications/email/campaign.ts';
import { EMAIL_FAILURES, EMAIL_STATUSES, type Email, type EmailPriority, PRIORITIES } from '#domain/notifications/email/email.ts';
import type { Sending } from '#domain/notifications/email/sending.ts';
import { SUPPRESSION_REASONS, type Suppression } from '#domain/notifications/email/suppression.ts';
import { BULK_TEMPLATES, TEMPLATE_NAMES } from '#domain/notifications/email/templates.ts';
import { Id, InstantView } from '../../schemas.ts';

export const Status = z.enum(EMAIL_STATUSES);
export const Template = z.enum(TEMPLATE_NAMES as [(typeof TEMPLATE_NAMES)[number], ...typeof TEMPLATE_NAMES]);
export const Reason = z.enum(SUPPRESSION_REASONS);
export const Digest = z
  .string()
  .regex(/^[\w-]{43}$/, 'a digest, as mails and POST /admin/emails/recipient-digests answer it')
  .meta({ example: 'bS7bB2sQk0Kq3w0M4c9kq1mB8eU6vY2nT5xR7zA1dFg' });

export const EmailView = z.object({
  id: Id,
  template: z.string(),
  recipient: z.string().meta({ description: 'The address, masked' }),
  recipientDigest: z.string().meta({ description: 'The same for every mail to one address, and for nothing else' }),
  status: Status,
  priority: z.enum(Object.keys(PRIORITIES) as [EmailPriority, ...EmailPriority[]]),
  attempts: z.int(),
  failure: z.enum(EMAIL_FAILURES).nullable(),
  reason: z.string().nullable().meta({ description: 'Why the last attempt failed' }),
  campaignId: Id.nullable(),
  traceId: z.string().nullable().meta({ description: 'What it was queued for, as the log and the event log name it' }),
  queuedAt: InstantView,
  dueAt: InstantView.meta({ description: 'When it is tried, or taken from a process that does not come back with it' }),
  expiresAt: InstantView,
  endedAt: InstantView.nullable(),
});
export const ReadEmailView = EmailView.extend({
  content: z
    .object({ subject: z.string(), text: z.string() })
    .nullable()
    .meta({ description: 'What it says; null once it was sent, and always where it holds a link that is as good as a password' }),
});
export const SendingView = z.object({ isPaused: z.boolean(), reason: z.string().nullable(), since: InstantView.nullable() });
export const StatisticsView = z.object({
  counts: z.array(z.object({ status: Status, template: z.string(), count: z.int(), attempts: z.int() })),
  oldestWaitingAt: InstantView.nullable().meta({ description: 'When the longest waiting of those that are due was queued' }),
  sentLastMinute: z.int(),
  sentLastHour: z.int(),
});
export const CampaignView = z.object({
  id: Id,
  template: z.enum(BULK_TEMPLATES),
  subject: z.string(),
  recipients: z.int(),
  queuedBy: z.string(),
  queuedAt: InstantView,
});
export const SuppressionView = z.object({
  id: Id,
  recipient: z.string().meta({ description: 'The address, masked' }),
  recipientDigest: z.string(),
  reason: Reason,
  note: z.string().nullable(),
  addedBy: z.string(),
  addedAt: InstantView,
});

/** Enough to know one's own address by, too little to learn another's. */
function masked(address: string): string {
  const at = address.lastIndexOf('@');
  const hide = (text: string): string => `${text[0] ?? ''}•••${text.length > 4 ? text.at(-1) : ''}`;
  const [host = '', ...rest] = address.slice(at + 1).split('.');
  return `${hide(address.slice(0, at))}@${[hide(host), ...rest.slice(-1)].join('.')}`;
}

export const emailView = (email: Email): z.input<typeof EmailView> => ({ ...email, recipient: masked(email.to) });
export const readEmailView = ({ email, content }: ReadEmail): z.input<typeof ReadEmailView> => ({ ...emailView(email), content });
export const sendingView = (sending: Sending): z.input<typeof SendingView> => sending;
export const statisticsView = ({ counts, ...rest }: EmailStatistics): z.input<typeof StatisticsView> => ({ ...rest, counts: [...counts] });
export const campaignView = (campaign: Campaign): z.input<typeof CampaignView> => campaign;
export const suppressionView = (entry: Suppression): z.input<typeof SuppressionView> => ({ ...entry, recipient: masked(entry.address) });
