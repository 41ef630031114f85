import type { PaymentStatus } from './payment.ts';
import type { RefundStatus } from './refund.ts';

export type PaymentsError =
  | { readonly code: 'payments.order_not_found'; readonly orderId: string }
  | { readonly code: 'payments.payment_not_found'; readonly paymentId: string }
  | { readonly code: 'payments.order_not_payable'; readonly orderStatus: string }
  | { readonly code: 'payments.already_paid'; readonly paymentId: string }
  | { readonly code: 'payments.channel_not_offered'; readonly channel: string; readonly offered: readonly string[] }
  | { readonly code: 'payments.not_permitted'; readonly permission: string }
  /** Fraud said no. Why is nobody's business outside. */
  | { readonly code: 'payments.declined' }
  | { readonly code: 'payments.provider_refused'; readonly processor: string; readonly reason: string }
  /** Nobody knows yet whether the provider did it; it is being found out. */
  | { readonly code: 'payments.provider_unreachable'; readonly processor: string; readonly retryAfterSeconds: number }
  | { readonly code: 'payments.bad_signature' }
  | { readonly code: 'payments.not_captured'; readonly paymentStatus: PaymentStatus }
  | { readonly code: 'payments.refund_too_large'; readonly asked: number; readonly refundable: number; readonly currency: string }
  | { readonly code: 'payments.refund_not_found'; readonly refundId: string }
  | { readonly code: 'payments.refund_not_by_hand'; readonly processor: string; readonly refundStatus: RefundStatus }
  | { readonly code: 'payments.line_not_found'; readonly line: number }
  | { readonly code: 'payments.line_refunded'; readonly line: number; readonly quantity: number; readonly left: number }
  | { readonly code: 'payments.tendered_too_little'; readonly due: number; readonly currency: string }
  | { readonly code: 'payments.transfer_differs'; readonly due: number; readonly currency: string }
  | { readonly code: 'payments.nothing_to_confirm'; readonly channel: string }
  | { readonly code: 'payments.method_not_found'; readonly methodId: string }
  | { readonly code: 'payments.token_unknown' }
  | { readonly code: 'payments.no_saved_methods'; readonly processor: string }
  | { readonly code: 'payments.idempotency_key_reused' }
  | { readonly code: 'payments.request_in_progress' };

export type PaymentsErrorOf<Code extends PaymentsError['code']> = Extract<PaymentsError, { readonly code: Code }>;
