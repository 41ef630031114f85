/** `warn` is something it does without for now. */
export type CheckStatus = 'pass' | 'warn' | 'fail';
export type Check = {
  readonly name: string;
  readonly status: CheckStatus;
  /** Words that anybody may read. */
  readonly detail?: string;
  /** What was measured, for those who operate the platform. */
  readonly observed?: { readonly value: number; readonly unit: string };
};

/** Whether the process lives, may be sent work, and what it depends on. */
export type Health = {
  /** False from the moment the process was told to stop. */
  isAccepting(): boolean;
  /** Asks every dependency; answers within a second, from a second-old answer when there is one. */
  checks(): Promise<readonly Check[]>;
  readonly startedAt: number;
  readonly version?: string;
};
