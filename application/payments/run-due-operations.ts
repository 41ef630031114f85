import type { Job } from '#application/shared/job.ts';
import type { PaymentsDeps } from './ports.ts';
import { runOperation } from './run-operation.ts';

const BATCH = 50;
const ROUNDS_MAX = 20;

/** Every minute, and after every commit that planned something: what has to be asked of providers, and what came of what was asked. */
export const runDueOperations = (deps: Pick<PaymentsDeps, 'uow' | 'queries' | 'facts' | 'providers' | 'settings' | 'runtime'>): Job => ({
  name: 'payments-operations',
  cron: '* * * * *',
  async run() {
    const { clock, log } = deps.runtime;
    const run = runOperation(deps);
    let done = 0;
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const due = await deps.queries.dueOperations(clock.now(), BATCH);
      for (const operationId of due) {
        await run(operationId).catch((error: unknown) => log.error('an operation could not be run', { operationId, error }));
        done += 1;
      }
      if (due.length < BATCH) break;
    }
    return done;
  },
});
