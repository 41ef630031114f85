import { z } from 'zod';
import type { ChargeFailure } from '#domain/payments/facts.ts';

/**
 * Why a payment failed, as customers may know it. The provider's own words are for operators, and why a payment was thought
 * too risky is for nobody: it is declined, as by any bank.
 */
const WORDS = {
  cancelled: 'The payment was cancelled before it was made.',
  timed_out: 'It took too long, and the payment was given up.',
  insufficient_funds: 'There was not enough money in the account.',
  not_authenticated: 'The code, PIN or password was wrong.',
  details_wrong: 'The details of the card or account are wrong, or it has expired.',
  limit_exceeded: 'The amount is above a limit of the card or account.',
  not_supported: 'This card or account cannot be used here. Choose another way to pay.',
  bank_unavailable: 'The bank did not answer. Try again in a moment, or choose another way to pay.',
  provider_refused: 'This way to pay could not be opened. Choose another.',
  declined: 'The bank declined the payment.',
  failed: 'The payment did not go through.',
} as const;
export type PublicFailure = keyof typeof WORDS;

/** By the provider's reason; one that none of these knows says only that it failed. */
const REASONS: readonly (readonly [RegExp, PublicFailure])[] = [
  [/cancel/, 'cancelled'],
  [/timed?_?out|expired_session|session_expired/, 'timed_out'],
  [/insufficient/, 'insufficient_funds'],
  [/otp|pin\b|_pin|password|authentication|3ds/, 'not_authenticated'],
  [/risk|fraud|blocked|declined|do_not_honou?r|debit_(?:declined|failed)/, 'declined'],
  [/limit|exceed/, 'limit_exceeded'],
  [/expired|incorrect|invalid|cvv|vpa|card_number/, 'details_wrong'],
  [/not_(?:allowed|supported|enabled|eligible|enrolled|permitted)|unsupported|international/, 'not_supported'],
  [/bank|gateway|issuer|technical|psp|server/, 'bank_unavailable'],
];

export const FailureView = z
  .object({ code: z.enum(Object.keys(WORDS) as [PublicFailure, ...PublicFailure[]]), message: z.string() })
  .meta({ id: 'PaymentFailure', description: 'Why it failed, in words for the customer.' });

export const failureCode = (reason: string | null | undefined): PublicFailure =>
  REASONS.find(([pattern]) => pattern.test(reason?.toLowerCase() ?? ''))?.[1] ?? 'failed';

export const failureNamed = (code: PublicFailure): z.input<typeof FailureView> => ({ code, message: WORDS[code] });

export const failureView = (failure: ChargeFailure | null): z.input<typeof FailureView> | null =>
  failure && failureNamed(failureCode(failure.reason ?? failure.code));
