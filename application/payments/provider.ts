import type { BookRow, ChargeFact, DisputeFact, ProviderFact, RefundFact, TransferFact } from '#domain/payments/facts.ts';

/**
 * What came of asking a provider. `failed` is definite: it said no and nothing happened. `unknown` is everything else that is not
 * a clear yes (no answer, a broken answer, a server error): it may have happened, so ask before repeating, and repeat with the same key.
 */
export type ProviderReply<T> =
  | { readonly outcome: 'succeeded'; readonly value: T }
  | { readonly outcome: 'failed'; readonly failure: ProviderFailure }
  | { readonly outcome: 'unknown'; readonly reason: string };

export type ProviderFailure = {
  readonly code: string;
  readonly reason: string | null;
  /** The provider's own words, for operators; never shown to customers. */
  readonly description: string;
  /** Whether another provider may be asked instead: true only when this one cannot have taken, and will not take, the money. */
  readonly mayFallBack: boolean;
};

/** Ids of ours that travel with what we ask for, so that what is found at the provider can be led back. */
export type Notes = { readonly paymentId: string; readonly orderId: string; readonly restaurantId: string };

export type CreateProviderOrder = {
  /** Ours, at most 40 characters, the same however often this is asked: at most one provider order comes of it. */
  readonly receipt: string;
  readonly amount: number;
  readonly currency: string;
  /** `automatic`: the provider captures what it authorises; `manual`: it waits for us, and gives the money back when we stay silent. */
  readonly capture: 'automatic' | 'manual';
  /** How long authorised money may wait for its capture. */
  readonly captureWithinMinutes: number;
  readonly notes: Notes;
};

export type PaymentLink = {
  readonly linkId: string;
  readonly url: string;
  readonly status: 'created' | 'partially_paid' | 'paid' | 'cancelled' | 'expired';
  readonly providerOrderId: string | null;
};

/** What a webhook says. `type` is the provider's own word for it. */
export type WebhookEvent = { readonly eventId: string; readonly type: string; readonly at: number; readonly facts: readonly ProviderFact[] };

export type ProviderPage<T> = { readonly data: readonly T[]; readonly next: string | null };

/**
 * A payment service provider. Amounts are minor units. No method throws for anything the provider or the network does: it is all in
 * the reply. Every method throws when a transaction of ours is open around it, because nothing may wait for the network there.
 */
export type PaymentProvider = {
  /** As it is stored: `razorpay`. */
  readonly name: string;

  /** Opens what a customer pays against. An order that was already made under the receipt is answered instead of a second one. */
  createOrder(order: CreateProviderOrder): Promise<ProviderReply<{ readonly providerOrderId: string }>>;
  /** The order made under a receipt, or undefined when there is none: how an unknown outcome is resolved. */
  findOrder(receipt: string): Promise<ProviderReply<{ readonly providerOrderId: string } | undefined>>;
  /** All tries to pay an order, and their refunds. */
  factsOf(providerOrderId: string): Promise<ProviderReply<readonly (ChargeFact | RefundFact)[]>>;
  charge(chargeId: string): Promise<ProviderReply<ChargeFact>>;
  /** Takes authorised money. Repeating it after it succeeded succeeds. */
  capture(request: { readonly chargeId: string; readonly amount: number; readonly currency: string }): Promise<ProviderReply<ChargeFact>>;

  /** Gives money back. `refundId` is ours and the key: however often it is asked, at most one refund comes of it. */
  refund(request: {
    readonly refundId: string;
    readonly chargeId: string;
    readonly amount: number;
    readonly currency: string;
    readonly notes: Notes;
  }): Promise<ProviderReply<RefundFact>>;
  refundsOf(chargeId: string): Promise<ProviderReply<readonly RefundFact[]>>;

  /** Moves captured money on to a linked account. `payoutId` is ours and the key. */
  transfer(request: {
    readonly payoutId: string;
    readonly account: string;
    readonly amount: number;
    readonly currency: string;
    readonly restaurantId: string;
  }): Promise<ProviderReply<TransferFact>>;
  findTransfer(payoutId: string): Promise<ProviderReply<TransferFact | undefined>>;

  disputesSince(at: number, after: string | null): Promise<ProviderReply<ProviderPage<DisputeFact>>>;
  contestDispute(request: { readonly disputeId: string; readonly amount: number; readonly summary: string }): Promise<ProviderReply<DisputeFact>>;
  acceptDispute(disputeId: string): Promise<ProviderReply<DisputeFact>>;

  createLink(request: {
    /** Ours, the key. */
    readonly reference: string;
    readonly amount: number;
    readonly currency: string;
    readonly description: string;
    readonly expiresAt: number;
    readonly customer: { readonly name: string | null; readonly email: string | null; readonly phone: string | null };
    readonly notes: Notes;
  }): Promise<ProviderReply<PaymentLink>>;
  findLink(reference: string): Promise<ProviderReply<PaymentLink | undefined>>;
  cancelLink(linkId: string): Promise<ProviderReply<PaymentLink>>;
  /** All tries to pay through a link. */
  factsOfLink(linkId: string): Promise<ProviderReply<readonly (ChargeFact | RefundFact)[]>>;

  /** Everything charged between two instants, and everything refunded: the daily comparison. */
  chargesBetween(from: number, to: number, after: string | null): Promise<ProviderReply<ProviderPage<ChargeFact>>>;
  refundsBetween(from: number, to: number, after: string | null): Promise<ProviderReply<ProviderPage<RefundFact>>>;
  /** The provider's books of one UTC day. */
  bookOf(day: string, after: string | null): Promise<ProviderReply<ProviderPage<BookRow>>>;

  /** A customer's saved instruments, by the provider's own token; no number ever passes through us. */
  createCustomer(request: {
    readonly reference: string;
    readonly name: string;
    readonly email: string;
  }): Promise<ProviderReply<{ readonly providerCustomerId: string }>>;
  tokensOf(providerCustomerId: string): Promise<ProviderReply<readonly SavedToken[]>>;
  deleteToken(providerCustomerId: string, tokenId: string): Promise<ProviderReply<undefined>>;

  /** Whether the browser that came back from the checkout was sent by the provider. Constant time. */
  isCheckout(proof: { readonly providerOrderId: string; readonly chargeId: string; readonly signature: string }): boolean;
  /** Whether the provider signed these very bytes, with the current webhook secret or the one before. Constant time. */
  isWebhook(body: Uint8Array, signature: string): boolean;
  /** What a webhook says; undefined when it is not one we can read. An event that tells us nothing we keep has no facts. */
  readWebhook(body: Uint8Array, eventId: string | undefined): WebhookEvent | undefined;
  /** What a browser needs to open the checkout. */
  checkout(providerOrderId: string): CheckoutOptions;
};

export type SavedToken = {
  readonly tokenId: string;
  readonly method: 'card' | 'upi' | 'wallet' | 'other';
  readonly label: string;
  readonly expiresAt: number | null;
};

export type CheckoutOptions = {
  /** Public: it says which merchant, and proves nothing. */
  readonly keyId: string;
  readonly providerOrderId: string;
  /** A page of the provider where it can be paid without its script; null when there is none. */
  readonly url: string | null;
};
