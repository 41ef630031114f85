import { together } from '#application/shared/together.ts';
import { assessed, type Decision, judge } from '#domain/fraud/decision.ts';
import type { Histories } from '#domain/fraud/features.ts';
import { History } from '#domain/fraud/history.ts';
import { attemptSeen } from '#domain/fraud/outcomes.ts';
import type { FraudAction } from '#domain/fraud/policy.ts';
import { isHot } from '#domain/fraud/replay.ts';
import { Review } from '#domain/fraud/review.ts';
import { keysOf, type Signals } from '#domain/fraud/signals.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import { type AttemptRequest, gatherSignals, namesIn } from './gather-signals.ts';
import type { FraudDeps, FraudTx, StoredPolicy } from './ports.ts';

/** What whoever takes the payment must do, and nothing of why. */
export type Assessment = {
  readonly decisionId: string;
  /** `review`: authorise, and capture only when it is approved. `block`: ask no provider. */
  readonly action: FraudAction;
  readonly review: { readonly reviewId: string; readonly deadline: number } | null;
};

/**
 * Decides on one attempt to pay, once. The histories it is read in are its own until it is written into them, so attempts at
 * once see each other. Call it before any transaction and before any provider.
 */
export const assessAttempt =
  (deps: FraudDeps) =>
  async (request: AttemptRequest): Promise<Assessment> => {
    const { uow, queries, ids } = deps;
    const attempt = { restaurantId: request.restaurantId, paymentId: request.paymentId, attemptId: request.attemptId ?? request.paymentId };
    const done = await queries.ofAttempt(attempt);
    if (done) return answer(deps, done);

    const signals = await gatherSignals(deps, request);
    const [stored, hits] = await Promise.all([
      queries.policy(request.restaurantId),
      queries.hits(request.restaurantId, namesIn(signals), request.at),
    ]);
    const [id, reviewId] = [ids.next(), ids.next()];
    const decided = await uow.run(system('fraud'), async (tx) => {
      const { met, hot } = await meet(tx, signals);
      const before = await tx.decisions.ofAttempt(attempt);
      if (before) return ok(before); // Decided while this one waited for its histories.
      const verdict = judge(deps.judge, signals, met, stored.policy, hits);
      const decision: Decision = { id, attemptId: attempt.attemptId, signals, verdict };
      const { observation } = attemptSeen({ decisionId: id, signals });
      await together(
        tx.decisions.add(assessed(decision)),
        tx.histories.save(hot.map((history) => History.observe(history, observation))),
        verdict.action === 'review' ? tx.reviews.save(reviewOf(decision, reviewId, stored)) : Promise.resolve(),
      );
      return ok(decision);
    });
    return answer(deps, decided.value);
  };

/** Locks what the attempt is written into, and reads the rest. */
async function meet({ histories }: FraudTx, signals: Signals): Promise<{ readonly met: Histories; readonly hot: readonly History[] }> {
  const keys = keysOf(signals);
  const [hot, cool] = await together(histories.lock(keys.filter(isHot)), histories.read(keys.filter((key) => !isHot(key))));
  return { hot, met: Object.fromEntries([...hot, ...cool].map((history) => [history.kind, history])) };
}

function reviewOf({ id: decisionId, signals }: Decision, reviewId: string, { policy }: StoredPolicy) {
  const { restaurantId, paymentId, orderId, customerId, amount, currency, at: openedAt } = signals;
  return Review.open(reviewId, { restaurantId, decisionId, paymentId, orderId, customerId, amount, currency, openedAt }, policy);
}

async function answer({ queries }: FraudDeps, { id, verdict: { action } }: Decision): Promise<Assessment> {
  const review = action === 'review' ? await queries.reviewOf(id) : undefined;
  return { decisionId: id, action, review: review ? { reviewId: review.id, deadline: review.deadline } : null };
}
