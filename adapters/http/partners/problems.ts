import type { PartnersError, PartnersErrorOf } from '#domain/partners/errors.ts';
import type { Problems } from '../problem.ts';

const ENDED: Readonly<Record<PartnersErrorOf<'partners.invitation_over'>['ending'], string>> = {
  pending: 'It still waits for an answer.',
  accepted: 'It was taken up already; each is good once.',
  revoked: 'The restaurant took it back. Ask it to invite you again.',
  superseded: 'A newer one took its place. Open the link of the newest mail.',
  expired: 'Its time is over. Ask the restaurant to send another one.',
};

export const PARTNERS_PROBLEMS: Problems<PartnersError> = {
  'partners.restaurant_not_found': { status: 404, title: 'There is no such restaurant', detail: 'Check the id; GET /restaurants lists them.' },
  'partners.changed_meanwhile': {
    status: 412,
    title: 'The restaurant has changed since you read it',
    detail: ({ version }) => `It is at version ${version} now. Read it again, and send its ETag in If-Match.`,
  },
  'partners.time_zone_unknown': {
    status: 422,
    title: 'The time zone is not known',
    detail: 'Use an IANA name such as Asia/Kolkata or Europe/London.',
  },
  'partners.currency_unknown': { status: 422, title: 'The currency is not known', detail: 'Use an ISO 4217 code such as INR or GBP.' },
  'partners.opening_hours_malformed': {
    status: 422,
    title: 'The opening hours cannot be read',
    detail: ({ index }) =>
      `Window ${index} needs a day from 1 (Monday) to 7, and times as HH:MM; 24:00 is the end of a day, and 70 windows are the most.`,
  },
  'partners.tax_rule_malformed': {
    status: 422,
    title: 'A tax rule cannot be used',
    detail: ({ index, reason }) =>
      reason === 'rate'
        ? `Rule ${index} needs percentages from 0 to 100 with at most three decimals.`
        : `Rule ${index} stands twice: one rule for each tax class and dining option.`,
  },
  'partners.not_permitted': {
    status: 403,
    title: 'You may not open restaurants',
    detail: ({ permission }) => `It takes the permission ${permission}, which owners and admins have.`,
  },
  'partners.account_not_found': {
    status: 422,
    title: 'Nobody is registered under that e-mail',
    detail: 'Ask them to register first, with POST /auth/register.',
  },
  'partners.staff_not_found': { status: 404, title: 'They do not work here', detail: 'GET the staff of the restaurant to see who does.' },
  'partners.owner_required': {
    status: 403,
    title: 'Only an owner makes or unmakes owners',
    detail: ({ permission }) => `It takes the permission ${permission}. Ask an owner of the restaurant to do it.`,
  },
  'partners.last_owner': { status: 409, title: 'A restaurant cannot be without an owner', detail: 'Make somebody else an owner first.' },
  'partners.role_not_found': { status: 404, title: 'The restaurant has no such role', detail: 'GET its roles to see which there are.' },
  'partners.role_unknown': {
    status: 422,
    title: 'The restaurant has no such role to give',
    detail: 'GET the roles of the restaurant, and give the id of one.',
  },
  'partners.role_built_in': {
    status: 409,
    title: 'Every restaurant has this role',
    detail: ({ roleId }) => `${roleId} stays as it is. Make a role of your own with POST /restaurants/{restaurantId}/roles.`,
  },
  'partners.role_name_taken': {
    status: 409,
    title: 'There is a role of that name',
    detail: 'Choose a name that no other role of the restaurant has.',
  },
  'partners.role_changed_meanwhile': {
    status: 412,
    title: 'The role has changed since you read it',
    detail: ({ version }) => `It is at version ${version} now. Read it again, and send its ETag in If-Match.`,
  },
  'partners.role_held': {
    status: 409,
    title: 'Somebody works in this role',
    detail: ({ accountIds }) => `${accountIds.length} of the staff hold it. Give them another one first.`,
  },
  'partners.too_many_roles': {
    status: 409,
    title: 'The restaurant has too many roles',
    detail: ({ limit }) => `It can make ${limit}. Remove one that nobody holds.`,
  },
  'partners.permission_not_grantable': {
    status: 422,
    title: 'No role of a restaurant allows that',
    detail: ({ permissions }) => `Leave out ${permissions.join(', ')}.`,
  },
  'partners.for_owners_to_give': {
    status: 403,
    title: 'Only an owner hands that on',
    detail: ({ permissions }) => `Leave out ${permissions.join(', ')}, or ask an owner of the restaurant.`,
  },
  'partners.beyond_your_reach': {
    status: 403,
    title: 'You may not give or take what you do not hold',
    detail: ({ permissions }) => `It takes ${permissions.join(', ')}, which you do not have here. Ask somebody who does.`,
  },
  'partners.invitation_not_found': {
    status: 404,
    title: 'There is no such invitation',
    detail: 'GET the invitations of the restaurant to see which there are.',
  },
  'partners.invitation_invalid': {
    status: 400,
    title: 'The link holds no invitation',
    detail: 'Open the whole link of the newest mail you got, or ask the restaurant to invite you again.',
  },
  'partners.invitation_over': {
    status: 409,
    title: 'The invitation has ended',
    detail: ({ ending }) => ENDED[ending],
  },
  'partners.invitation_not_yours': {
    status: 403,
    title: 'The invitation is for another address',
    detail: 'Sign in with the account that has the address it was sent to.',
  },
  'partners.address_unconfirmed': {
    status: 403,
    title: 'Your address is not confirmed yet',
    detail: 'Ask for a mail with POST /auth/verify-email/resend, follow its link, and take the invitation up again.',
  },
  'partners.inviter_may_not': {
    status: 409,
    title: 'Whoever invited you may no longer do so',
    detail: ({ permissions }) => `They have lost ${permissions.join(', ')}. Ask the restaurant to invite you again.`,
  },
  'partners.already_staff': {
    status: 409,
    title: 'They work here already',
    detail: 'Give them another role with POST /restaurants/{restaurantId}/staff.',
  },
  'partners.too_many_invitations': {
    status: 409,
    title: 'Too many invitations wait for an answer',
    detail: ({ limit }) => `At most ${limit} of a restaurant. Take back what nobody will take up.`,
  },
  'partners.too_much_mail': {
    status: 429,
    title: 'That address was invited too often',
    detail: ({ retryAfterSeconds }) => `It gets the next mail in ${retryAfterSeconds} seconds at the earliest.`,
  },
  'partners.person_required': { status: 403, title: 'Only a person can do this', detail: 'Sign in with an account; a program invites nobody.' },
};
