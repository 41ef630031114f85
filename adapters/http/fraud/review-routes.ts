import { z } from 'zod';
import type { Fraud } from '#application/fraud/module.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { etag, Id, link, PageQuery, pageRequest, pageView, RestaurantParams, Text } from '../schemas.ts';
import { APPROVED_EXAMPLE, CLAIMED_EXAMPLE, REJECTED_EXAMPLE, REVIEW_EXAMPLE } from './examples.ts';
import { FRAUD_PROBLEMS } from './problems.ts';
import { ReviewView, reviewView, Status } from './views.ts';

const ReviewParams = z.object({ reviewId: Id });
const ReviewQuery = PageQuery.extend({ status: Status.optional() });
const Reason = Text(500).min(1);
const DECIDE = { permission: 'fraud:review', in: 'resource' } as const;

export const reviewRoutes = (fraud: Fraud): readonly AnyRoute[] => [
  route({
    method: 'get',
    path: '/fraud/reviews',
    operationId: 'listReviews',
    tag: 'Fraud',
    summary: 'List payments under review everywhere, newest first',
    access: { permission: 'fraud:review', in: 'platform' },
    query: ReviewQuery,
    status: 200,
    response: pageView(ReviewView),
    example: { response: { data: [REVIEW_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { query }) => link('/fraud/reviews', page, query),
    async handle({ query: { status, ...query } }) {
      const { data, next } = await fraud.reviews(null, status === undefined ? {} : { status }, pageRequest(query));
      return ok({ data: data.map(reviewView), next });
    },
  }),
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/fraud/reviews',
    operationId: 'listRestaurantReviews',
    tag: 'Fraud',
    summary: "List a restaurant's payments under review, newest first",
    description: 'Their money is authorised and not taken. Who decides nothing by the deadline lets happen what the policy says.',
    access: { permission: 'fraud:read', in: 'restaurant' },
    params: RestaurantParams,
    query: ReviewQuery,
    status: 200,
    response: pageView(ReviewView),
    example: { response: { data: [REVIEW_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { params, query }) => link(`/restaurants/${params.restaurantId}/fraud/reviews`, page, query),
    async handle({ params, query: { status, ...query } }) {
      const { data, next } = await fraud.reviews(params.restaurantId, status === undefined ? {} : { status }, pageRequest(query));
      return ok({ data: data.map(reviewView), next });
    },
  }),
  route({
    method: 'post',
    path: '/fraud/reviews/{reviewId}/claim',
    operationId: 'claimReview',
    tag: 'Fraud',
    summary: 'Take a review for a few minutes',
    description: 'Nobody else can decide it meanwhile. Claiming it again prolongs the claim; who lets it lapse gives it back.',
    access: DECIDE,
    params: ReviewParams,
    status: 200,
    response: ReviewView,
    example: { response: CLAIMED_EXAMPLE },
    problems: pick(
      FRAUD_PROBLEMS,
      'fraud.review_not_found',
      'fraud.not_permitted',
      'fraud.review_closed',
      'fraud.review_overdue',
      'fraud.review_claimed',
      'fraud.own_order',
    ),
    replyHeaders: etag,
    async handle({ params }, { actor }) {
      const claimed = await fraud.claimReview(params, actor);
      return claimed.ok ? ok(reviewView(claimed.value)) : claimed;
    },
  }),
  ...resolutionRoutes(fraud),
];

const RESOLUTION = pick(
  FRAUD_PROBLEMS,
  'fraud.review_not_found',
  'fraud.not_permitted',
  'fraud.review_closed',
  'fraud.review_overdue',
  'fraud.review_not_claimed',
  'fraud.second_person_needed',
);

const resolutionRoutes = (fraud: Fraud): readonly AnyRoute[] => [
  route({
    method: 'post',
    path: '/fraud/reviews/{reviewId}/approval',
    operationId: 'approveReview',
    tag: 'Fraud',
    summary: 'Approve a payment: its money is taken',
    description: 'Claim it first. From an amount that the policy sets, two people approve: after the first it is open for another.',
    access: DECIDE,
    params: ReviewParams,
    body: z.strictObject({ reason: Reason.optional() }).optional(),
    status: 200,
    response: ReviewView,
    example: { body: { reason: 'known by phone' }, response: APPROVED_EXAMPLE },
    problems: RESOLUTION,
    replyHeaders: etag,
    async handle({ params, body }, { actor }) {
      const approved = await fraud.resolveReview({ ...params, outcome: 'approved', reason: body?.reason ?? null }, actor);
      return approved.ok ? ok(reviewView(approved.value)) : approved;
    },
  }),
  route({
    method: 'post',
    path: '/fraud/reviews/{reviewId}/rejection',
    operationId: 'rejectReview',
    tag: 'Fraud',
    summary: 'Reject a payment: its money is given back',
    description: 'Claim it first. The reason is for colleagues; the customer is never told.',
    access: DECIDE,
    params: ReviewParams,
    body: z.strictObject({ reason: Reason }),
    status: 200,
    response: ReviewView,
    example: { body: { reason: 'four cards in five minutes' }, response: REJECTED_EXAMPLE },
    problems: RESOLUTION,
    replyHeaders: etag,
    async handle({ params, body }, { actor }) {
      const rejected = await fraud.resolveReview({ ...params, outcome: 'rejected', reason: body.reason }, actor);
      return rejected.ok ? ok(reviewView(rejected.value)) : rejected;
    },
  }),
];
