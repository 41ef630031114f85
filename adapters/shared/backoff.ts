export const ATTEMPTS_MAX = 8;

/** How long a failed event waits before attempt number `attempts + 1`: 1 s, doubling, to about two minutes before it is parked. */
export const retryDelayMs = (attempts: number): number => 1_000 * 2 ** (attempts - 1);
