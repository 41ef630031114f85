export const ATTEMPTS_MAX = 8;

/** How long a failed event waits before attempt number `attempts + 1`: 1 s, doubling, to about two minutes before it is parked. */
export const retryDelayMs = (attempts: number): number => 1_000 * 2 ** (attempts - 1);

/** Why it failed, as people may read it: the message alone, because the other properties of a database error quote rows. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 500);
