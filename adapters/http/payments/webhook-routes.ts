import { z } from 'zod';
import type { Payments } from '#application/payments/module.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { HTTP_PROBLEMS, type Problem } from '../problem.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { WEBHOOK_EXAMPLE } from './examples.ts';

/** More than any event of a provider. */
const BYTES_MAX = 1024 * 1024;

type Kept<E> = Result<{ readonly received: true }, E>;
type NotSigned = { readonly code: 'payments.webhook_not_signed' };
const NOT_SIGNED: Problem<NotSigned> = {
  status: 401,
  title: 'The event is not signed by the provider',
  detail:
    'Nothing was kept. Sign the very bytes of the body with the webhook secret that is configured here, and send the result in x-razorpay-signature.',
};

const Headers = z.object({
  'x-razorpay-signature': z
    .string()
    .max(1_000)
    .catch('')
    .meta({ description: 'HMAC-SHA256 of the body, in hexadecimal.', example: '9ef4dffbfd84f1318f6739a3ce19f9d85851857ae648f114332d8401e0949a3d' })
    .optional(),
  // One that is no name is left out rather than refused: the event is known by its bytes then.
  'x-razorpay-event-id': z
    .string()
    .regex(/^[\x21-\x7e]{1,100}$/)
    .catch('')
    .meta({ description: 'The same when the event is delivered again.', example: 'R9xsN2hVb4kQ1w' })
    .optional(),
});

/** Where providers tell what happened. An event is kept byte for byte before it is acknowledged, and dealt with afterwards. */
export const webhookRoutes = (payments: Payments): readonly AnyRoute[] => {
  const shared = {
    method: 'post',
    tag: 'Webhooks',
    access: 'public',
    limiter: 'none',
    headers: Headers,
    bytes: { type: 'application/json', example: WEBHOOK_EXAMPLE },
    bodyLimit: BYTES_MAX,
    status: 200,
    response: z.object({ received: z.literal(true) }),
    example: { response: { received: true } },
  } as const;
  const receive = async (processor: string, headers: z.output<typeof Headers>, body: Uint8Array | undefined): Promise<Kept<NotSigned>> => {
    const { 'x-razorpay-signature': signature = '', 'x-razorpay-event-id': eventId } = headers;
    const kept = await payments.receiveWebhook({ processor, body: body ?? new Uint8Array(), signature, eventId: eventId || undefined });
    return kept.ok ? ok({ received: true }) : err({ code: 'payments.webhook_not_signed' });
  };
  return [
    route({
      ...shared,
      path: '/webhooks/razorpay',
      operationId: 'receiveRazorpayWebhook',
      summary: 'Tell what happened at Razorpay',
      description:
        'For Razorpay to call. Acknowledged once it is kept; the same event twice is kept once, and one that is not signed leaves nothing.',
      problems: { 'payments.webhook_not_signed': NOT_SIGNED },
      handle: ({ headers, bytes }) => receive('razorpay', headers, bytes),
    }),
    route({
      ...shared,
      path: '/webhooks/{processor}',
      operationId: 'receiveWebhook',
      summary: 'Tell what happened at another account with a provider',
      description: 'The same, for each further account that is configured, under the name it is configured by.',
      params: z.object({ processor: z.string().max(100).meta({ example: 'razorpay_backup' }) }),
      problems: { 'payments.webhook_not_signed': NOT_SIGNED, ...pick(HTTP_PROBLEMS, 'http.not_found') },
      async handle({ params: { processor }, headers, bytes }): Promise<Kept<NotSigned | { readonly code: 'http.not_found' }>> {
        return payments.hasProcessor(processor) ? receive(processor, headers, bytes) : err({ code: 'http.not_found' });
      },
    }),
  ];
};
