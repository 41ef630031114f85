/**
 * Remembers requests that must take effect once. The claim is part of the transaction of the effect, so a key is
 * taken if and only if its effect was committed.
 */
export type Requests = {
  /** Takes `key` within `scope`; 'running' when another transaction holds it right now; what came of it when it was taken before. */
  claim(request: RequestClaim): Promise<'claimed' | 'running' | DoneRequest>;
};

export type RequestClaim = DoneRequest & {
  /** Whose key it is: the keys of two callers never meet. */
  readonly scope: string;
  readonly key: string;
};

export type DoneRequest = {
  /** A digest of what was asked, to tell a repetition from another request under the same key. */
  readonly fingerprint: string;
  /** The id of what it created. */
  readonly outcome: string;
};

export type RequestQueries = {
  find(scope: string, key: string): Promise<DoneRequest | undefined>;
};
