import { z } from 'zod';
import type { Identity } from '#application/identity/module.ts';
import type { TokenPair } from '#application/identity/token-pair.ts';
import type { Account } from '#domain/identity/account.ts';
import { EMAIL_MAX } from '#domain/identity/email-address.ts';
import { PLATFORM_ROLES } from '#domain/identity/roles.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { Id, InstantView } from '../schemas.ts';
import { Password } from '../validators.ts';
import { IDENTITY_PROBLEMS } from './problems.ts';

/** Bounds only: what an address, a name or a password may be is the domain's to say. */
const Identifier = z.string().min(1).max(EMAIL_MAX).meta({ example: 'meera@example.com' });
const RefreshToken = z.string().min(1).max(1_024);

const RegisterBody = z.strictObject({ email: Identifier, password: Password, displayName: z.string().min(1).max(160) });
const LoginBody = z.strictObject({ identifier: Identifier, password: Password });
const RefreshBody = z.strictObject({ refreshToken: RefreshToken });

const AccountView = z.object({
  id: Id,
  email: z.string(),
  displayName: z.string(),
  platformRoles: z.array(z.enum(PLATFORM_ROLES)),
  registeredAt: InstantView,
});
const GrantView = z.object({ restaurantId: Id, role: z.string(), permissions: z.array(z.string()) });
const MeView = AccountView.extend({ grants: z.array(GrantView) });
const TokensView = z.object({ accessToken: z.string(), tokenType: z.literal('Bearer'), expiresIn: z.int(), refreshToken: z.string() });

const ACCOUNT_EXAMPLE = {
  id: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10',
  email: 'meera@example.com',
  displayName: 'Meera',
  platformRoles: [],
  registeredAt: '2026-11-21T10:30:00.000Z',
};
const ME_EXAMPLE = {
  ...ACCOUNT_EXAMPLE,
  grants: [{ restaurantId: '019a9f3f-02aa-7a58-8d0e-6c5b0e3f9d21', role: 'waiter', permissions: ['orders:read', 'orders:complete'] }],
};
const TOKENS_EXAMPLE = {
  accessToken: 'eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6IjNqZ1pxV2dLIn0.eyJzdWIiOiIwMTlhOWYzZSJ9.c2lnbmF0dXJl',
  tokenType: 'Bearer',
  expiresIn: 900,
  refreshToken: 'rt1.3jgZqWgK.AZqfPnxAexydVT8fHCt6EA.0.Jq0mB3m2rV0H2nqg1c1oJfG3r8w9yZkq0M5n6p7s8tU',
};

const viewOf = (account: Account): z.input<typeof AccountView> => ({ ...account, platformRoles: [...account.platformRoles] });
const tokensOf = ({ accessToken, expiresInSeconds, refreshToken }: TokenPair): z.input<typeof TokensView> => ({
  accessToken,
  tokenType: 'Bearer',
  expiresIn: expiresInSeconds,
  refreshToken,
});

export const identityRoutes = (identity: Identity): readonly AnyRoute[] => [
  route({
    method: 'post',
    path: '/auth/register',
    operationId: 'register',
    tag: 'Identity',
    summary: 'Register an account',
    description: 'It is a customer everywhere; roles in a restaurant are given by its owner.',
    access: 'public',
    limiter: 'auth',
    body: RegisterBody,
    status: 201,
    response: AccountView,
    example: {
      body: { email: ACCOUNT_EXAMPLE.email, password: 'tiffin-At-7-sharp', displayName: ACCOUNT_EXAMPLE.displayName },
      response: ACCOUNT_EXAMPLE,
    },
    problems: pick(
      IDENTITY_PROBLEMS,
      'identity.email_malformed',
      'identity.display_name_malformed',
      'identity.password_weak',
      'identity.email_taken',
      'identity.busy',
    ),
    async handle({ body }, { actor }) {
      const registered = await identity.registerAccount(body, actor);
      return registered.ok ? ok(viewOf(registered.value)) : registered;
    },
  }),
  route({
    method: 'post',
    path: '/auth/login',
    operationId: 'login',
    tag: 'Identity',
    summary: 'Sign in',
    description: 'Begins a session of 30 days, or 12 hours for whoever holds a role; 7 days without a refresh end it sooner.',
    access: 'public',
    limiter: 'auth',
    isProof: true,
    body: LoginBody,
    status: 200,
    response: TokensView,
    example: { body: { identifier: ACCOUNT_EXAMPLE.email, password: 'tiffin-At-7-sharp' }, response: TOKENS_EXAMPLE },
    problems: pick(IDENTITY_PROBLEMS, 'identity.invalid_credentials', 'identity.busy'),
    async handle({ body }, { actor }) {
      const signedIn = await identity.signIn(body, actor);
      return signedIn.ok ? ok(tokensOf(signedIn.value)) : signedIn;
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
      return refreshed.ok ? ok(tokensOf(refreshed.value)) : refreshed;
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
    async handle(_, { actor }) {
      const found = await identity.me(actor);
      if (!found.ok) return found;
      const { account, grants } = found.value;
      return ok({ ...viewOf(account), grants: grants.map((grant) => ({ ...grant, permissions: [...grant.permissions] })) });
    },
  }),
];
