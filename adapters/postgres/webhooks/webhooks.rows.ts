import { defineEntity, p } from '@mikro-orm/core';
import { type Attempt, DELIVERY_STATUSES } from '#domain/webhooks/delivery.ts';
import { ENDPOINT_STATUSES, type EndpointSecret } from '#domain/webhooks/endpoint.ts';
import { DELIVERY_FAILURES, DISABLE_REASONS } from '#domain/webhooks/events.ts';

const schema = 'webhooks';
const oneOf = (column: string, values: readonly string[]): string => `${column} in (${values.map((value) => `'${value}'`).join(', ')})`;

export const EndpointRow = defineEntity({
  name: 'WebhookEndpointRow',
  schema,
  tableName: 'endpoints',
  indexes: [
    {
      name: 'endpoints_restaurant',
      expression: `create index endpoints_restaurant on webhooks.endpoints (restaurant_id, id) where status <> 'deleted'`,
    },
    { name: 'endpoints_deleted', expression: `create index endpoints_deleted on webhooks.endpoints (id) where status = 'deleted'` },
  ],
  checks: [
    { name: 'endpoints_status', expression: oneOf('status', ENDPOINT_STATUSES) },
    { name: 'endpoints_reason', expression: oneOf('disabled_for', DISABLE_REASONS) },
    { name: 'endpoints_disabled_for', expression: `(status = 'disabled') = (disabled_for is not null)` },
    { name: 'endpoints_secrets_go', expression: `(status = 'deleted') = (secrets = '[]'::jsonb)` },
  ],
  properties: {
    id: p.uuid().primary(),
    restaurantId: p.uuid(),
    url: p.text(),
    description: p.text(),
    eventTypes: p.json<readonly string[]>(),
    status: p.text(),
    disabledFor: p.text().nullable(),
    failingSince: p.datetime(3).nullable(),
    secrets: p.json<readonly EndpointSecret[]>(),
    createdAt: p.datetime(3),
    version: p.integer(),
  },
});

export const DeliveryRow = defineEntity({
  name: 'WebhookDeliveryRow',
  schema,
  tableName: 'deliveries',
  uniques: [{ name: 'deliveries_once', properties: ['endpointId', 'eventId', 'eventType'] }],
  indexes: [
    { name: 'deliveries_newest', properties: ['restaurantId', 'endpointId', 'status', 'id'] },
    {
      name: 'deliveries_due',
      expression: `create index deliveries_due on webhooks.deliveries (endpoint_id, due_at, id) where status in ('waiting', 'sending')`,
    },
    {
      name: 'deliveries_failed',
      expression: `create index deliveries_failed on webhooks.deliveries (endpoint_id, queued_at, id) where status = 'failed'`,
    },
    {
      name: 'deliveries_ended',
      expression: `create index deliveries_ended on webhooks.deliveries (queued_at) where status in ('succeeded', 'failed')`,
    },
  ],
  checks: [
    { name: 'deliveries_status', expression: oneOf('status', DELIVERY_STATUSES) },
    { name: 'deliveries_failure', expression: oneOf('failure', DELIVERY_FAILURES) },
    { name: 'deliveries_failed_for', expression: `(status = 'failed') = (failure is not null)` },
    { name: 'deliveries_attempts', expression: 'attempts >= 0 and attempts <= claims' },
  ],
  properties: {
    id: p.uuid().primary(),
    restaurantId: p.uuid(),
    endpointId: p.uuid(),
    eventId: p.uuid().nullable(),
    eventType: p.text(),
    body: p.text(),
    status: p.text(),
    failure: p.text().nullable(),
    attempts: p.integer(),
    claims: p.integer(),
    replays: p.integer(),
    history: p.json<readonly Attempt[]>(),
    dueAt: p.datetime(3),
    queuedAt: p.datetime(3),
    version: p.integer(),
  },
});

export const WEBHOOKS_ROWS = [EndpointRow, DeliveryRow];
