import type { JobQueue } from '../shared/job.ts';

export const REPLAY_STATUSES = ['running', 'done'] as const;

/** Which events: by position or by when they were recorded, both ends included, and of which types. */
export type Range = {
  readonly from?: { readonly position: string } | { readonly at: number } | undefined;
  readonly to?: { readonly position: string } | { readonly at: number } | undefined;
  readonly types?: readonly string[] | undefined;
};

/** A part of the log that one subscription is handed again, beside what it reads live. */
export type RangeReplay = {
  readonly id: string;
  readonly subscription: string;
  readonly fromPosition: string;
  readonly toPosition: string;
  readonly types: readonly string[] | null;
  readonly handled: number;
  readonly status: (typeof REPLAY_STATUSES)[number];
  readonly requestedBy: string;
  readonly requestedAt: number;
  readonly endedAt: number | null;
  readonly lastError: string | null;
};

export type RangeReplays = {
  /** The next batch, in one transaction with the effects of the subscription, so that each event takes effect once. True when there is more. */
  advance(id: string): Promise<boolean>;
  /** Keeps why the last batch failed. */
  noteFailure(id: string, reason: string): Promise<void>;
  find(id: string): Promise<RangeReplay | undefined>;
  /** The newest first. */
  list(limit: number): Promise<readonly RangeReplay[]>;
};

/** Replays wait for each other: two of one subscription would do the same work at the same time. */
export const REPLAY_RANGE: JobQueue<{ readonly replayId: string }> = {
  name: 'platform.replay-range',
  retries: { limit: 5, delaySeconds: 2, delayMaxSeconds: 300 },
  expireSeconds: 3_600,
  concurrency: 1,
};
