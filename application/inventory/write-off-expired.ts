import type { Job } from '#application/shared/job.ts';
import { Stockroom } from '#domain/inventory/stockroom.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import type { InventoryDeps } from './ports.ts';

const BATCH = 200;
/** What is left after so many is for the next hour. */
const ROUNDS_MAX = 500;

/** Every hour: what expired on the shelf goes to waste. Nobody could have been sold it since the moment it expired. */
export const writeOffExpired = ({ uow, clock, ids }: Pick<InventoryDeps, 'uow' | 'clock' | 'ids'>): Job => {
  const name = 'inventory-write-off-expired';

  const writeOffSome = () =>
    uow.run(system(name), async (tx) => {
      const at = clock.now();
      const expired = await tx.balances.lockExpired(at, BATCH);
      for (const [restaurantId, batches] of Map.groupBy(expired, (batch) => batch.restaurantId)) {
        const heading = { restaurantId, documentId: ids.next(), at };
        await tx.entries.save(
          Stockroom.writeOff(
            heading,
            batches.map(({ balance }) => balance),
          ),
        );
      }
      return ok(expired.length);
    });

  return {
    name,
    cron: '0 * * * *',
    async run() {
      let written = 0;
      for (let round = 0; round < ROUNDS_MAX; round++) {
        const { value } = await writeOffSome();
        written += value;
        if (value < BATCH) break;
      }
      return written;
    },
  };
};
