import type { Job } from '#application/shared/job.ts';
import type { ExternalDeps } from './ports.ts';

/** Every ten minutes: what nobody came back for is dropped. */
export const forgetNotes = ({ external: { notes }, clock }: Pick<ExternalDeps, 'external' | 'clock'>): Job => ({
  name: 'identity-forget-notes',
  cron: '*/10 * * * *',
  run: () => notes.forget(clock.now()),
});
