import type { Decline } from './payments.ts';

/** Why a bank says no, by Razorpay's reason. */
export const DECLINES = {
  payment_failed: {
    description: 'Your payment did not go through as it was declined by the bank. Try another payment method or contact your bank.',
    source: 'bank',
    step: 'payment_authorization',
    reason: 'payment_failed',
  },
  insufficient_funds: {
    description: 'Your payment could not be completed due to insufficient account balance. Try again with another card or account.',
    source: 'customer',
    step: 'payment_authorization',
    reason: 'insufficient_funds',
  },
  invalid_otp: {
    description: 'Your payment could not be completed due to incorrect OTP or verification details. Try another payment method.',
    source: 'customer',
    step: 'payment_authentication',
    reason: 'incorrect_otp',
  },
  card_declined: {
    description: 'Your payment was declined by your bank. Try again with another card.',
    source: 'bank',
    step: 'payment_authorization',
    reason: 'card_declined',
  },
  payment_risk_check_failed: {
    description: 'Your payment was declined as it did not pass the risk check. Try another payment method.',
    source: 'internal',
    step: 'payment_eligibility_check',
    reason: 'payment_risk_check_failed',
  },
  bank_technical_error: {
    code: 'GATEWAY_ERROR',
    description: 'Your payment did not go through due to a temporary issue at the bank. Any debited amount is refunded in 5 to 7 days.',
    source: 'bank',
    step: 'payment_authorization',
    reason: 'bank_technical_error',
  },
} as const satisfies Record<string, Decline>;

export const CANCELLED: Decline = {
  description: 'You have cancelled the payment, or there was a delay in the response of the bank page.',
  source: 'customer',
  step: 'payment_authentication',
  reason: 'payment_cancelled',
};

export const NO_ANSWER: Decline = {
  code: 'GATEWAY_ERROR',
  description: 'The payment was not completed on time.',
  source: 'bank',
  step: 'payment_authentication',
  reason: 'payment_timed_out',
};
