/**
 * What providers tell us. A fact is a snapshot of one thing of theirs; facts arrive late, twice, in any order, by callback,
 * webhook, poll and reconciliation. What we know is their join, so that none of that matters.
 */
export type ProviderFact = ChargeFact | RefundFact | DisputeFact | TransferFact;

/** From least to most: a charge is what the highest of these ever seen of it says. `voided` is authorised money given back uncaptured. */
export const CHARGE_STATUSES = ['created', 'failed', 'authorized', 'voided', 'captured'] as const;
export type ChargeStatus = (typeof CHARGE_STATUSES)[number];

export const PAYMENT_METHODS = ['card', 'upi', 'netbanking', 'wallet', 'emi', 'cash', 'bank_transfer', 'other'] as const;
export type PaymentMethod = (typeof PAYMENT_METHODS)[number];

/** How it was paid, as far as people may see it: never a number that could be used again. */
export type Instrument = {
  readonly method: PaymentMethod;
  /** `Visa ending 1007`, `a…@upi`, `HDFC`. */
  readonly label: string | null;
  /** The provider's token or a digest of it: the same instrument has the same one. */
  readonly fingerprint: string | null;
  /** ISO 3166 country of the card's bank when the provider says that it is foreign. */
  readonly isInternational: boolean;
};

export type ChargeFailure = { readonly code: string; readonly reason: string | null; readonly description: string };

/** Why a way to pay could not be opened, and whether another processor may be asked instead. */
export type OpeningFailure = ChargeFailure & { readonly mayFallBack: boolean };

/** One try of a customer to pay: what Razorpay calls a payment. Amounts in minor units. */
export type ChargeFact = {
  readonly kind: 'charge';
  readonly chargeId: string;
  /** The provider's order it belongs to; null when it belongs to none. */
  readonly providerOrderId: string | null;
  /** The payment link it came by, where the provider says so: its order may be one that we never heard of. */
  readonly linkId?: string;
  readonly status: ChargeStatus;
  readonly amount: number;
  readonly currency: string;
  readonly instrument: Instrument | null;
  /** What the provider keeps, tax included, once it is known. */
  readonly fee: number | null;
  /** The tax within the fee. */
  readonly feeTax: number | null;
  readonly failure: ChargeFailure | null;
  /** When the provider began it, epoch ms. */
  readonly at: number;
};

export const PROVIDER_REFUND_STATUSES = ['pending', 'failed', 'processed'] as const;
export type ProviderRefundStatus = (typeof PROVIDER_REFUND_STATUSES)[number];

/** A voided charge has one as well: it gives back what was never ours. */
export type RefundFact = {
  readonly kind: 'refund';
  readonly providerRefundId: string;
  readonly chargeId: string;
  readonly amount: number;
  readonly currency: string;
  readonly status: ProviderRefundStatus;
  /** Our own refund it came from, when the provider kept our note; null for one made elsewhere, at its dashboard say. */
  readonly refundId: string | null;
  readonly at: number;
};

export const DISPUTE_STATUSES = ['open', 'under_review', 'closed', 'won', 'lost'] as const;
export type DisputeStatus = (typeof DISPUTE_STATUSES)[number];

export type DisputeFact = {
  readonly kind: 'dispute';
  readonly disputeId: string;
  readonly chargeId: string;
  readonly amount: number;
  readonly currency: string;
  /** What has been taken from us for it so far. */
  readonly deducted: number;
  readonly status: DisputeStatus;
  readonly phase: string;
  readonly reason: string;
  readonly respondBy: number | null;
  readonly at: number;
};

export const TRANSFER_STATUSES = ['created', 'pending', 'failed', 'processed', 'reversed'] as const;
export type TransferStatus = (typeof TRANSFER_STATUSES)[number];

/** Money moved on to a restaurant's own account. */
export type TransferFact = {
  readonly kind: 'transfer';
  readonly providerTransferId: string;
  /** The charge it was taken from; null when from the balance. */
  readonly chargeId: string | null;
  readonly account: string;
  readonly amount: number;
  readonly reversed: number;
  readonly currency: string;
  readonly status: TransferStatus;
  /** Our own payout it came from, by our note. */
  readonly payoutId: string | null;
  readonly at: number;
};

/** A line of the provider's own books: what one thing did to our balance there. */
export type BookRow = {
  readonly kind: 'charge' | 'refund' | 'transfer' | 'adjustment';
  /** The provider's id of the thing. */
  readonly id: string;
  readonly chargeId: string | null;
  readonly amount: number;
  readonly fee: number;
  readonly feeTax: number;
  readonly credit: number;
  readonly debit: number;
  readonly currency: string;
  readonly settlementId: string | null;
  /** The bank's reference of the settlement. */
  readonly utr: string | null;
  readonly settledAt: number | null;
  readonly description: string | null;
  readonly at: number;
};
