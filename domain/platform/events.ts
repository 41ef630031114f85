/** What the platform itself has to tell. */
export type PlatformEvent = {
  /** Somebody went on over a limit because they hold the permission to. */
  readonly type: 'platform.rate_limit_bypassed';
  readonly limits: readonly string[];
  readonly at: number;
};
