/** How often something may be tried, and what follows when that is used up. */
export type AttemptPolicy = {
  readonly max: number;
  /** Only attempts this recent count. */
  readonly windowMs: number;
  /** How long a used-up allowance locks: the first time, the second, ... the last one for good. None: attempts come back one by one as they age. */
  readonly lockMs: readonly number[];
};

/** What is known of the attempts at one thing. */
export type Attempts = {
  /** When the attempts that still count were made, oldest first. */
  readonly at: readonly number[];
  /** How often it was locked before. */
  readonly locks: number;
  readonly lockedUntil: number | null;
};

export type Taking =
  | { readonly isAllowed: true; readonly attempts: Attempts; readonly remaining: number }
  /** Nothing was counted: whoever keeps trying does not wait longer. */
  | { readonly isAllowed: false; readonly availableAt: number };

export type TakingAll =
  | { readonly isAllowed: true; readonly attempts: readonly Attempts[]; readonly remaining: number }
  | { readonly isAllowed: false; readonly availableAt: number };

/** Locks are forgotten after a day of quiet. */
const FORGET_MS = 24 * 60 * 60_000;
const NONE: Attempts = { at: [], locks: 0, lockedUntil: null };

/** Reserves one attempt before it is made, so that many at once cannot get more than there are. */
function take(before: Attempts | undefined, { max, windowMs, lockMs }: AttemptPolicy, at: number): Taking {
  const { lockedUntil, locks, at: made } = before && at < forgottenAt(before) ? before : NONE;
  if (lockedUntil !== null && at < lockedUntil) return { isAllowed: false, availableAt: lockedUntil };
  const recent = lockedUntil === null ? made.filter((one) => one > at - windowMs) : [];
  if (recent.length >= max) return { isAllowed: false, availableAt: (recent[0] as number) + windowMs };

  const taken = [...recent, at];
  const lock = lockMs[Math.min(locks, lockMs.length - 1)];
  const isLast = lock !== undefined && taken.length >= max;
  return {
    isAllowed: true,
    attempts: { at: taken, locks: isLast ? locks + 1 : locks, lockedUntil: isLast ? at + lock : null },
    remaining: max - taken.length,
  };
}

/** Reserves one attempt of each, or none when one refuses. */
function takeAll(counters: readonly { readonly before: Attempts | undefined; readonly policy: AttemptPolicy }[], at: number): TakingAll {
  const takings = counters.map(({ before, policy }) => take(before, policy, at));
  const refused = takings.filter((taking) => !taking.isAllowed);
  if (refused.length > 0) return { isAllowed: false, availableAt: Math.max(...refused.map(({ availableAt }) => availableAt)) };
  const taken = takings.filter((taking) => taking.isAllowed);
  return { isAllowed: true, attempts: taken.map(({ attempts }) => attempts), remaining: Math.min(...taken.map(({ remaining }) => remaining)) };
}

/** As if the attempt made at `at` had not been, with the lock that it may have turned: it came to nothing, and was no guess. */
function giveBack(before: Attempts, at: number): Attempts {
  const index = before.at.lastIndexOf(at);
  if (index === -1) return before;
  const left = before.at.toSpliced(index, 1);
  const locks = before.lockedUntil === null ? before.locks : before.locks - 1;
  return { at: left, locks, lockedUntil: left.length === 0 ? at : null }; // Over by now, and remembered for as long as before.
}

/** When nothing of it matters any more. */
const forgottenAt = ({ at, lockedUntil }: Attempts): number => Math.max(at.at(-1) ?? 0, lockedUntil ?? 0) + FORGET_MS;

export const Attempts = { take, takeAll, giveBack, forgottenAt };
