const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** How long after the one before each attempt is made, as Standard Webhooks proposes: three days in all. */
const WAIT_MS = [
  0,
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
] as const;
export const ATTEMPTS_MAX = WAIT_MS.length;
/** A receiver may ask for more time, but not for ever. */
export const RETRY_AFTER_MAX_MS = 24 * HOUR_MS;
/** By how much a wait is longer at the most, so that what failed together does not come back together. */
const JITTER = 0.2;

/** How long to wait after `attempts` that failed; undefined when that was the last. `chance` is from 0 to 1. */
export function waitAfter(attempts: number, retryAfterMs: number | null, chance: number): number | undefined {
  const wait = WAIT_MS[attempts];
  if (wait === undefined) return undefined;
  return Math.round(Math.max(wait * (1 + JITTER * chance), Math.min(retryAfterMs ?? 0, RETRY_AFTER_MAX_MS)));
}
