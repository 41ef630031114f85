import type { PaymentProvider } from '#application/payments/provider.ts';
import { booksOf } from './books.ts';
import { chargesOf } from './charges.ts';
import { type ClientOptions, createClient } from './client.ts';
import { customersOf } from './customers.ts';
import { disputesOf } from './disputes.ts';
import { instrumentsBy } from './instruments.ts';
import { linksOf } from './links.ts';
import { ordersOf } from './orders.ts';
import { refundsOf } from './refunds.ts';
import { checkoutText, isSigned } from './signatures.ts';
import { transfersOf } from './transfers.ts';
import { readWebhook } from './webhook.ts';

export type RazorpayOptions = ClientOptions & {
  /** The current one first, then those that events on their way may still be signed with. */
  readonly webhookSecrets: readonly string[];
  /** `optimum` pays back at once where it can, for a fee. */
  readonly refundSpeed?: 'normal' | 'optimum';
  /** Keys the digests of instruments. */
  readonly fingerprintKey?: string;
  /** Where an order can be paid without the checkout's script. */
  readonly checkoutUrl?: (providerOrderId: string) => string;
};

/** Razorpay, through its own SDK, at its own address or wherever its protocol is spoken. */
export function razorpayProvider(options: RazorpayOptions): PaymentProvider {
  const { keyId, keySecret, webhookSecrets, refundSpeed = 'normal', fingerprintKey = '', checkoutUrl } = options;
  const client = createClient(options);
  const { factOf, withCard, ...charges } = chargesOf(client, instrumentsBy(fingerprintKey));
  const refunds = refundsOf(client, refundSpeed);
  const orders = ordersOf(client, { factOf, withCard, ...charges }, refunds, { refundSpeed });

  return {
    name: 'razorpay',
    ...orders,
    ...charges,
    ...refunds,
    ...transfersOf(client),
    ...disputesOf(client),
    ...linksOf(client, { factOf, withCard, ...charges }, refunds, orders),
    ...customersOf(client),
    ...booksOf(client),

    isCheckout: ({ providerOrderId, chargeId, signature }) => isSigned(checkoutText(providerOrderId, chargeId), signature, [keySecret]),
    isWebhook: (body, signature) => isSigned(body, signature, webhookSecrets),
    readWebhook: (body, eventId) => readWebhook(body, eventId, factOf),
    checkout: (providerOrderId) => ({ keyId, providerOrderId, url: checkoutUrl?.(providerOrderId) ?? null }),
  };
}
