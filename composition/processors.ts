import { randomBytes } from 'node:crypto';
import { bankTransfer } from '#adapters/offline/bank-transfer.ts';
import { razorpayProvider } from '#adapters/razorpay/provider.ts';
import { createRazorpaySimulator, type RazorpaySimulator } from '#adapters/razorpay/simulator/simulator.ts';
import { refuseInsideTransaction } from '#adapters/shared/transaction-context.ts';
import { deriveKeys } from '#adapters/system/keys.ts';
import type { Providers } from '#application/payments/ports.ts';
import type { PaymentProvider } from '#application/payments/provider.ts';
import type { Clock } from '#application/shared/ports.ts';
import type { Config } from './config.ts';

/** Who takes money, and where there is no account of the real one: what stands in for it. */
export type Processors = { readonly providers: Providers; readonly simulator: Simulator | undefined };

export type Simulator = RazorpaySimulator & {
  /** Has its webhooks brought to whoever answers our requests. */
  connect(fetch: (request: Request) => Response | Promise<Response>): void;
};

/** Where the simulator is found on our own address, and where it sends its webhooks. */
export const SIMULATOR_PATH = '/simulator/razorpay';
const WEBHOOK_PATH = '/webhooks/razorpay';

/** Razorpay with the accounts that are configured, each under a name of its own; without one, and outside production, its simulator. */
export function createProcessors({ razorpay, isProduction, publicUrl }: Config, secret: string, clock: Clock): Processors {
  const fingerprintKey = Buffer.from(deriveKeys([secret], 'instruments').current.bytes).toString('base64url');
  const real = razorpay.map(
    (account): PaymentProvider => ({ ...razorpayProvider({ ...account, fingerprintKey, guard: refuseInsideTransaction }), name: account.name }),
  );
  const simulator = real.length > 0 || isProduction ? undefined : simulate(publicUrl, clock);
  const simulated = simulator === undefined ? [] : [simulatedProvider(simulator, publicUrl, fingerprintKey)];
  return { providers: new Map([...real, ...simulated, bankTransfer].map((provider) => [provider.name, provider])), simulator };
}

const KEYS = { keyId: 'rzp_test_simulator', keySecret: randomBytes(24).toString('base64url') };
const WEBHOOK_SECRET = randomBytes(24).toString('base64url');

function simulate(publicUrl: string, clock: Clock): Simulator {
  let answer: (request: Request) => Response | Promise<Response> = () => new Response(null, { status: 503 });
  const simulator = createRazorpaySimulator({
    keys: KEYS,
    clock,
    settings: { merchantName: 'Thali demo' },
    publicUrl: `${publicUrl}${SIMULATOR_PATH}`,
    callbackOrigins: [new URL(publicUrl).origin],
    webhooks: [{ url: `${publicUrl}${WEBHOOK_PATH}`, secret: WEBHOOK_SECRET }],
    deliver: async (url, headers, body) => {
      const response = await answer(new Request(url, { method: 'POST', headers, body }));
      await response.arrayBuffer();
      return response.status;
    },
  });
  return {
    ...simulator,
    connect(fetch) {
      answer = fetch;
    },
  };
}

/** The same adapter and the same SDK as for the real one; only the sockets between them and the simulator are left out. */
const simulatedProvider = ({ app }: Simulator, publicUrl: string, fingerprintKey: string): PaymentProvider =>
  razorpayProvider({
    ...KEYS,
    webhookSecrets: [WEBHOOK_SECRET],
    fingerprintKey,
    guard: refuseInsideTransaction,
    fetch: (request) => app.fetch(request),
    checkoutUrl: (providerOrderId) => `${publicUrl}${SIMULATOR_PATH}/checkout/${providerOrderId}`,
  });
