import type { Job } from '#application/shared/job.ts';
import { system } from '#domain/shared/actor.ts';
import type { SettlementDeps } from './ports.ts';
import { requestPayout } from './request-payout.ts';

const BATCH = 100;
const ACTOR = system('pay-partners');

/** Every night: each restaurant that is owed enough, and has said where its money goes, is paid all of it, once a day. */
export const payPartners = (deps: SettlementDeps): Job => ({
  name: 'payments-pay-partners',
  cron: '30 20 * * *',
  async run() {
    const { clock, log } = deps.payments.runtime;
    const pay = requestPayout(deps);
    const day = new Date(clock.now()).toISOString().slice(0, 10);
    let paid = 0;
    let after: string | undefined;
    for (;;) {
      const owed = await deps.queries.payouts.owed(deps.settings.payoutMinimum, after, BATCH);
      for (const { restaurantId } of owed) {
        const asked = { restaurantId, amount: null, key: day, fingerprint: day };
        const payout = await pay(asked, ACTOR).catch((error: unknown) => log.error('a restaurant could not be paid', { restaurantId, error }));
        if (payout?.ok) paid += 1;
      }
      after = owed.at(-1)?.restaurantId;
      if (owed.length < BATCH) return paid;
    }
  },
});
