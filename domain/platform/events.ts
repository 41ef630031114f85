/** What the platform itself has to tell. */
export type PlatformEvent = { readonly at: number } & (
  | {
      /** Somebody went on over a limit because they hold the permission to. */
      readonly type: 'platform.rate_limit_bypassed';
      readonly limits: readonly string[];
    }
  | { readonly type: 'platform.queue_paused' | 'platform.queue_resumed'; readonly queue: string }
  | { readonly type: 'platform.job_cancelled' | 'platform.job_retried'; readonly queue: string; readonly jobId: string }
  | { readonly type: 'platform.dead_jobs_redriven'; readonly queue: string; readonly count: number }
  | { readonly type: 'platform.schedule_run'; readonly schedule: string }
  | { readonly type: 'platform.events_unparked'; readonly subscription: string; readonly eventId: string | null; readonly count: number }
  | {
      readonly type: 'platform.event_discarded';
      readonly subscription: string;
      readonly eventId: string;
      readonly eventType: string;
      readonly reason: string;
    }
  | {
      readonly type: 'platform.replay_requested';
      readonly replayId: string;
      readonly subscription: string;
      readonly fromPosition: string;
      readonly toPosition: string;
      readonly types: readonly string[] | null;
    }
  | { readonly type: 'platform.replay_done'; readonly replayId: string; readonly subscription: string; readonly handled: number }
  /** A process stopped saying that it lives, without having said goodbye. */
  | { readonly type: 'platform.node_lost'; readonly nodeId: string; readonly role: string; readonly host: string; readonly seenAt: number }
);
