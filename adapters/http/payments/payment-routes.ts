import { z } from 'zod';
import type { Payments } from '#application/payments/module.ts';
import type { PaymentsErrorOf } from '#domain/payments/errors.ts';
import { ok, type Result } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { etag, link, pageRequest, pageView, RestaurantParams } from '../schemas.ts';
import { CONFIRMATION_EXAMPLE, OPENED_EXAMPLE, PAYMENT_EXAMPLE, STAFF_EXAMPLE } from './examples.ts';
import { ConfirmationBody, OrderParams, PayBody, PayHeaders, PaymentParams, PaymentsQuery, ReceiptBody } from './inputs.ts';
import { cashView, OpenedView, openedView } from './opened.ts';
import { PAYMENTS_PROBLEMS } from './problems.ts';
import { PaymentView, paymentView } from './views.ts';

const TAG = 'Payments';

export const paymentRoutes = (payments: Payments, publicUrl: string): readonly AnyRoute[] => [
  openRoute(payments, publicUrl),
  confirmationRoute(payments),
  receiptRoute(payments),
  route({
    method: 'get',
    path: '/payments/{paymentId}',
    operationId: 'getPayment',
    tag: TAG,
    summary: 'Read a payment',
    description: 'For its customer, and for who may read payments in its restaurant: they also see fees, disputes and where the money is.',
    access: 'authenticated',
    params: PaymentParams,
    status: 200,
    response: PaymentView,
    example: { response: PAYMENT_EXAMPLE },
    problems: pick(PAYMENTS_PROBLEMS, 'payments.payment_not_found'),
    replyHeaders: etag,
    async handle({ params }, { actor }) {
      const found = await payments.payment(params.paymentId, actor);
      return found.ok ? ok(paymentView(found.value, actor)) : found;
    },
  }),
  route({
    method: 'get',
    path: '/orders/{orderId}/payments',
    operationId: 'listOrderPayments',
    tag: TAG,
    summary: "Read an order's payment",
    description:
      'A list of one, or of none while nobody has wanted to pay. However often and in whatever ways it is tried, an order has one payment.',
    access: 'authenticated',
    params: OrderParams,
    status: 200,
    response: z.object({ data: z.array(PaymentView) }),
    example: { response: { data: [PAYMENT_EXAMPLE] } },
    problems: pick(PAYMENTS_PROBLEMS, 'payments.order_not_found'),
    async handle({ params }, { actor }) {
      const found = await payments.paymentOfOrder(params.orderId, actor);
      return found.ok ? ok({ data: found.value ? [paymentView(found.value, actor)] : [] }) : found;
    },
  }),
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/payments',
    operationId: 'listRestaurantPayments',
    tag: TAG,
    summary: "List a restaurant's payments, newest first",
    access: { permission: 'payments:read', in: 'restaurant' },
    params: RestaurantParams,
    query: PaymentsQuery,
    status: 200,
    response: pageView(PaymentView),
    example: { response: { data: [STAFF_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { params, query }) => link(`/restaurants/${params.restaurantId}/payments`, page, query),
    async handle({ params, query: { status, ...query } }, { actor }) {
      const page = await payments.paymentsOfRestaurant(params.restaurantId, status === undefined ? {} : { status }, pageRequest(query));
      return ok({ data: page.data.map((payment) => paymentView(payment, actor)), next: page.next });
    },
  }),
];

type Opened = Result<z.input<typeof OpenedView>, PaymentsErrorOf<(typeof PAYING)[number]>>;
const PAYING = [
  'payments.order_not_found',
  'payments.order_not_payable',
  'payments.already_paid',
  'payments.channel_not_offered',
  'payments.not_permitted',
  'payments.declined',
  'payments.provider_refused',
  'payments.provider_unreachable',
  'payments.tendered_too_little',
  'payments.idempotency_key_reused',
  'payments.request_in_progress',
] as const;

