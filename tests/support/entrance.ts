import { originReader } from '#adapters/http/client-address.ts';
import type { Doorkeeper, Entrance } from '#adapters/http/entrance.ts';
import { MemoryRateLimits } from '#adapters/memory/rate-limits.ts';

/** An entrance without limits, for tests of what is behind it. */
export const unlimited = (doorkeeper: Omit<Doorkeeper, 'recognise'>): Entrance => ({
  doorkeeper: { ...doorkeeper, recognise: async () => undefined },
  turnstile: { limits: {}, counts: new MemoryRateLimits(Date.now), newTicket: () => 'ticket', onBypass: async () => undefined },
  originOf: originReader([]),
  veil: (text) => text,
});

/** The limits that a test sets when it is about something else. */
export const NO_LIMITS = {
  RATE_LIMIT_GENERAL: 'off',
  RATE_LIMIT_AUTH: 'off',
  RATE_LIMIT_AUTH_FAILURES: 'off',
  RATE_LIMIT_PAYMENT: 'off',
  RATE_LIMIT_UPLOAD: 'off',
  RATE_LIMIT_SEARCH: 'off',
  RATE_LIMIT_USER: 'off',
  RATE_LIMIT_RESTAURANT: 'off',
} as const;
