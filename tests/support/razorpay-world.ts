import { razorpayProvider } from '#adapters/razorpay/provider.ts';
import { createRazorpaySimulator, type SimulatorOptions } from '#adapters/razorpay/simulator/simulator.ts';
import type { ProviderFact } from '#domain/payments/facts.ts';
import { KEYS, WEBHOOK_SECRET } from './razorpay.ts';
import type { Json } from './world.ts';

export type Delivered = {
  readonly at: number;
  readonly event: string;
  readonly eventId: string;
  readonly body: string;
  readonly genuine: boolean;
  readonly facts: readonly ProviderFact[];
};

/** A simulator alone, and a receiver of its webhooks that checks them as the application would. */
export function simulated(options: Partial<SimulatorOptions> = {}, answer: (delivered: Delivered) => number | Promise<number> = () => 200) {
  const received: Delivered[] = [];
  const simulator = createRazorpaySimulator({
    keys: KEYS,
    seed: 11,
    webhooks: [{ url: 'http://thali.test/webhooks/razorpay', secret: WEBHOOK_SECRET }],
    async deliver(_, headers, body) {
      const bytes = new TextEncoder().encode(body);
      const read = provider.readWebhook(bytes, headers['x-razorpay-event-id']);
      const delivered = {
        at: simulator.control.now(),
        event: read?.type ?? '',
        eventId: read?.eventId ?? '',
        body,
        genuine: provider.isWebhook(bytes, headers['x-razorpay-signature'] ?? ''),
        facts: read?.facts ?? [],
      };
      received.push(delivered);
      return answer(delivered);
    },
    ...options,
  });
  const provider = razorpayProvider({
    ...KEYS,
    webhookSecrets: [WEBHOOK_SECRET],
    baseUrl: 'http://razorpay.test',
    fetch: (request) => simulator.app.fetch(request),
  });

  /** As any client would, without the SDK. */
  async function call(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) {
    const authorization = `Basic ${btoa(`${KEYS.keyId}:${KEYS.keySecret}`)}`;
    const reply = await simulator.app.request(path, {
      method,
      headers: { authorization, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: reply.status, headers: reply.headers, body: (await reply.json()) as Json };
  }

  const order = async (more: object = {}): Promise<string> =>
    (await call('POST', '/v1/orders', { amount: 50_000, currency: 'INR', ...more })).body.id;
  const pay = async (more: object = {}, orderMore: object = {}) => simulator.control.pay({ order_id: await order(orderMore), ...more });
  return { ...simulator, provider, received, call, order, pay };
}
