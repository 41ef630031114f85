import type { Minor } from '../shared/money.ts';

/** Why money goes back. All but `requested` are ours to do without being asked; `elsewhere` was done at the provider, without us. */
export const REFUND_REASONS = ['requested', 'late', 'duplicate', 'surplus', 'cancelled', 'rejected', 'elsewhere'] as const;
export type RefundReason = (typeof REFUND_REASONS)[number];

/** reserved: set aside in our books, the provider not asked yet or without a clear answer. */
export const REFUND_NEXT = {
  reserved: ['processing', 'processed', 'failed'],
  processing: ['processed', 'failed'],
  // What could not be sent may turn out to have arrived after all.
  failed: ['processed'],
  processed: [],
} as const satisfies Record<string, readonly string[]>;
export type RefundStatus = keyof typeof REFUND_NEXT;
export const REFUND_STATUSES = Object.keys(REFUND_NEXT) as readonly RefundStatus[];
export const mayBecome = (from: RefundStatus, to: RefundStatus): boolean => (REFUND_NEXT[from] as readonly RefundStatus[]).includes(to);

/** Whose an amount is, in minor units. */
export type Shares = {
  /** The restaurant's own: food, charges, tip. */
  readonly restaurant: Minor;
  readonly tax: Minor;
  readonly commission: Minor;
};

export type RefundedLine = { readonly line: number; readonly quantity: number };

export type Refund = {
  readonly id: string;
  readonly chargeId: string;
  readonly amount: Minor;
  readonly reason: RefundReason;
  /** What whoever asked for it said. */
  readonly note: string | null;
  /** What it is for, where it is for lines of the order. */
  readonly lines: readonly RefundedLine[];
  /** Whom it takes the money back from; the rest of the amount was applied to nothing. */
  readonly shares: Shares;
  readonly status: RefundStatus;
  /** It arrived after it had been taken for failed, when its money may have been set aside for another. */
  readonly wasGivenUp?: true;
  readonly providerRefundId: string | null;
  readonly at: number;
};
