import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { type RazorpayOptions, razorpayProvider } from '#adapters/razorpay/provider.ts';
import type { Control } from '#adapters/razorpay/simulator/control.ts';
import { createRazorpaySimulator, type SimulatorOptions } from '#adapters/razorpay/simulator/simulator.ts';
import type { PaymentProvider, ProviderReply } from '#application/payments/provider.ts';

export const KEYS = { keyId: 'rzp_test_thali', keySecret: 'the secret of the key' } as const;
export const WEBHOOK_SECRET = 'the secret of the webhook';

/** How the SDK reaches the simulator: through a socket, mounted below a prefix, or without one. */
export type Transport = 'http' | 'in_process';
export const TRANSPORTS: readonly Transport[] = ['http', 'in_process'];

export type Razorpay = {
  readonly provider: PaymentProvider;
  readonly control: Control;
  readonly baseUrl: string;
  /** Another adapter to the same simulator. */
  providerWith(options: Partial<RazorpayOptions>): PaymentProvider;
  close(): Promise<void>;
};

export type Received = { readonly eventId: string; readonly signature: string; readonly body: string };

export async function openRazorpay(transport: Transport, options: Partial<SimulatorOptions> = {}): Promise<Razorpay> {
  const simulator = createRazorpaySimulator({ keys: KEYS, seed: 7, deliver: async () => 200, ...options });
  const { baseUrl, fetch, close } = transport === 'http' ? await listen(simulator.app) : inProcess(simulator.app);
  const providerWith = (more: Partial<RazorpayOptions>): PaymentProvider =>
    razorpayProvider({ ...KEYS, webhookSecrets: [WEBHOOK_SECRET], baseUrl, timeoutMs: 2_000, ...(fetch && { fetch }), ...more });
  return {
    provider: providerWith({}),
    control: simulator.control,
    baseUrl,
    providerWith,
    async close() {
      simulator.control.close();
      await close();
    },
  };
}

const inProcess = (app: Hono) => ({
  baseUrl: 'http://razorpay.test',
  fetch: (request: Request) => app.fetch(request),
  close: async () => undefined,
});

/** On a port the system chooses, below a prefix, as the demo mounts it. */
export async function listen(app: Hono, prefix = '/razorpay') {
  const outer = new Hono().route(prefix, app);
  const server = serve({ fetch: outer.fetch, port: 0, hostname: '127.0.0.1' });
  await new Promise<void>((resolve) => server.once('listening', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    baseUrl: `${origin}${prefix}`,
    origin,
    fetch: undefined,
    close: async () => {
      if ('closeAllConnections' in server) server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function value<T>(reply: ProviderReply<T>): T {
  if (reply.outcome !== 'succeeded') throw new Error(JSON.stringify(reply));
  return reply.value;
}
