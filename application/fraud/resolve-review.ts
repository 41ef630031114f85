import type { FraudErrorOf } from '#domain/fraud/errors.ts';
import { Labels } from '#domain/fraud/labels.ts';
import { Review } from '#domain/fraud/review.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { permitIn, personOf } from './permit.ts';
import type { FraudDeps, FraudTx } from './ports.ts';

/** Approving may give a reason, rejecting must. */
export type ResolveReview =
  | { readonly reviewId: string; readonly outcome: 'approved'; readonly reason: string | null }
  | { readonly reviewId: string; readonly outcome: 'rejected'; readonly reason: string };
type Refusal = FraudErrorOf<
  | 'fraud.review_not_found'
  | 'fraud.not_permitted'
  | 'fraud.review_closed'
  | 'fraud.review_overdue'
  | 'fraud.review_not_claimed'
  | 'fraud.second_person_needed'
>;

/** Decides a review that the actor holds; what was decided is also a label. */
export const resolveReview =
  ({ uow, clock }: Pick<FraudDeps, 'uow' | 'clock'>) =>
  (command: ResolveReview, actor: Actor): Promise<Result<Review, Refusal>> =>
    uow.run(actor, async (tx) => {
      const { reviewId } = command;
      const notFound = { code: 'fraud.review_not_found', reviewId } as const;
      const review = await tx.reviews.find(reviewId);
      if (!review) return err(notFound);
      const permitted = permitIn(actor, review.restaurantId, 'fraud:review', notFound);
      if (!permitted.ok) return permitted;
      const [by, at] = [personOf(actor), clock.now()];
      const resolved =
        command.outcome === 'approved' ? Review.approve(review, by, command.reason, at) : Review.reject(review, by, command.reason, at);
      if (!resolved.ok) return resolved;
      await tx.reviews.save(resolved.value);
      const { state, events } = resolved.value;
      if (state.resolution) await labelBy(tx, state, at);
      return ok({ ...state, version: review.version + events.length });
    });

async function labelBy({ labels }: Pick<FraudTx, 'labels'>, { decisionId, status }: Review, labelTime: number): Promise<void> {
  const set = await labels.lock(decisionId);
  const label = { source: 'reviewer', isFraud: status === 'rejected', labelTime } as const;
  const recorded = set && Labels.record(set, label);
  if (recorded?.ok) await labels.save(recorded.value); // Somebody may have said so before.
}
