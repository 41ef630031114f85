import type { Job } from '#application/shared/job.ts';
import { Email } from '#domain/notifications/email/email.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import type { EmailDeps, Emails } from './ports.ts';

const ACTOR = system('forget-emails');
const KEPT_MS = 30 * 24 * 60 * 60_000;
const BATCH = 500;

type Deps = Pick<EmailDeps, 'uow' | 'clock' | 'settings'>;

/**
 * Every hour: mail that came too late ends, even where no mail server takes any; links that open nothing any more are dropped;
 * and what ended a month ago is forgotten.
 */
export const forgetEmails = ({ uow, clock, settings }: Deps): Job => ({
  name: 'notifications-forget-emails',
  cron: '41 * * * *',
  async run() {
    const at = clock.now();
    const expire = async (emails: Emails): Promise<number> => {
      const expired = await emails.lockExpired(at, BATCH);
      await emails.save(expired.map((email) => Email.claim(email, { isSuppressed: false }, settings.policy, at)));
      return expired.length;
    };
    let count = 0;
    for (const step of [expire, (emails: Emails) => emails.emptyExpired(at, BATCH), (emails: Emails) => emails.forget(at - KEPT_MS, BATCH)]) {
      for (let done = BATCH; done === BATCH; count += done) done = (await uow.run(ACTOR, async ({ emails }) => ok(await step(emails)))).value;
    }
    return count;
  },
});
