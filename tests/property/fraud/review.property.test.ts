import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReviewEvent } from '#domain/fraud/events.ts';
import { DEFAULT_POLICY } from '#domain/fraud/policy.ts';
import { LEASE_MS, REVIEW_NEXT, REVIEW_STATUSES, Review, type ReviewStatus } from '#domain/fraud/review.ts';

const opened = (amount: number) =>
  Review.open(
    'review',
    { restaurantId: 'r', decisionId: 'd', paymentId: 'p', orderId: 'o', customerId: 'customer', amount, currency: 'INR', openedAt: 0 },
    DEFAULT_POLICY,
  );

const move = fc.record({
  what: fc.constantFrom('claim', 'approve', 'reject', 'expire'),
  by: fc.constantFrom('ana', 'bo', 'cy', 'customer'),
  wait: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: LEASE_MS + 1_000 })),
});
const TO: Readonly<Record<string, ReviewStatus>> = {
  opened: 'open',
  claimed: 'claimed',
  reopened: 'open',
  endorsed: 'open',
  approved: 'approved',
  rejected: 'rejected',
};

describe('a review', () => {
  it('whatever is asked of it, is decided once, by who holds it, by enough people and in time', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 30 }), fc.constantFrom(100_00, 10_000_00), (moves, amount) => {
        const { state, events } = opened(amount);
        let review: Review = { ...state, version: 1 };
        const told: ReviewEvent[] = [...events];
        let now = 0;
        for (const { what, by, wait } of moves) {
          now += wait;
          const before = review;
          const asked = {
            claim: () => Review.claim(review, by, now),
            approve: () => Review.approve(review, by, null, now),
            reject: () => Review.reject(review, by, 'no', now),
            expire: () => Review.expire(review, now),
          }[what]();
          if (!asked.ok) continue;
          review = Review.check({ ...asked.value.state, version: before.version + 1 });
          told.push(...asked.value.events);
          expect(REVIEW_NEXT[before.status]).toContain(review.status);
          if (what !== 'expire') expect(now).toBeLessThan(review.deadline);
          const isDecision = review.resolution !== null && !review.resolution.isDefault;
          if (isDecision) {
            expect(before.lease).toMatchObject({ by });
            expect(before.lease?.until).toBeGreaterThan(now);
            expect(now).toBeLessThan(review.deadline);
            expect(by).not.toBe('customer');
          }
          if (review.status === 'approved' && isDecision)
            expect(new Set(review.approvals.map((one) => one.by)).size).toBe(amount >= 10_000_00 ? 2 : 1);
          if (what === 'claim' && before.lease && before.lease.by !== by) expect(before.lease.until).toBeLessThanOrEqual(now);
        }
        const last = told.at(-1)?.type.slice('fraud.review_'.length) ?? '';
        expect(TO[last]).toBe(review.status);
        expect(told.filter(({ type }) => type === 'fraud.review_approved' || type === 'fraud.review_rejected').length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is never left open: time alone ends it', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 8 }), (moves) => {
        let review: Review = { ...opened(100_00).state, version: 1 };
        let now = 0;
        for (const { what, by, wait } of moves) {
          now += wait;
          const asked = what === 'claim' ? Review.claim(review, by, now) : Review.expire(review, now);
          if (asked.ok) review = asked.value.state;
        }
        const ended = Review.expire(review, Math.max(now, review.deadline));
        expect(ended.ok ? REVIEW_NEXT[ended.value.state.status] : REVIEW_NEXT[review.status]).toEqual([]);
      }),
    );
  });

  it('reaches every status, and ends in the final ones', () => {
    const reached = new Set<ReviewStatus>();
    const walk = (status: ReviewStatus): void => {
      if (reached.has(status)) return;
      reached.add(status);
      for (const next of REVIEW_NEXT[status]) walk(next);
    };
    walk('open');
    expect([...reached].sort()).toEqual([...REVIEW_STATUSES].sort());
    expect(REVIEW_STATUSES.filter((status) => REVIEW_NEXT[status].length === 0)).toEqual(['approved', 'rejected']);
  });
});
