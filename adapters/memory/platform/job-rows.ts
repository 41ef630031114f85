import type { JobControl, JobView } from '#application/platform/jobs.ts';
import type { JobRequests } from '#application/shared/job.ts';
import type { Clock, Ids } from '#application/shared/ports.ts';
import { currentRequest } from '../../shared/request-context.ts';
import type { MemoryTx } from '../tx.ts';

/** What is told after a commit that asked for work of a queue, and after one that paused or resumed one. */
export const ASKED = 'jobs.asked:';
export const CONTROLLED = 'jobs.controlled';

export const JOBS = 'jobs.jobs';
export const PAUSED = 'jobs.paused';
/** The keys of jobs that wait or run. */
const KEYS = 'jobs.keys';
const keyOf = (queue: string, key: string): string => JSON.stringify([queue, key]);

/** A run of a schedule has no data; at most one waits, so all have one key until they start. */
export type JobRow = JobView;
const RUN = 'run';

export const isPending = ({ state }: JobView): boolean => state === 'waiting' || state === 'retrying';

type Asked = Pick<JobRow, 'queue' | 'data' | 'key' | 'priority' | 'notBefore'> & { readonly id: string; readonly rootId?: string };

/** Puts a job into its queue, unless one of its key waits or runs. */
function insert(tx: MemoryTx, { id, rootId = id, ...asked }: Asked, now: number): boolean {
  const key = keyOf(asked.queue, asked.key ?? id);
  if (tx.get(KEYS, key) !== undefined) return false;
  const { requestId = null, traceId = null } = currentRequest() ?? {};
  tx.insert(KEYS, key, { id });
  const row: JobRow = {
    ...asked,
    id,
    rootId,
    state: 'waiting',
    attempts: 0,
    createdAt: now,
    startedAt: null,
    endedAt: null,
    lastError: null,
    requestId,
    traceId,
  };
  tx.set(JOBS, id, row);
  tx.announce(`${ASKED}${asked.queue}`);
  return true;
}

/** Others of its key may come. */
export const freeKey = (tx: MemoryTx, { queue, key, id }: JobRow): void => tx.delete(KEYS, keyOf(queue, key ?? id));

/** A run of a schedule; false when one waits already. */
export const insertRun = (tx: MemoryTx, queue: string, id: string, now: number): boolean =>
  insert(tx, { id, queue, data: null, key: RUN, priority: 0, notBefore: now }, now);

type Runtime = { readonly clock: Clock; readonly ids: Ids };

export const memoryJobRequests = (tx: MemoryTx, { clock, ids }: Runtime): JobRequests => ({
  async add({ name: queue }, data, { key = null, priority = 0, notBefore = clock.now() } = {}) {
    const id = ids.next();
    return insert(tx, { id, queue, data, key, priority, notBefore }, clock.now()) ? id : null;
  },
});

export const memoryJobControl = (tx: MemoryTx, kindOf: JobControl['knows'], { clock, ids }: Runtime): JobControl => {
  const job = (queue: string, id: string): JobRow | undefined => {
    const row = tx.get<JobRow>(JOBS, id);
    return row?.queue === queue ? row : undefined;
  };
  return {
    knows: kindOf,
    async pause(queue) {
      await tx.lock(PAUSED, [queue]);
      if (tx.get(PAUSED, queue) !== undefined) return false;
      tx.set(PAUSED, queue, { at: clock.now() });
      tx.announce(CONTROLLED);
      return true;
    },
    async resume(queue) {
      await tx.lock(PAUSED, [queue]);
      if (tx.get(PAUSED, queue) === undefined) return false;
      tx.delete(PAUSED, queue);
      tx.announce(CONTROLLED);
      return true;
    },
    async lock(queue, id) {
      await tx.lock(JOBS, [id]);
      return job(queue, id)?.state;
    },
    async cancel(queue, id) {
      const row = job(queue, id);
      if (!row) return;
      tx.set(JOBS, id, { ...row, state: 'cancelled', endedAt: clock.now() });
      freeKey(tx, row);
    },
    async hurry(queue, id) {
      const row = job(queue, id);
      if (!row) return;
      tx.set(JOBS, id, { ...row, notBefore: clock.now() });
      tx.announce(`${ASKED}${queue}`);
    },
    async redrive(queue, { id: only, limit }) {
      const dead = tx.rows<JobRow>(JOBS).filter((row) => row.queue === queue && row.state === 'dead' && (only === undefined || row.id === only));
      let moved = 0;
      for (const row of dead.slice(0, limit)) {
        const { data, key, priority, rootId } = row;
        if (!insert(tx, { id: ids.next(), rootId, queue, data, key, priority, notBefore: clock.now() }, clock.now())) continue;
        tx.delete(JOBS, row.id);
        moved += 1;
      }
      return moved;
    },
    runNow: async (schedule) => insertRun(tx, schedule, ids.next(), clock.now()),
  };
};
