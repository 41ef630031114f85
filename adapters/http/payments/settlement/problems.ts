import type { SettlementError } from '#domain/payments/settlement/errors.ts';
import type { Problems } from '../../problem.ts';

const money = (amount: number, currency: string): string => `${amount} ${currency} (minor units)`;

export const SETTLEMENT_PROBLEMS: Problems<SettlementError> = {
  'payments.no_payout_account': {
    status: 404,
    title: 'The restaurant has no payout account yet',
    detail: 'Its owner says where its money goes with PUT /restaurants/{restaurantId}/payout-account.',
  },
  'payments.payout_account_changed': {
    status: 412,
    title: 'The payout account has changed meanwhile',
    detail: ({ version }) => `It is at version ${version}. Read it again, and send that version in If-Match.`,
  },
  'payments.payout_account_unset': {
    status: 409,
    title: 'Nobody has said where the money goes',
    detail: 'Nothing was paid. Its owner says so with PUT /restaurants/{restaurantId}/payout-account.',
  },
  'payments.processor_not_configured': {
    status: 422,
    title: 'Nothing is paid out through that processor',
    detail: ({ processor, configured }) =>
      configured.length === 0
        ? 'No processor is configured that could pay out.'
        : `${processor} is not configured; choose ${configured.join(' or ')}.`,
  },
  'payments.payout_too_large': {
    status: 409,
    title: 'The restaurant is not owed that much',
    detail: ({ asked, payable, currency }) =>
      `You asked for ${money(asked, currency)}; ${money(payable, currency)} can be paid. What is under way, and what lies in the restaurant's own till, counts as paid.`,
  },
  'payments.settlement_not_found': {
    status: 404,
    title: 'There is no such settlement of this restaurant',
    detail: 'GET /restaurants/{restaurantId}/settlements lists them.',
  },
  'payments.exception_not_found': { status: 404, title: 'There is no such exception', detail: 'GET /payments/exceptions lists them.' },
  'payments.exception_resolved': {
    status: 409,
    title: 'Somebody has dealt with it already',
    detail: ({ by }) => `It was ${by}. Nothing more was done; GET /payments/exceptions shows how and why.`,
  },
  'payments.action_not_offered': {
    status: 422,
    title: 'That does not help here',
    detail: ({ action, offered }) => `${action} is not for this kind of exception; choose ${offered.join(' or ')}.`,
  },
  'payments.dispute_not_found': {
    status: 404,
    title: 'There is no such dispute of this payment',
    detail: 'GET /restaurants/{restaurantId}/disputes lists them.',
  },
  'payments.dispute_over': {
    status: 409,
    title: 'The dispute is over',
    detail: ({ disputeStatus }) => `It is ${disputeStatus}: nothing can be said about it any more.`,
  },
  'payments.evidence_too_large': {
    status: 422,
    title: 'More is contested than is disputed',
    detail: ({ amount, disputed, currency }) =>
      `You contest ${money(amount, currency)} of ${money(disputed, currency)}. Leave amount out to contest all.`,
  },
  'payments.dispute_answer_refused': {
    status: 502,
    title: 'The payment provider did not take the answer',
    detail: ({ processor, reason }) => `${processor} says ${reason}. Nothing was changed; look at the dispute again, since it may be over.`,
  },
  'payments.card_number_refused': {
    status: 422,
    title: 'That looks like the number of a card',
    detail: 'Never send one. Let the checkout of the payment provider take it, and send the token that it gives.',
  },
  'payments.too_many_methods': {
    status: 409,
    title: 'Too many ways to pay are saved',
    detail: ({ limit }) => `At most ${limit} can be. Remove one with DELETE /me/payment-methods/{methodId} first.`,
  },
};
