import type { Job } from '#application/shared/job.ts';
import type { Log } from '#application/shared/ports.ts';
import { Review } from '#domain/fraud/review.ts';
import { system } from '#domain/shared/actor.ts';
import { err, ok } from '#domain/shared/result.ts';
import type { FraudDeps } from './ports.ts';

const BATCH = 200;

/** Every minute: leases that ran out open their reviews again, and reviews nobody decided are decided as was agreed. */
export const expireReviews = ({ uow, queries, clock, log }: Pick<FraudDeps, 'uow' | 'queries' | 'clock'> & { readonly log: Log }): Job => {
  const name = 'fraud-expire-reviews';
  const expire = (reviewId: string) =>
    uow.run(system(name), async (tx) => {
      const review = await tx.reviews.find(reviewId);
      if (!review) return err('gone');
      const expired = Review.expire(review, clock.now());
      if (!expired.ok) return expired; // Somebody claimed or decided it meanwhile.
      await tx.reviews.save(expired.value);
      return ok(undefined);
    });

  return {
    name,
    cron: '* * * * *',
    async run() {
      const now = clock.now();
      let expired = 0;
      let after: string | undefined;
      for (;;) {
        const due = await queries.dueReviews(now, after, BATCH);
        for (const reviewId of due) {
          // One review that cannot be expired must not keep the others waiting.
          const ended = await expire(reviewId).catch((error: unknown) => {
            log.error('a review could not be expired', { reviewId, error });
            return undefined;
          });
          if (ended?.ok) expired += 1;
        }
        after = due.at(-1);
        if (due.length < BATCH) return expired;
      }
    },
  };
};
