import type { JobQueries, QueueStatistics } from '#application/platform/jobs.ts';
import type { Measure } from '#application/platform/measures.ts';
import type { Nodes } from '#application/platform/nodes.ts';

export const nodesMeasure = (nodes: Nodes): Measure => ({
  name: 'thali_nodes',
  help: 'Processes of the installation that live',
  labels: ['role'],
  async read() {
    const byRole = Map.groupBy(await nodes.alive(), ({ role }) => role);
    return [...byRole].map(([role, alive]) => ({ labels: { role }, value: alive.length }));
  },
});

const ofQueues =
  (name: string, help: string, numberOf: (queue: QueueStatistics) => number) =>
  (jobs: JobQueries): Measure => ({
    name,
    help,
    labels: ['queue'],
    read: async () => (await jobs.queues()).map((queue) => ({ labels: { queue: queue.name }, value: numberOf(queue) })),
  });

export const JOB_MEASURES = [
  ofQueues('thali_jobs_waiting', 'Jobs that could start now', ({ waiting }) => waiting),
  ofQueues('thali_jobs_dead', 'Jobs that used up their attempts and wait for a person', ({ dead }) => dead),
  ofQueues(
    'thali_jobs_oldest_waiting_seconds',
    'How long the oldest job that could start has waited',
    ({ oldestWaitingSeconds }) => oldestWaitingSeconds,
  ),
];
