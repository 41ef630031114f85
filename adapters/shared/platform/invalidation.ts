import type { Cache } from '#application/platform/cache.ts';
import type { CommitSignal, Committed } from '../committed.ts';

export type Outdated = { readonly tenant: string; readonly tags: readonly string[] };

/**
 * Forgets what a commit made untrue, before whoever made it is answered. `everywhere` is for what leaves this process; the
 * commits of others were told to everybody by them, and are heard here for the copies of this one.
 */
export function invalidateOn(
  committed: CommitSignal,
  cache: Cache,
  reach: 'here' | 'everywhere',
  outdatedBy: (event: Committed[number]) => Outdated | undefined,
): void {
  committed.listen((events) => {
    for (const event of events) {
      const outdated = outdatedBy(event);
      if (outdated) void cache.invalidate(outdated.tenant, outdated.tags, committed.isRelayed ? 'here' : reach);
    }
  });
}
