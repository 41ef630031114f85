import type { Page, PageRequest } from '#application/shared/page.ts';
import type { Clock, Ids } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { Decision, Judge } from '#domain/fraud/decision.ts';
import type { AssessedEvent, LabelEvent, ListEntryEvent, PolicyEvent, ReviewEvent } from '#domain/fraud/events.ts';
import type { History } from '#domain/fraud/history.ts';
import type { Labels } from '#domain/fraud/labels.ts';
import type { EntryKind, List, ListEntry } from '#domain/fraud/list-entry.ts';
import type { Context } from '#domain/fraud/outcomes.ts';
import type { FraudAction, FraudPolicy } from '#domain/fraud/policy.ts';
import type { Review, ReviewStatus } from '#domain/fraud/review.ts';
import type { EntryHit } from '#domain/fraud/rules.ts';
import type { Key, Place } from '#domain/fraud/signals.ts';
import type { Change } from '#domain/shared/change.ts';

/** Which try of which payment. */
export type AttemptKey = { readonly restaurantId: string; readonly paymentId: string; readonly attemptId: string };

export type Decisions = {
  find(decisionId: string): Promise<Decision | undefined>;
  /** The decision on an attempt that was made before. */
  ofAttempt(attempt: AttemptKey): Promise<Decision | undefined>;
  /** Writes a new decision and its event, or throws WriteConflict when its attempt was decided meanwhile. */
  add(change: Change<Decision, AssessedEvent>): Promise<void>;
  /** What is known of attempts of some restaurants, by the ids of decisions, payments and orders. */
  contexts(ids: AttemptIds): Promise<readonly KnownAttempt[]>;
};
export type AttemptIds = {
  readonly restaurantIds: readonly string[];
  readonly decisionIds: readonly string[];
  readonly paymentIds: readonly string[];
  readonly orderIds: readonly string[];
};
export type KnownAttempt = Context & {
  readonly decisionId: string;
  readonly paymentId: string;
  readonly orderId: string;
  readonly at: number;
};

export type KeyHistories = {
  /** As they are, an empty one where there is none; nobody else writes them until the transaction ends. Locked in the order of their names. */
  lock(keys: readonly Key[]): Promise<readonly History[]>;
  /** As they are, without waiting for anybody. */
  read(keys: readonly Key[]): Promise<readonly History[]>;
  /** Writes histories that were locked. */
  save(histories: readonly History[]): Promise<void>;
};

export type Reviews = {
  find(reviewId: string): Promise<Review | undefined>;
  /** Writes the state and its events, or throws WriteConflict. */
  save(change: Change<Review, ReviewEvent>): Promise<void>;
};

export type LabelSets = {
  /** The labels of a decision; nobody else writes them until the transaction ends. Undefined when there is no such decision. */
  lock(decisionId: string): Promise<Labels | undefined>;
  save(change: Change<Labels, LabelEvent>): Promise<void>;
};

/** One thing on one list of one restaurant, or, with null, of the platform. */
export type EntryAddress = { readonly restaurantId: string | null; readonly list: List; readonly kind: EntryKind; readonly token: string };

export type ListEntries = {
  find(entryId: string): Promise<ListEntry | undefined>;
  /** The entry that was not removed, expired or not. */
  standing(address: EntryAddress): Promise<ListEntry | undefined>;
  /** Writes the state and its events. After 'exists' the transaction can only be refused. */
  save(change: Change<ListEntry, ListEntryEvent>): Promise<'saved' | 'exists'>;
};

/** How a restaurant decides, with the version to write over; version 0 is the default that nobody changed. */
export type StoredPolicy = { readonly restaurantId: string; readonly policy: FraudPolicy; readonly version: number };
export type Policies = {
  find(restaurantId: string): Promise<StoredPolicy>;
  save(change: Change<StoredPolicy, PolicyEvent>): Promise<void>;
};

export type DecisionFilter = { readonly action?: FraudAction };
export type ReviewFilter = { readonly status?: ReviewStatus };
export type EntryFilter = { readonly list?: List };
export type FraudQueries = {
  decision(decisionId: string): Promise<Decision | undefined>;
  ofAttempt(attempt: AttemptKey): Promise<Decision | undefined>;
  decisions(restaurantId: string, filter: DecisionFilter, page: PageRequest): Promise<Page<Decision>>;
  review(reviewId: string): Promise<Review | undefined>;
  reviewOf(decisionId: string): Promise<Review | undefined>;
  /** Of one restaurant, or, with null, of all. */
  reviews(restaurantId: string | null, filter: ReviewFilter, page: PageRequest): Promise<Page<Review>>;
  /** Reviews whose lease or whose time has run out, by id, those after `after`. */
  dueReviews(at: number, after: string | undefined, limit: number): Promise<readonly string[]>;
  /** Entries that were not removed, of a restaurant or, with null, of the platform. */
  entries(restaurantId: string | null, filter: EntryFilter, page: PageRequest): Promise<Page<ListEntry>>;
  /** Live entries of the restaurant and of the platform that name any of these. */
  hits(restaurantId: string, tokens: readonly Pick<EntryAddress, 'kind' | 'token'>[], at: number): Promise<readonly EntryHit[]>;
  policy(restaurantId: string): Promise<StoredPolicy>;
};

/** What fraud needs to know of others. */
export type FraudFacts = {
  account(customerId: string): Promise<AccountFacts | undefined>;
  order(restaurantId: string, orderId: string): Promise<OrderFacts | undefined>;
  restaurant(restaurantId: string): Promise<RestaurantFacts | undefined>;
};
export type AccountFacts = {
  readonly email: string | null;
  readonly phone: string | null;
  readonly registeredAt: number | null;
  readonly isVerified: boolean | null;
};
export type OrderFacts = {
  readonly units: number;
  readonly discount: number;
  readonly tip: number;
  /** On one line; null where nothing is delivered. */
  readonly address: string | null;
  readonly phone: string | null;
  readonly place: Place | null;
};
export type RestaurantFacts = { readonly timeZone: string /** Accounts. */; readonly staff: readonly string[] };

/** Turns what names a person, a device or a card into a token: the same for the same, and leading back to nothing. */
export type Tokens = { of(kind: EntryKind, value: string): string };

export type FraudTx = {
  readonly decisions: Decisions;
  readonly histories: KeyHistories;
  readonly reviews: Reviews;
  readonly labels: LabelSets;
  readonly entries: ListEntries;
  readonly policies: Policies;
};
export type FraudDeps = {
  readonly uow: UnitOfWork<FraudTx>;
  readonly queries: FraudQueries;
  readonly facts: FraudFacts;
  readonly tokens: Tokens;
  readonly judge: Judge;
  readonly clock: Clock;
  readonly ids: Ids;
};
