import type { FraudErrorOf } from '#domain/fraud/errors.ts';
import { Review } from '#domain/fraud/review.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { permitIn, personOf } from './permit.ts';
import type { FraudDeps } from './ports.ts';

export type ClaimReview = { readonly reviewId: string };
type Refusal = FraudErrorOf<
  'fraud.review_not_found' | 'fraud.not_permitted' | 'fraud.review_closed' | 'fraud.review_overdue' | 'fraud.review_claimed' | 'fraud.own_order'
>;

/** Gives one reviewer the review for a few minutes; of many at once, one has it. */
export const claimReview =
  ({ uow, clock }: Pick<FraudDeps, 'uow' | 'clock'>) =>
  ({ reviewId }: ClaimReview, actor: Actor): Promise<Result<Review, Refusal>> =>
    uow.run(actor, async (tx) => {
      const notFound = { code: 'fraud.review_not_found', reviewId } as const;
      const review = await tx.reviews.find(reviewId);
      if (!review) return err(notFound);
      const permitted = permitIn(actor, review.restaurantId, 'fraud:review', notFound);
      if (!permitted.ok) return permitted;
      const claimed = Review.claim(review, personOf(actor), clock.now());
      if (!claimed.ok) return claimed;
      await tx.reviews.save(claimed.value);
      return ok({ ...claimed.value.state, version: review.version + claimed.value.events.length });
    });
