import { z } from 'zod';
import type { EmailOperations } from '#application/notifications/email/module.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../../route.ts';
import { given, Id, Instant, link, PageQuery, pageRequest, pageView } from '../../schemas.ts';
import { Email } from '../../validators.ts';
import { DIGEST_EXAMPLE, EMAIL_EXAMPLE, READ_EXAMPLE, RETRIED_EXAMPLE, TEST_EXAMPLE } from './examples.ts';
import { EMAIL_PROBLEMS } from './problems.ts';
import { Digest, EmailView, emailView, ReadEmailView, readEmailView, Status, Template } from './views.ts';

export const READ = { permission: 'emails:read', in: 'platform' } as const;
export const WRITE = { permission: 'emails:write', in: 'platform' } as const;
const EmailParams = z.object({ emailId: Id });
const EmailQuery = PageQuery.extend({
  status: Status.optional(),
  template: Template.optional(),
  recipientDigest: Digest.optional(),
  campaignId: Id.optional(),
  from: Instant.optional().meta({ description: 'Queued at this time or later' }),
  to: Instant.optional().meta({ description: 'Queued before this time' }),
});
const TestBody = z.strictObject({ to: Email, template: Template.default('test_mail') });
const time = (text: string | undefined): number | undefined => (text === undefined ? undefined : Date.parse(text));

export const mailRoutes = (emails: EmailOperations): readonly AnyRoute[] => [
  route({
    method: 'get',
    path: '/admin/emails',
    operationId: 'listEmails',
    tag: 'E-mail',
    summary: 'List mail, newest first',
    description: 'Addresses are masked. To find the mail of one address, ask POST /admin/emails/recipient-digests what it is called here.',
    access: READ,
    query: EmailQuery,
    status: 200,
    response: pageView(EmailView),
    example: { response: { data: [EMAIL_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { query }) => link('/admin/emails', page, query),
    async handle({ query: { limit, after, from, to, ...filter } }) {
      const { data, next } = await emails.emails(given({ ...filter, from: time(from), to: time(to) }), pageRequest({ limit, after }));
      return ok({ data: data.map(emailView), next });
    },
  }),
  route({
    method: 'get',
    path: '/admin/emails/{emailId}',
    operationId: 'getEmail',
    tag: 'E-mail',
    summary: 'Read a mail and what became of it',
    description: 'What it says is shown while it is kept, and never where a link in it is as good as a password.',
    access: READ,
    params: EmailParams,
    status: 200,
    response: ReadEmailView,
    example: { response: READ_EXAMPLE },
    problems: pick(EMAIL_PROBLEMS, 'notifications.email_not_found'),
    async handle({ params }) {
      const found = await emails.email(params);
      return found.ok ? ok(readEmailView(found.value)) : found;
    },
  }),
  route({
    method: 'post',
    path: '/admin/emails',
    operationId: 'sendTestEmail',
    tag: 'E-mail',
    summary: 'Send one mail to see whether mail works',
    description: 'Of any template, with facts that are nobody’s and links that open nothing. Its subject begins with [Test].',
    access: WRITE,
    body: TestBody,
    status: 201,
    response: EmailView,
    example: { body: { to: 'operator@example.com' }, response: TEST_EXAMPLE },
    problems: {},
    replyHeaders: ({ id }) => ({ location: `/admin/emails/${id}` }),
    async handle({ body }, { actor }) {
      const sent = await emails.sendTest(body, actor);
      return sent.ok ? ok(emailView(sent.value)) : sent;
    },
  }),
  route({
    method: 'post',
    path: '/admin/emails/recipient-digests',
    operationId: 'digestRecipient',
    tag: 'E-mail',
    summary: 'Learn what an address is called in lists of mail',
    description: 'So that no address has to stand in an address of the web, where logs keep it.',
    access: READ,
    body: z.strictObject({ email: Email }),
    status: 200,
    response: z.object({ recipientDigest: z.string() }),
    example: { body: { email: 'meera@example.com' }, response: DIGEST_EXAMPLE },
    problems: {},
    handle: async ({ body }) => ok({ recipientDigest: emails.digestOf(body.email) }),
  }),
  route({
    method: 'post',
    path: '/admin/emails/{emailId}/retry',
    operationId: 'retryEmail',
    tag: 'E-mail',
    summary: 'Try a mail that failed again',
    description: 'From its first attempt, under the same Message-ID.',
    access: WRITE,
    params: EmailParams,
    status: 200,
    response: EmailView,
    example: { response: RETRIED_EXAMPLE },
    problems: pick(EMAIL_PROBLEMS, 'notifications.email_not_found', 'notifications.email_not_failed', 'notifications.email_gone'),
    async handle({ params }, { actor }) {
      const retried = await emails.retryEmail(params, actor);
      return retried.ok ? ok(emailView(retried.value)) : retried;
    },
  }),
];
