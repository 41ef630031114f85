import type { Job } from '#application/shared/job.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import { KEPT_MS } from '#domain/webhooks/endpoint.ts';
import type { WebhooksDeps } from './ports.ts';

const ACTOR = system('forget-deliveries');
const BATCH = 1_000;

/** Every day: what was sent or given up is forgotten after thirty days, and an endpoint that was deleted when nothing is left of it. */
export const forgetDeliveries = ({ uow, clock }: Pick<WebhooksDeps, 'uow' | 'clock'>): Job => ({
  name: 'webhooks-forget-deliveries',
  cron: '17 4 * * *',
  async run() {
    let forgotten = 0;
    for (let batch = BATCH; batch === BATCH; forgotten += batch)
      batch = (await uow.run(ACTOR, async ({ deliveries }) => ok(await deliveries.forget(clock.now() - KEPT_MS, BATCH)))).value;
    return forgotten + (await uow.run(ACTOR, async ({ endpoints }) => ok(await endpoints.forget(BATCH)))).value;
  },
});
