import type { Budget, RateLimits, Taken } from '#application/platform/rate-limits.ts';
import { RedisAway } from './connection.ts';

/** A local count that can be told what was granted elsewhere. */
export type LocalRateLimits = RateLimits & { note(budgets: readonly Budget[], ticket: string): void };

/**
 * Counts with everybody, and alone when Redis is away. What Redis grants is noted here too, so that nobody's window begins
 * anew when it goes. While it is away each node grants a whole budget, never more.
 */
export class RateLimitsWithFallback implements RateLimits {
  readonly #shared: RateLimits;
  readonly #local: LocalRateLimits;

  constructor(shared: RateLimits, local: LocalRateLimits) {
    this.#shared = shared;
    this.#local = local;
  }

  async take(budgets: readonly Budget[], ticket: string): Promise<Taken> {
    try {
      const taken = await this.#shared.take(budgets, ticket);
      if (taken.isGranted) this.#local.note(budgets, ticket);
      return taken;
    } catch (error) {
      if (error instanceof RedisAway) return this.#local.take(budgets, ticket);
      throw error;
    }
  }

  async putBack(budgets: readonly Budget[], ticket: string): Promise<void> {
    await this.#local.putBack(budgets, ticket);
    await this.#shared.putBack(budgets, ticket).catch((error: unknown) => {
      if (!(error instanceof RedisAway)) throw error; // It is counted until its window ends: too strict, and never too lax.
    });
  }
}
