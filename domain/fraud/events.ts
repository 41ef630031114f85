import type { Verdict } from './decision.ts';
import type { LabelSource } from './labels.ts';
import type { EntryKind, List, ListEntryFacts } from './list-entry.ts';
import type { FraudAction, FraudPolicyFacts } from './policy.ts';
import type { ReviewFacts } from './review.ts';
import type { Signals } from './signals.ts';

/** The fraud module's published language. Nothing in it names a device, an address or a card: they are tokens. */
export type FraudEvent = AssessedEvent | ReviewEvent | ListEntryEvent | LabelEvent | PolicyEvent;

/** One attempt to pay, judged: the fraud detection log. With its signals and verdict it can be judged again to the same score. */
export type AssessedEvent = {
  readonly type: 'fraud.assessed';
  readonly decisionId: string;
  readonly restaurantId: string;
  readonly paymentId: string;
  /** Which try of the payment. */
  readonly attemptId: string;
  readonly orderId: string;
  readonly customerId: string;
  readonly action: FraudAction;
  readonly signals: Signals;
  readonly verdict: Verdict;
  readonly at: number;
};

type OfReview = {
  readonly reviewId: string;
  readonly restaurantId: string;
  readonly decisionId: string;
  readonly paymentId: string;
  readonly orderId: string;
  readonly at: number;
};
type Resolved = OfReview & {
  /** An account, or `system` when nobody came in time. */
  readonly by: string;
  readonly reason: string | null;
  readonly isDefault: boolean;
};

export type ReviewEvent =
  | (OfReview & { readonly type: 'fraud.review_opened'; readonly review: ReviewFacts })
  | (OfReview & { readonly type: 'fraud.review_claimed'; readonly by: string; readonly until: number })
  /** A lease ran out. */
  | (OfReview & { readonly type: 'fraud.review_reopened'; readonly by: string })
  /** The first of two approvals. */
  | (OfReview & { readonly type: 'fraud.review_endorsed'; readonly by: string; readonly reason: string | null })
  | (Resolved & { readonly type: 'fraud.review_approved' })
  | (Resolved & { readonly type: 'fraud.review_rejected' });

export type ListEntryEvent =
  | {
      readonly type: 'fraud.list_entry_added';
      readonly entryId: string;
      readonly restaurantId: string | null;
      readonly entry: ListEntryFacts;
      readonly at: number;
    }
  | {
      readonly type: 'fraud.list_entry_removed';
      readonly entryId: string;
      readonly restaurantId: string | null;
      readonly list: List;
      readonly kind: EntryKind;
      readonly removedBy: string;
      readonly at: number;
    };

export type LabelEvent = {
  readonly type: 'fraud.labelled';
  readonly decisionId: string;
  readonly restaurantId: string;
  readonly source: LabelSource;
  readonly isFraud: boolean;
  /** Whether the payment was held for fraud before this was known, and is since. */
  readonly held: { readonly before: boolean; readonly after: boolean };
  readonly labelTime: number;
  readonly at: number;
};

export type PolicyEvent = {
  readonly type: 'fraud.policy_changed';
  readonly restaurantId: string;
  readonly policy: FraudPolicyFacts;
  readonly at: number;
};
