import type { Job } from '#application/shared/job.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import type { InboxDeps } from './ports.ts';

const ACTOR = system('forget-notices');
const KEPT_MS = 90 * 24 * 60 * 60_000;
const BATCH = 1_000;

/** Every night: what somebody was told three months ago is forgotten, and how it was sent. */
export const forgetNotices = ({ uow, clock }: Pick<InboxDeps, 'uow' | 'clock'>): Job => ({
  name: 'notifications-forget-notices',
  cron: '53 3 * * *',
  async run() {
    const before = clock.now() - KEPT_MS;
    for (let forgotten = 0; ; ) {
      const { value } = await uow.run(ACTOR, async ({ notices, dispatches }) => {
        const sent = await dispatches.forget(before, BATCH);
        return ok({ sent, told: await notices.forget(before, BATCH) });
      });
      forgotten += value.told;
      if (value.told < BATCH && value.sent < BATCH) return forgotten;
    }
  },
});
