import { type AnyJobHandler, jobHandler } from '../shared/job.ts';
import { type RangeReplays, REPLAY_RANGE } from './range-replays.ts';

/** Goes on where the last attempt stopped, whoever made it. */
export const replayRange = (replays: RangeReplays): AnyJobHandler =>
  jobHandler(REPLAY_RANGE, async ({ replayId }, { signal }) => {
    try {
      while (await replays.advance(replayId)) signal.throwIfAborted();
    } catch (error) {
      await replays.noteFailure(replayId, error instanceof Error ? error.message : String(error));
      throw error;
    }
  });
