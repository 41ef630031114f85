import type { FraudError } from '#domain/fraud/errors.ts';
import type { Problems } from '../problem.ts';

const when = (at: number): string => new Date(at).toISOString();

export const FRAUD_PROBLEMS: Problems<FraudError> = {
  'fraud.decision_not_found': {
    status: 404,
    title: 'There is no such decision',
    detail: 'Check decisionId; GET /restaurants/{restaurantId}/fraud/decisions lists them.',
  },
  'fraud.not_permitted': {
    status: 403,
    title: 'You may not decide this',
    detail: ({ permission }) => `It takes the permission ${permission} in the restaurant.`,
  },
  'fraud.review_not_found': {
    status: 404,
    title: 'There is no such review',
    detail: 'Check reviewId; GET /restaurants/{restaurantId}/fraud/reviews lists them.',
  },
  'fraud.review_closed': {
    status: 409,
    title: 'The review is over',
    detail: ({ reviewStatus }) => `It was ${reviewStatus}; that is final.`,
  },
  'fraud.review_overdue': {
    status: 409,
    title: 'The time to decide is over',
    detail: ({ deadline }) => `It could be decided until ${when(deadline)}; what was agreed for that case happens now.`,
  },
  'fraud.review_claimed': {
    status: 409,
    title: 'Somebody else is looking at it',
    detail: ({ until }) => `They have it until ${when(until)}. Take another, or come back then.`,
  },
  'fraud.review_not_claimed': {
    status: 409,
    title: 'The review is not yours',
    detail: 'Claim it first: POST /fraud/reviews/{reviewId}/claim. A claim lasts a few minutes.',
  },
  'fraud.review_not_due': { status: 409, title: 'The review has time left', detail: 'Nothing happens to it by itself yet.' },
  'fraud.second_person_needed': {
    status: 409,
    title: 'Another person must approve, too',
    detail: 'You have approved it; for this amount it takes a second person.',
  },
  'fraud.own_order': { status: 403, title: 'It is your own order', detail: 'Somebody else must decide on it.' },
  'fraud.label_too_early': {
    status: 409,
    title: 'Nothing could be known by then',
    detail: ({ labelTime }) => `It was decided on after ${when(labelTime)}, or known since.`,
  },
  'fraud.label_known': { status: 409, title: 'That is known already', detail: ({ source }) => `The same was recorded from ${source}.` },
  'fraud.entry_not_found': { status: 404, title: 'There is no such entry', detail: 'Check entryId; it may have been removed.' },
  'fraud.entry_exists': {
    status: 409,
    title: 'It is on the list already',
    detail: ({ list, entryId }) => `Entry ${entryId} of the ${list} list says the same. Remove it first to change it.`,
  },
  'fraud.entry_expired': {
    status: 422,
    title: 'The entry would be over before it began',
    detail: 'Choose expiresAt in the future, or leave it out.',
  },
  'fraud.entry_value_malformed': { status: 422, title: 'The value names no such thing', detail: ({ kind }) => `Send a value that is a ${kind}.` },
  'fraud.entry_not_in_decision': {
    status: 422,
    title: 'The decision knows no such thing',
    detail: ({ kind }) => `No ${kind} was known when it was made.`,
  },
  'fraud.policy_malformed': {
    status: 422,
    title: 'Nobody could decide by this',
    detail: ({ at }) => `${at} is out of its range, or milder than what it must not be milder than.`,
  },
  'fraud.changed_meanwhile': {
    status: 412,
    title: 'Somebody changed it since you read it',
    detail: ({ version }) => `It is at version ${version}. Read it again and repeat your change.`,
  },
};
