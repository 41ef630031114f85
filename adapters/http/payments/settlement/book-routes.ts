import { z } from 'zod';
import type { Settlement } from '#application/payments/settlement/module.ts';
import { PaymentId } from '#domain/payments/payment.ts';
import { MINOR_MAX } from '#domain/shared/money.ts';
import { err, ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../../route.ts';
import { Id, link, PageQuery, pageRequest, pageView, RestaurantParams, Text } from '../../schemas.ts';
import { PAYMENTS_PROBLEMS } from '../problems.ts';
import { DISPUTE_EXAMPLE, EXCEPTION_EXAMPLE, LISTED_DISPUTE_EXAMPLE, RESOLVED_EXAMPLE, ROW_EXAMPLE, SETTLEMENT_EXAMPLE } from './examples.ts';
import { CursorQuery, ProviderId } from './inputs.ts';
import { SETTLEMENT_PROBLEMS } from './problems.ts';
import {
  Action,
  DisputeView,
  disputeView,
  ExceptionView,
  exceptionView,
  ListedDisputeView,
  listedDisputeView,
  RowView,
  rowView,
  SettlementView,
  settlementView,
} from './views.ts';

const ExceptionQuery = PageQuery.extend({ state: z.enum(['open', 'resolved']).optional() });
const filterOf = (state: 'open' | 'resolved' | undefined) => (state === undefined ? {} : { isOpen: state === 'open' });
const Note = Text(500).min(3);
const ResolutionBody = z.strictObject({ action: Action, note: Note });
const DisputeParams = z.object({ paymentId: Id.transform(PaymentId.of), disputeId: ProviderId });
const EvidenceBody = z.strictObject({ summary: Text(1_000).min(10), amount: z.int().min(1).max(MINOR_MAX).optional() });

const settlementRoutesOf = (settlement: Settlement): readonly AnyRoute[] => [
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/settlements',
    operationId: 'listSettlements',
    tag: 'Settlements',
    summary: "List what payment providers have brought to the bank of a restaurant's money, newest first",
    description: 'Gross is before the provider took its fees and the tax on them; net is what the bank got.',
    access: { permission: 'ledger:read', in: 'restaurant' },
    params: RestaurantParams,
    query: CursorQuery,
    status: 200,
    response: pageView(SettlementView),
    example: { response: { data: [SETTLEMENT_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { params, query }) => link(`/restaurants/${params.restaurantId}/settlements`, page, query),
    async handle({ params, query }) {
      const page = await settlement.settlements(params.restaurantId, pageRequest(query));
      return ok({ data: page.data.map(settlementView), next: page.next });
    },
  }),
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/settlements/{settlementId}',
    operationId: 'listSettlementRows',
    tag: 'Settlements',
    summary: 'Read what a settlement is made of, row by row',
    access: { permission: 'ledger:read', in: 'restaurant' },
    params: RestaurantParams.extend({ settlementId: ProviderId }),
    query: CursorQuery,
    status: 200,
    response: pageView(RowView),
    example: { response: { data: [ROW_EXAMPLE], next: null } },
    problems: pick(SETTLEMENT_PROBLEMS, 'payments.settlement_not_found'),
    replyHeaders: (page, { params, query }) => link(`/restaurants/${params.restaurantId}/settlements/${params.settlementId}`, page, query),
    async handle({ params: { restaurantId, settlementId }, query }) {
      const page = await settlement.rowsOfSettlement(restaurantId, settlementId, pageRequest(query));
      if (page.data.length === 0 && query.after === undefined) return err({ code: 'payments.settlement_not_found', settlementId });
      return ok({ data: page.data.map(rowView), next: page.next });
    },
  }),
];

