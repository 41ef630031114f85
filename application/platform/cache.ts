/** What is kept: of which kind, whose it is (a restaurant, or NOBODY's), and which one. */
export type CacheKey = { readonly namespace: string; readonly tenant: string; readonly id: string };
/** The tenant of what belongs to no restaurant. */
export const NOBODY = '-';

/** How a value travels to other processes. */
export type Wire<T> = { to(value: T): unknown; from(json: unknown): T };
/** Of values that are plain data. */
export const asJson = <T>(): Wire<T> => ({ to: (value) => value, from: (json) => json as T });

export type Keeping<T> = {
  /** How long a value is good for. Each is given up to a tenth more or less, so that they do not all end at once. */
  readonly ttlMs: number;
  /** How much longer it may be served while one caller reads anew, and when that fails. None, unless it says so. */
  readonly staleMs?: number;
  /** How long it is remembered that there is none; a second, unless it says otherwise. */
  readonly absentMs?: number;
  /** What makes the value untrue when it changes; names of the tenant's own. */
  readonly tags?: readonly string[];
  /**
   * Grows with every change, and is asked of the source once a second: for what orders are priced by, which may never be
   * behind by more, and so is shared with nobody. Undefined: there is none.
   */
  revision?(): Promise<number | undefined>;
  /** How it is shared with the other processes; without it the value stays in this one. */
  readonly wire?: Wire<T>;
};

/**
 * Values that are read far more often than they change. It may forget at any time, and it is never asked about money that
 * is taken or stock that is promised. However many ask at once, a value is read once for all of them.
 */
export type Cache = {
  getOrSet<T>(key: CacheKey, keeping: Keeping<T>, load: () => Promise<T | undefined>): Promise<T | undefined>;
  /**
   * Whoever asks from now on reads anew, and what is being read is not kept. `everywhere` tells the other processes too;
   * `here` is for what they were told already, and for what never leaves this one.
   */
  invalidate(tenant: string, tags: readonly string[], reach: 'here' | 'everywhere'): Promise<void>;
  forget(key: CacheKey): Promise<void>;
};
