import type { Job } from '#application/shared/job.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import type { EmailDeps } from './ports.ts';

const ACTOR = system('forget-emails');
const KEPT_MS = 30 * 24 * 60 * 60_000;
const BATCH = 1_000;

/** Every day: mail that went out, or never will, is forgotten after a month, and links that open nothing any more are dropped at once. */
export const forgetEmails = ({ uow, clock }: Pick<EmailDeps, 'uow' | 'clock'>): Job => ({
  name: 'notifications-forget-emails',
  cron: '41 3 * * *',
  async run() {
    const at = clock.now();
    let count = 0;
    for (;;) {
      const { value: done } = await uow.run(ACTOR, async ({ emails }) =>
        ok((await emails.emptyExpired(at, BATCH)) + (await emails.forget(at - KEPT_MS, BATCH))),
      );
      count += done;
      if (done < BATCH) return count;
    }
  },
});
