import type { Job } from '#application/shared/job.ts';
import type { IdentityDeps } from './ports.ts';

/** Every hour: counts that nothing depends on any more go. */
export const forgetAttempts = ({ clock, security: { attempts } }: Pick<IdentityDeps, 'clock' | 'security'>): Job => ({
  name: 'identity-forget-attempts',
  cron: '17 * * * *',
  run: () => attempts.forget(clock.now()),
});
