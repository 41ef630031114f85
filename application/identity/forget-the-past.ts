import type { Job } from '#application/shared/job.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import type { IdentityDeps } from './ports.ts';

const ACTOR = system('forget-the-past');
/** Long enough for whoever follows an old link to be told that it is one. */
const KEPT_MS = 30 * 24 * 60 * 60_000;

/** Every hour: counts that nothing depends on any more go, and tokens and sessions that nobody can use. */
export const forgetThePast = ({ uow, clock, security: { attempts } }: Pick<IdentityDeps, 'uow' | 'clock' | 'security'>): Job => ({
  name: 'identity-forget-the-past',
  cron: '17 * * * *',
  async run() {
    const at = clock.now();
    const gone = await uow.run(ACTOR, async (tx) => ok((await tx.tokens.forget(at - KEPT_MS)) + (await tx.sessions.forget(at - KEPT_MS))));
    return gone.value + (await attempts.forget(at));
  },
});
