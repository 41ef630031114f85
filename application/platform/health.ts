/** `warn` is something it does without for now. */
export type CheckStatus = 'pass' | 'warn' | 'fail';
export type Check = { readonly name: string; readonly status: CheckStatus; readonly detail?: string };

/** Whether the process lives, may be sent work, and what it depends on. */
export type Health = {
  /** False from the moment the process was told to stop. */
  isAccepting(): boolean;
  /** Asks every dependency; answers within a second, from a second-old answer when there is one. */
  checks(): Promise<readonly Check[]>;
  readonly startedAt: number;
};
