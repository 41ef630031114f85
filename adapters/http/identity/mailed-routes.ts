import { z } from 'zod';
import type { Identity } from '#application/identity/module.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { Password } from '../validators.ts';
import { ACCOUNT_EXAMPLE, MAIL_EXAMPLE, NEW_PASSWORD_EXAMPLE, resetLinkToken } from './examples.ts';
import { Identifier, Secret } from './inputs.ts';
import { IDENTITY_PROBLEMS } from './problems.ts';
import { MailView, mailView } from './views.ts';

const AskBody = z.strictObject({ identifier: Identifier });
const TokenBody = z.strictObject({ token: Secret });
const ResetBody = z.strictObject({ token: Secret, newPassword: Password });

const tokenOf = (prefix: string): string => resetLinkToken.replace('pr_', `${prefix}_`);

/** What is asked for by mail, and done with what the mail brings. Only POST takes a token: whoever scans mail follows links. */
export const mailedRoutes = (identity: Identity): readonly AnyRoute[] => [
  route({
    method: 'post',
    path: '/auth/verify-email',
    operationId: 'verifyEmail',
    tag: 'Identity',
    summary: 'Confirm the e-mail address of an account',
    access: 'public',
    limiter: 'auth',
    isProof: true,
    body: TokenBody,
    status: 204,
    response: z.undefined(),
    example: { body: { token: tokenOf('ve') }, response: undefined },
    problems: pick(IDENTITY_PROBLEMS, 'identity.token_invalid'),
    handle: ({ body }, { actor }) => identity.verifyEmail(body, actor),
  }),
  route({
    method: 'post',
    path: '/auth/verify-email/resend',
    operationId: 'resendVerification',
    tag: 'Identity',
    summary: 'Ask for the mail that confirms an address once more',
    description: 'The answer is the same whether or not there is such an account, and whether or not it is confirmed.',
    access: 'public',
    limiter: 'auth',
    countsGuesses: true,
    body: AskBody,
    status: 202,
    response: MailView,
    example: { body: { identifier: ACCOUNT_EXAMPLE.email }, response: MAIL_EXAMPLE },
    problems: pick(IDENTITY_PROBLEMS, 'identity.reset_limit'),
    async handle({ body }, { actor }) {
      const asked = await identity.resendVerification(body, actor);
      return asked.ok ? ok(mailView(asked.value)) : asked;
    },
  }),
  route({
    method: 'post',
    path: '/auth/reset-password',
    operationId: 'requestPasswordReset',
    tag: 'Identity',
    summary: 'Ask for a link that sets a new password',
    description:
      'By e-mail address, telephone number or username; the link goes to the address of the account. The answer is the same, and takes as long, ' +
      'whether or not there is one. `nextResetAvailableIn` of the refusal counts seconds.',
    access: 'public',
    limiter: 'auth',
    countsGuesses: true,
    body: AskBody,
    status: 202,
    response: MailView,
    example: { body: { identifier: ACCOUNT_EXAMPLE.email }, response: MAIL_EXAMPLE },
    problems: pick(IDENTITY_PROBLEMS, 'identity.reset_limit', 'identity.busy'),
    async handle({ body }, { actor, origin }) {
      const asked = await identity.requestReset(body, actor, origin);
      return asked.ok ? ok(mailView(asked.value)) : asked;
    },
  }),
  route({
    method: 'post',
    path: '/auth/verify-reset',
    operationId: 'resetPassword',
    tag: 'Identity',
    summary: 'Set a new password with the token of a link',
    description: 'Once, within an hour. Every session of the account ends, and nobody is signed in by it: a second factor is still asked for.',
    access: 'public',
    limiter: 'auth',
    isProof: true,
    body: ResetBody,
    status: 204,
    response: z.undefined(),
    example: { body: { token: resetLinkToken, newPassword: NEW_PASSWORD_EXAMPLE }, response: undefined },
    problems: pick(IDENTITY_PROBLEMS, 'identity.token_invalid', 'identity.password_weak', 'identity.busy'),
    handle: ({ body }, { actor, origin }) => identity.resetPassword(body, actor, origin),
  }),
  route({
    method: 'post',
    path: '/auth/confirm-email',
    operationId: 'confirmEmail',
    tag: 'Identity',
    summary: 'Confirm a new e-mail address',
    description: 'The account has it from then on. The old address gets a link that takes it back for three days.',
    access: 'public',
    limiter: 'auth',
    isProof: true,
    body: TokenBody,
    status: 204,
    response: z.undefined(),
    example: { body: { token: tokenOf('ce') }, response: undefined },
    problems: pick(IDENTITY_PROBLEMS, 'identity.token_invalid', 'identity.email_taken'),
    handle: ({ body }, { actor }) => identity.confirmEmail(body, actor),
  }),
  route({
    method: 'post',
    path: '/auth/undo-email',
    operationId: 'undoEmail',
    tag: 'Identity',
    summary: 'Take a change of e-mail address back',
    description: 'Ends every session and mails a link for a new password to the address that is the account’s again.',
    access: 'public',
    limiter: 'auth',
    isProof: true,
    body: TokenBody,
    status: 204,
    response: z.undefined(),
    example: { body: { token: tokenOf('ue') }, response: undefined },
    problems: pick(IDENTITY_PROBLEMS, 'identity.token_invalid', 'identity.email_taken', 'identity.busy'),
    handle: ({ body }, { actor }) => identity.undoEmail(body, actor),
  }),
];
