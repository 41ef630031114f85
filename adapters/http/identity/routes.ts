import { z } from 'zod';
import type { Identity } from '#application/identity/module.ts';
import { ok } from '#domain/shared/result.ts';
import { FORGET_US } from '../headers.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { Password } from '../validators.ts';
import { accountRoutes } from './account-routes.ts';
import { ACCOUNT_EXAMPLE, PASSWORD_EXAMPLE, SIGNED_IN_EXAMPLE, TOKENS_EXAMPLE } from './examples.ts';
import { Code, Identifier, RefreshToken, Secret } from './inputs.ts';
import { mailedRoutes } from './mailed-routes.ts';
import { passkeyRoutes } from './passkey-routes.ts';
import { permissionRoutes } from './permission-routes.ts';
import { IDENTITY_PROBLEMS } from './problems.ts';
import { quietRegistration, registration } from './register-routes.ts';
import { secondFactorRoutes } from './second-factor-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { LoginView, loginView, SignedInView, signedInView, TokensView, tokensView } from './views.ts';

const LoginBody = z.strictObject({ identifier: Identifier, password: Password, deviceToken: Secret.optional() });
const CodeBody = z.strictObject({ challenge: Secret, code: Code, deviceToken: Secret.optional() });
const RefreshBody = z.strictObject({ refreshToken: RefreshToken });

const signingIn = (identity: Identity): readonly AnyRoute[] => [
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
    countsGuesses: true,
    body: LoginBody,
    status: 200,
    response: LoginView,
    example: { body: { identifier: ACCOUNT_EXAMPLE.email, password: PASSWORD_EXAMPLE }, response: SIGNED_IN_EXAMPLE },
    problems: pick(IDENTITY_PROBLEMS, 'identity.invalid_credentials', 'identity.too_many_attempts', 'identity.busy'),
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
    replyHeaders: () => FORGET_US,
    handle: (_, { actor }) => identity.signOut(actor),
  }),
];

/** Where an address must be confirmed before anybody signs in, registering tells nobody whether there is an account. */
export const identityRoutes = (identity: Identity, hidesAccounts: boolean): readonly AnyRoute[] => [
  (hidesAccounts ? quietRegistration : registration)(identity),
  ...[signingIn, mailedRoutes, accountRoutes, sessionRoutes, secondFactorRoutes, passkeyRoutes, permissionRoutes].flatMap((routes) =>
    routes(identity),
  ),
];
