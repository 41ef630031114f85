import type { Budget, BudgetLeft, RateLimits } from '#application/platform/rate-limits.ts';
import { type Actor, may } from '#domain/shared/actor.ts';
import { budgetsOf, type Counted, type Limits } from './limits.ts';

/** Lifts the limits for whoever holds it, except where passwords are tried and money moves. */
export const BYPASS = 'ratelimit:bypass';

export type Turnstile = {
  readonly limits: Limits;
  readonly counts: RateLimits;
  newTicket(): string;
  /** Told when somebody goes on over a limit because they may; they wait until it is on record. */
  onBypass(actor: Actor, limits: readonly string[]): Promise<void>;
};

/** Whether a request may go on, and what to tell its sender about it. */
export type Admission = {
  readonly refusal: { readonly limit: string; readonly retryAfterSeconds: number } | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Forgets an attempt that turned out to be right. */
  putBackAttempt(): Promise<void>;
};

const FREELY: Admission = { refusal: undefined, headers: {}, putBackAttempt: async () => undefined };

/** Counts a request against every budget it draws on, or, when one of them is used up, against none. */
export async function admit({ limits, counts, newTicket, onBypass }: Turnstile, counted: Counted): Promise<Admission> {
  const budgets = budgetsOf(limits, counted);
  if (budgets.length === 0) return FREELY;
  const ticket = newTicket();
  const taken = await counts.take(budgets, ticket);
  const headers = headersOf(budgets, taken.budgets);
  if (taken.isGranted) {
    const attempt = budgets.filter(({ limit }) => limit.name.startsWith('auth'));
    return { refusal: undefined, headers, putBackAttempt: () => counts.putBack(attempt, ticket) };
  }
  const spent = budgets.flatMap(({ limit }, i) => (taken.budgets[i]?.left === 0 ? [{ name: limit.name, freeInMs: taken.budgets[i].freeInMs }] : []));
  if (mayBypass(counted)) {
    await onBypass(
      counted.actor as Actor,
      spent.map(({ name }) => name),
    );
    return { ...FREELY, headers };
  }
  const longest = spent.reduce((a, b) => (b.freeInMs > a.freeInMs ? b : a));
  const retryAfterSeconds = Math.max(1, Math.ceil(longest.freeInMs / 1_000));
  return { ...FREELY, headers, refusal: { limit: longest.name, retryAfterSeconds } };
}

const mayBypass = ({ limiter, actor }: Counted): boolean => limiter !== 'auth' && limiter !== 'payment' && actor !== undefined && may(actor, BYPASS);

/** draft-ietf-httpapi-ratelimit-headers: what the limits are, and what is left of them. */
const headersOf = (budgets: readonly Budget[], left: readonly BudgetLeft[]): Readonly<Record<string, string>> => ({
  'ratelimit-policy': budgets.map(({ limit }) => `"${limit.name}";q=${limit.max};w=${Math.ceil(limit.windowMs / 1_000)}`).join(', '),
  ratelimit: budgets.map(({ limit }, i) => `"${limit.name}";r=${left[i]?.left ?? 0};t=${Math.ceil((left[i]?.freeInMs ?? 0) / 1_000)}`).join(', '),
});
