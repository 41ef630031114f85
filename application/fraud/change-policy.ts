import type { FraudErrorOf } from '#domain/fraud/errors.ts';
import { FraudPolicy, type FraudPolicyFacts } from '#domain/fraud/policy.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { FraudDeps, StoredPolicy } from './ports.ts';

export type ChangePolicy = {
  readonly restaurantId: string;
  readonly policy: FraudPolicyFacts;
  /** The version the caller saw; undefined to write over whatever there is. */
  readonly expectedVersion: number | undefined;
};

/** Sets what frauds and hurdles cost a restaurant, and how it reviews. Decisions that were made stay as they are. */
export const changePolicy =
  ({ uow, clock }: Pick<FraudDeps, 'uow' | 'clock'>) =>
  async (
    { restaurantId, policy, expectedVersion }: ChangePolicy,
    actor: Actor,
  ): Promise<Result<StoredPolicy, FraudErrorOf<'fraud.policy_malformed' | 'fraud.changed_meanwhile'>>> => {
    const parsed = FraudPolicy.parse(policy);
    if (!parsed.ok) return err({ code: 'fraud.policy_malformed', at: parsed.error.at });
    return uow.run(actor, async (tx) => {
      const before = await tx.policies.find(restaurantId);
      if (expectedVersion !== undefined && expectedVersion !== before.version)
        return err({ code: 'fraud.changed_meanwhile', version: before.version });
      const state: StoredPolicy = { ...before, policy: parsed.value };
      await tx.policies.save({ state, events: [{ type: 'fraud.policy_changed', restaurantId, policy, at: clock.now() }] });
      return ok({ ...state, version: before.version + 1 });
    });
  };
