import type { PlatformError, Refusal } from '#domain/platform/errors.ts';
import { type Actor, nameOf } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { OperationsDeps, OperationsTx } from './ports.ts';
import { type Range, type RangeReplay, REPLAY_RANGE } from './range-replays.ts';
import { record } from './record.ts';

type Deps = Pick<OperationsDeps, 'uow' | 'clock' | 'ids'>;
type Done<T, Code extends PlatformError['code']> = Promise<Result<T, Refusal<Code>>>;
type Unknown = 'platform.subscription_not_found';

/** What operators do to subscriptions. Whatever they do is in the log, in the transaction that does it. */
export function operateLog({ uow, clock, ids }: Deps) {
  const onSubscription = <T, Code extends PlatformError['code'] = never>(
    subscription: string,
    actor: Actor,
    work: (tx: OperationsTx) => Done<T, Code | Unknown>,
  ): Done<T, Code | Unknown> =>
    uow.run(actor, async (tx): Done<T, Code | Unknown> => {
      if (!tx.logControl.knows(subscription)) return err({ code: 'platform.subscription_not_found', subscription } as Refusal<Unknown>);
      return work(tx);
    });

  return {
    /** All that is parked of a subscription, or one event. */
    unpark: (subscription: string, eventId: string | undefined, actor: Actor): Done<number, Unknown | 'platform.event_not_parked'> =>
      onSubscription(subscription, actor, async ({ logControl, journal }) => {
        const count = await logControl.unpark(subscription, eventId);
        if (count === 0 && eventId !== undefined) return err({ code: 'platform.event_not_parked', eventId });
        if (count > 0) record(journal, ids, { type: 'platform.events_unparked', subscription, eventId: eventId ?? null, count, at: clock.now() });
        return ok(count);
      }),

    /** The subscription goes on without it for good, and the log says who decided that, and why. */
    discard: (subscription: string, eventId: string, reason: string, actor: Actor): Done<undefined, Unknown | 'platform.event_not_parked'> =>
      onSubscription(subscription, actor, async ({ logControl, journal }) => {
        const discarded = await logControl.discard(subscription, eventId);
        if (!discarded) return err({ code: 'platform.event_not_parked', eventId });
        const { type: eventType } = discarded;
        record(journal, ids, { type: 'platform.event_discarded', subscription, eventId, eventType, reason, at: clock.now() });
        return ok(undefined);
      }),

    /** Hands a subscription a part of what it has had again, as a job, beside what it reads live. */
    replayRange: (subscription: string, range: Range, actor: Actor): Done<RangeReplay, Unknown | 'platform.nothing_to_replay'> =>
      onSubscription(subscription, actor, async ({ logControl, jobs, journal }) => {
        const replayId = ids.next();
        const replay = await logControl.replayRange(subscription, range, replayId, nameOf(actor));
        if (!replay) return err({ code: 'platform.nothing_to_replay', subscription });
        await jobs.add(REPLAY_RANGE, { replayId }, { key: replayId });
        const { fromPosition, toPosition, types } = replay;
        journal.append({ stream: `range_replay:${replayId}`, version: 0, restaurantId: null }, [
          { type: 'platform.replay_requested', replayId, subscription, fromPosition, toPosition, types, at: clock.now() },
        ]);
        return ok(replay);
      }),
  };
}
