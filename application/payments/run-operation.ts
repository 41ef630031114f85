import type { ProviderFact } from '#domain/payments/facts.ts';
import { applyFacts } from '#domain/payments/observing.ts';
import { Operation } from '#domain/payments/operation.ts';
import { Payment, PaymentId } from '#domain/payments/payment.ts';
import { Refunding } from '#domain/payments/refunding.ts';
import { system } from '#domain/shared/actor.ts';
import { invariant } from '#domain/shared/invariant.ts';
import { err, ok } from '#domain/shared/result.ts';
import { contextOf } from './apply-facts.ts';
import { type Asked, askProvider } from './ask-provider.ts';
import type { PaymentsDeps, PaymentsTx } from './ports.ts';
import { type SaveContext, savePayment } from './save-payment.ts';

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
    const payment = await deps.queries.find(PaymentId.of(operation.subjectId));
    invariant(payment !== undefined, `operation ${operationId} is about no payment`);
    const asked = await askProvider(deps, operation, payment, isUncertain);
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
    const payment = await tx.payments.lock(PaymentId.of(dispatched.subjectId));
    invariant(payment !== undefined, `operation ${dispatched.id} is about no payment`);
    await takeEffect(tx, payment, dispatched, asked, context);
    if (asked.outcome === 'unknown' && dispatched.tries === STUCK_AFTER) await raiseStuck(tx, payment, dispatched, asked.reason, context.at);
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

/** What an answer means for the payment. */
async function takeEffect(tx: PaymentsTx, payment: Payment, { kind, targetId }: Operation, asked: Asked, context: SaveContext): Promise<void> {
  const { at } = context;
  switch (asked.outcome) {
    case 'facts':
      await savePayment(tx, payment, applyFacts(payment, asked.facts as readonly ProviderFact[], at), context);
      return;
    case 'opened': {
      const attempt = payment.attempts.find(({ id }) => id === targetId);
      if (attempt?.status !== 'opening') return;
      await savePayment(tx, payment, Payment.openAttempt(payment, targetId, asked.opened, at), context);
      return;
    }
    case 'failed': {
      if (kind === 'refund') await savePayment(tx, payment, Refunding.fail(payment, targetId, at), context);
      if (kind === 'open_order' || kind === 'open_link') {
        await savePayment(tx, payment, Payment.endAttempt(payment, targetId, asked.failure, at), context);
      }
      return;
    }
    case 'nothing_to_do':
    case 'unknown':
      return;
  }
}

const raiseStuck = (tx: PaymentsTx, { id, restaurantId }: Payment, operation: Operation, reason: string, at: number): Promise<void> =>
  tx.exceptions.raise({
    kind: 'operation_stuck',
    processor: operation.processor,
    reference: operation.id,
    restaurantId,
    paymentId: id,
    detail: { kind: operation.kind, tries: operation.tries, reason },
    at,
  });
