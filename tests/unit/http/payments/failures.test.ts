import { expect, it } from 'vitest';
import { failureCode, failureView } from '#adapters/http/payments/failures.ts';

it.each<[string | null, string]>([
  ['payment_cancelled', 'cancelled'],
  ['payment_timed_out', 'timed_out'],
  ['payment_timeout', 'timed_out'],
  ['payment_session_expired', 'timed_out'],
  ['insufficient_funds', 'insufficient_funds'],
  ['invalid_otp', 'not_authenticated'],
  ['incorrect_otp', 'not_authenticated'],
  ['incorrect_pin', 'not_authenticated'],
  ['authentication_failed', 'not_authenticated'],
  ['card_declined', 'declined'],
  ['payment_risk_check_failed', 'declined'],
  ['card_blocked', 'declined'],
  ['transaction_limit_exceeded', 'limit_exceeded'],
  ['card_expired', 'details_wrong'],
  ['incorrect_cvv', 'details_wrong'],
  ['invalid_vpa', 'details_wrong'],
  ['international_transaction_not_allowed', 'not_supported'],
  ['card_not_enrolled', 'not_supported'],
  ['bank_technical_error', 'bank_unavailable'],
  ['GATEWAY_ERROR', 'bank_unavailable'],
  ['SERVER_ERROR', 'bank_unavailable'],
  ['payment_failed', 'failed'],
  ['something_new', 'failed'],
  ['', 'failed'],
  [null, 'failed'],
])('%s is %s', (reason, code) => {
  expect(failureCode(reason)).toBe(code);
});

it("never uses the provider's words, and says of risk what it says of any bank", () => {
  const said = failureView({ code: 'BAD_REQUEST_ERROR', reason: 'payment_risk_check_failed', description: 'Our model says fraud' });
  expect(said).toEqual({ code: 'declined', message: 'The bank declined the payment.' });
  expect(failureView({ code: 'GATEWAY_ERROR', reason: null, description: 'x' })?.code).toBe('bank_unavailable');
  expect(failureView(null)).toBeNull();
});
