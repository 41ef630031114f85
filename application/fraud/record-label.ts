import type { FraudErrorOf } from '#domain/fraud/errors.ts';
import { type Label, Labels } from '#domain/fraud/labels.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { permitIn } from './permit.ts';
import type { FraudDeps } from './ports.ts';

export type RecordLabel = { readonly decisionId: string; readonly source: 'reviewer' | 'complaint'; readonly isFraud: boolean };
type Refusal = FraudErrorOf<'fraud.decision_not_found' | 'fraud.not_permitted' | 'fraud.label_too_early' | 'fraud.label_known'>;

/** What somebody came to know of a payment after it was decided on. It counts from now on, and nowhere before. */
export const recordLabel =
  ({ uow, clock }: Pick<FraudDeps, 'uow' | 'clock'>) =>
  ({ decisionId, source, isFraud }: RecordLabel, actor: Actor): Promise<Result<readonly Label[], Refusal>> =>
    uow.run(actor, async (tx) => {
      const notFound = { code: 'fraud.decision_not_found', decisionId } as const;
      const set = await tx.labels.lock(decisionId);
      if (!set) return err(notFound);
      const permitted = permitIn(actor, set.restaurantId, 'fraud:review', notFound);
      if (!permitted.ok) return permitted;
      const recorded = Labels.record(set, { source, isFraud, labelTime: clock.now() });
      if (!recorded.ok) return recorded;
      await tx.labels.save(recorded.value);
      return ok(recorded.value.state.labels);
    });
