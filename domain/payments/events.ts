import type { Minor } from '../shared/money.ts';
import type { ChargeFact, ChargeStatus, DisputeFact, OpeningFailure, RefundFact } from './facts.ts';
import type { Attempt, PaymentTerms } from './payment.ts';
import type { Refund, RefundStatus, Shares } from './refund.ts';

type About<Type extends string> = {
  readonly type: `payments.${Type}`;
  readonly paymentId: string;
  readonly orderId: string;
  readonly restaurantId: string;
  readonly customerId: string;
  readonly at: number;
};

export type PaymentOpened = About<'payment_opened'> & { readonly terms: PaymentTerms };
export type AttemptStarted = About<'attempt_started'> & { readonly attempt: Attempt };
export type AttemptOpened = About<'attempt_opened'> & {
  readonly attemptId: string;
  readonly providerOrderId: string | null;
  readonly linkId: string | null;
  readonly url: string | null;
};
export type AttemptReleased = About<'attempt_released'> & { readonly attemptId: string };
export type AttemptEnded = About<'attempt_ended'> & { readonly attemptId: string; readonly failure: OpeningFailure | null };

/** A charge as it is known now, and what was known of it before; null: nothing. */
type Charged<Status extends ChargeStatus> = About<`charge_${Status}`> & {
  readonly charge: ChargeFact & { readonly status: Status };
  readonly before: ChargeStatus | null;
  readonly attemptId: string | null;
};
export type ChargeCaptured = Charged<'captured'> & {
  /** Whose the money is. */
  readonly shares: Shares;
  /** What came on top of what was owed, and is nobody's but the customer's. */
  readonly unapplied: Minor;
};
export type ChargeEvent = Charged<'created'> | Charged<'failed'> | Charged<'authorized'> | Charged<'voided'> | ChargeCaptured;
/** Something more was learnt of a charge that stands where it stood: its fee, say. */
export type ChargeDetailed = About<'charge_detailed'> & { readonly charge: ChargeFact };

/** What a provider says of a refund; what it means for ours follows. */
export type RefundObserved = About<'refund_observed'> & { readonly fact: RefundFact };
export type RefundRequested = About<'refund_requested'> & { readonly refund: Refund };
export type RefundMoved = {
  [To in Exclude<RefundStatus, 'reserved'>]: About<`refund_${To}`> & {
    readonly refundId: string;
    readonly amount: Minor;
    readonly providerRefundId: string | null;
  };
}[Exclude<RefundStatus, 'reserved'>];

export type DisputeChanged = About<'dispute_changed'> & { readonly dispute: DisputeFact; readonly before: DisputeFact['status'] | null };

/** A provider sent something; what it means for a payment follows, if it means anything. */
export type WebhookReceived = {
  readonly type: 'payments.webhook_received';
  readonly processor: string;
  readonly eventId: string;
  /** The provider's own word for it. */
  readonly eventType: string;
  readonly at: number;
};

/** The payments module's published language. A payment is the fold of its events. */
export type PaymentEvent =
  | PaymentOpened
  | AttemptStarted
  | AttemptOpened
  | AttemptReleased
  | AttemptEnded
  | ChargeEvent
  | ChargeDetailed
  | RefundObserved
  | RefundRequested
  | RefundMoved
  | DisputeChanged;
