import type { Clock, Ids } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { PlatformEvent } from '#domain/platform/events.ts';
import { type Actor, nameOf } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';

/** Where facts go that change no state. */
export type Journal = {
  append(head: { readonly stream: string; readonly version: number; readonly restaurantId: string | null }, events: readonly PlatformEvent[]): void;
};

/** One note for each actor in so long: the log tells that it happened, not how often. */
const QUIET_MS = 60_000;
const ACTORS_MAX = 1_000;

/** Puts it on record that somebody goes on over a limit. They go on only once it is written. */
export function noteBypass({ uow, clock, ids }: { readonly uow: UnitOfWork<Journal>; readonly clock: Clock; readonly ids: Ids }) {
  const notedAt = new Map<string, number>();
  return async (actor: Actor, limits: readonly string[]): Promise<void> => {
    const [name, at] = [nameOf(actor), clock.now()];
    if (at - (notedAt.get(name) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return;
    const event: PlatformEvent = { type: 'platform.rate_limit_bypassed', limits, at };
    const stream = `rate_limit_bypass:${ids.next()}`;
    await uow.run(actor, async (journal) => {
      journal.append({ stream, version: 0, restaurantId: null }, [event]);
      return ok(undefined);
    });
    if (notedAt.size >= ACTORS_MAX) notedAt.clear();
    notedAt.set(name, at);
  };
}
