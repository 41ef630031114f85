import { z } from 'zod';
import type { Identity } from '#application/identity/module.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { given, InstantView } from '../schemas.ts';
import { Password } from '../validators.ts';
import { ACCOUNT_EXAMPLE, ME_EXAMPLE, NEW_PASSWORD_EXAMPLE, PASSWORD_EXAMPLE, SESSION_EXAMPLE } from './examples.ts';
import { EXTERNAL_IDENTITY_EXAMPLE, ExternalIdentityView, externalIdentityView } from './external-link-routes.ts';
import { DisplayName, Identifier, TypedPhone, Username } from './inputs.ts';
import { IDENTITY_PROBLEMS } from './problems.ts';
import { AccountView, accountView, GrantView, MeView, plainSession, SessionView } from './views.ts';

const ProfileBody = z.strictObject({
  displayName: DisplayName.optional(),
  phone: TypedPhone.nullable().optional(),
  username: Username.nullable().optional(),
});
const PasswordBody = z.strictObject({ currentPassword: Password, newPassword: Password });
const EmailBody = z.strictObject({ email: Identifier, password: Password.optional() });
const CloseBody = z.strictObject({ password: Password.optional() });

const { isCurrent: _, ...PAST_SESSION } = SESSION_EXAMPLE;
const ExportView = z.object({
  account: AccountView,
  grants: z.array(GrantView),
  sessions: z.array(SessionView.omit({ isCurrent: true })),
  secondFactor: z.object({ isOn: z.boolean(), backupCodesLeft: z.int() }),
  externalIdentities: z.array(ExternalIdentityView),
  exportedAt: InstantView,
});

/** Somebody's own account. */
export const accountRoutes = (identity: Identity): readonly AnyRoute[] => [
  route({
    method: 'get',
    path: '/me',
    operationId: 'me',
    tag: 'Identity',
    summary: 'Who you are and what you may do where',
    access: 'authenticated',
    status: 200,
    response: MeView,
    example: { response: ME_EXAMPLE },
    problems: pick(IDENTITY_PROBLEMS, 'identity.account_not_found'),
    async handle(_input, { actor }) {
      const found = await identity.me(actor);
      if (!found.ok) return found;
      const { account, grants } = found.value;
      return ok({ ...accountView(account), grants: grants.map((grant) => ({ ...grant, permissions: [...grant.permissions] })) });
    },
  }),
  route({
    method: 'patch',
    path: '/me',
    operationId: 'changeProfile',
    tag: 'Identity',
    summary: 'Change your name, telephone number or username',
    description: 'What is left out stays; null takes the number or the username away. Both can be signed in with.',
    access: 'authenticated',
    body: ProfileBody,
    status: 200,
    response: AccountView,
    example: { body: { displayName: 'Meera', phone: '+91 98123 45678', username: 'meera.n' }, response: ACCOUNT_EXAMPLE },
    problems: pick(
      IDENTITY_PROBLEMS,
      'identity.account_not_found',
      'identity.display_name_malformed',
      'identity.phone_malformed',
      'identity.username_malformed',
      'identity.email_taken',
      'identity.phone_taken',
      'identity.username_taken',
    ),
    async handle({ body }, { actor }) {
      const changed = await identity.changeProfile(given(body), actor);
      return changed.ok ? ok(accountView(changed.value)) : changed;
    },
  }),
  route({
    method: 'post',
    path: '/me/password',
    operationId: 'changePassword',
    tag: 'Identity',
    summary: 'Change your password',
    description: 'Every other session of yours ends.',
    access: 'authenticated',
    body: PasswordBody,
    status: 204,
    response: z.undefined(),
    example: { body: { currentPassword: PASSWORD_EXAMPLE, newPassword: NEW_PASSWORD_EXAMPLE }, response: undefined },
    problems: pick(
      IDENTITY_PROBLEMS,
      'identity.account_not_found',
      'identity.password_wrong',
      'identity.sign_in_again',
      'identity.password_not_set',
      'identity.password_weak',
      'identity.too_many_attempts',
      'identity.busy',
    ),
    handle: ({ body }, { actor }) => identity.changePassword(body, actor),
  }),
  route({
    method: 'post',
    path: '/me/email',
    operationId: 'changeEmail',
    tag: 'Identity',
    summary: 'Ask for another e-mail address',
    description: 'Nothing changes until the link that goes to the new address is followed; the old one is told.',
    access: 'authenticated',
    body: EmailBody,
    status: 202,
    response: z.object({ sentTo: z.string() }),
    example: { body: { email: 'meera.nair@example.com', password: PASSWORD_EXAMPLE }, response: { sentTo: 'm•••r@e•••e.com' } },
    problems: pick(
      IDENTITY_PROBLEMS,
      'identity.account_not_found',
      'identity.email_malformed',
      'identity.email_unchanged',
      'identity.password_wrong',
      'identity.sign_in_again',
      'identity.too_many_attempts',
      'identity.busy',
    ),
    handle: ({ body }, { actor }) => identity.changeEmail(body, actor),
  }),
  route({
    method: 'delete',
    path: '/me',
    operationId: 'closeAccount',
    tag: 'Identity',
    summary: 'Close your account for good',
    description: 'Your name, address and number are forgotten. Orders stay with the restaurants that must keep them.',
    access: 'authenticated',
    body: CloseBody,
    status: 204,
    response: z.undefined(),
    example: { body: { password: PASSWORD_EXAMPLE }, response: undefined },
    problems: pick(
      IDENTITY_PROBLEMS,
      'identity.account_not_found',
      'identity.account_closed',
      'identity.still_owner',
      'identity.last_admin',
      'identity.password_wrong',
      'identity.sign_in_again',
      'identity.too_many_attempts',
      'identity.busy',
    ),
    handle: ({ body }, { actor }) => identity.closeAccount(body, actor),
  }),
  route({
    method: 'get',
    path: '/me/export',
    operationId: 'exportAccount',
    tag: 'Identity',
    summary: 'All that is kept about your account',
    access: 'authenticated',
    status: 200,
    response: ExportView,
    example: {
      response: {
        account: ACCOUNT_EXAMPLE,
        grants: ME_EXAMPLE.grants,
        sessions: [PAST_SESSION],
        secondFactor: { isOn: false, backupCodesLeft: 0 },
        externalIdentities: [EXTERNAL_IDENTITY_EXAMPLE],
        exportedAt: '2026-11-21T10:45:00.000Z',
      },
    },
    problems: pick(IDENTITY_PROBLEMS, 'identity.account_not_found'),
    async handle(_input, { actor }) {
      const all = await identity.exportAccount(actor);
      if (!all.ok) return all;
      const { account, grants, sessions, secondFactor, externalIdentities, exportedAt } = all.value;
      return ok({
        account: accountView(account),
        grants: grants.map((grant) => ({ ...grant, permissions: [...grant.permissions] })),
        sessions: sessions.map(plainSession),
        secondFactor,
        externalIdentities: externalIdentities.map(externalIdentityView),
        exportedAt,
      });
    },
  }),
];
