import { z } from 'zod';
import type { Fraud } from '#application/fraud/module.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { etag, Id, link, PageQuery, pageRequest, pageView, RestaurantParams } from '../schemas.ts';
import { DECISION_EXAMPLE, LABELS_EXAMPLE, POLICY_BODY, POLICY_EXAMPLE, SUMMARY_EXAMPLE } from './examples.ts';
import { FRAUD_PROBLEMS } from './problems.ts';
import { Action, DecisionSummaryView, DecisionView, decisionSummaryView, decisionView, LabelsView, PolicyShape, PolicyView } from './views.ts';

const DecisionParams = z.object({ decisionId: Id });
const LabelBody = z.strictObject({ source: z.enum(['reviewer', 'complaint']), isFraud: z.boolean() });

export const decisionRoutes = (fraud: Fraud): readonly AnyRoute[] => [
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/fraud/decisions',
    operationId: 'listFraudDecisions',
    tag: 'Fraud',
    summary: "List what was decided on a restaurant's payments, newest first",
    access: { permission: 'fraud:read', in: 'restaurant' },
    params: RestaurantParams,
    query: PageQuery.extend({ action: Action.optional() }),
    status: 200,
    response: pageView(DecisionSummaryView),
    example: { response: { data: [SUMMARY_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { params, query }) => link(`/restaurants/${params.restaurantId}/fraud/decisions`, page, query),
    async handle({ params, query: { action, ...query } }) {
      const { data, next } = await fraud.decisions(params.restaurantId, action === undefined ? {} : { action }, pageRequest(query));
      return ok({ data: data.map(decisionSummaryView), next });
    },
  }),
  route({
    method: 'get',
    path: '/fraud/decisions/{decisionId}',
    operationId: 'getFraudDecision',
    tag: 'Fraud',
    summary: 'Read why a payment was decided on as it was',
    description: 'Every feature, what each added to the score, the rules it met and what each action was expected to cost.',
    access: { permission: 'fraud:read', in: 'resource' },
    params: DecisionParams,
    status: 200,
    response: DecisionView,
    example: { response: DECISION_EXAMPLE },
    problems: pick(FRAUD_PROBLEMS, 'fraud.decision_not_found', 'fraud.not_permitted'),
    async handle({ params }, { actor }) {
      const found = await fraud.decision(params.decisionId, actor);
      return found.ok ? ok(decisionView(found.value)) : found;
    },
  }),
  route({
    method: 'post',
    path: '/fraud/decisions/{decisionId}/labels',
    operationId: 'labelFraudDecision',
    tag: 'Fraud',
    summary: 'Say what a payment turned out to be',
    description: 'It counts from now on: nothing that was decided before knows of it. Disputes and refunds say so by themselves.',
    access: { permission: 'fraud:review', in: 'resource' },
    params: DecisionParams,
    body: LabelBody,
    status: 201,
    response: LabelsView,
    example: { body: { source: 'complaint', isFraud: true }, response: LABELS_EXAMPLE },
    problems: pick(FRAUD_PROBLEMS, 'fraud.decision_not_found', 'fraud.not_permitted', 'fraud.label_too_early', 'fraud.label_known'),
    async handle({ params, body }, { actor }) {
      const recorded = await fraud.recordLabel({ ...params, ...body }, actor);
      return recorded.ok ? ok({ data: [...recorded.value] }) : recorded;
    },
  }),
  ...policyRoutes(fraud),
];

const policyRoutes = (fraud: Fraud): readonly AnyRoute[] => [
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/fraud/policy',
    operationId: 'getFraudPolicy',
    tag: 'Fraud',
    summary: 'Read what frauds and hurdles cost a restaurant, and how it reviews',
    access: { permission: 'fraud:read', in: 'restaurant' },
    params: RestaurantParams,
    status: 200,
    response: PolicyView,
    example: { response: POLICY_EXAMPLE },
    problems: {},
    replyHeaders: etag,
    async handle({ params }) {
      const { policy, version } = await fraud.policy(params.restaurantId);
      return ok({ ...policy, version });
    },
  }),
  route({
    method: 'put',
    path: '/restaurants/{restaurantId}/fraud/policy',
    operationId: 'changeFraudPolicy',
    tag: 'Fraud',
    summary: 'Set what frauds and hurdles cost a restaurant, and how it reviews',
    description:
      'What costs least on average is done: allow, ask for a further proof, review, or block. Amounts are minor units, shares go from 0 to 1. ' +
      'Send the ETag you read in If-Match to be refused if somebody else changed it since.',
    access: { permission: 'fraud:lists', in: 'restaurant' },
    params: RestaurantParams,
    body: PolicyShape,
    status: 200,
    response: PolicyView,
    example: { body: POLICY_BODY, response: POLICY_EXAMPLE },
    problems: pick(FRAUD_PROBLEMS, 'fraud.policy_malformed', 'fraud.changed_meanwhile'),
    replyHeaders: etag,
    async handle({ params, body }, { actor, ifMatch }) {
      const changed = await fraud.changePolicy({ ...params, policy: body, expectedVersion: ifMatch }, actor);
      return changed.ok ? ok({ ...changed.value.policy, version: changed.value.version }) : changed;
    },
  }),
];
