import { defineEntity, p } from '@mikro-orm/core';
import type { Verdict } from '#domain/fraud/decision.ts';
import type { Label } from '#domain/fraud/labels.ts';
import { ENTRY_KINDS, LISTS } from '#domain/fraud/list-entry.ts';
import { ACTIONS, type FraudPolicyFacts } from '#domain/fraud/policy.ts';
import { REVIEW_STATUSES, type Review, type ReviewFacts } from '#domain/fraud/review.ts';
import { KEY_KINDS, type Signals } from '#domain/fraud/signals.ts';

const schema = 'fraud';
const oneOf = (column: string, values: readonly string[]): string => `${column} in (${values.map((value) => `'${value}'`).join(', ')})`;

/** What was decided, once and for ever. `signals` and `verdict` are everything; columns are what is asked for. */
export const DecisionRow = defineEntity({
  name: 'FraudDecisionRow',
  schema,
  tableName: 'decisions',
  indexes: [
    { name: 'decisions_restaurant_action', properties: ['restaurantId', 'action', 'id'] },
    { name: 'decisions_order', properties: ['restaurantId', 'orderId'] },
  ],
  uniques: [{ name: 'decisions_attempt', properties: ['restaurantId', 'paymentId', 'attemptId'] }],
  checks: [{ name: 'decisions_action', expression: oneOf('action', ACTIONS) }],
  properties: {
    id: p.uuid().primary(),
    restaurantId: p.uuid(),
    paymentId: p.uuid(),
    attemptId: p.uuid(),
    orderId: p.uuid(),
    customerId: p.uuid(),
    action: p.text(),
    probability: p.double(),
    decidedAt: p.datetime(3),
    signals: p.json<Signals>(),
    verdict: p.json<Verdict>(),
  },
});

/** Of no restaurant: a card that is tried out at one is known at all. Rebuilt from the log. */
export const HistoryRow = defineEntity({
  name: 'FraudHistoryRow',
  schema,
  tableName: 'histories',
  checks: [{ name: 'histories_kind', expression: oneOf('kind', KEY_KINDS) }],
  properties: {
    kind: p.text().primary(),
    key: p.text().primary(),
    state: p.json<Record<string, unknown>>(),
    version: p.integer(),
  },
});

export const ReviewRow = defineEntity({
  name: 'FraudReviewRow',
  schema,
  tableName: 'reviews',
  indexes: [
    { name: 'reviews_restaurant_status', properties: ['restaurantId', 'status', 'id'] },
    { name: 'reviews_status', properties: ['status', 'id'] },
    { name: 'reviews_live', expression: `create index reviews_live on fraud.reviews (id) where status in ('open', 'claimed')` },
  ],
  uniques: [{ name: 'reviews_decision', properties: ['decisionId'] }],
  checks: [
    { name: 'reviews_status_is_known', expression: oneOf('status', REVIEW_STATUSES) },
    { name: 'reviews_lease', expression: `(status = 'claimed') = (lease_by is not null) and (lease_by is null) = (lease_until is null)` },
    { name: 'reviews_resolution', expression: `(status in ('approved', 'rejected')) = (resolution is not null)` },
  ],
  properties: {
    id: p.uuid().primary(),
    restaurantId: p.uuid(),
    decisionId: p.uuid(),
    status: p.text(),
    leaseBy: p.text().nullable(),
    leaseUntil: p.datetime(3).nullable(),
    deadline: p.datetime(3),
    facts: p.json<ReviewFacts>(),
    approvals: p.json<Review['approvals']>(),
    resolution: p.json<NonNullable<Review['resolution']>>().nullable(),
    version: p.integer(),
  },
});

export const LabelSetRow = defineEntity({
  name: 'FraudLabelSetRow',
  schema,
  tableName: 'label_sets',
  properties: {
    decisionId: p.uuid().primary(),
    restaurantId: p.uuid(),
    labels: p.json<readonly Label[]>(),
    version: p.integer(),
  },
});

/** Without a restaurant it is of the platform. */
export const ListEntryRow = defineEntity({
  name: 'FraudListEntryRow',
  schema,
  tableName: 'list_entries',
  indexes: [
    {
      name: 'list_entries_standing',
      expression:
        'create unique index list_entries_standing on fraud.list_entries (restaurant_id, token, kind, list) nulls not distinct where removed_at is null',
    },
    {
      name: 'list_entries_restaurant',
      expression: 'create index list_entries_restaurant on fraud.list_entries (restaurant_id, list, id) where removed_at is null',
    },
    {
      name: 'list_entries_platform',
      expression: 'create index list_entries_platform on fraud.list_entries (list, id) where restaurant_id is null and removed_at is null',
    },
  ],
  checks: [
    { name: 'list_entries_list', expression: oneOf('list', LISTS) },
    { name: 'list_entries_kind', expression: oneOf('kind', ENTRY_KINDS) },
  ],
  properties: {
    id: p.uuid().primary(),
    restaurantId: p.uuid().nullable(),
    list: p.text(),
    kind: p.text(),
    value: p.text(),
    token: p.text(),
    reason: p.text(),
    expiresAt: p.datetime(3).nullable(),
    addedBy: p.text(),
    addedAt: p.datetime(3),
    removedAt: p.datetime(3).nullable(),
    version: p.integer(),
  },
});

export const PolicyRow = defineEntity({
  name: 'FraudPolicyRow',
  schema,
  tableName: 'policies',
  properties: {
    restaurantId: p.uuid().primary(),
    policy: p.json<FraudPolicyFacts>(),
    version: p.integer(),
  },
});

export const FRAUD_ROWS = [DecisionRow, HistoryRow, ReviewRow, LabelSetRow, ListEntryRow, PolicyRow];
