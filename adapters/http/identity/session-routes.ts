import { z } from 'zod';
import type { Identity } from '#application/identity/module.ts';
import { ok } from '#domain/shared/result.ts';
import { FORGET_US } from '../headers.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { Id } from '../schemas.ts';
import { MAIL_EXAMPLE, SESSION_EXAMPLE } from './examples.ts';
import { IDENTITY_PROBLEMS } from './problems.ts';
import { SentView, SessionView, sessionView } from './views.ts';

/** Where somebody is signed in. */
export const sessionRoutes = (identity: Identity): readonly AnyRoute[] => [
  route({
    method: 'get',
    path: '/me/sessions',
    operationId: 'sessions',
    tag: 'Identity',
    summary: 'Where you are signed in',
    description: 'The newest first; at most 200.',
    access: 'authenticated',
    status: 200,
    response: z.object({ data: z.array(SessionView), next: z.null() }),
    example: { response: { data: [SESSION_EXAMPLE], next: null } },
    problems: {},
    async handle(_input, { actor }) {
      const sessions = await identity.listSessions(actor);
      return sessions.ok ? ok({ data: sessions.value.map(sessionView), next: null }) : sessions;
    },
  }),
  route({
    method: 'delete',
    path: '/me/sessions/{sessionId}',
    operationId: 'endSession',
    tag: 'Identity',
    summary: 'Sign out of one of your sessions',
    description: 'Its access and refresh tokens stop working at once.',
    access: 'authenticated',
    params: z.object({ sessionId: Id }),
    status: 204,
    response: z.undefined(),
    example: { response: undefined },
    problems: pick(IDENTITY_PROBLEMS, 'identity.session_not_found'),
    handle: ({ params }, { actor }) => identity.endSession(params, actor),
  }),
  route({
    method: 'delete',
    path: '/me/sessions',
    operationId: 'endAllSessions',
    tag: 'Identity',
    summary: 'Sign out everywhere, here too',
    access: 'authenticated',
    status: 204,
    response: z.undefined(),
    example: { response: undefined },
    problems: {},
    replyHeaders: () => FORGET_US,
    handle: (_input, { actor }) => identity.endAllSessions(actor),
  }),
  route({
    method: 'delete',
    path: '/admin/accounts/{accountId}/sessions',
    operationId: 'endSessionsOf',
    tag: 'Identity',
    summary: 'Sign somebody out everywhere',
    description: 'Their access and refresh tokens stop working at once, and a mail tells them. They can sign in again.',
    access: { permission: 'platform:operate', in: 'platform' },
    params: z.object({ accountId: Id }),
    status: 200,
    response: z.object({ ended: z.int() }),
    example: { response: { ended: 2 } },
    problems: pick(IDENTITY_PROBLEMS, 'identity.account_not_found'),
    handle: ({ params }, { actor }) => identity.endSessionsOf(params, actor),
  }),
  route({
    method: 'post',
    path: '/admin/accounts/{accountId}/password-reset',
    operationId: 'startPasswordReset',
    tag: 'Identity',
    summary: 'Have a link that sets a new password mailed to somebody',
    description: 'To the address their account has. Nobody else sees the link, or chooses the password.',
    access: { permission: 'platform:operate', in: 'platform' },
    params: z.object({ accountId: Id }),
    status: 202,
    response: SentView,
    example: { response: { sentTo: MAIL_EXAMPLE.sentTo } },
    problems: pick(IDENTITY_PROBLEMS, 'identity.no_such_account', 'identity.account_closed', 'identity.busy'),
    handle: ({ params }, { actor, origin }) => identity.startReset(params, actor, origin),
  }),
];
