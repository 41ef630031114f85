import { Dispatch } from '#domain/notifications/inbox/dispatch.ts';
import type { Notice } from '#domain/notifications/inbox/notice.ts';
import { Preferences } from '#domain/notifications/inbox/preferences.ts';
import type { PushSubscription } from '#domain/notifications/inbox/push-subscription.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import type { InboxDeps, InboxTx, Rung } from './ports.ts';
import { ring } from './ring.ts';

const BATCH = 50;
const ACTOR = system('send-notifications');

/** What is on its way, with all it takes to ring. */
export type Load = {
  readonly dispatch: Dispatch;
  readonly notices: readonly Notice[];
  readonly phone: string | null;
  readonly subscriptions: readonly PushSubscription[];
};

/**
 * Rings whoever is to be told now, and answers how many that were. What is due is taken in one transaction and settled in another, so
 * none is open while a provider thinks; what a crash leaves in between is rung once more when its lease is over.
 */
export const sendDispatches = (deps: InboxDeps) => async (): Promise<number> => {
  const { uow, clock, log } = deps;
  const { value: loads } = await uow.run(ACTOR, async (tx) => {
    const taken: Load[] = [];
    for (const due of await tx.dispatches.due(clock.now(), BATCH)) {
      const load = await take(tx, due, clock.now());
      if (load) taken.push(load);
    }
    return ok(taken);
  });

  for (const load of loads) {
    const { rung, gone } = await ring(deps, load);
    await uow.run(ACTOR, async (tx) => {
      const at = clock.now();
      const current = await tx.dispatches.lock(load.dispatch.id);
      if (current?.status !== 'processing' || current.attempts !== load.dispatch.attempts) return ok(undefined); // Somebody else took it up.
      await tx.dispatches.save([settled(current, rung, at)]);
      for (const { key } of gone) {
        const subscription = await tx.pushSubscriptions.byKey(key);
        if (subscription) await tx.pushSubscriptions.remove({ state: subscription, events: [unsubscribed(subscription, at)] });
      }
      return ok(undefined);
    });
    if (rung.outcome === 'refused')
      log.warn('a notification was refused', { dispatchId: load.dispatch.id, channel: load.dispatch.channel, reason: rung.reason });
  }
  return loads.length;
};

const unsubscribed = ({ id: subscriptionId, accountId }: PushSubscription, at: number) =>
  ({ type: 'notifications.push_unsubscribed', subscriptionId, accountId, at }) as const;

function settled(dispatch: Dispatch, rung: Rung, at: number) {
  if (rung.outcome === 'sent') return Dispatch.sent(dispatch, at);
  if (rung.outcome === 'gone') return Dispatch.drop(dispatch, 'unreachable', 'there is no address any more', at);
  return Dispatch.refused(dispatch, rung, at);
}

/** Takes one that is due, unless it is too late, not wanted any more, has come at a bad time, or can reach nobody. Mail is queued at once. */
async function take(tx: InboxTx, due: Dispatch, at: number): Promise<Load | undefined> {
  const claimed = Dispatch.claim(due, at);
  const dispatch = claimed.state;
  const end = async (change: ReturnType<typeof Dispatch.drop>) => {
    await tx.dispatches.save([{ ...change, events: [...claimed.events, ...change.events] }]);
    return undefined;
  };
  if (dispatch.status !== 'processing') return end({ state: dispatch, events: [] });

  const { accountId, category, channel, isCritical } = dispatch;
  const wishes = (await tx.preferences.of([accountId])).get(accountId);
  const person = await tx.people.find(accountId);
  const notices = (await tx.notices.some(dispatch.noticeIds)).filter(
    ({ readAt, expiresAt }) => readAt === null && (expiresAt === null || expiresAt > at),
  );
  if (!person || !wishes) return end(Dispatch.drop(dispatch, 'unreachable', 'the account is closed', at));
  if (!Preferences.wants(wishes, category, channel, isCritical)) return end(Dispatch.drop(dispatch, 'unwanted', 'it is not wished any more', at));
  if (notices.length === 0) return end(Dispatch.drop(dispatch, 'expired', 'all of it was read, or came too late', at));
  const calm = isCritical ? at : Preferences.afterQuiet(wishes, at);
  if (calm > at) return end(Dispatch.defer(dispatch, calm));
  if (channel === 'email') {
    await tx.mail.enqueue({ key: `notices:${dispatch.id}`, accountId, notices });
    return end(Dispatch.sent(dispatch, at));
  }
  const subscriptions = channel === 'push' ? await tx.pushSubscriptions.of(accountId) : [];
  const isReachable = channel === 'push' ? subscriptions.length > 0 : person.phone !== null;
  if (!isReachable) return end(Dispatch.drop(dispatch, 'unreachable', `there is no address for ${channel}`, at));
  await tx.dispatches.save([claimed]);
  return { dispatch, notices, phone: person.phone, subscriptions };
}
