import type { ProviderFact } from '#domain/payments/facts.ts';
import { applyFacts } from '#domain/payments/observing.ts';
import type { Payment } from '#domain/payments/payment.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok } from '#domain/shared/result.ts';
import type { PaymentsDeps, PaymentsTx, Told } from './ports.ts';
import { type SaveContext, savePayment } from './save-payment.ts';

export const contextOf = ({ settings, runtime: { clock, ids } }: Pick<PaymentsDeps, 'settings' | 'runtime'>): SaveContext => ({
  at: clock.now(),
  newId: () => ids.next(),
  captureWithinMs: settings.captureWithinMinutes * 60_000,
});

/** The one way in for everything a provider tells, whoever brought it. The payment as it stands then; undefined when it tells of nothing of ours. */
export const applyProviderFacts =
  (deps: Pick<PaymentsDeps, 'uow' | 'settings' | 'runtime'>) =>
  async (told: Told, actor: Actor): Promise<Payment | undefined> => {
    const context = contextOf(deps);
    const applied = await deps.uow.run(actor, async (tx) => {
      const payment = await applyWithin(tx, told, context);
      return payment ? ok(payment) : err('not_ours');
    });
    return applied.ok ? applied.value : undefined;
  };

/** Inside a transaction that is open already. */
export async function applyWithin(tx: PaymentsTx, { processor, facts }: Told, context: SaveContext): Promise<Payment | undefined> {
  const references = [...new Set(facts.flatMap(referencesIn))];
  const payment = references.length === 0 ? undefined : await tx.payments.lockByReference(processor, references);
  return payment && savePayment(tx, payment, applyFacts(payment, facts, context.at), context);
}

/** The provider's names for what a fact is about: facts of one event, order or charge are all about the same payment. */
function referencesIn(fact: ProviderFact): readonly string[] {
  if (fact.kind === 'transfer') return [];
  if (fact.kind !== 'charge') return [fact.chargeId];
  return [fact.providerOrderId, fact.linkId, fact.chargeId].filter((reference) => reference != null);
}
