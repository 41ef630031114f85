import { z } from 'zod';
import type { Identity } from '#application/identity/module.ts';
import { CREDENTIAL_ID_MAX, type Passkey } from '#domain/identity/passkey.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { Id, InstantView } from '../schemas.ts';
import { Password } from '../validators.ts';
import { PASSWORD_EXAMPLE, SIGNED_IN_EXAMPLE } from './examples.ts';
import { DisplayName } from './inputs.ts';
import { IDENTITY_PROBLEMS } from './problems.ts';
import { SignedInView, signedInView } from './views.ts';

const CredentialId = z.string().min(1).max(CREDENTIAL_ID_MAX);
const Bytes = z.string().min(1).max(16_384);
/** What browsers make: they add members of their own, which are left out here, not refused. */
const MadeCredential = z.object({
  id: CredentialId,
  rawId: CredentialId,
  type: z.literal('public-key'),
  response: z.object({ clientDataJSON: Bytes, attestationObject: Bytes }),
});
const ShownCredential = z.object({
  id: CredentialId,
  rawId: CredentialId,
  type: z.literal('public-key'),
  response: z.object({ clientDataJSON: Bytes, authenticatorData: Bytes, signature: Bytes, userHandle: z.string().max(256).optional() }),
});

/** Without one, a fresh session stands for it where there is no password. */
const BeginBody = z.strictObject({ password: Password.optional() });
const AddBody = z.strictObject({ name: DisplayName, credential: MadeCredential });
const SignInBody = z.strictObject({ credential: ShownCredential });

const CreationView = z.object({
  challenge: z.string(),
  rp: z.object({ id: z.string(), name: z.string() }),
  user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
  pubKeyCredParams: z.array(z.object({ type: z.literal('public-key'), alg: z.int() })),
  timeout: z.int(),
  attestation: z.string(),
  excludeCredentials: z.array(z.object({ id: z.string(), type: z.literal('public-key') })),
  authenticatorSelection: z.object({ residentKey: z.string(), userVerification: z.string() }),
});
const RequestView = z.object({ challenge: z.string(), rpId: z.string(), timeout: z.int(), userVerification: z.string() });
const PasskeyView = z.object({ id: Id, name: z.string(), addedAt: InstantView, usedAt: InstantView.nullable() });

const PASSKEY_EXAMPLE = {
  id: '019a9f3f-02aa-7a58-8d0e-6c5b0e3f9d21',
  name: 'Meera’s phone',
  addedAt: '2026-11-21T10:30:00.000Z',
  usedAt: null,
};
const CREATION_EXAMPLE = {
  challenge: 'MTc2NDAwMDAwMDAwMC5qMG1CM20ycg',
  rp: { id: 'eat.example.com', name: 'Thali' },
  user: { id: 'MDE5YTlmM2U', name: 'meera@example.com', displayName: 'Meera' },
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
  timeout: 60_000,
  attestation: 'none',
  excludeCredentials: [],
  authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
};
const REQUEST_EXAMPLE = { challenge: CREATION_EXAMPLE.challenge, rpId: 'eat.example.com', timeout: 60_000, userVerification: 'required' };
const CREDENTIAL_EXAMPLE = { id: 'q1w2e3r4t5', rawId: 'q1w2e3r4t5', type: 'public-key' };

const view = ({ id, name, addedAt, usedAt }: Passkey): z.input<typeof PasskeyView> => ({ id, name, addedAt, usedAt });