const exceptionRoutes = (settlement: Settlement): readonly AnyRoute[] => [
  route({
    method: 'get',
    path: '/payments/exceptions',
    operationId: 'listPaymentExceptions',
    tag: 'Payment exceptions',
    summary: 'List what people must look at, newest first',
    description:
      'What payment providers and our own books do not agree about, and what could not be done; `actions` says what may be done about each.',
    access: { permission: 'platform:operate', in: 'platform' },
    query: ExceptionQuery,
    status: 200,
    response: pageView(ExceptionView),
    example: { response: { data: [EXCEPTION_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { query }) => link('/payments/exceptions', page, query),
    async handle({ query: { state, ...query } }) {
      const page = await settlement.exceptions(filterOf(state), pageRequest(query));
      return ok({ data: page.data.map(exceptionView), next: page.next });
    },
  }),
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/payment-exceptions',
    operationId: 'listRestaurantPaymentExceptions',
    tag: 'Payment exceptions',
    summary: "List what is being looked at of a restaurant's money, newest first",
    access: { permission: 'ledger:read', in: 'restaurant' },
    params: RestaurantParams,
    query: ExceptionQuery,
    status: 200,
    response: pageView(ExceptionView),
    example: { response: { data: [{ ...EXCEPTION_EXAMPLE, restaurantId: SETTLEMENT_RESTAURANT }], next: null } },
    problems: {},
    replyHeaders: (page, { params, query }) => link(`/restaurants/${params.restaurantId}/payment-exceptions`, page, query),
    async handle({ params: { restaurantId }, query: { state, ...query } }) {
      const page = await settlement.exceptions({ restaurantId, ...filterOf(state) }, pageRequest(query));
      return ok({ data: page.data.map(exceptionView), next: page.next });
    },
  }),
  route({
    method: 'post',
    path: '/payments/exceptions/{exceptionId}/resolution',
    operationId: 'resolvePaymentException',
    tag: 'Payment exceptions',
    summary: 'Deal with an exception, and say why',
    description:
      '`recheck` asks the provider once more; `refund_again` gives back anew what a failed refund owed; `retry` looks now into an operation nobody knows the outcome of; ' +
      '`refund_at_provider` sends money that belongs to nothing here back to whoever paid it; `write_off` takes it as it is, and books as lost what is gone. Of two people at once, one does it.',
    access: { permission: 'platform:operate', in: 'platform' },
    params: z.object({ exceptionId: Id }),
    body: ResolutionBody,
    status: 200,
    response: ExceptionView,
    example: { body: { action: 'refund_at_provider', note: 'Paid on an old link' }, response: RESOLVED_EXAMPLE },
    problems: {
      ...pick(SETTLEMENT_PROBLEMS, 'payments.exception_not_found', 'payments.exception_resolved', 'payments.action_not_offered'),
      ...pick(PAYMENTS_PROBLEMS, 'payments.not_captured', 'payments.refund_too_large', 'payments.refund_not_found'),
    },
    async handle({ params, body }, { actor }) {
      const resolved = await settlement.resolveException({ ...params, ...body }, actor);
      return resolved.ok ? ok(exceptionView(resolved.value)) : resolved;
    },
  }),
];
const SETTLEMENT_RESTAURANT = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10';

const DISPUTE_PROBLEMS = {
  ...pick(
    SETTLEMENT_PROBLEMS,
    'payments.dispute_not_found',
    'payments.dispute_over',
    'payments.dispute_answer_refused',
    'payments.evidence_too_large',
  ),
  ...pick(PAYMENTS_PROBLEMS, 'payments.payment_not_found', 'payments.not_permitted', 'payments.provider_unreachable'),
};

const disputeRoutes = (settlement: Settlement): readonly AnyRoute[] => [
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/disputes',
    operationId: 'listDisputes',
    tag: 'Disputes',
    summary: "List the payments that customers' banks want back, newest first",
    access: { permission: 'payments:read', in: 'restaurant' },
    params: RestaurantParams,
    query: CursorQuery,
    status: 200,
    response: pageView(ListedDisputeView),
    example: { response: { data: [LISTED_DISPUTE_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { params, query }) => link(`/restaurants/${params.restaurantId}/disputes`, page, query),
    async handle({ params, query }) {
      const page = await settlement.disputes(params.restaurantId, pageRequest(query));
      return ok({ data: page.data.map(listedDisputeView), next: page.next });
    },
  }),
  route({
    method: 'post',
    path: '/payments/{paymentId}/disputes/{disputeId}/evidence',
    operationId: 'contestDispute',
    tag: 'Disputes',
    summary: 'Say why the money is the restaurant’s',
    description: 'All that is disputed is contested when no amount is named.',
    access: { permission: 'disputes:write', in: 'resource' },
    params: DisputeParams,
    body: EvidenceBody,
    status: 200,
    response: DisputeView,
    example: {
      body: { summary: 'Delivered at 13:40; the customer gave the rider the code of the delivery.', amount: 39000 },
      response: { ...DISPUTE_EXAMPLE, status: 'under_review' },
    },
    problems: DISPUTE_PROBLEMS,
    async handle({ params, body: { summary, amount } }, { actor }) {
      const contested = await settlement.contestDispute({ ...params, summary, amount: amount ?? null }, actor);
      return contested.ok ? ok(disputeView(contested.value)) : contested;
    },
  }),
  route({
    method: 'post',
    path: '/payments/{paymentId}/disputes/{disputeId}/acceptance',
    operationId: 'acceptDispute',
    tag: 'Disputes',
    summary: 'Give disputed money up',
    description: 'That is final. Saying it again changes nothing.',
    access: { permission: 'disputes:write', in: 'resource' },
    params: DisputeParams,
    status: 200,
    response: DisputeView,
    example: { response: { ...DISPUTE_EXAMPLE, status: 'lost' } },
    problems: DISPUTE_PROBLEMS,
    async handle({ params }, { actor }) {
      const accepted = await settlement.acceptDispute(params, actor);
      return accepted.ok ? ok(disputeView(accepted.value)) : accepted;
    },
  }),
];

export const bookRoutes = (settlement: Settlement): readonly AnyRoute[] => [
  ...settlementRoutesOf(settlement),
  ...exceptionRoutes(settlement),
  ...disputeRoutes(settlement),
];
