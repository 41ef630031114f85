/** The right to do a task, until it expires. The token is higher than that of every holder before. */
export type Term = { readonly task: string; readonly holder: string; readonly token: number };

/** Whoever leads says so at least this often; whoever does not is replaced after this long. */
export const LEASE_MS = 15_000;

/** For work that only one node may do at a time. */
export type Leadership = {
  /** Begins or prolongs a term; undefined while somebody else has one. */
  claim(task: string, holder: string): Promise<Term | undefined>;
  /** Lets the next one begin at once. */
  resign(term: Term): Promise<void>;
};

export type Terms = {
  /**
   * Whether the term still lasts; nobody else can begin one until the transaction ends. A leader that was replaced while it slept
   * learns it here, before it commits anything.
   */
  confirm(term: Term): Promise<boolean>;
};
