import { HTTP_PROBLEMS } from '../problem.ts';
import type { JsonSchema } from './json-schema.ts';
import type { Operation, Reply } from './model.ts';
import { problemReplies } from './replies.ts';

export const SERVICE_TAG = { name: 'Service', description: 'How the process is doing, for those who run it.' };

const HEALTH: JsonSchema = {
  type: 'object',
  properties: {
    status: { type: 'string', enum: ['pass', 'warn', 'fail'] },
    uptimeSeconds: { type: 'integer', minimum: 0 },
    checks: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        properties: { status: { type: 'string', enum: ['pass', 'warn', 'fail'] }, detail: { type: 'string' } },
        required: ['status'],
      },
    },
  },
  required: ['status'],
};
const OUR_FAULT = problemReplies([{ code: 'http.internal', ...HTTP_PROBLEMS['http.internal'] }]);

const health = (description: string, example: object): Reply => ({
  description,
  content: { 'application/health+json': { schema: HEALTH, example } },
});
const service = (
  operationId: string,
  summary: string,
  description: string,
  responses: Readonly<Record<string, Reply>>,
): { readonly get: Operation } => ({
  get: {
    operationId,
    tags: [SERVICE_TAG.name],
    summary,
    description: `${description}\n\nAnyone may call it; no token is needed.`,
    security: [],
    'x-permission': 'public',
    parameters: [],
    responses: { ...responses, ...OUR_FAULT },
  },
});

/** The addresses that are no operation of the business. */
export const SERVICE_OPERATIONS = {
  '/health': service('getHealth', 'Ask how it is', 'Whether it lives and may be sent work, and how everything it depends on is.', {
    200: health('All is well, or (`warn`) it does without something for now.', {
      status: 'pass',
      uptimeSeconds: 86_400,
      checks: { database: { status: 'pass' } },
    }),
    503: health('Something is not.', {
      status: 'fail',
      uptimeSeconds: 86_400,
      checks: { database: { status: 'fail', detail: 'no answer within a second' } },
    }),
  }),
  '/health/live': service('getLiveness', 'Ask whether it lives', 'Restart the process when it does not answer.', {
    200: health('It lives.', { status: 'pass' }),
  }),
  '/health/ready': service('getReadiness', 'Ask whether it is ready', 'Send it work only while it is.', {
    200: health('Send it work.', { status: 'pass' }),
    503: health('It is starting, stopping, or without something it depends on.', { status: 'fail' }),
  }),
  '/metrics': service('getMetrics', 'Read its metrics', 'In the text format of Prometheus.', {
    200: {
      description: 'The metrics.',
      content: {
        'text/plain': { schema: { type: 'string' }, example: 'http_requests_total{method="GET",route="/orders/{orderId}",status="200"} 42\n' },
      },
    },
  }),
};
