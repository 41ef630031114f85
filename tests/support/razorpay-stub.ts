import { razorpayProvider } from '#adapters/razorpay/provider.ts';
import { KEYS, WEBHOOK_SECRET } from './razorpay.ts';

export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: unknown;
};

/** The adapter before a service of which only the answers are known, in the order they are given; and what it was asked. */
export function answering(...answers: readonly (unknown | Response)[]) {
  const asked: Asked[] = [];
  const left = [...answers];
  const fetch = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const text = await request.text();
    asked.push({
      method: request.method,
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: text === '' ? undefined : JSON.parse(text),
    });
    const answer = left.length > 1 ? left.shift() : left[0];
    return answer instanceof Response ? answer.clone() : Response.json(answer);
  };
  const provider = razorpayProvider({ ...KEYS, webhookSecrets: [WEBHOOK_SECRET], baseUrl: 'http://razorpay.test', fetch });
  return { provider, asked };
}

export const collection = (...items: readonly unknown[]) => ({ entity: 'collection', count: items.length, items });

/** A payment as it is documented; what a test does not care about is as dull as it can be. */
export const payment = (more: Readonly<Record<string, unknown>> = {}) => ({
  id: 'pay_29QQoUBi66xm2f',
  entity: 'payment',
  amount: 1_000,
  currency: 'INR',
  status: 'captured',
  order_id: 'order_9A33XWu170gUtm',
  invoice_id: null,
  international: false,
  method: 'upi',
  amount_refunded: 0,
  refund_status: null,
  captured: true,
  description: null,
  card_id: null,
  bank: null,
  wallet: null,
  vpa: 'asha@upi',
  email: 'asha@example.com',
  contact: '+919000090000',
  notes: [],
  fee: 24,
  tax: 4,
  error_code: null,
  error_description: null,
  error_source: null,
  error_step: null,
  error_reason: null,
  acquirer_data: { rrn: '033814379298' },
  created_at: 1_606_985_209,
  ...more,
});
