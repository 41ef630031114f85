import type { PartnersError } from '#domain/partners/errors.ts';
import type { Problems } from '../problem.ts';

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
};
