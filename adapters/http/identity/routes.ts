import { z } from 'zod';
import type { Identity } from '#application/identity/module.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { given } from '../schemas.ts';
import { Password } from '../validators.ts';
import { accountRoutes } from './account-routes.ts';
import { ACCOUNT_EXAMPLE, PASSWORD_EXAMPLE, SIGNED_IN_EXAMPLE, TOKENS_EXAMPLE } from './examples.ts';
import { Code, DisplayName, Identifier, RefreshToken, Secret, TypedPhone, Username } from './inputs.ts';
import { mailedRoutes } from './mailed-routes.ts';
import { passkeyRoutes } from './passkey-routes.ts';
import { permissionRoutes } from './permission-routes.ts';
import { IDENTITY_PROBLEMS } from './problems.ts';
import { secondFactorRoutes } from './second-factor-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { AccountView, accountView, LoginView, loginView, SignedInView, signedInView, TokensView, tokensView } from './views.ts';

const RegisterBody = z.strictObject({
  email: Identifier,
  password: Password,
  displayName: DisplayName,
  phone: TypedPhone.optional(),
  username: Username.optional(),
  invitation: Secret.optional().meta({ description: 'The token of an invitation to work at a restaurant, when they came by its link.' }),
});
const LoginBody = z.strictObject({ identifier: Identifier, password: Password, deviceToken: Secret.optional() });
const CodeBody = z.strictObject({ challenge: Secret, code: Code, deviceToken: Secret.optional() });
const RefreshBody = z.strictObject({ refreshToken: RefreshToken });

const signingIn = (identity: Identity): readonly AnyRoute[] => [
  route({
    method: 'post',
    path: '/auth/register',
    operationId: 'register',
    tag: 'Identity',
    summary: 'Register an account',
    description:
      'It is a customer everywhere; roles in a restaurant are given by its owner. A mail asks to confirm the address. With the token of an invitation that was mailed to it the address counts as confirmed, and the account works where it was invited.',
    access: 'public',
    limiter: 'auth',
    body: RegisterBody,
    status: 201,
    response: AccountView,
    example: {
      body: { email: ACCOUNT_EXAMPLE.email, password: PASSWORD_EXAMPLE, displayName: ACCOUNT_EXAMPLE.displayName },
      response: { ...ACCOUNT_EXAMPLE, emailVerified: false, phone: null, username: null },
    },
    problems: pick(
      IDENTITY_PROBLEMS,
      'identity.email_malformed',
      'identity.display_name_malformed',
      'identity.phone_malformed',
      'identity.username_malformed',
      'identity.password_weak',
      'identity.email_taken',
      'identity.phone_taken',
      'identity.username_taken',
      'identity.busy',
      'identity.invitation_refused',
    ),
    async handle({ body }, { actor }) {
      const registered = await identity.registerAccount(given(body), actor);
      return registered.ok ? ok(accountView(registered.value)) : registered;
    },
  }),
  route({
    method: 'post',
    path: '/auth/login',
    operationId: 'login',
    tag: 'Identity',
    summary: 'Sign in',
    description:
      'By e-mail address, telephone number or username. Begins a session of 30 days, or 12 hours for whoever holds a role; 7 days without a refresh end it sooner. ' +
      'Where there is a second factor, the answer is a challenge for POST /auth/second-factor instead. The device token, sent along the next time, ' +
      'keeps strangers from locking this device out.',
    access: 'public',
    limiter: 'auth',
    isProof: true,
    body: LoginBody,
    status: 200,
    response: LoginView,
    example: { body: { identifier: ACCOUNT_EXAMPLE.email, password: PASSWORD_EXAMPLE }, response: SIGNED_IN_EXAMPLE },
    problems: pick(IDENTITY_PROBLEMS, 'identity.invalid_credentials', 'identity.too_many_attempts', 'identity.email_not_verified', 'identity.busy'),
    async handle({ body }, { actor, origin }) {
      const answer = await identity.signIn(body, actor, origin);
      return answer.ok ? ok(loginView(answer.value)) : answer;
    },
  }),
  route({
    method: 'post',
    path: '/auth/second-factor',
    operationId: 'answerChallenge',
    tag: 'Identity',
    summary: 'Sign in with the second factor',
    description: 'Answers the challenge of POST /auth/login, within five minutes, with a code of the phone or a backup code. Each code is good once.',
    access: 'public',
    limiter: 'auth',
    isProof: true,
    body: CodeBody,
    status: 200,
    response: SignedInView,
    example: {
      body: { challenge: 'sf_Ac3kQ0m1r2T3u4V5w6X7yZ.0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2yZ3aB4', code: '492039' },
      response: SIGNED_IN_EXAMPLE,
    },
    problems: pick(IDENTITY_PROBLEMS, 'identity.challenge_invalid', 'identity.code_invalid', 'identity.too_many_attempts', 'identity.busy'),
    async handle({ body }, { actor, origin }) {
      const answer = await identity.completeSignIn(body, actor, origin);
      return answer.ok ? ok(signedInView(answer.value)) : answer;
    },
  }),
  route({
    method: 'post',
    path: '/auth/refresh',
    operationId: 'refresh',
    tag: 'Identity',
    summary: 'Renew a session',
    description:
      'Every refresh token is good once. Presented again within 10 seconds it gives the same successor, so a lost reply can be asked for again; later it ends the session.',
    access: 'public',
    limiter: 'auth',
    isProof: true,
    body: RefreshBody,
    status: 200,
    response: TokensView,
    example: { body: { refreshToken: TOKENS_EXAMPLE.refreshToken }, response: TOKENS_EXAMPLE },
    problems: pick(IDENTITY_PROBLEMS, 'identity.refresh_token_invalid', 'identity.refresh_token_reused', 'identity.session_expired'),
    async handle({ body }, { actor }) {
      const refreshed = await identity.refreshSession(body, actor);
      return refreshed.ok ? ok(tokensView(refreshed.value)) : refreshed;
    },
  }),
  route({
    method: 'post',
    path: '/auth/logout',
    operationId: 'logout',
    tag: 'Identity',
    summary: 'Sign out of this session',
    description: 'Its access and refresh tokens stop working at once.',
    access: 'authenticated',
    status: 204,
    response: z.undefined(),
    example: { response: undefined },
    problems: {},
    handle: (_, { actor }) => identity.signOut(actor),
  }),
];

export const identityRoutes = (identity: Identity): readonly AnyRoute[] =>
  [signingIn, mailedRoutes, accountRoutes, sessionRoutes, secondFactorRoutes, passkeyRoutes, permissionRoutes].flatMap((routes) => routes(identity));
