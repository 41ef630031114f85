import { z } from 'zod';
import type { Payments } from '#application/payments/module.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { REFUND_EXAMPLE } from './examples.ts';
import { KeyHeader, PaymentParams, RefundBody, RefundParams } from './inputs.ts';
import { PAYMENTS_PROBLEMS } from './problems.ts';
import { RefundView, refundView, refundViews } from './views.ts';

const TAG = 'Refunds';

export const refundRoutes = (payments: Payments): readonly AnyRoute[] => [
  route({
    method: 'post',
    path: '/payments/{paymentId}/refunds',
    operationId: 'refundPayment',
    tag: TAG,
    summary: 'Give money back',
    description:
      'An amount, portions of lines, or everything that is left when neither is sent. It is set aside first, so that all refunds together never exceed what ' +
      'was taken, and then asked of the provider; cash counts as handed over at once, and a bank transfer is made by people and completed here.',
    access: { permission: 'payments:refund', in: 'resource' },
    limiter: 'payment',
    params: PaymentParams,
    headers: KeyHeader,
    body: RefundBody,
    status: 201,
    response: RefundView,
    example: { body: { lines: [{ line: 0, quantity: 1 }], note: 'one dosa was cold' }, response: REFUND_EXAMPLE },
    problems: pick(
      PAYMENTS_PROBLEMS,
      'payments.payment_not_found',
      'payments.not_permitted',
      'payments.not_captured',
      'payments.refund_too_large',
      'payments.line_not_found',
      'payments.line_refunded',
      'payments.idempotency_key_reused',
      'payments.request_in_progress',
    ),
    async handle({ params: { paymentId }, headers, body: { amount = null, lines = [], note } }, { actor, fingerprint }) {
      const key = headers['idempotency-key'];
      const asked = await payments.requestRefund({ paymentId, amount, lines, note, key, fingerprint: fingerprint() }, actor);
      return asked.ok ? ok(refundView(asked.value.payment, asked.value.refund, actor)) : asked;
    },
  }),
  route({
    method: 'get',
    path: '/payments/{paymentId}/refunds',
    operationId: 'listRefunds',
    tag: TAG,
    summary: "List a payment's refunds, oldest first",
    description: 'For its customer, and for who may read payments in its restaurant.',
    access: 'authenticated',
    params: PaymentParams,
    status: 200,
    response: z.object({ data: z.array(RefundView) }),
    example: { response: { data: [REFUND_EXAMPLE] } },
    problems: pick(PAYMENTS_PROBLEMS, 'payments.payment_not_found'),
    async handle({ params }, { actor }) {
      const found = await payments.payment(params.paymentId, actor);
      return found.ok ? ok({ data: refundViews(found.value, actor) }) : found;
    },
  }),
  route({
    method: 'post',
    path: '/payments/{paymentId}/refunds/{refundId}/completion',
    operationId: 'completeRefund',
    tag: TAG,
    summary: 'Say that a refund was made by hand',
    description: 'Of what people give back themselves, by bank. Saying it again changes nothing.',
    access: { permission: 'payments:refund', in: 'resource' },
    params: RefundParams,
    status: 200,
    response: RefundView,
    example: { response: { ...REFUND_EXAMPLE, status: 'processed', isByHand: true } },
    problems: pick(
      PAYMENTS_PROBLEMS,
      'payments.payment_not_found',
      'payments.refund_not_found',
      'payments.not_permitted',
      'payments.refund_not_by_hand',
    ),
    async handle({ params }, { actor }) {
      const completed = await payments.completeRefund(params, actor);
      return completed.ok ? ok(refundView(completed.value.payment, completed.value.refund, actor)) : completed;
    },
  }),
];
