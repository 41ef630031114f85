import type { Job } from '#application/shared/job.ts';
import { AuditChain } from '#domain/audit/chain.ts';
import { AUDIT_CLASSES, type AuditClass } from '#domain/audit/classes.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import type { AuditDeps } from './ports.ts';

const NAME = 'audit-prune';
const BATCH = 1_000;
const DAY_MS = 86_400_000;

type Deps = Pick<AuditDeps, 'uow' | 'days' | 'clock'>;

/** Takes off the beginning of each chain what has been kept for its time. What is left can still be checked. */
export const pruneTrail = (deps: Deps): Job => ({
  name: NAME,
  cron: '17 3 * * *',
  async run() {
    let pruned = 0;
    for (const name of AUDIT_CLASSES) {
      for (;;) {
        const took = await pruneSome(deps, name);
        pruned += took;
        if (took < BATCH) break;
      }
    }
    return pruned;
  },
});

async function pruneSome({ uow, days, clock }: Deps, name: AuditClass): Promise<number> {
  const before = clock.now() - days[name] * DAY_MS;
  const done = await uow.run(system(NAME), async ({ trail }) => {
    const chain = await trail.lock(name);
    const oldest = await trail.oldest(name, BATCH);
    const young = oldest.findIndex(({ at }) => at >= before);
    const old = young === -1 ? oldest : oldest.slice(0, young);
    const last = old.at(-1);
    if (last) await trail.prune(AuditChain.prune(chain, last, before));
    return ok(old.length);
  });
  return done.value;
}
