import type { IdentityError } from '#domain/identity/errors.ts';
import { PASSWORD_MAX, PASSWORD_MIN, type PasswordRule } from '#domain/identity/password-policy.ts';
import type { Problems } from '../problem.ts';

const ADVICE: Readonly<Record<PasswordRule, string>> = {
  too_short: `use at least ${PASSWORD_MIN} characters`,
  too_long: `use at most ${PASSWORD_MAX} characters`,
  no_upper: 'add an upper-case letter',
  no_lower: 'add a lower-case letter',
  no_digit: 'add a digit',
  no_special: 'add a character that is neither letter nor digit',
  own_words: 'leave out words of your name and e-mail address',
  common: 'choose something less common',
};

const SIGN_IN_AGAIN = 'Sign in again with POST /auth/login.';

export const IDENTITY_PROBLEMS: Problems<IdentityError> = {
  'identity.email_malformed': {
    status: 422,
    title: 'The e-mail address cannot be used',
    detail: 'Give one plain address such as meera@example.com, of at most 254 characters.',
  },
  'identity.display_name_malformed': {
    status: 422,
    title: 'The display name cannot be used',
    detail: ({ limit }) => `Give 1 to ${limit} visible characters on one line.`,
  },
  'identity.password_weak': {
    status: 422,
    title: 'The password is too weak',
    detail: ({ rules }) => `Choose another one: ${rules.map((rule) => ADVICE[rule]).join('; ')}.`,
  },
  'identity.email_taken': {
    status: 409,
    title: 'The e-mail address is taken',
    detail: 'If it is yours, sign in with POST /auth/login; otherwise register with another one.',
  },
  'identity.account_closed': {
    status: 409,
    title: 'The account is closed',
    detail: 'A closed account stays closed. Register with another e-mail address.',
  },
  'identity.account_not_found': { status: 404, title: 'There is no such account', detail: 'Sign in with an account that exists.' },
  'identity.invalid_credentials': {
    status: 401,
    title: 'Identifier and password do not match',
    detail: 'Check both and try again, or register with POST /auth/register.',
  },
  'identity.busy': {
    status: 503,
    title: 'Too many people are signing in at once',
    detail: ({ retryAfterSeconds }) => `Nothing was changed. Try again in ${retryAfterSeconds} seconds.`,
  },
  'identity.refresh_token_invalid': { status: 401, title: 'The refresh token does not hold', detail: SIGN_IN_AGAIN },
  'identity.refresh_token_reused': {
    status: 401,
    title: 'The refresh token was used before',
    detail: `Somebody may have copied it, so the whole session has ended. ${SIGN_IN_AGAIN} Always keep the newest token of a session and forget the one before.`,
  },
  'identity.session_expired': { status: 401, title: 'The session has expired', detail: SIGN_IN_AGAIN },
  'identity.session_ended': { status: 409, title: 'The session has already ended', detail: SIGN_IN_AGAIN },
};
