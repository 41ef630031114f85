import type { Job } from '#application/shared/job.ts';
import type { Payout, PayoutId } from '#domain/payments/payout.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import type { PaymentsDeps } from '../ports.ts';
import type { SettlementDeps } from './ports.ts';
import { applyTransfers } from './save-payout.ts';

const BATCH = 100;
/** A transfer that arrived can still be sent back; after this long we hear of it by webhook or from the provider's books only. */
const WATCHED_MS = 3 * 24 * 60 * 60_000;
const ACTOR = system('sweep-payouts');

/** Asks the processor what became of a payout, and takes what it says. False when it did not say. */
export const checkPayout =
  ({ uow, providers, runtime: { clock } }: Pick<PaymentsDeps, 'uow' | 'providers' | 'runtime'>) =>
  async ({ id, processor }: Pick<Payout, 'id' | 'processor'>): Promise<boolean> => {
    const told = await providers.get(processor)?.findTransfer(id);
    if (told?.outcome !== 'succeeded' || told.value === undefined) return false;
    const fact = { ...told.value, payoutId: id };
    const applied = await uow.run(ACTOR, async (tx) => ok(await applyTransfers(tx, { processor, facts: [fact] }, clock.now())));
    return applied.value > 0;
  };

/** Every hour: payouts that nobody has told us the end of are looked up, and those of the last days, which may have come back. */
export const sweepPayouts = ({ queries, payments }: Pick<SettlementDeps, 'queries' | 'payments'>): Job => ({
  name: 'payments-sweep-payouts',
  cron: '7 * * * *',
  async run() {
    const { clock, log } = payments.runtime;
    const check = checkPayout(payments);
    const since = clock.now() - WATCHED_MS;
    let checked = 0;
    let after: PayoutId | undefined;
    for (;;) {
      const watched = await queries.payouts.watched(since, after, BATCH);
      for (const payout of watched) {
        const found = await check(payout).catch((error: unknown) => log.error('a payout could not be looked up', { payoutId: payout.id, error }));
        if (found === true) checked += 1;
      }
      after = watched.at(-1)?.id;
      if (watched.length < BATCH) return checked;
    }
  },
});
