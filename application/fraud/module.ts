import type { Decision } from '#domain/fraud/decision.ts';
import type { FraudErrorOf } from '#domain/fraud/errors.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { addListEntry } from './add-list-entry.ts';
import { assessAttempt } from './assess-attempt.ts';
import { changePolicy } from './change-policy.ts';
import { claimReview } from './claim-review.ts';
import { permitIn } from './permit.ts';
import type { FraudDeps } from './ports.ts';
import { recordLabel } from './record-label.ts';
import { removeListEntry } from './remove-list-entry.ts';
import { resolveReview } from './resolve-review.ts';

/** Everything the outside may ask of fraud. `assess` is for payments; nothing of it may reach the customer but what to do next. */
export const createFraud = (deps: FraudDeps) => {
  const { queries } = deps;
  return {
    assess: assessAttempt(deps),
    async decision(decisionId: string, actor: Actor): Promise<Result<Decision, FraudErrorOf<'fraud.decision_not_found' | 'fraud.not_permitted'>>> {
      const notFound = { code: 'fraud.decision_not_found', decisionId } as const;
      const found = await queries.decision(decisionId);
      if (!found) return err(notFound);
      const permitted = permitIn(actor, found.signals.restaurantId, 'fraud:read', notFound);
      return permitted.ok ? ok(found) : permitted;
    },
    decisions: queries.decisions,
    reviews: queries.reviews,
    claimReview: claimReview(deps),
    resolveReview: resolveReview(deps),
    recordLabel: recordLabel(deps),
    listEntries: queries.entries,
    addListEntry: addListEntry(deps),
    removeListEntry: removeListEntry(deps),
    policy: queries.policy,
    changePolicy: changePolicy(deps),
  };
};
export type Fraud = ReturnType<typeof createFraud>;
