/** A promise that live data must keep, as a query for the rows that break it. */
export type Invariant = {
  readonly id: string;
  /** The promise, as a sentence. */
  readonly promise: string;
  /** Selects what breaks it: `culprit` names the row, `detail` says how. */
  readonly sql: string;
};
