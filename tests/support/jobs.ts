import { PgBossJobs } from '#adapters/jobs/pg-boss.ts';
import { memoryJobQueries } from '#adapters/memory/platform/job-queries.ts';
import { MemoryJobs } from '#adapters/memory/platform/jobs.ts';
import { memoryUnitOfWork } from '#adapters/memory/unit-of-work.ts';
import { postgresJobQueries } from '#adapters/postgres/platform/job-queries.ts';
import { postgresUnitOfWork } from '#adapters/postgres/unit-of-work.ts';
import type { JobControl, JobQueries } from '#application/platform/jobs.ts';
import type { JobRequests, Jobs } from '#application/shared/job.ts';
import type { Log } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { createContainer } from '#composition/container.ts';
import { Platform } from '#composition/modules/platform.ts';
import { freshDatabase, type Profile, testConfig } from './profiles.ts';

export type JobsWorld = {
  readonly queries: JobQueries;
  readonly uow: UnitOfWork<{ readonly jobs: JobRequests; readonly control: JobControl }>;
  /** One node's worth of jobs, on the same database and the same news of commits. */
  node(): Jobs;
  close(): Promise<void>;
};

/** Jobs on a profile, looked for often. All its nodes share a process, and so hear of each other's commits at once. */
export async function jobsWorld(profile: Profile, log: Log): Promise<JobsWorld> {
  const database = await freshDatabase(profile);
  const container = createContainer({ config: testConfig, secret: 'a-secret-that-only-the-tests-know-000', log, store: database.store });
  const started: Jobs[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(started.map((jobs) => jobs.stop()));
    await database.close();
  };
  if (database.store.kind === 'memory') {
    const memory = container.get(Platform.memory);
    const jobs = new MemoryJobs(memory, log);
    started.push(jobs);
    const uow = memoryUnitOfWork(memory, (tx) => ({ jobs: jobs.within(tx), control: jobs.controlWithin(tx) }));
    return { queries: memoryJobQueries(memory.store, jobs, memory.clock), uow, node: () => jobs, close };
  }
  const postgres = container.get(Platform.postgres);
  const node = (): PgBossJobs => {
    const jobs = new PgBossJobs({ database: container.get(Platform.jobsDatabase), ...postgres, log }, { pollSeconds: 0.5 });
    started.push(jobs);
    return jobs;
  };
  const first = node();
  const uow = postgresUnitOfWork(postgres, (tx) => ({ jobs: first.within(tx), control: first.controlWithin(tx) }));
  let isTaken = false;
  return {
    queries: postgresJobQueries(container.get(Platform.sql)),
    uow,
    node: () => {
      if (isTaken) return node();
      isTaken = true;
      return first;
    },
    close,
  };
}
