import type { Change } from '../shared/change.ts';
import { invariant } from '../shared/invariant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { FraudErrorOf } from './errors.ts';
import type { ReviewEvent } from './events.ts';
import type { FraudPolicy } from './policy.ts';

const NEXT = {
  open: ['claimed', 'approved', 'rejected'],
  claimed: ['open', 'claimed', 'approved', 'rejected'],
  approved: [],
  rejected: [],
} as const satisfies Record<string, readonly string[]>;

export type ReviewStatus = keyof typeof NEXT;
export const REVIEW_STATUSES = Object.keys(NEXT) as readonly ReviewStatus[];
export const REVIEW_NEXT: Readonly<Record<ReviewStatus, readonly ReviewStatus[]>> = NEXT;
export const REVIEW_OUTCOMES = ['approved', 'rejected'] as const;
export type ReviewOutcome = (typeof REVIEW_OUTCOMES)[number];

/** How long who claims a review has it to themselves. */
export const LEASE_MS = 3 * 60_000;

/** What is reviewed, and by which rules; it never changes. */
export type ReviewFacts = {
  readonly restaurantId: string;
  readonly decisionId: string;
  readonly paymentId: string;
  readonly orderId: string;
  readonly customerId: string;
  readonly amount: number;
  readonly currency: string;
  /** 2 where one person must not decide alone to take the money. */
  readonly approvalsNeeded: 1 | 2;
  readonly whenNobodyCame: 'approve' | 'reject';
  readonly openedAt: number;
  readonly deadline: number;
};
export type Approval = { readonly by: string; readonly reason: string | null; readonly at: number };

export type Review = ReviewFacts & {
  readonly id: string;
  readonly status: ReviewStatus;
  readonly lease: { readonly by: string; readonly until: number } | null;
  /** Who said yes, one person once. */
  readonly approvals: readonly Approval[];
  readonly resolution: { readonly by: string; readonly reason: string | null; readonly isDefault: boolean; readonly at: number } | null;
  readonly version: number;
};

type Moved<Code extends ReviewRefusal['code']> = Result<Change<Review, ReviewEvent>, FraudErrorOf<Code>>;
type ReviewRefusal = FraudErrorOf<
  | 'fraud.review_closed'
  | 'fraud.review_overdue'
  | 'fraud.review_claimed'
  | 'fraud.review_not_claimed'
  | 'fraud.review_not_due'
  | 'fraud.second_person_needed'
  | 'fraud.own_order'
>;

type Subject = Omit<ReviewFacts, 'approvalsNeeded' | 'whenNobodyCame' | 'deadline'>;

function open(id: string, subject: Subject, { review }: FraudPolicy): Change<Review, ReviewEvent> {
  const facts: ReviewFacts = {
    ...subject,
    approvalsNeeded: subject.amount >= review.twoPersonsFrom ? 2 : 1,
    whenNobodyCame: review.whenNobodyCame,
    deadline: subject.openedAt + review.minutes * 60_000,
  };
  const state: Review = { ...facts, id, status: 'open', lease: null, approvals: [], resolution: null, version: 0 };
  return { state, events: [{ type: 'fraud.review_opened', ...idsOf(state), review: facts, at: facts.openedAt }] };
}

/** Takes it for a while, again or anew; nobody reviews what they ordered. */
function claim(
  review: Review,
  by: string,
  at: number,
): Moved<'fraud.review_closed' | 'fraud.review_overdue' | 'fraud.review_claimed' | 'fraud.own_order'> {
  const live = liveAt(review, at);
  if (!live.ok) return live;
  if (by === review.customerId) return err({ code: 'fraud.own_order', reviewId: review.id });
  const { lease } = review;
  if (lease !== null && lease.until > at && lease.by !== by) return err({ code: 'fraud.review_claimed', reviewId: review.id, until: lease.until });
  const until = Math.min(at + LEASE_MS, review.deadline);
  return moved(review, { status: 'claimed', lease: { by, until } }, { type: 'fraud.review_claimed', ...idsOf(review), by, until, at });
}

