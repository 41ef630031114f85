import { Operation } from '#domain/payments/operation.ts';
import { system } from '#domain/shared/actor.ts';
import { err, ok } from '#domain/shared/result.ts';
import { contextOf } from './apply-facts.ts';
import { askProvider } from './ask-provider.ts';
import type { Asked } from './asked.ts';
import type { PaymentsDeps, PaymentsTx } from './ports.ts';
import { isOfPayment, takeEffect } from './take-effect.ts';

type Deps = Pick<PaymentsDeps, 'uow' | 'queries' | 'facts' | 'providers' | 'settings' | 'runtime'>;
const ACTOR = system('payments');
const STUCK_AFTER = 12;

/**
 * Asks a provider for what was planned: that it is being asked is committed before it is called, what came of it afterwards. When the
 * process dies in between, or no clear answer comes, the provider is asked what became of it before it is asked again with the same key.
 * `isAwaited`: somebody waits for it now, whatever its time.
 */
export const runOperation =
  (deps: Deps) =>
  async (operationId: string, isAwaited = false): Promise<Operation | undefined> => {
    const { clock } = deps.runtime;
    const taken = await deps.uow.run(ACTOR, async (tx) => {
      const operation = await tx.operations.lock(operationId);
      if (!operation) return err('gone');
      const at = clock.now();
      const dispatched = Operation.dispatch(operation, at, isAwaited);
      if (!dispatched.ok) return err(dispatched.error);
      await tx.operations.save(dispatched.value);
      return ok({ operation: { ...dispatched.value, version: dispatched.value.version + 1 }, isUncertain: Operation.isUncertain(operation) });
    });
    if (!taken.ok) return undefined;
    const { operation, isUncertain } = taken.value;
    const asked = await askProvider(deps, operation, isUncertain);
    return settle(deps, operation, asked);
  };

async function settle(deps: Deps, dispatched: Operation, asked: Asked): Promise<Operation> {
  const context = contextOf(deps);
  const settled = await deps.uow.run(ACTOR, async (tx) => {
    const operation = await tx.operations.lock(dispatched.id);
    // Somebody who took us for dead has gone on with it: what we heard is a fact all the same, and facts repeat without effect.
    const isStillOurs = operation?.version === dispatched.version;
    const next = outcomeOf(dispatched, asked, context.at);
    if (isStillOurs) await tx.operations.save(next);
    await takeEffect(tx, dispatched, asked, context);
    if (asked.outcome === 'unknown' && dispatched.tries === STUCK_AFTER) await raiseStuck(tx, dispatched, asked.reason, context.at);
    return ok(next);
  });
  return settled.value;
}

function outcomeOf(operation: Operation, asked: Asked, at: number): Operation {
  switch (asked.outcome) {
    case 'unknown':
      return Operation.doubt(operation, asked.reason, at);
    case 'failed':
      return Operation.fail(operation, `${asked.failure.code}: ${asked.failure.description}`);
    default:
      return Operation.succeed(operation);
  }
}

const raiseStuck = (tx: PaymentsTx, operation: Operation, reason: string, at: number): Promise<void> => {
  const { id: reference, kind, processor, restaurantId, subjectId, tries } = operation;
  const paymentId = isOfPayment(operation) ? subjectId : null;
  return tx.exceptions.raise({ kind: 'operation_stuck', processor, reference, restaurantId, paymentId, detail: { kind, tries, reason }, at });
};
