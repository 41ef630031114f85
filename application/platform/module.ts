import type { Refusal } from '#domain/platform/errors.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { EventView } from './events.ts';
import type { JobView } from './jobs.ts';
import { operateJobs } from './operate-jobs.ts';
import { operateLog } from './operate-log.ts';
import type { OperationsDeps } from './ports.ts';
import type { RangeReplay } from './range-replays.ts';

/** Everything operators may ask of the machinery. */
export const createOperations = (deps: OperationsDeps) => ({
  ...operateJobs(deps),
  ...operateLog(deps),
  queues: deps.jobs.queues,
  schedules: deps.jobs.schedules,
  listJobs: deps.jobs.list,
  async findJob(queue: string, jobId: string): Promise<Result<JobView, Refusal<'platform.job_not_found'>>> {
    const job = await deps.jobs.find(queue, jobId);
    return job ? ok(job) : err({ code: 'platform.job_not_found', jobId });
  },
  nodes: deps.nodes.alive,
  subscriptions: () => deps.eventLog.lag(),
  searchEvents: deps.events.search,
  async findEvent(eventId: string): Promise<Result<EventView, Refusal<'platform.event_not_found'>>> {
    const event = await deps.events.find(eventId);
    return event ? ok(event) : err({ code: 'platform.event_not_found', eventId });
  },
  countEvents: deps.events.statistics,
  retries: deps.events.retries,
  replays: deps.replays.list,
  async findReplay(replayId: string): Promise<Result<RangeReplay, Refusal<'platform.replay_not_found'>>> {
    const replay = await deps.replays.find(replayId);
    return replay ? ok(replay) : err({ code: 'platform.replay_not_found', replayId });
  },
});
export type Operations = ReturnType<typeof createOperations>;
