import type { LabelSource } from './labels.ts';
import type { EntryKind, List } from './list-entry.ts';
import type { ReviewStatus } from './review.ts';

export type FraudError =
  | { readonly code: 'fraud.decision_not_found'; readonly decisionId: string }
  | { readonly code: 'fraud.not_permitted'; readonly permission: string }
  | { readonly code: 'fraud.review_not_found'; readonly reviewId: string }
  | { readonly code: 'fraud.review_closed'; readonly reviewId: string; readonly reviewStatus: ReviewStatus }
  | { readonly code: 'fraud.review_overdue'; readonly reviewId: string; readonly deadline: number }
  | { readonly code: 'fraud.review_claimed'; readonly reviewId: string; readonly until: number }
  | { readonly code: 'fraud.review_not_claimed'; readonly reviewId: string }
  | { readonly code: 'fraud.review_not_due'; readonly reviewId: string }
  | { readonly code: 'fraud.second_person_needed'; readonly reviewId: string }
  | { readonly code: 'fraud.own_order'; readonly reviewId: string }
  | { readonly code: 'fraud.label_too_early'; readonly decisionId: string; readonly labelTime: number }
  | { readonly code: 'fraud.label_known'; readonly decisionId: string; readonly source: LabelSource }
  | { readonly code: 'fraud.entry_not_found'; readonly entryId: string }
  | { readonly code: 'fraud.entry_exists'; readonly entryId: string; readonly list: List }
  | { readonly code: 'fraud.entry_expired'; readonly expiresAt: number }
  | { readonly code: 'fraud.entry_value_malformed'; readonly kind: EntryKind }
  | { readonly code: 'fraud.entry_not_in_decision'; readonly decisionId: string; readonly kind: EntryKind }
  | { readonly code: 'fraud.policy_malformed'; readonly at: string }
  | { readonly code: 'fraud.changed_meanwhile'; readonly version: number };

export type FraudErrorOf<Code extends FraudError['code']> = Extract<FraudError, { readonly code: Code }>;
