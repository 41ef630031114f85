import { z } from 'zod';
import type { External } from '#application/identity/external/module.ts';
import type { ExternalIdentity } from '#domain/identity/external/external-identity.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { Id, InstantView } from '../schemas.ts';
import { Password } from '../validators.ts';
import { PASSWORD_EXAMPLE } from './examples.ts';
import { BEGUN_EXAMPLE, BeginFields, BeginView, CHALLENGE_EXAMPLE, CODE_EXAMPLE, CodeFields, Provider } from './external-inputs.ts';
import { IDENTITY_PROBLEMS } from './problems.ts';

export const ExternalIdentityView = z.object({ id: Id, provider: z.string(), linkedAt: InstantView, usedAt: InstantView.nullable() });
export const EXTERNAL_IDENTITY_EXAMPLE = {
  id: '019a9f3f-02aa-7a58-8d0e-6c5b0e3f9d21',
  provider: 'google',
  linkedAt: '2026-11-21T10:30:00.000Z',
  usedAt: null,
};
export const externalIdentityView = ({ id, provider, linkedAt, usedAt }: ExternalIdentity): z.input<typeof ExternalIdentityView> => ({
  id,
  provider,
  linkedAt,
  usedAt,
});

const OptionalPassword = z.strictObject({ password: Password.optional() });

/** Other providers that somebody signs in through. */
export const externalLinkRoutes = (external: External): readonly AnyRoute[] => [
  route({
    method: 'post',
    path: '/me/external-identities/options',
    operationId: 'beginExternalLink',
    tag: 'Identity',
    summary: 'Begin to link another provider',
    description:
      'As POST /auth/external/{provider}, for an account that is signed in; what comes of it goes to POST /me/external-identities. It takes the password, or a session begun within ten minutes where there is none.',
    access: 'authenticated',
    body: z.strictObject({ ...BeginFields, provider: Provider, password: Password.optional() }),
    status: 201,
    response: BeginView,
    example: { body: { provider: 'google', challenge: CHALLENGE_EXAMPLE, app: 'customers', password: PASSWORD_EXAMPLE }, response: BEGUN_EXAMPLE },
    problems: pick(
      IDENTITY_PROBLEMS,
      'identity.account_not_found',
      'identity.provider_unknown',
      'identity.return_to_refused',
      'identity.password_wrong',
      'identity.sign_in_again',
      'identity.too_many_attempts',
      'identity.busy',
    ),
    async handle({ body }, { actor }) {
      const begun = await external.beginLink(body, actor);
      return begun.ok ? ok({ url: begun.value.url, expiresIn: begun.value.expiresInSeconds }) : begun;
    },
  }),
  route({
    method: 'post',
    path: '/me/external-identities',
    operationId: 'linkExternal',
    tag: 'Identity',
    summary: 'Link who the provider said you are',
    description: 'Only for the account that began, and once. Your address here stays what it is.',
    access: 'authenticated',
    body: z.strictObject(CodeFields),
    status: 201,
    response: ExternalIdentityView,
    example: { body: CODE_EXAMPLE, response: EXTERNAL_IDENTITY_EXAMPLE },
    problems: pick(
      IDENTITY_PROBLEMS,
      'identity.account_not_found',
      'identity.external_code_invalid',
      'identity.external_identity_taken',
      'identity.too_many_external_identities',
    ),
    async handle({ body }, { actor }) {
      const linked = await external.link(body, actor);
      return linked.ok ? ok(externalIdentityView(linked.value)) : linked;
    },
  }),
  route({
    method: 'get',
    path: '/me/external-identities',
    operationId: 'externalIdentities',
    tag: 'Identity',
    summary: 'The providers you sign in through',
    access: 'authenticated',
    status: 200,
    response: z.object({ data: z.array(ExternalIdentityView), next: z.null() }),
    example: { response: { data: [EXTERNAL_IDENTITY_EXAMPLE], next: null } },
    problems: {},
    async handle(_input, { actor }) {
      const held = await external.list(actor);
      return held.ok ? ok({ data: held.value.map(externalIdentityView), next: null }) : held;
    },
  }),
  route({
    method: 'delete',
    path: '/me/external-identities/{externalIdentityId}',
    operationId: 'unlinkExternal',
    tag: 'Identity',
    summary: 'Unlink a provider',
    description: 'Takes the password, or a session begun within ten minutes where there is none. The last thing you can sign in with stays.',
    access: 'authenticated',
    params: z.object({ externalIdentityId: Id }),
    body: OptionalPassword,
    status: 204,
    response: z.undefined(),
    example: { body: { password: PASSWORD_EXAMPLE }, response: undefined },
    problems: pick(
      IDENTITY_PROBLEMS,
      'identity.account_not_found',
      'identity.external_identity_not_found',
      'identity.last_credential',
      'identity.password_wrong',
      'identity.sign_in_again',
      'identity.too_many_attempts',
      'identity.busy',
    ),
    handle: ({ params, body }, { actor }) => external.unlink({ ...params, ...body }, actor),
  }),
];
