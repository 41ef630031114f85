import type { ProviderFact } from '#domain/payments/facts.ts';
import type { Attempt } from '#domain/payments/payment.ts';
import type { ProviderFailure, ProviderReply } from './provider.ts';

/** What came of asking, in our words. */
export type Asked =
  | { readonly outcome: 'facts'; readonly facts: readonly ProviderFact[] }
  | { readonly outcome: 'opened'; readonly opened: Pick<Attempt, 'providerOrderId' | 'linkId' | 'url'> }
  | { readonly outcome: 'failed'; readonly failure: ProviderFailure }
  | { readonly outcome: 'unknown'; readonly reason: string }
  /** What was planned is not wanted any more. */
  | { readonly outcome: 'nothing_to_do' };

export const map = <T>(reply: ProviderReply<T>, succeeded: (value: T) => Asked): Asked =>
  reply.outcome === 'succeeded' ? succeeded(reply.value) : reply;

/** A question that was not answered leaves everything as open as it was, even where the provider refused to answer it. */
export const doubted = (reply: Exclude<ProviderReply<unknown>, { outcome: 'succeeded' }>): Asked => ({
  outcome: 'unknown',
  reason: reply.outcome === 'unknown' ? reply.reason : `${reply.failure.code}: ${reply.failure.description}`,
});
