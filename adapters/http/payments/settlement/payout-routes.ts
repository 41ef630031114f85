import { z } from 'zod';
import type { Settlement } from '#application/payments/settlement/module.ts';
import { BASIS_POINTS_MAX } from '#domain/payments/settlement/payout-account.ts';
import { MINOR_MAX } from '#domain/shared/money.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../../route.ts';
import { etag, IdempotencyKey, link, PageQuery, pageRequest, pageView, RestaurantParams } from '../../schemas.ts';
import { PAYMENTS_PROBLEMS } from '../problems.ts';
import { ACCOUNT_EXAMPLE, ACCOUNT_REQUEST_EXAMPLE, PAYOUT_EXAMPLE } from './examples.ts';
import { SETTLEMENT_PROBLEMS } from './problems.ts';
import { PayoutAccountView, PayoutView, payoutAccountView, payoutView } from './views.ts';

const AccountBody = z.strictObject({
  account: z.string().regex(/^acc_[A-Za-z0-9]{1,60}$/, 'acc_ and letters or digits'),
  processor: z.string().min(1).max(40).optional(),
  commissionBasisPoints: z.int().min(0).max(BASIS_POINTS_MAX).nullable().optional(),
});
const Positive = z.int().min(1).max(MINOR_MAX);
const PayoutBody = z.strictObject({ amount: Positive.optional() }).optional();
const KeyHeader = z.object({
  'idempotency-key': IdempotencyKey.meta({
    description: 'Your own name for this request. Sent again with the same body, it answers the same payout and makes no other.',
    example: 'payout-2026-11-21',
  }),
});

export const payoutRoutes = (settlement: Settlement): readonly AnyRoute[] => [
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/payout-account',
    operationId: 'getPayoutAccount',
    tag: 'Payouts',
    summary: "Read where a restaurant's money goes, and what the platform keeps of it",
    access: { permission: 'payouts:read', in: 'restaurant' },
    params: RestaurantParams,
    status: 200,
    response: PayoutAccountView,
    example: { response: ACCOUNT_EXAMPLE },
    problems: pick(SETTLEMENT_PROBLEMS, 'payments.no_payout_account'),
    replyHeaders: etag,
    async handle({ params }) {
      const found = await settlement.payoutAccount(params.restaurantId);
      return found.ok ? ok(payoutAccountView(found.value)) : found;
    },
  }),
  route({
    method: 'put',
    path: '/restaurants/{restaurantId}/payout-account',
    operationId: 'writePayoutAccount',
    tag: 'Payouts',
    summary: "Say where a restaurant's money goes",
    description:
      'Its owner names the account. What the platform keeps, in hundredths of a percent of sales without tax and tip, only the platform says.',
    access: { permission: 'payouts:write', in: 'restaurant' },
    params: RestaurantParams,
    body: AccountBody,
    status: 200,
    response: PayoutAccountView,
    example: { body: ACCOUNT_REQUEST_EXAMPLE, response: ACCOUNT_EXAMPLE },
    problems: {
      ...pick(SETTLEMENT_PROBLEMS, 'payments.processor_not_configured', 'payments.payout_account_changed'),
      ...pick(PAYMENTS_PROBLEMS, 'payments.not_permitted'),
    },
    replyHeaders: etag,
    async handle({ params, body }, { actor, ifMatch }) {
      const { account, processor, commissionBasisPoints } = body;
      const command = { restaurantId: params.restaurantId, account, processor, commissionBasisPoints, expectedVersion: ifMatch };
      const written = await settlement.writePayoutAccount(command, actor);
      return written.ok ? ok(payoutAccountView(written.value)) : written;
    },
  }),
  route({
    method: 'post',
    path: '/restaurants/{restaurantId}/payouts',
    operationId: 'requestPayout',
    tag: 'Payouts',
    summary: 'Pay a restaurant what it is owed',
    description:
      'All of it when no amount is named. It is set aside at once and never paid twice; how the transfer goes on is told by its status: a payout that fails is owed again.',
    limiter: 'payment',
    access: { permission: 'payouts:write', in: 'restaurant' },
    params: RestaurantParams,
    headers: KeyHeader,
    body: PayoutBody,
    status: 201,
    response: PayoutView,
    example: { body: { amount: 2750000 }, response: PAYOUT_EXAMPLE },
    problems: {
      ...pick(SETTLEMENT_PROBLEMS, 'payments.payout_account_unset', 'payments.payout_too_large'),
      ...pick(PAYMENTS_PROBLEMS, 'payments.idempotency_key_reused', 'payments.request_in_progress'),
    },
    async handle({ params, body, headers }, { actor, fingerprint }) {
      const command = {
        restaurantId: params.restaurantId,
        amount: body?.amount ?? null,
        key: headers['idempotency-key'],
        fingerprint: fingerprint(),
      };
      const requested = await settlement.requestPayout(command, actor);
      return requested.ok ? ok(payoutView(requested.value)) : requested;
    },
  }),
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/payouts',
    operationId: 'listPayouts',
    tag: 'Payouts',
    summary: "List a restaurant's payouts, newest first",
    access: { permission: 'payouts:read', in: 'restaurant' },
    params: RestaurantParams,
    query: PageQuery,
    status: 200,
    response: pageView(PayoutView),
    example: { response: { data: [PAYOUT_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { params, query }) => link(`/restaurants/${params.restaurantId}/payouts`, page, query),
    async handle({ params, query }) {
      const page = await settlement.payouts(params.restaurantId, pageRequest(query));
      return ok({ data: page.data.map(payoutView), next: page.next });
    },
  }),
];
