import type { Measure } from '#application/platform/measures.ts';

type Runs = { succeeded: number; failed: number; lastSeconds: number; hasFailedLast: boolean };

/** How the jobs of this process went. */
export class JobRuns {
  readonly #runs = new Map<string, Runs>();

  readonly ended = (name: string, seconds: number, isFailed: boolean): void => {
    const { succeeded, failed } = this.#runs.get(name) ?? { succeeded: 0, failed: 0 };
    this.#runs.set(name, {
      succeeded: succeeded + (isFailed ? 0 : 1),
      failed: failed + (isFailed ? 1 : 0),
      lastSeconds: seconds,
      hasFailedLast: isFailed,
    });
  };

  /** The jobs whose last run here failed. */
  failing(): readonly string[] {
    return [...this.#runs].flatMap(([name, { hasFailedLast }]) => (hasFailedLast ? [name] : []));
  }

  measures(): readonly Measure[] {
    const each = <T>(read: (job: string, runs: Runs) => readonly T[]): readonly T[] => [...this.#runs].flatMap(([job, runs]) => read(job, runs));
    return [
      {
        name: 'thali_job_runs_total',
        help: 'Runs of a job in this process, by how they ended',
        labels: ['job', 'outcome'],
        read: () =>
          each((job, { succeeded, failed }) => [
            { labels: { job, outcome: 'succeeded' }, value: succeeded },
            { labels: { job, outcome: 'failed' }, value: failed },
          ]),
      },
      {
        name: 'thali_job_last_duration_seconds',
        help: 'How long the last run of a job in this process took',
        labels: ['job'],
        read: () => each((job, { lastSeconds }) => [{ labels: { job }, value: lastSeconds }]),
      },
    ];
  }
}
