import { z } from 'zod';
import type { EmailOperations } from '#application/notifications/email/module.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../../route.ts';
import { Instant, Text } from '../../schemas.ts';
import { READ, WRITE } from './email-routes.ts';
import { SENDING_EXAMPLE, STATISTICS_EXAMPLE } from './examples.ts';
import { EMAIL_PROBLEMS } from './problems.ts';
import { SendingView, StatisticsView, sendingView, statisticsView, Template } from './views.ts';

const SendingBody = z.strictObject({ isPaused: z.boolean(), reason: Text(300).min(1).optional() });

export const sendingRoutes = (emails: EmailOperations): readonly AnyRoute[] => [
  route({
    method: 'get',
    path: '/admin/emails/sending',
    operationId: 'getEmailSending',
    tag: 'E-mail',
    summary: 'Read whether mail is being sent',
    access: READ,
    status: 200,
    response: SendingView,
    example: { response: SENDING_EXAMPLE },
    problems: {},
    handle: async () => ok(sendingView(await emails.sending())),
  }),
  route({
    method: 'put',
    path: '/admin/emails/sending',
    operationId: 'turnEmailSending',
    tag: 'E-mail',
    summary: 'Pause or resume mail, on every node',
    description: 'What a node has taken it still sends; everything else waits, and what expires meanwhile is not sent.',
    access: WRITE,
    body: SendingBody,
    status: 200,
    response: SendingView,
    example: { body: { isPaused: true, reason: SENDING_EXAMPLE.reason }, response: SENDING_EXAMPLE },
    problems: pick(EMAIL_PROBLEMS, 'notifications.sending_unchanged'),
    async handle({ body: { isPaused, reason = null } }, { actor }) {
      const turned = await emails.turnSending({ isPaused, reason }, actor);
      return turned.ok ? ok(sendingView(turned.value)) : turned;
    },
  }),
  route({
    method: 'get',
    path: '/admin/emails/statistics',
    operationId: 'getEmailStatistics',
    tag: 'E-mail',
    summary: 'Count mail by status and template',
    description: 'Of what is kept: mail that ended is forgotten after a month.',
    access: READ,
    status: 200,
    response: StatisticsView,
    example: { response: STATISTICS_EXAMPLE },
    problems: {},
    handle: async () => ok(statisticsView(await emails.statistics())),
  }),
  route({
    method: 'post',
    path: '/admin/emails/retries',
    operationId: 'retryFailedEmails',
    tag: 'E-mail',
    summary: 'Try all mail that failed again',
    description: 'Of one template or of all, up to a thousand: ask again while there are more. What has expired stays where it is.',
    access: WRITE,
    body: z.strictObject({ template: Template.optional() }).optional(),
    status: 200,
    response: z.object({ retried: z.int(), hasMore: z.boolean() }),
    example: { body: { template: 'receipt' }, response: { retried: 12, hasMore: false } },
    problems: {},
    handle: ({ body }, { actor }) => emails.retryFailedEmails({ template: body?.template }, actor),
  }),
  route({
    method: 'post',
    path: '/admin/emails/clean-up',
    operationId: 'cleanUpEmails',
    tag: 'E-mail',
    summary: 'Forget mail that ended',
    description: 'It is forgotten by itself after a month. Up to ten thousand at once: ask again while there are more.',
    access: WRITE,
    body: z.strictObject({ endedBefore: Instant }),
    status: 200,
    response: z.object({ forgotten: z.int(), hasMore: z.boolean() }),
    example: { body: { endedBefore: '2026-11-14T00:00:00.000Z' }, response: { forgotten: 840, hasMore: false } },
    problems: {},
    handle: ({ body }, { actor }) => emails.cleanUp({ endedBefore: Date.parse(body.endedBefore) }, actor),
  }),
];
