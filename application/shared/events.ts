/** A fact in the log. `position` orders facts as they became visible; `version` is gap-free within `stream`. */
export type RecordedEvent<Data extends { readonly type: string } = { readonly type: string }> = {
  readonly position: string;
  readonly id: string;
  readonly stream: string;
  readonly version: number;
  readonly restaurantId: string | null;
  readonly actor: string;
  readonly recordedAt: number;
  /** What it was done for, when it was done for a request, or for what followed from one. */
  readonly traceId?: string;
  readonly data: Data;
};

/**
 * A named listener to the log. It is handed batches in log order, inside the transaction that also advances its cursor,
 * so its own writes happen exactly once. A batch that fails is handed over again one event at a time; the event that
 * still fails is retried later with growing delays, and parked after eight attempts, while the rest goes on.
 * When `isReplay` is true it must rebuild its own state and stay silent to the outside. An event comes live once, however
 * often it is replayed; one that failed may come live after its own replay.
 */
export type Subscription<Tx> = {
  readonly name: string;
  readonly types: readonly string[];
  /** Large members of the data that it does not read, so that they need not travel; it may be handed them all the same. */
  readonly without?: readonly string[];
  /** People wait for it: it goes first, and never waits for a subscription that is not urgent. */
  readonly isUrgent?: boolean;
  on(tx: Tx, events: readonly RecordedEvent[], isReplay: boolean): Promise<void>;
};

/**
 * A named listener whose effect is outside the database. It is handed batches in log order while no transaction is open,
 * each until it has taken it: at least once, so it must know by an event's id what it has had. What is replayed, and what was
 * there before it, it is never handed. An event that it throws on is retried apart from the others, as a subscription's is.
 */
export type Outlet = {
  readonly name: string;
  readonly types: readonly string[];
  readonly without?: readonly string[];
  /** `away`: nothing can be delivered for now, through no fault of the events; the same ones are handed over again. */
  deliver(events: readonly RecordedEvent[]): Promise<'delivered' | 'away'>;
};

/** How far a subscription is behind, for metrics and for people. */
export type SubscriptionLag = {
  readonly name: string;
  readonly isUrgent: boolean;
  readonly behind: number;
  readonly lagSeconds: number;
  readonly retrying: number;
  readonly parked: number;
};
