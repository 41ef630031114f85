import type { ResolutionAction } from './exception.ts';

/** What payouts, the provider's books, repairs, disputes and saved methods refuse besides what payments refuse. */
export type SettlementError =
  | { readonly code: 'payments.no_payout_account' }
  | { readonly code: 'payments.payout_account_changed'; readonly version: number }
  | { readonly code: 'payments.payout_account_unset' }
  | { readonly code: 'payments.processor_not_configured'; readonly processor: string; readonly configured: readonly string[] }
  | { readonly code: 'payments.payout_too_large'; readonly asked: number; readonly payable: number; readonly currency: string }
  | { readonly code: 'payments.settlement_not_found'; readonly settlementId: string }
  | { readonly code: 'payments.exception_not_found'; readonly exceptionId: string }
  | { readonly code: 'payments.exception_resolved'; readonly by: string }
  | { readonly code: 'payments.action_not_offered'; readonly action: ResolutionAction; readonly offered: readonly ResolutionAction[] }
  | { readonly code: 'payments.dispute_not_found'; readonly disputeId: string }
  | { readonly code: 'payments.dispute_answer_refused'; readonly processor: string; readonly reason: string }
  | { readonly code: 'payments.dispute_over'; readonly disputeStatus: string }
  | { readonly code: 'payments.evidence_too_large'; readonly amount: number; readonly disputed: number; readonly currency: string }
  | { readonly code: 'payments.card_number_refused' }
  | { readonly code: 'payments.too_many_methods'; readonly limit: number };

export type SettlementErrorOf<Code extends SettlementError['code']> = Extract<SettlementError, { readonly code: Code }>;
