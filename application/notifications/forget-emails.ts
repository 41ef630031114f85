import type { Job } from '#application/shared/job.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import type { NotificationsDeps } from './ports.ts';

const ACTOR = system('forget-emails');
const KEPT_MS = 30 * 24 * 60 * 60_000;

/** Every day: mail that went out, or never will, is forgotten after a month. */
export const forgetEmails = ({ uow, clock }: Pick<NotificationsDeps, 'uow' | 'clock'>): Job => ({
  name: 'notifications-forget-emails',
  cron: '41 3 * * *',
  run: async () => (await uow.run(ACTOR, async ({ emails }) => ok(await emails.forget(clock.now() - KEPT_MS)))).value,
});
