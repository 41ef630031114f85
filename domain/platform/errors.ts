/** Why something could not be done to the machinery. */
export type PlatformError =
  | { readonly code: 'platform.queue_not_found'; readonly queue: string }
  | { readonly code: 'platform.schedule_not_found'; readonly schedule: string }
  | { readonly code: 'platform.job_not_found'; readonly jobId: string }
  | { readonly code: 'platform.job_not_waiting'; readonly state: string }
  | { readonly code: 'platform.job_not_retriable'; readonly state: string }
  | { readonly code: 'platform.job_in_the_way'; readonly queue: string }
  | { readonly code: 'platform.event_not_found'; readonly eventId: string }
  | { readonly code: 'platform.subscription_not_found'; readonly subscription: string }
  | { readonly code: 'platform.event_not_parked'; readonly eventId: string }
  | { readonly code: 'platform.nothing_to_replay'; readonly subscription: string }
  | { readonly code: 'platform.replay_not_found'; readonly replayId: string };

/** Some of the reasons. */
export type Refusal<Code extends PlatformError['code']> = Extract<PlatformError, { readonly code: Code }>;