/** Signing in with what a device keeps: the options go to `navigator.credentials`, and what comes of it comes back. */
export const passkeyRoutes = ({ passkeys }: Identity): readonly AnyRoute[] => [
  route({
    method: 'post',
    path: '/auth/passkey/options',
    operationId: 'beginPasskeySignIn',
    tag: 'Identity',
    summary: 'Begin to sign in with a passkey',
    access: 'public',
    status: 200,
    response: RequestView,
    example: { response: REQUEST_EXAMPLE },
    problems: {},
    async handle() {
      const begun = await passkeys.beginSignIn();
      return begun.ok ? ok(begun.value as z.input<typeof RequestView>) : begun;
    },
  }),
  route({
    method: 'post',
    path: '/auth/passkey',
    operationId: 'signInWithPasskey',
    tag: 'Identity',
    summary: 'Sign in with a passkey',
    description: 'It is two proofs in one: neither password nor code is asked for. Within five minutes, and once.',
    access: 'public',
    limiter: 'auth',
    isProof: true,
    body: SignInBody,
    status: 200,
    response: SignedInView,
    example: {
      body: {
        credential: {
          ...CREDENTIAL_EXAMPLE,
          response: { clientDataJSON: 'eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0', authenticatorData: 'SZYN5YgOjGh0NBcPZHZgW4', signature: 'MEUCIQDx' },
        },
      },
      response: SIGNED_IN_EXAMPLE,
    },
    problems: pick(IDENTITY_PROBLEMS, 'identity.passkey_invalid', 'identity.email_not_verified'),
    async handle({ body }, { actor, origin }) {
      const answer = await passkeys.signIn(body, actor, origin);
      return answer.ok ? ok(signedInView(answer.value)) : answer;
    },
  }),
  route({
    method: 'post',
    path: '/me/passkeys/options',
    operationId: 'beginPasskey',
    tag: 'Identity',
    summary: 'Begin to add a passkey',
    access: 'authenticated',
    body: BeginBody,
    status: 200,
    response: CreationView,
    example: { body: { password: PASSWORD_EXAMPLE }, response: CREATION_EXAMPLE },
    problems: pick(
      IDENTITY_PROBLEMS,
      'identity.account_not_found',
      'identity.password_wrong',
      'identity.sign_in_again',
      'identity.too_many_attempts',
      'identity.busy',
    ),
    async handle({ body }, { actor }) {
      const begun = await passkeys.begin(body, actor);
      return begun.ok ? ok(begun.value as z.input<typeof CreationView>) : begun;
    },
  }),
  route({
    method: 'post',
    path: '/me/passkeys',
    operationId: 'addPasskey',
    tag: 'Identity',
    summary: 'Add the passkey that a device made',
    access: 'authenticated',
    body: AddBody,
    status: 201,
    response: PasskeyView,
    example: {
      body: {
        name: PASSKEY_EXAMPLE.name,
        credential: {
          ...CREDENTIAL_EXAMPLE,
          response: { clientDataJSON: 'eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIn0', attestationObject: 'o2NmbXRkbm9uZQ' },
        },
      },
      response: PASSKEY_EXAMPLE,
    },
    problems: pick(
      IDENTITY_PROBLEMS,
      'identity.account_not_found',
      'identity.passkey_invalid',
      'identity.too_many_passkeys',
      'identity.display_name_malformed',
    ),
    async handle({ body }, { actor }) {
      const added = await passkeys.add(body, actor);
      return added.ok ? ok(view(added.value)) : added;
    },
  }),
  route({
    method: 'get',
    path: '/me/passkeys',
    operationId: 'passkeys',
    tag: 'Identity',
    summary: 'Your passkeys',
    access: 'authenticated',
    status: 200,
    response: z.object({ data: z.array(PasskeyView), next: z.null() }),
    example: { response: { data: [PASSKEY_EXAMPLE], next: null } },
    problems: {},
    async handle(_input, { actor }) {
      const held = await passkeys.list(actor);
      return held.ok ? ok({ data: held.value.map(view), next: null }) : held;
    },
  }),
  route({
    method: 'delete',
    path: '/me/passkeys/{passkeyId}',
    operationId: 'removePasskey',
    tag: 'Identity',
    summary: 'Remove a passkey',
    access: 'authenticated',
    params: z.object({ passkeyId: Id }),
    body: BeginBody,
    status: 204,
    response: z.undefined(),
    example: { body: { password: PASSWORD_EXAMPLE }, response: undefined },
    problems: pick(
      IDENTITY_PROBLEMS,
      'identity.account_not_found',
      'identity.passkey_not_found',
      'identity.last_credential',
      'identity.password_wrong',
      'identity.sign_in_again',
      'identity.too_many_attempts',
      'identity.busy',
    ),
    handle: ({ params, body }, { actor }) => passkeys.remove({ ...params, ...body }, actor),
  }),
];
