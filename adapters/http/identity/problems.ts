import type { IdentityError, InvitationReason } from '#domain/identity/errors.ts';
import { PASSWORD_MAX, type PasswordRule } from '#domain/identity/password-policy.ts';
import type { Problems } from '../problem.ts';

const ADVICE: Readonly<Record<Exclude<PasswordRule, 'too_short'>, string>> = {
  too_long: `use at most ${PASSWORD_MAX} characters`,
  no_upper: 'add an upper-case letter',
  no_lower: 'add a lower-case letter',
  no_digit: 'add a digit',
  no_special: 'add a character that is neither letter nor digit',
  own_words: 'leave out words of your name, username and e-mail address',
  common: 'choose something less common',
  breached: 'choose one that was never stolen anywhere: this one is on lists that are tried first',
};

const advice = (rule: PasswordRule, minLength: number): string => (rule === 'too_short' ? `use at least ${minLength} characters` : ADVICE[rule]);

const SIGN_IN_AGAIN = 'Sign in again with POST /auth/login.';

const INVITED_ANEW = 'Ask the restaurant to invite you again, or register without an invitation.';
const INVITATION: Readonly<Record<InvitationReason, string>> = {
  invalid: `The token is none of ours. Open the whole link of the newest mail you got. ${INVITED_ANEW}`,
  expired: `Its time is over. ${INVITED_ANEW}`,
  accepted: 'It was taken up already. Sign in with POST /auth/login.',
  revoked: `The restaurant took it back. ${INVITED_ANEW}`,
  superseded: 'A newer one took its place. Open the link of the newest mail.',
  not_yours: 'It was sent to another address. Register with the one it was sent to.',
  inviter_may_not: `Whoever sent it may no longer do so. ${INVITED_ANEW}`,
  role_gone: `The role it offers is gone. ${INVITED_ANEW}`,
  already_staff: 'You work there already. Sign in with POST /auth/login.',
};

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
    detail: ({ rules, minLength }) => `Choose another one: ${rules.map((rule) => advice(rule, minLength)).join('; ')}.`,
  },
  'identity.email_taken': {
    status: 409,
    title: 'The e-mail address is taken',
    detail: 'If it is yours, sign in with POST /auth/login; otherwise register with another one.',
  },
  'identity.phone_malformed': {
    status: 422,
    title: 'The telephone number cannot be used',
    detail: 'Give one that can be called, with its country, such as +91 98123 45678.',
  },
  'identity.phone_taken': {
    status: 409,
    title: 'The telephone number is taken',
    detail: 'Another account has it. Sign in to that one, or leave the number out.',
  },
  'identity.username_malformed': {
    status: 422,
    title: 'The username cannot be used',
    detail: ({ min, max }) => `Use ${min} to ${max} letters a to z, digits, dots and underscores, beginning with a letter; some names are reserved.`,
  },
  'identity.username_taken': { status: 409, title: 'The username is taken', detail: 'Choose another one.' },
  'identity.email_unchanged': { status: 422, title: 'That is your address already', detail: 'Give the address you want to have.' },
  'identity.email_not_verified': {
    status: 403,
    title: 'The e-mail address is not confirmed yet',
    detail: 'Follow the link in the mail you got, or ask for another one with POST /auth/verify-email/resend.',
  },
  'identity.password_wrong': { status: 403, title: 'That is not your password', detail: 'Nothing was changed. Give the password you sign in with.' },
  'identity.too_many_attempts': {
    status: 429,
    title: 'Too many attempts',
    detail: ({ retryAfterSeconds }) =>
      `Try again in ${retryAfterSeconds} seconds; if you forgot the password, POST /auth/reset-password sends a link for a new one.`,
  },
  'identity.reset_limit': {
    status: 429,
    title: 'Too many mails were asked for',
    detail: ({ maxAttempts, resetWindowMinutes, nextResetAvailableAt }) =>
      `At most ${maxAttempts} in ${resetWindowMinutes} minutes. Look for the ones you have; the next can be had at ${nextResetAvailableAt}.`,
  },
  'identity.token_invalid': {
    status: 400,
    title: 'The link does not hold',
    detail: 'It was used, has expired, was replaced by a newer one, or was cut short. Ask for another one.',
  },
  'identity.second_factor_required': {
    status: 401,
    title: 'A second factor is asked for',
    detail: 'Answer the challenge with POST /auth/second-factor.',
  },
  'identity.second_factor_on': {
    status: 409,
    title: 'The second factor is on already',
    detail: 'Turn it off with DELETE /me/second-factor before you set up another phone.',
  },
  'identity.second_factor_off': { status: 409, title: 'There is no second factor', detail: 'Set one up with POST /me/second-factor.' },
  'identity.second_factor_not_begun': {
    status: 409,
    title: 'There is nothing to confirm',
    detail: 'Begin with POST /me/second-factor and give a code of the secret it answers with.',
  },
  'identity.second_factor_mandatory': {
    status: 409,
    title: 'Your role needs a second factor',
    detail: 'It cannot be turned off while you hold the role. A lost phone is replaced by signing in with a backup code.',
  },
  'identity.challenge_invalid': { status: 401, title: 'The challenge does not hold', detail: SIGN_IN_AGAIN },
  'identity.code_invalid': {
    status: 401,
    title: 'The code is not right',
    detail: 'Wait for the next code of your phone, or give a backup code that you have not used.',
  },
  'identity.code_wrong': {
    status: 403,
    title: 'That code does not fit',
    detail: 'Nothing was changed. Wait for the next code of your phone; each is good once.',
  },
  'identity.passkey_invalid': {
    status: 401,
    title: 'The passkey proves nothing',
    detail: 'It is not known here, was removed, or took longer than five minutes. Begin again, or sign in with POST /auth/login.',
  },
  'identity.passkey_not_found': { status: 404, title: 'You have no such passkey', detail: 'GET /me/passkeys lists those you have.' },
  'identity.too_many_passkeys': {
    status: 409,
    title: 'You have too many passkeys',
    detail: ({ limit }) => `At most ${limit}. Remove one that you do not use.`,
  },
  'identity.password_not_set': {
    status: 409,
    title: 'You have no password yet',
    detail: 'Ask for a link that sets one with POST /auth/reset-password.',
  },
  'identity.sign_in_again': {
    status: 403,
    title: 'Sign in again first',
    detail: ({ withinMinutes }) =>
      `Your account has no password, so a fresh sign-in stands for it: sign in again and repeat this within ${withinMinutes} minutes.`,
  },
  'identity.last_credential': {
    status: 409,
    title: 'It is the last thing you can sign in with',
    detail: 'Set a password with POST /auth/reset-password, or add a passkey or another provider, before you take it away.',
  },
  'identity.provider_unknown': {
    status: 404,
    title: 'Nobody signs in through that provider here',
    detail: 'GET /auth/providers lists those that are configured.',
  },
  'identity.return_to_refused': {
    status: 422,
    title: 'The browser cannot be sent there',
    detail: ({ limit }) => `Give a page of the app as a path of letters, digits, - and _ such as /welcome, of at most ${limit} characters.`,
  },
  'identity.external_ticket_invalid': {
    status: 400,
    title: 'The way to the provider was used or has expired',
    detail: 'Go back to the app and begin again: each address leads there once, within ten minutes.',
  },
  'identity.external_state_invalid': {
    status: 400,
    title: 'This browser was not on its way here',
    detail:
      'It was begun in another browser, was finished already, or took longer than ten minutes. Go back to the app and begin again, with cookies allowed.',
  },
  'identity.external_denied': {
    status: 403,
    title: 'You were not signed in',
    detail: 'The provider says that you, or it, did not agree. Begin again, or sign in another way.',
  },
  'identity.external_proof_invalid': {
    status: 401,
    title: 'The provider’s answer proves nothing',
    detail: 'It was not made for this sign-in, or not by that provider. Begin again; if it stays so, tell whoever runs this service.',
  },
  'identity.external_unavailable': {
    status: 503,
    title: 'The provider cannot be reached',
    detail: 'Nothing was changed. Begin again in a few minutes, or sign in another way.',
  },
  'identity.external_code_invalid': {
    status: 401,
    title: 'The code does not hold',
    detail:
      'It was used, is older than two minutes, or was made for another app, account or purpose. Begin again with POST /auth/external/{provider}.',
  },
  'identity.external_email_missing': {
    status: 422,
    title: 'The provider named no e-mail address',
    detail:
      'An account needs one. Begin again and let the provider share your confirmed address, or register with POST /auth/register and link the provider then.',
  },
  'identity.external_email_unproven': {
    status: 409,
    title: 'The address has an account already',
    detail:
      'The provider does not say that you read its mail, so it cannot join the two. Sign in as you did before, then link it with POST /me/external-identities/options.',
  },
  'identity.external_identity_taken': {
    status: 409,
    title: 'It is linked to another account',
    detail: 'Sign in through it to get to that one, and unlink it there if you want it here.',
  },
  'identity.external_identity_not_found': {
    status: 404,
    title: 'You have linked no such provider',
    detail: 'GET /me/external-identities lists those you have.',
  },
  'identity.too_many_external_identities': {
    status: 409,
    title: 'You have linked too many providers',
    detail: ({ limit }) => `At most ${limit}. Unlink one that you do not use.`,
  },
  'identity.session_not_found': { status: 404, title: 'You have no such session', detail: 'GET /me/sessions lists those that have not ended.' },
  'identity.last_admin': {
    status: 409,
    title: 'The platform cannot be without an admin',
    detail: 'Make somebody else an admin first.',
  },
  'identity.role_not_held': {
    status: 409,
    title: 'They do not have that role',
    detail: ({ role }) => `There is no ${role} to take. GET their roles first.`,
  },
  'identity.no_such_account': { status: 404, title: 'There is no such account', detail: 'Check the id.' },
  'identity.invitation_refused': {
    status: 409,
    title: 'The invitation brings you nowhere',
    detail: ({ reason }) => INVITATION[reason],
  },
  'identity.account_closed': {
    status: 409,
    title: 'The account is closed',
    detail: 'A closed account stays closed. Register with another e-mail address.',
  },
  'identity.still_owner': {
    status: 409,
    title: 'You own restaurants',
    detail: 'Make somebody else an owner of each, and leave it, before you close your account: nobody could open its doors after you.',
  },
  'identity.account_not_found': { status: 404, title: 'There is no such account', detail: 'Sign in with an account that exists.' },
  'identity.invalid_credentials': {
    status: 401,
    title: 'Identifier and password do not match',
    detail:
      'Check both and try again, or register with POST /auth/register. Whoever has just registered may have to follow the link in their mail first.',
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
