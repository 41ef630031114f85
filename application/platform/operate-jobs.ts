import type { PlatformError, Refusal } from '#domain/platform/errors.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { OperationsDeps, OperationsTx } from './ports.ts';
import { record } from './record.ts';

const REDRIVE_MAX = 1_000;

type Deps = Pick<OperationsDeps, 'uow' | 'clock' | 'ids'>;
type Done<T, Code extends PlatformError['code']> = Promise<Result<T, Refusal<Code>>>;
type NotRetried = 'platform.job_not_found' | 'platform.job_not_retriable' | 'platform.job_in_the_way';
type Unknown = 'platform.queue_not_found';

/** What operators do to jobs. Whatever they do is in the log, in the transaction that does it. */
export function operateJobs({ uow, clock, ids }: Deps) {
  const onQueue = <T, Code extends PlatformError['code'] = never>(
    queue: string,
    actor: Actor,
    work: (tx: OperationsTx) => Done<T, Code | Unknown>,
  ): Done<T, Code | Unknown> =>
    uow.run(actor, async (tx): Done<T, Code | Unknown> => {
      if (tx.jobControl.knows(queue) !== 'queue') return err({ code: 'platform.queue_not_found', queue } as Refusal<Unknown>);
      return work(tx);
    });

  return {
    /** Twice is once. */
    setPaused: (queue: string, isPaused: boolean, actor: Actor): Done<undefined, Unknown> =>
      onQueue(queue, actor, async ({ jobControl, journal }) => {
        const hasChanged = isPaused ? await jobControl.pause(queue) : await jobControl.resume(queue);
        if (hasChanged) record(journal, ids, { type: isPaused ? 'platform.queue_paused' : 'platform.queue_resumed', queue, at: clock.now() });
        return ok(undefined);
      }),

    cancelJob: (queue: string, jobId: string, actor: Actor): Done<undefined, Unknown | 'platform.job_not_found' | 'platform.job_not_waiting'> =>
      onQueue(queue, actor, async ({ jobControl, journal }) => {
        const state = await jobControl.lock(queue, jobId);
        if (state === undefined) return err({ code: 'platform.job_not_found', jobId });
        if (state !== 'waiting' && state !== 'retrying') return err({ code: 'platform.job_not_waiting', state });
        await jobControl.cancel(queue, jobId);
        record(journal, ids, { type: 'platform.job_cancelled', queue, jobId, at: clock.now() });
        return ok(undefined);
      }),

    /** One that waits for its next attempt has it now; a dead one begins anew. */
    retryJob: (queue: string, jobId: string, actor: Actor): Done<undefined, Unknown | NotRetried> =>
      onQueue(queue, actor, async ({ jobControl, journal }) => {
        const state = await jobControl.lock(queue, jobId);
        if (state === undefined) return err({ code: 'platform.job_not_found', jobId });
        if (state === 'retrying') await jobControl.hurry(queue, jobId);
        else if (state !== 'dead') return err({ code: 'platform.job_not_retriable', state });
        else if ((await jobControl.redrive(queue, { id: jobId, limit: 1 })) === 0) return err({ code: 'platform.job_in_the_way', queue });
        record(journal, ids, { type: 'platform.job_retried', queue, jobId, at: clock.now() });
        return ok(undefined);
      }),

    /** The oldest thousand of them. */
    redriveDeadJobs: (queue: string, actor: Actor): Done<number, Unknown> =>
      onQueue(queue, actor, async ({ jobControl, journal }) => {
        const count = await jobControl.redrive(queue, { limit: REDRIVE_MAX });
        if (count > 0) record(journal, ids, { type: 'platform.dead_jobs_redriven', queue, count, at: clock.now() });
        return ok(count);
      }),

    /** False when one waits already. */
    runSchedule: (schedule: string, actor: Actor): Done<boolean, 'platform.schedule_not_found'> =>
      uow.run(actor, async ({ jobControl, journal }): Done<boolean, 'platform.schedule_not_found'> => {
        if (jobControl.knows(schedule) !== 'schedule') return err({ code: 'platform.schedule_not_found', schedule });
        const isNew = await jobControl.runNow(schedule);
        if (isNew) record(journal, ids, { type: 'platform.schedule_run', schedule, at: clock.now() });
        return ok(isNew);
      }),
  };
}