const openRoute = (payments: Payments, publicUrl: string): AnyRoute =>
  route({
    method: 'post',
    path: '/orders/{orderId}/payments',
    operationId: 'payOrder',
    tag: TAG,
    summary: 'Pay an order',
    description:
      'The order must exist, and what it costs is what is paid. Opens a way to pay, or answers the one that is open; cash is taken at once. ' +
      'Its customer pays by checkout or bank transfer; links and cash are for staff. When a provider clearly refuses, the next one is asked; ' +
      'while nobody knows what one did, no other is.',
    access: 'authenticated',
    limiter: 'payment',
    params: OrderParams,
    headers: PayHeaders,
    body: PayBody,
    status: 201,
    response: OpenedView,
    example: { body: { channel: 'checkout' }, response: OPENED_EXAMPLE },
    problems: pick(PAYMENTS_PROBLEMS, ...PAYING),
    replyHeaders: (payment) => ({ ...etag(payment), location: `/payments/${payment.id}` }),
    async handle({ params: { orderId }, headers, body: { channel, tendered } }, caller): Promise<Opened> {
      const { actor } = caller;
      const request = { orderId, key: headers['idempotency-key'], fingerprint: caller.fingerprint() };
      if (channel === 'cash') {
        const taken = await payments.takeCash({ ...request, tendered: tendered ?? null }, actor);
        return taken.ok ? ok(cashView(taken.value, actor)) : taken;
      }
      const opened = await payments.openPayment({ ...request, channel, ip: caller.origin.ip, deviceId: headers['x-device-id'] ?? null }, actor);
      return opened.ok ? ok(openedView(payments, publicUrl, opened.value, actor)) : opened;
    },
  });

const confirmationRoute = (payments: Payments): AnyRoute =>
  route({
    method: 'post',
    path: '/payments/{paymentId}/confirmation',
    operationId: 'confirmPayment',
    tag: TAG,
    summary: 'Confirm a payment with what the checkout handed over',
    description:
      'The signature proves that the provider sent it; what became of the money is then asked of the provider itself. Leaving this out loses nothing: ' +
      'webhooks and our own questions find every payment, a little later.',
    access: 'authenticated',
    params: PaymentParams,
    body: ConfirmationBody,
    status: 200,
    response: PaymentView,
    example: { body: CONFIRMATION_EXAMPLE, response: PAYMENT_EXAMPLE },
    problems: pick(PAYMENTS_PROBLEMS, 'payments.payment_not_found', 'payments.bad_signature', 'payments.nothing_to_confirm'),
    replyHeaders: etag,
    async handle({ params, body }, { actor }) {
      const { razorpay_payment_id: chargeId, razorpay_signature: signature } = body;
      const confirmed = await payments.confirmPayment({ paymentId: params.paymentId, chargeId, signature }, actor);
      return confirmed.ok ? ok(paymentView(confirmed.value, actor)) : confirmed;
    },
  });

const receiptRoute = (payments: Payments): AnyRoute =>
  route({
    method: 'post',
    path: '/payments/{paymentId}/receipt',
    operationId: 'receiveTransfer',
    tag: TAG,
    summary: 'Say that a bank transfer came in',
    description: 'All of it at once; the order is placed as soon as it is. Saying it again changes nothing.',
    access: { permission: 'payments:take', in: 'resource' },
    params: PaymentParams,
    body: ReceiptBody,
    status: 200,
    response: PaymentView,
    example: { body: { amount: 33300, reference: 'UTR 4129857712' }, response: STAFF_EXAMPLE },
    problems: pick(
      PAYMENTS_PROBLEMS,
      'payments.payment_not_found',
      'payments.not_permitted',
      'payments.nothing_to_confirm',
      'payments.transfer_differs',
    ),
    replyHeaders: etag,
    async handle({ params, body }, { actor }) {
      const received = await payments.recordTransfer({ paymentId: params.paymentId, ...body }, actor);
      return received.ok ? ok(paymentView(received.value, actor)) : received;
    },
  });
