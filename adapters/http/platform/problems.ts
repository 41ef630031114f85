import type { PlatformError } from '#domain/platform/errors.ts';
import type { Problems } from '../problem.ts';

export const PLATFORM_PROBLEMS: Problems<PlatformError> = {
  'platform.queue_not_found': {
    status: 404,
    title: 'There is no such queue',
    detail: ({ queue }) => `No work is queued under ${queue}. GET /admin/jobs/queues lists what there is.`,
  },
  'platform.schedule_not_found': {
    status: 404,
    title: 'There is no such schedule',
    detail: ({ schedule }) => `Nothing runs by itself under ${schedule}. GET /admin/jobs/schedules lists what does.`,
  },
  'platform.job_not_found': {
    status: 404,
    title: 'There is no such job',
    detail: ({ jobId }) => `The queue has no job ${jobId}. Jobs that are done are forgotten after six hours.`,
  },
  'platform.job_not_waiting': {
    status: 409,
    title: 'The job does not wait any more',
    detail: ({ state }) => `It is ${state}: only a job that waits, or waits to be tried again, can be cancelled.`,
  },
  'platform.job_not_retriable': {
    status: 409,
    title: 'There is nothing to try again',
    detail: ({ state }) => `It is ${state}: only a dead job, or one that waits for its next attempt, can be tried again now.`,
  },
  'platform.job_in_the_way': {
    status: 409,
    title: 'Another job of its key waits or runs',
    detail: ({ queue }) => `Of each key ${queue} has one job at a time. Try again when that one is done.`,
  },
  'platform.event_not_found': { status: 404, title: 'There is no such event', detail: ({ eventId }) => `The log has no event ${eventId}.` },
  'platform.subscription_not_found': {
    status: 404,
    title: 'There is no such subscription',
    detail: ({ subscription }) => `Nothing reads the log under the name ${subscription}. GET /admin/events/subscriptions lists what does.`,
  },
  'platform.event_not_parked': {
    status: 409,
    title: 'The event is not parked',
    detail: ({ eventId }) => `The subscription does not wait for anybody about ${eventId}. GET its retries to see what is parked.`,
  },
  'platform.nothing_to_replay': {
    status: 409,
    title: 'There is nothing to replay',
    detail: ({ subscription }) =>
      `In that range ${subscription} has had no event of those types. What it has yet to read comes to it live: look at its lag.`,
  },
  'platform.replay_not_found': { status: 404, title: 'There is no such replay', detail: 'GET /admin/events/replays lists the latest.' },
};