/** A yes by who holds it. Where two are needed, the first opens it again for another. */
function approve(
  review: Review,
  by: string,
  reason: string | null,
  at: number,
): Moved<'fraud.review_closed' | 'fraud.review_overdue' | 'fraud.review_not_claimed' | 'fraud.second_person_needed'> {
  const held = heldBy(review, by, at);
  if (!held.ok) return held;
  if (review.approvals.some((approval) => approval.by === by)) return err({ code: 'fraud.second_person_needed', reviewId: review.id });
  const approvals = [...review.approvals, { by, reason, at }];
  if (approvals.length < review.approvalsNeeded) {
    return moved(review, { status: 'open', lease: null, approvals }, { type: 'fraud.review_endorsed', ...idsOf(review), by, reason, at });
  }
  return resolved({ ...review, approvals }, 'approved', { by, reason, isDefault: false, at });
}

/** One no is enough. */
function reject(
  review: Review,
  by: string,
  reason: string,
  at: number,
): Moved<'fraud.review_closed' | 'fraud.review_overdue' | 'fraud.review_not_claimed'> {
  const held = heldBy(review, by, at);
  return held.ok ? resolved(review, 'rejected', { by, reason, isDefault: false, at }) : held;
}

/** What time does: ends a lease, and in the end decides as was agreed. */
function expire(review: Review, at: number): Moved<'fraud.review_closed' | 'fraud.review_not_due'> {
  const { id: reviewId, deadline, lease, whenNobodyCame } = review;
  if (isClosed(review)) return err({ code: 'fraud.review_closed', reviewId, reviewStatus: review.status });
  if (deadline <= at) {
    const outcome = whenNobodyCame === 'approve' ? 'approved' : 'rejected';
    return resolved(review, outcome, { by: 'system', reason: null, isDefault: true, at });
  }
  if (lease === null || lease.until > at) return err({ code: 'fraud.review_not_due', reviewId });
  return moved(review, { status: 'open', lease: null }, { type: 'fraud.review_reopened', ...idsOf(review), by: lease.by, at });
}

const isClosed = ({ status }: Review): boolean => REVIEW_NEXT[status].length === 0;

function liveAt(review: Review, at: number): Result<undefined, FraudErrorOf<'fraud.review_closed' | 'fraud.review_overdue'>> {
  const { id: reviewId, status, deadline } = review;
  if (isClosed(review)) return err({ code: 'fraud.review_closed', reviewId, reviewStatus: status });
  return deadline <= at ? err({ code: 'fraud.review_overdue', reviewId, deadline }) : ok(undefined);
}

function heldBy(review: Review, by: string, at: number) {
  const live = liveAt(review, at);
  if (!live.ok) return live;
  const { lease, id: reviewId } = review;
  return lease !== null && lease.by === by && lease.until > at ? ok(undefined) : err({ code: 'fraud.review_not_claimed', reviewId } as const);
}

type Change1 = Pick<Review, 'status'> & Partial<Pick<Review, 'lease' | 'approvals' | 'resolution'>>;

function moved(review: Review, change: Change1, event: ReviewEvent): Result<Change<Review, ReviewEvent>, never> {
  invariant(REVIEW_NEXT[review.status].includes(change.status), `a review that is ${review.status} cannot be ${change.status}`);
  return ok({ state: { ...review, ...change }, events: [event] });
}

function resolved(review: Review, status: ReviewOutcome, resolution: NonNullable<Review['resolution']>): Result<Change<Review, ReviewEvent>, never> {
  const event: ReviewEvent = { type: `fraud.review_${status}`, ...idsOf(review), ...resolution };
  return moved(review, { status, lease: null, resolution, approvals: review.approvals }, event);
}

const idsOf = ({ id, restaurantId, decisionId, paymentId, orderId }: Review) => ({ reviewId: id, restaurantId, decisionId, paymentId, orderId });

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(review: Review): Review {
  const { id, status, lease, resolution, approvals, approvalsNeeded } = review;
  invariant(status in NEXT, `review ${id} is ${status}`);
  invariant((status === 'claimed') === (lease !== null), `review ${id} is ${status}, leased or not`);
  invariant(isClosed(review) === (resolution !== null), `review ${id} is ${status}, resolved or not`);
  invariant(new Set(approvals.map(({ by }) => by)).size === approvals.length, `somebody approved review ${id} twice`);
  const isAgreed = resolution === null || status !== 'approved' || resolution.isDefault || approvals.length >= approvalsNeeded;
  invariant(isAgreed, `review ${id} was approved by too few`);
  return review;
}

export const Review = { open, claim, approve, reject, expire, check };
