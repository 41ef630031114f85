import { z } from 'zod';
import type { Identity } from '#application/identity/module.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { given } from '../schemas.ts';
import { Password } from '../validators.ts';
import { ACCOUNT_EXAMPLE, MAIL_EXAMPLE, PASSWORD_EXAMPLE } from './examples.ts';
import { DisplayName, Identifier, Secret, TypedPhone, Username } from './inputs.ts';
import { IDENTITY_PROBLEMS } from './problems.ts';
import { AccountView, accountView, SentView } from './views.ts';

const RegisterBody = z.strictObject({
  email: Identifier,
  password: Password,
  displayName: DisplayName,
  phone: TypedPhone.optional(),
  username: Username.optional(),
  invitation: Secret.optional().meta({ description: 'The token of an invitation to work at a restaurant, when they came by its link.' }),
});
const REGISTERING = {
  method: 'post',
  path: '/auth/register',
  operationId: 'register',
  tag: 'Identity',
  summary: 'Register an account',
  access: 'public',
  limiter: 'auth',
  body: RegisterBody,
} as const;
const BODY_EXAMPLE = { email: ACCOUNT_EXAMPLE.email, password: PASSWORD_EXAMPLE, displayName: ACCOUNT_EXAMPLE.displayName };
const BAD_REGISTRATION = pick(
  IDENTITY_PROBLEMS,
  'identity.email_malformed',
  'identity.display_name_malformed',
  'identity.phone_malformed',
  'identity.username_malformed',
  'identity.password_weak',
  'identity.busy',
  'identity.invitation_refused',
);
const TAKEN = pick(IDENTITY_PROBLEMS, 'identity.email_taken', 'identity.phone_taken', 'identity.username_taken');
const INVITED = 'With the token of an invitation that was mailed to it the address counts as confirmed, and the account works where it was invited.';

/** Answers with the account, or with what of it is taken. */
export const registration = (identity: Identity): AnyRoute =>
  route({
    ...REGISTERING,
    description: `It is a customer everywhere; roles in a restaurant are given by its owner. A mail asks to confirm the address. ${INVITED}`,
    status: 201,
    response: AccountView,
    example: { body: BODY_EXAMPLE, response: { ...ACCOUNT_EXAMPLE, emailVerified: false, phone: null, username: null } },
    problems: { ...BAD_REGISTRATION, ...TAKEN },
    async handle({ body }, { actor }) {
      const registered = await identity.registerAccount(given(body), actor);
      return registered.ok ? ok(accountView(registered.value)) : registered;
    },
  });

/** Answers alike whether or not the address has an account, and after as much work. */
export const quietRegistration = (identity: Identity): AnyRoute =>
  route({
    ...REGISTERING,
    description:
      'It is a customer everywhere; roles in a restaurant are given by its owner. The answer is the same, and takes as long, whether or not the address ' +
      `has an account: a mail there says what comes next. A telephone number or username that is taken is left out; GET /me shows them. ${INVITED} Only then is told what is taken.`,
    status: 202,
    response: SentView,
    example: { body: BODY_EXAMPLE, response: { sentTo: MAIL_EXAMPLE.sentTo } },
    problems: { ...BAD_REGISTRATION, ...TAKEN },
    handle: ({ body }, { actor, origin }) => identity.registerQuietly(given(body), actor, origin),
  });
