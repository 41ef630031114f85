import { z } from 'zod';
import { JOB_STATES } from '#application/platform/jobs.ts';
import type { Operations } from '#application/platform/module.ts';
import { may } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { Id, link } from '../schemas.ts';
import { JOB_EXAMPLE, JobShape, JobsView, jobView, QUEUE_EXAMPLE, QueueName, QueuesView, SCHEDULE_EXAMPLE, SchedulesView } from './job-views.ts';
import { PLATFORM_PROBLEMS } from './problems.ts';

const READ = { tag: 'Jobs', access: { permission: 'platform:read', in: 'platform' }, method: 'get', status: 200 } as const;
const OPERATE = { tag: 'Jobs', access: { permission: 'platform:operate', in: 'platform' }, method: 'post' } as const;

const QueueParams = z.object({ queue: QueueName });
const JobParams = z.object({ queue: QueueName, jobId: Id });
const JobsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z
    .string()
    .regex(/^\d{20}-[0-9a-f-]{36}$/, 'what `next` said')
    .optional(),
  state: z.enum(JOB_STATES).optional(),
});

export const jobRoutes = (operations: Operations): readonly AnyRoute[] => [...reading(operations), ...operating(operations)];

const reading = (operations: Operations): readonly AnyRoute[] => [
  route({
    ...READ,
    path: '/admin/jobs/queues',
    operationId: 'listJobQueues',
    summary: 'List the queues of work, with how they stand',
    response: QueuesView,
    example: { response: { data: [QUEUE_EXAMPLE] } },
    problems: {},
    handle: async () => ok({ data: [...(await operations.queues())] }),
  }),
  route({
    ...READ,
    path: '/admin/jobs/schedules',
    operationId: 'listJobSchedules',
    summary: 'List what runs by itself, with how it stands',
    response: SchedulesView,
    example: { response: { data: [SCHEDULE_EXAMPLE] } },
    problems: {},
    handle: async () => ok({ data: [...(await operations.schedules())] }),
  }),
  route({
    ...READ,
    path: '/admin/jobs/queues/{queue}/jobs',
    operationId: 'listJobs',
    summary: 'List the jobs of a queue or a schedule, newest first',
    description: 'What is done is forgotten after six hours; what is dead stays for a year. Their data takes the permission platform:data.',
    params: QueueParams,
    query: JobsQuery,
    response: JobsView,
    example: { response: { data: [JOB_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { params, query }) => link(`/admin/jobs/queues/${params.queue}/jobs`, page, query),
    async handle({ params: { queue }, query: { limit, after, state } }, { actor }) {
      const search = { queue, ...(state !== undefined && { states: [state] }) };
      const { data, next } = await operations.listJobs(search, { limit, ...(after !== undefined && { after }) });
      return ok({ data: data.map((job) => jobView(job, may(actor, 'platform:data'))), next });
    },
  }),
  route({
    ...READ,
    path: '/admin/jobs/queues/{queue}/jobs/{jobId}',
    operationId: 'readJob',
    summary: 'Read a job',
    params: JobParams,
    response: JobShape,
    example: { response: JOB_EXAMPLE },
    problems: pick(PLATFORM_PROBLEMS, 'platform.job_not_found'),
    async handle({ params: { queue, jobId } }, { actor }) {
      const found = await operations.findJob(queue, jobId);
      return found.ok ? ok(jobView(found.value, may(actor, 'platform:data'))) : found;
    },
  }),
];

const operating = (operations: Operations): readonly AnyRoute[] => [
  ...([true, false] as const).map((isPaused) =>
    route({
      ...OPERATE,
      path: `/admin/jobs/queues/{queue}/${isPaused ? 'pause' : 'resumption'}`,
      operationId: isPaused ? 'pauseJobQueue' : 'resumeJobQueue',
      summary: isPaused ? 'Pause a queue on all nodes' : 'Let a paused queue go on',
      description: isPaused
        ? 'Nothing of it is started any more: at once where nodes hear of each other over Redis, within five seconds elsewhere. What is under way is finished, and what is added waits.'
        : 'Every node takes work from it again. Resuming a queue that is not paused changes nothing.',
      params: QueueParams,
      status: 204,
      response: z.undefined(),
      example: { response: undefined },
      problems: pick(PLATFORM_PROBLEMS, 'platform.queue_not_found'),
      handle: ({ params: { queue } }, { actor }) => operations.setPaused(queue, isPaused, actor),
    }),
  ),
  route({
    ...OPERATE,
    path: '/admin/jobs/queues/{queue}/redrive',
    operationId: 'redriveDeadJobs',
    summary: 'Have the dead jobs of a queue begin anew',
    description: 'The oldest thousand; repeat it for more. One whose key another job holds stays where it is.',
    params: QueueParams,
    status: 200,
    response: z.object({ redriven: z.int() }),
    example: { response: { redriven: 3 } },
    problems: pick(PLATFORM_PROBLEMS, 'platform.queue_not_found'),
    async handle({ params: { queue } }, { actor }) {
      const done = await operations.redriveDeadJobs(queue, actor);
      return done.ok ? ok({ redriven: done.value }) : done;
    },
  }),
  route({
    ...OPERATE,
    path: '/admin/jobs/queues/{queue}/jobs/{jobId}/cancellation',
    operationId: 'cancelJob',
    summary: 'Cancel a job that waits',
    params: JobParams,
    status: 204,
    response: z.undefined(),
    example: { response: undefined },
    problems: pick(PLATFORM_PROBLEMS, 'platform.queue_not_found', 'platform.job_not_found', 'platform.job_not_waiting'),
    handle: ({ params: { queue, jobId } }, { actor }) => operations.cancelJob(queue, jobId, actor),
  }),
  route({
    ...OPERATE,
    path: '/admin/jobs/queues/{queue}/jobs/{jobId}/attempt',
    operationId: 'retryJob',
    summary: 'Try a job again now',
    description: 'One that waits for its next attempt has it at once; a dead one begins anew, under an id of its own and the same `rootId`.',
    params: JobParams,
    status: 204,
    response: z.undefined(),
    example: { response: undefined },
    problems: pick(PLATFORM_PROBLEMS, 'platform.queue_not_found', 'platform.job_not_found', 'platform.job_not_retriable', 'platform.job_in_the_way'),
    handle: ({ params: { queue, jobId } }, { actor }) => operations.retryJob(queue, jobId, actor),
  }),
  route({
    ...OPERATE,
    path: '/admin/jobs/schedules/{schedule}/run',
    operationId: 'runSchedule',
    summary: 'Have a scheduled job run now, besides its schedule',
    description: '`isNew` is false when a run waits already, which is then the one that was asked for.',
    params: z.object({ schedule: QueueName }),
    status: 202,
    response: z.object({ isNew: z.boolean() }),
    example: { response: { isNew: true } },
    problems: pick(PLATFORM_PROBLEMS, 'platform.schedule_not_found'),
    async handle({ params: { schedule } }, { actor }) {
      const run = await operations.runSchedule(schedule, actor);
      return run.ok ? ok({ isNew: run.value }) : run;
    },
  }),
];
