import type { Job } from '#application/shared/job.ts';
import type { DisputeFact } from '#domain/payments/facts.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import { applyWithin, contextOf } from '../apply-facts.ts';
import { isByHand } from '../save-payment.ts';
import type { SettlementDeps } from './ports.ts';
import { DAY_MS, dayOf, walk } from './walk.ts';

const ACTOR = system('sweep-disputes');
/** The longest that banks take from opening a dispute to ending it. */
const WATCHED_MS = 180 * DAY_MS;

/** Once a day: every dispute that may have moved, in case nobody told us. */
export const sweepDisputes = (deps: SettlementDeps): Job => ({
  name: 'payments-sweep-disputes',
  cron: '53 * * * *',
  async run() {
    const now = deps.payments.runtime.clock.now();
    let done = 0;
    for (const [processor, provider] of deps.payments.providers) {
      if (isByHand(processor)) continue;
      const { taken } = await walk<DisputeFact>(deps, {
        id: `disputes:${processor}:${dayOf(now)}`,
        page: (after) => provider.disputesSince(now - WATCHED_MS, after),
        take: (fact) => takeDispute(deps, processor, fact),
      });
      done += taken;
    }
    return done;
  },
});

/** A dispute of money we know nothing of is put before people: somebody has it, and somebody wants it back. */
async function takeDispute(deps: SettlementDeps, processor: string, fact: DisputeFact): Promise<string | undefined> {
  const context = contextOf(deps.payments);
  const taken = await deps.uow.run(ACTOR, async (tx) => {
    const payment = await applyWithin(tx, { processor, facts: [fact] }, context);
    if (payment) return ok('matched');
    const { disputeId: reference, chargeId, amount, currency, status } = fact;
    const detail = { what: 'dispute', currency, chargeId, status, theirs: { amount }, ours: null };
    await tx.exceptions.raise({ kind: 'missing_here', processor, reference, restaurantId: null, paymentId: null, detail, at: context.at });
    return ok('missing_here');
  });
  return taken.value;
}
