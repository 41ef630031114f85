/** At most `max` in any stretch of `windowMs`, wherever it begins. */
export type Limit = { readonly name: string; readonly max: number; readonly windowMs: number };

/** What one caller may still use of a limit. */
export type Budget = { readonly limit: Limit; readonly key: string };

/** How a budget stands: how many are left, and in how long the next one comes free. */
export type BudgetLeft = { readonly left: number; readonly freeInMs: number };

export type Taken = { readonly isGranted: boolean; readonly budgets: readonly BudgetLeft[] };

/** Sliding windows over what was taken, exact however many ask at once. */
export type RateLimits = {
  /** Takes one out of every budget if each has one left, and otherwise out of none. The ticket is the taker's own name for it. */
  take(budgets: readonly Budget[], ticket: string): Promise<Taken>;
  /** Puts back what the ticket took, as if it had never been asked for. */
  putBack(budgets: readonly Budget[], ticket: string): Promise<void>;
};
