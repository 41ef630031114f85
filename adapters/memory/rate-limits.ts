import type { Budget, RateLimits, Taken } from '#application/platform/rate-limits.ts';
import { Lru } from '../shared/lru.ts';

const KEYS_MAX = 100_000;

/** What was taken of one budget: its tickets, oldest first. */
type Log = Map<string, number>;

/** A log of tickets for each budget, in this process. Of more than KEYS_MAX budgets the ones unused for longest are forgotten. */
export class MemoryRateLimits implements RateLimits {
  readonly #logs = new Lru<string, Log>(KEYS_MAX);
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  async take(budgets: readonly Budget[], ticket: string): Promise<Taken> {
    const now = this.#now();
    const logs = budgets.map((budget) => this.#current(budget, now));
    const isGranted = budgets.every(({ limit }, i) => (logs[i] as Log).size < limit.max);
    if (isGranted) for (const [i, log] of logs.entries()) this.#note(budgets[i] as Budget, log, ticket, now);
    return {
      isGranted,
      budgets: budgets.map(({ limit }, i) => {
        const log = logs[i] as Log;
        const oldest = log.values().next().value ?? now;
        return { left: Math.max(0, limit.max - log.size), freeInMs: oldest + limit.windowMs - now };
      }),
    };
  }

  async putBack(budgets: readonly Budget[], ticket: string): Promise<void> {
    for (const budget of budgets) this.#logs.get(keyOf(budget))?.delete(ticket);
  }

  /** Writes down what was granted elsewhere, so that this process knows it when elsewhere is away. */
  note(budgets: readonly Budget[], ticket: string): void {
    const now = this.#now();
    for (const budget of budgets) this.#note(budget, this.#current(budget, now), ticket, now);
  }

  #note(budget: Budget, log: Log, ticket: string, now: number): void {
    log.set(ticket, now);
    this.#logs.set(keyOf(budget), log);
  }

  /** The log of a budget without what has left its window. */
  #current(budget: Budget, now: number): Log {
    const log = this.#logs.get(keyOf(budget)) ?? new Map<string, number>();
    for (const [ticket, at] of log) {
      if (at > now - budget.limit.windowMs) break;
      log.delete(ticket);
    }
    return log;
  }
}

const keyOf = ({ limit, key }: Budget): string => `${limit.name}:${key}`;
