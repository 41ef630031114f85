import type { PaymentsErrorOf } from '#domain/payments/errors.ts';
import type { Problems } from '../../problem.ts';

/** Amounts are told in minor units, with their currency, as everywhere. */
const money = (amount: number, currency: string): string => `${amount} ${currency} (minor units)`;

type Shared =
  | 'payments.payment_not_found'
  | 'payments.not_permitted'
  | 'payments.provider_unreachable'
  | 'payments.not_captured'
  | 'payments.refund_too_large'
  | 'payments.refund_not_found'
  | 'payments.method_not_found'
  | 'payments.token_unknown'
  | 'payments.no_saved_methods'
  | 'payments.idempotency_key_reused'
  | 'payments.request_in_progress';

/** What payments refuse, wherever it is asked of them. */
export const SHARED_PROBLEMS: Problems<PaymentsErrorOf<Shared>> = {
  'payments.payment_not_found': {
    status: 404,
    title: 'There is no such payment',
    detail: 'Check paymentId; GET /orders/{orderId}/payments shows the payment of an order.',
  },
  'payments.not_permitted': {
    status: 403,
    title: 'You may not do this with the payment',
    detail: ({ permission }) => `It takes the permission ${permission} in its restaurant.`,
  },
  'payments.provider_unreachable': {
    status: 503,
    title: 'The payment provider has not answered yet',
    detail: ({ retryAfterSeconds }) =>
      `It is being found out. Send the same request again in ${retryAfterSeconds} seconds, with the same key: it goes on where this one stopped, and nobody pays twice.`,
  },
  'payments.not_captured': {
    status: 409,
    title: 'There is no money to give back',
    detail: ({ paymentStatus }) => `The payment is ${paymentStatus}: nothing was taken, or it goes back by itself.`,
  },
  'payments.refund_too_large': {
    status: 409,
    title: 'There is not so much left to give back',
    detail: ({ asked, refundable, currency }) =>
      `You asked for ${money(asked, currency)}; at most ${money(refundable, currency)} can still be given back at once. What is under way counts as gone.`,
  },
  'payments.refund_not_found': {
    status: 404,
    title: 'There is no such refund of this payment',
    detail: 'GET /payments/{paymentId}/refunds lists them.',
  },
  'payments.method_not_found': { status: 404, title: 'There is no such saved method', detail: 'GET /me/payment-methods lists yours.' },
  'payments.token_unknown': {
    status: 422,
    title: 'The provider does not know that token',
    detail: 'Save the method again in the checkout, and send the token that it gives.',
  },
  'payments.no_saved_methods': {
    status: 409,
    title: 'Methods cannot be saved there',
    detail: ({ processor }) => `${processor} keeps no methods of customers. Pay without saving one.`,
  },
  'payments.idempotency_key_reused': {
    status: 422,
    title: 'That key was used for another request',
    detail: 'Send a new Idempotency-Key with a new request; repeat a request only with the same body.',
  },
  'payments.request_in_progress': {
    status: 409,
    title: 'The same request is being handled right now',
    detail: 'Wait a moment and send it again with the same key: it will answer what came of it.',
  },
};
