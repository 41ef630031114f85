import type { PaymentsError } from '#domain/payments/errors.ts';
import type { Problems } from '../problem.ts';

/** Amounts are told in minor units, with their currency, as everywhere. */
const money = (amount: number, currency: string): string => `${amount} ${currency} (minor units)`;

export const PAYMENTS_PROBLEMS: Problems<PaymentsError> = {
  'payments.order_not_found': { status: 404, title: 'There is no such order', detail: 'Check orderId; GET /me/orders lists yours.' },
  'payments.payment_not_found': {
    status: 404,
    title: 'There is no such payment',
    detail: 'Check paymentId; GET /orders/{orderId}/payments shows the payment of an order.',
  },
  'payments.order_not_payable': {
    status: 409,
    title: 'The order cannot be paid any more',
    detail: ({ orderStatus }) => `It is ${orderStatus}: nothing is owed for it. Place a new order.`,
  },
  'payments.already_paid': {
    status: 409,
    title: 'The order has been paid',
    detail: ({ paymentId }) => `Nothing is owed any more; see GET /payments/${paymentId}.`,
  },
  'payments.channel_not_offered': {
    status: 422,
    title: 'That way to pay is not offered for this order',
    detail: ({ channel, offered }) =>
      offered.length === 0
        ? `Nothing is configured to take a payment by ${channel}, nor any other that is made without staff. Pay the restaurant directly.`
        : `It cannot be paid by ${channel}; choose ${offered.join(' or ')}.`,
  },
  'payments.not_permitted': {
    status: 403,
    title: 'You may not do this with the payment',
    detail: ({ permission }) => `It takes the permission ${permission} in its restaurant.`,
  },
  'payments.declined': { status: 402, title: 'The payment was declined', detail: 'Nothing was taken. Pay in another way, or at the restaurant.' },
  'payments.provider_refused': {
    status: 502,
    title: 'The payment provider will not take this payment',
    detail: 'Nothing was taken. Choose another channel, or pay the restaurant directly.',
  },
  'payments.provider_unreachable': {
    status: 503,
    title: 'The payment provider has not answered yet',
    detail: ({ retryAfterSeconds }) =>
      `It is being found out. Send the same request again in ${retryAfterSeconds} seconds, with the same key: it goes on where this one stopped, and nobody pays twice.`,
  },
  'payments.bad_signature': {
    status: 422,
    title: 'The signature does not prove the payment',
    detail: 'Send the values exactly as the checkout handed them over. Nothing was changed; if money was taken it is found without this.',
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
  'payments.refund_not_by_hand': {
    status: 409,
    title: 'This refund is not made by hand',
    detail: ({ processor, refundStatus }) =>
      `It is ${refundStatus} at ${processor}, which tells how it goes on. Ask for another one if it has failed.`,
  },
  'payments.line_not_found': {
    status: 422,
    title: 'The order has no such line',
    detail: ({ line }) => `There is no line ${line}. The lines of GET /orders/{orderId} are counted from 0.`,
  },
  'payments.line_refunded': {
    status: 409,
    title: 'Not so many of that line are left to give back',
    detail: ({ line, quantity, left }) => `Of line ${line}, ${left} can still be given back, not ${quantity}.`,
  },
  'payments.tendered_too_little': {
    status: 422,
    title: 'What was handed over does not cover the order',
    detail: ({ due, currency }) => `${money(due, currency)} are due. Take at least that, or leave tendered out.`,
  },
  'payments.transfer_differs': {
    status: 422,
    title: 'The transfer is not the amount of the payment',
    detail: ({ due, currency }) => `Exactly ${money(due, currency)} are due. Send back what came in, and ask for the whole amount.`,
  },
  'payments.nothing_to_confirm': {
    status: 409,
    title: 'There is nothing to confirm',
    detail: ({ channel }) => `The payment was opened by ${channel}, which is not confirmed in this way.`,
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
