import { z } from 'zod';
import type { EmailOperations } from '#application/notifications/email/module.ts';
import { RECIPIENTS_MAX } from '#domain/notifications/email/campaign.ts';
import { BULK_TEMPLATES } from '#domain/notifications/email/templates.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../../route.ts';
import { IdempotencyKey, Name, Text } from '../../schemas.ts';
import { Email, futureInstant, WebAddress } from '../../validators.ts';
import { WRITE } from './email-routes.ts';
import { CAMPAIGN_BODY, CAMPAIGN_EXAMPLE } from './examples.ts';
import { EMAIL_PROBLEMS } from './problems.ts';
import { CampaignView, campaignView } from './views.ts';

const BODY_LIMIT = 4 * 1024 * 1024;
const DAYS_MAX = 30;
const FIELDS_MAX = 10;

const KeyHeader = z.object({
  'idempotency-key': IdempotencyKey.meta({
    description: 'Your own name for this request. Sent again with the same body, it answers the same campaign and queues nothing.',
    example: 'plans-in-november',
  }),
});
const Fields = z
  .record(z.string().regex(/^[a-z][A-Za-z0-9]{0,29}$/, 'a name such as code or firstVisit'), Text(200))
  .refine((fields) => Object.keys(fields).length <= FIELDS_MAX, `at most ${FIELDS_MAX} fields`);
const RecipientBody = z.strictObject({ email: Email, name: Name, fields: Fields.default({}) });
const BulkBody = z.strictObject({
  template: z
    .enum(BULK_TEMPLATES)
    .meta({ description: 'An `offer` goes to nobody who unsubscribed, and says how to; an `announcement` is what they must know.' }),
  subject: Name,
  text: Text(5_000)
    .min(1)
    .meta({ description: 'Paragraphs with blank lines between. {{name}} and fields of the recipients are filled in; it is text, and no markup.' }),
  button: z.strictObject({ label: Name.max(40), link: WebAddress }).optional(),
  recipients: z.array(RecipientBody).min(1).max(RECIPIENTS_MAX),
  expiresAt: futureInstant(Date.now, DAYS_MAX).optional(),
});

export const bulkRoutes = (emails: EmailOperations): readonly AnyRoute[] => [
  route({
    method: 'post',
    path: '/admin/emails/bulk',
    operationId: 'sendBulkEmail',
    tag: 'E-mail',
    summary: 'Send one text to many',
    description:
      'One mail for each address, behind all other mail: whoever waits for a new password does not wait for it. Addresses on the suppression list are left out as it goes.',
    access: WRITE,
    headers: KeyHeader,
    body: BulkBody,
    bodyLimit: BODY_LIMIT,
    status: 202,
    response: CampaignView,
    example: { body: CAMPAIGN_BODY, response: CAMPAIGN_EXAMPLE },
    problems: pick(EMAIL_PROBLEMS, 'notifications.field_unknown', 'notifications.idempotency_key_reused', 'notifications.request_in_progress'),
    replyHeaders: ({ id }) => ({ location: `/admin/emails?campaignId=${id}` }),
    async handle({ headers, body: { template, subject, text, button = null, recipients, expiresAt } }, { actor, fingerprint }) {
      const request = { key: headers['idempotency-key'], fingerprint: fingerprint() };
      const until = expiresAt === undefined ? undefined : Date.parse(expiresAt);
      const queued = await emails.queueCampaign({ template, text: { subject, text, button }, recipients, expiresAt: until, ...request }, actor);
      return queued.ok ? ok(campaignView(queued.value)) : queued;
    },
  }),
];
