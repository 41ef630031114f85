import { z } from 'zod';
import { JOB_STATES, type JobView } from '#application/platform/jobs.ts';
import { Id, InstantView } from '../schemas.ts';

export const QueueName = z
  .string()
  .regex(/^[a-z][\w.-]{0,99}$/, 'a name such as platform.replay-range')
  .meta({ example: 'platform.replay-range' });

export const QueueView = z.object({
  name: z.string(),
  isPaused: z.boolean(),
  waiting: z.int().meta({ description: 'Could start now.' }),
  delayed: z.int().meta({ description: 'Wait for their time, be it the first attempt or another.' }),
  active: z.int(),
  dead: z.int().meta({ description: 'Used up their attempts, and wait for a person.' }),
  failed: z.int().meta({ description: 'Runs of a schedule that used up their attempts.' }),
  completedLastHour: z.int(),
  oldestWaitingSeconds: z.number().meta({ description: 'How long the oldest that could start has waited.' }),
});
export const ScheduleView = QueueView.extend({
  cron: z.string(),
  timeZone: z.string().meta({ description: 'The IANA time zone the schedule is meant in.' }),
});
export const QueuesView = z.object({ data: z.array(QueueView) });
export const SchedulesView = z.object({ data: z.array(ScheduleView) });

export const JobShape = z.object({
  id: Id,
  rootId: Id.meta({ description: 'The id it was asked for under, which stays when a dead job begins anew.' }),
  queue: z.string(),
  state: z.enum(JOB_STATES),
  priority: z.int(),
  key: z.string().nullable(),
  data: z
    .record(z.string(), z.unknown())
    .meta({ additionalProperties: true, description: 'What it is about; null for those without the permission platform:data.' })
    .nullable(),
  attempts: z.int(),
  notBefore: InstantView,
  createdAt: InstantView,
  startedAt: InstantView.nullable(),
  endedAt: InstantView.nullable(),
  lastError: z.string().nullable(),
  requestId: z.string().nullable(),
  traceId: z.string().nullable(),
});
export const JobsView = z.object({ data: z.array(JobShape), next: z.string().nullable() });

/** Data may be personal: not everybody who sees that a job is there sees what it is about. */
export const jobView = (job: JobView, maySeeData: boolean): z.input<typeof JobShape> => ({
  ...job,
  data: maySeeData && job.data !== null ? { ...job.data } : null,
});

export const QUEUE_EXAMPLE = {
  name: 'platform.replay-range',
  isPaused: false,
  waiting: 2,
  delayed: 1,
  active: 1,
  dead: 0,
  failed: 0,
  completedLastHour: 14,
  oldestWaitingSeconds: 3.2,
};
export const SCHEDULE_EXAMPLE = { ...QUEUE_EXAMPLE, name: 'audit-prune', cron: '17 3 * * *', timeZone: 'UTC' };
export const JOB_EXAMPLE = {
  id: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10',
  rootId: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10',
  queue: 'platform.replay-range',
  state: 'retrying',
  priority: 0,
  key: '019a9f3f-02aa-7a58-8d0e-6c5b0e3f9d21',
  data: { replayId: '019a9f3f-02aa-7a58-8d0e-6c5b0e3f9d21' },
  attempts: 1,
  notBefore: '2026-11-21T10:30:04.000Z',
  createdAt: '2026-11-21T10:30:00.000Z',
  startedAt: '2026-11-21T10:30:01.000Z',
  endedAt: null,
  lastError: 'no answer',
  requestId: '019a9f3e-0000-7b1c-9d55-3f1f1c2b7a10',
  traceId: '0af7651916cd43dd8448eb211c80319c',
};
