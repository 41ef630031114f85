import { EVENT_DESCRIPTIONS } from '../webhooks/event-schemas.ts';
import type { schemaWriter } from './json-schema.ts';
import type { Callback, Parameter } from './model.ts';

const header = (name: string, description: string, example: string): Parameter => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string', examples: [example] },
});
const HEADERS = [
  header('Webhook-Id', 'The same however often an event is sent: do what it asks once.', '019a9f3e-7c48-7b1c-9d55-3f1f1c2b7a18'),
  header('Webhook-Timestamp', 'When this attempt was made, in seconds. Refuse what is older than five minutes.', '1795257000'),
  header(
    'Webhook-Signature',
    'HMAC-SHA256 of id, timestamp and body with dots between, in base64; two of them while a secret is rotated.',
    'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  ),
];
const RESPONSES = {
  '2XX': { description: 'Taken. What is answered is not read beyond its beginning.' },
  '410': { description: 'Nobody is here any more: the webhook is disabled.' },
  default: { description: 'Not taken: it is sent again, no sooner than `Retry-After` asks.' },
};

/** What is sent to those who asked to be told, by the type of the event. */
export const webhookOperations = (write: ReturnType<typeof schemaWriter>['write']): Readonly<Record<string, { readonly post: Callback }>> =>
  Object.fromEntries(
    EVENT_DESCRIPTIONS.map(({ type, summary, schema, example }) => [
      type,
      {
        post: {
          operationId: `on_${type.replaceAll('.', '_')}`,
          tags: ['Webhooks'],
          summary,
          description: 'Sent to every webhook that wants it; see POST /restaurants/{restaurantId}/webhooks.',
          parameters: HEADERS,
          requestBody: {
            description: 'Less than 20 KB. It may grow: ignore what you do not know.',
            required: true,
            content: { 'application/json': { schema: write(schema, 'input'), example } },
          },
          responses: RESPONSES,
        },
      },
    ]),
  );
