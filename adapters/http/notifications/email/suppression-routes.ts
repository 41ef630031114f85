import { z } from 'zod';
import type { EmailOperations } from '#application/notifications/email/module.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../../route.ts';
import { given, Id, link, PageQuery, pageRequest, pageView, Text } from '../../schemas.ts';
import { Email } from '../../validators.ts';
import { READ, WRITE } from './email-routes.ts';
import { SUPPRESSION_EXAMPLE } from './examples.ts';
import { EMAIL_PROBLEMS } from './problems.ts';
import { Digest, Reason, SuppressionView, suppressionView } from './views.ts';

const PATH = '/admin/emails/suppressions';
const SuppressionQuery = PageQuery.extend({ reason: Reason.optional(), recipientDigest: Digest.optional() });

export const suppressionRoutes = (emails: EmailOperations): readonly AnyRoute[] => [
  route({
    method: 'get',
    path: PATH,
    operationId: 'listSuppressions',
    tag: 'E-mail',
    summary: 'List addresses that are not written to, newest first',
    access: READ,
    query: SuppressionQuery,
    status: 200,
    response: pageView(SuppressionView),
    example: { response: { data: [SUPPRESSION_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { query }) => link(PATH, page, query),
    async handle({ query: { limit, after, ...filter } }) {
      const { data, next } = await emails.suppressions(given(filter), pageRequest({ limit, after }));
      return ok({ data: data.map(suppressionView), next });
    },
  }),
  route({
    method: 'post',
    path: PATH,
    operationId: 'addSuppression',
    tag: 'E-mail',
    summary: 'Write to an address no more',
    description:
      'Mail about the security of an account goes all the same: links for a new password, and word of changes. `unsubscribed` keeps back offers only; the other reasons everything else, too. ' +
      'Addresses whose server says that there is no such mailbox are added by themselves.',
    access: WRITE,
    body: z.strictObject({ email: Email, reason: Reason.default('manual'), note: Text(300).min(1).optional() }),
    status: 201,
    response: SuppressionView,
    example: { body: { email: 'meera@example.com', note: 'asked on the phone' }, response: SUPPRESSION_EXAMPLE },
    problems: pick(EMAIL_PROBLEMS, 'notifications.suppression_exists'),
    async handle({ body: { email, reason, note = null } }, { actor }) {
      const added = await emails.addSuppression({ address: email, reason, note }, actor);
      return added.ok ? ok(suppressionView(added.value)) : added;
    },
  }),
  route({
    method: 'delete',
    path: `${PATH}/{suppressionId}`,
    operationId: 'removeSuppression',
    tag: 'E-mail',
    summary: 'Write to an address again',
    access: WRITE,
    params: z.object({ suppressionId: Id }),
    status: 204,
    response: z.undefined(),
    example: { response: undefined },
    problems: pick(EMAIL_PROBLEMS, 'notifications.suppression_not_found'),
    handle: ({ params }, { actor }) => emails.removeSuppression(params, actor),
  }),
];
