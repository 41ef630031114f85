import type { JobQueries, JobView, QueueStatistics } from '#application/platform/jobs.ts';
import type { Clock } from '#application/shared/ports.ts';
import type { MemoryStore } from '../store.ts';
import { isPending, JOBS, PAUSED } from './job-rows.ts';
import type { MemoryJobs } from './jobs.ts';

const HOUR_MS = 3_600_000;
/** Sorts by when a job was made. */
const placeOf = ({ createdAt, id }: JobView): string => `${String(createdAt * 1_000).padStart(20, '0')}-${id}`;

export const memoryJobQueries = (store: MemoryStore, jobs: MemoryJobs, clock: Clock): JobQueries => {
  const all = (): JobView[] => store.rows<JobView>(JOBS);
  const statistics = (name: string): QueueStatistics => {
    const [now, mine] = [clock.now(), all().filter(({ queue }) => queue === name)];
    const ready = mine.filter((job) => isPending(job) && job.notBefore <= now);
    const inState = (state: JobView['state']): number => mine.filter((job) => job.state === state).length;
    return {
      name,
      isPaused: store.row(PAUSED, name) !== undefined,
      waiting: ready.length,
      delayed: mine.filter((job) => isPending(job) && job.notBefore > now).length,
      active: inState('active'),
      dead: inState('dead'),
      failed: inState('failed'),
      completedLastHour: mine.filter(({ state, endedAt }) => state === 'completed' && endedAt !== null && endedAt > now - HOUR_MS).length,
      oldestWaitingSeconds: ready.length === 0 ? 0 : (now - Math.min(...ready.map(({ notBefore }) => notBefore))) / 1_000,
    };
  };
  return {
    queues: async () => jobs.queues.toSorted().map(statistics),
    schedules: async () =>
      jobs.schedules
        .toSorted((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ name, cron, timeZone = 'UTC' }) => ({ ...statistics(name), cron, timeZone })),
    async list({ queue, states }, { limit, after }) {
      const found = all()
        .filter((job) => job.queue === queue && (states === undefined || states.includes(job.state)) && (after === undefined || placeOf(job) < after))
        .sort((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1));
      const data = found.slice(0, limit);
      const last = data.at(-1);
      return { data, next: last && found.length > limit ? placeOf(last) : null };
    },
    find: async (queue, id) => all().find((job) => job.queue === queue && job.id === id),
  };
};
