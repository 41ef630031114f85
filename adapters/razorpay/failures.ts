import { z } from 'zod';
import type { ProviderFailure, ProviderReply } from '#application/payments/provider.ts';

/** What the SDK rejects with: a plain object, made from an answer or, by our interceptor, from the lack of one. */
const Refusal = z.object({
  statusCode: z.coerce.number().int().catch(0),
  error: z
    .object({ code: z.string(), description: z.string().catch(''), reason: z.string().nullish().catch(null) })
    .optional()
    .catch(undefined),
});
type Refusal = z.output<typeof Refusal>;

/** We were about to ask for something that cannot be an id. */
export class BadId extends Error {}

type Asked = { readonly opens?: boolean; readonly optional?: boolean };

type Rule = {
  readonly is: (refusal: Refusal, asked: Asked) => boolean;
  /** Why we cannot tell what happened; absent when it is a clear no. */
  readonly unclear?: string;
  /** Whether a refusal to open a payment lets another provider be asked. */
  readonly elsewhere?: boolean;
};

const says = (pattern: RegExp) => (refusal: Refusal) => pattern.test(refusal.error?.description ?? '');

/**
 * From the first that fits. Only a 4xx in Razorpay's own words is a no: a gateway, a proxy or a firewall in between knows
 * nothing of what happened behind it. Nothing unclear ever falls back: the money could be taken twice.
 */
const RULES: readonly Rule[] = [
  { is: ({ statusCode }) => statusCode === 0, unclear: 'no answer' },
  { is: ({ statusCode }) => statusCode === 429, unclear: 'asked too often' },
  { is: ({ statusCode }) => statusCode === 409, unclear: 'the same is still being done' },
  { is: ({ statusCode }) => statusCode < 400 || statusCode >= 500 || statusCode === 408 || statusCode === 425, unclear: 'a failure on the way' },
  { is: ({ statusCode, error }, { optional }) => optional === true && error === undefined && (statusCode === 404 || statusCode === 405) },
  { is: ({ error }) => error === undefined, unclear: 'a refusal that is not the provider’s' },
  { is: ({ error }) => error?.code === 'GATEWAY_ERROR' || error?.code === 'SERVER_ERROR', unclear: 'a failure at the provider' },
  { is: says(/idempotency key/i), unclear: 'the key was used for something else' },
  { is: ({ statusCode }) => statusCode === 401 || statusCode === 403, elsewhere: true },
  { is: says(/should be unique|already (been )?(paid|captured|exist)/i), elsewhere: false },
  { is: () => true, elsewhere: true },
];

export function replyOf(thrown: unknown, asked: Asked = {}): ProviderReply<never> {
  if (thrown instanceof BadId) return failed({ code: 'BAD_ID', reason: null, description: 'not an id', mayFallBack: false });
  const refusal = Refusal.safeParse(thrown).data ?? { statusCode: 0, error: undefined };
  const rule = RULES.find(({ is }) => is(refusal, asked)) as Rule;
  const { code = 'NO_ANSWER', description = '', reason } = refusal.error ?? {};
  if (rule.unclear !== undefined)
    return unknown([rule.unclear, refusal.statusCode || '', code, description].filter(Boolean).join(' · ').slice(0, 300));
  return failed({
    code,
    reason: reason ?? null,
    description: description.slice(0, 500),
    mayFallBack: asked.opens === true && rule.elsewhere === true,
  });
}

export const succeeded = <T>(value: T): ProviderReply<T> => ({ outcome: 'succeeded', value });
export const failed = (failure: ProviderFailure): ProviderReply<never> => ({ outcome: 'failed', failure });
export const unknown = (reason: string): ProviderReply<never> => ({ outcome: 'unknown', reason });

/** The same reply in our words. */
export const read = <T, U>(reply: ProviderReply<T>, toOurs: (value: T) => U): ProviderReply<U> =>
  reply.outcome === 'succeeded' ? succeeded(toOurs(reply.value)) : reply;
