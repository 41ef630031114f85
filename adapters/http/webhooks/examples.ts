import { EVENT_DESCRIPTIONS } from './event-schemas.ts';

const at = '2026-11-21T10:30:00.000Z';
const webhookId = '019a9f3e-7c47-7b1c-9d55-3f1f1c2b7a17';

export const ENDPOINT_BODY = { url: 'https://hooks.example.com/thali', eventTypes: ['order.*', 'payment.succeeded'], description: 'The till' };
export const ENDPOINT_EXAMPLE = {
  id: webhookId,
  restaurantId: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10',
  ...ENDPOINT_BODY,
  status: 'enabled',
  disabledFor: null,
  failingSince: null,
  oldSecretEndsAt: null,
  createdAt: at,
  version: 1,
};
export const SECRET_EXAMPLE = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDazmkZ8nLQ0s=';

const attempt = { at, durationMs: 84, statusCode: 200, fault: null, excerpt: 'thank you' };
export const SUMMARY_EXAMPLE = {
  id: '019a9f3e-7c48-7b1c-9d55-3f1f1c2b7a18',
  webhookId,
  eventType: 'order.created',
  status: 'succeeded',
  failure: null,
  attempts: 1,
  replays: 0,
  lastAttempt: attempt,
  nextAttemptAt: null,
  queuedAt: at,
};
const exampleOf = (type: string): string => JSON.stringify(EVENT_DESCRIPTIONS.find((event) => event.type === type)?.example);
export const DELIVERY_EXAMPLE = { ...SUMMARY_EXAMPLE, body: exampleOf('order.created'), history: [attempt] };
export const TEST_EXAMPLE = { ...DELIVERY_EXAMPLE, eventType: 'webhook.test', body: exampleOf('webhook.test') };
export const REPLAYED_EXAMPLE = { ...DELIVERY_EXAMPLE, status: 'waiting', attempts: 0, replays: 1, nextAttemptAt: at };
