import type { Minor } from '../shared/money.ts';
import type { ChargeFact, ChargeStatus, DisputeFact, OpeningFailure, RefundFact, TransferFact } from './facts.ts';
import type { Attempt, PaymentTerms } from './payment.ts';
import type { PayoutRefusal, PayoutStatus, PayoutTerms } from './payout.ts';
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
export type RefundRequested = About<'refund_requested'> & { readonly refund: Refund; readonly currency: string };
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

type AboutPayout<Type extends string> = {
  readonly type: `payments.${Type}`;
  readonly payoutId: string;
  readonly restaurantId: string;
  readonly at: number;
};
type PayoutMove = { readonly before: PayoutStatus; readonly status: PayoutStatus };

/** A payout is the fold of its events. */
export type PayoutEvent =
  | (AboutPayout<'payout_requested'> & { readonly terms: PayoutTerms })
  | (AboutPayout<'payout_observed'> & PayoutMove & { readonly transfer: TransferFact })
  | (AboutPayout<'payout_refused'> & PayoutMove & { readonly refusal: PayoutRefusal });

/** Where a restaurant's money goes, and what the platform keeps of it. */
export type PayoutAccountChanged = {
  readonly type: 'payments.payout_account_changed';
  readonly restaurantId: string;
  readonly processor: string | null;
  readonly account: string | null;
  readonly commissionBasisPoints: number | null;
  readonly at: number;
};

/** Somebody dealt with what the program could not know. */
export type ExceptionResolved = {
  readonly type: 'payments.exception_resolved';
  readonly exceptionId: string;
  readonly kind: string;
  readonly reference: string;
  readonly action: string;
  readonly note: string;
  readonly at: number;
};

/** A customer's saved way to pay, by our name for it: the token stays where it is. */
export type SavedMethodEvent =
  | {
      readonly type: 'payments.method_saved';
      readonly methodId: string;
      readonly customerId: string;
      readonly processor: string;
      readonly at: number;
    }
  | {
      readonly type: 'payments.method_removed';
      readonly methodId: string;
      readonly customerId: string;
      readonly processor: string;
      readonly at: number;
    };
