import type { Job } from '#application/shared/job.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import type { PartnersDeps } from '../ports.ts';

const ACTOR = system('forget-invitations');
const KEPT_MS = 90 * 24 * 60 * 60_000;

/** Every day: whom a restaurant once invited is forgotten three months after they could have come. */
export const forgetInvitations = ({ uow, clock }: Pick<PartnersDeps, 'uow' | 'clock'>): Job => ({
  name: 'partners-forget-invitations',
  cron: '53 3 * * *',
  run: async () => (await uow.run(ACTOR, async ({ invitations }) => ok(await invitations.forget(clock.now() - KEPT_MS)))).value,
});
