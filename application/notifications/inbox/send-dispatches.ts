import { distinct } from '#application/shared/distinct.ts';
import { together } from '#application/shared/together.ts';
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
    const due = await tx.dispatches.due(clock.now(), BATCH);
    if (due.length === 0) return ok([]);
    const known = await knownOf(tx, due);
    const taken = due.map((one) => take(one, known, clock.now()));
    for (const { change, mail } of taken)
      if (mail) await tx.mail.enqueue({ key: `notices:${change.state.id}`, accountId: change.state.accountId, notices: mail });
    await tx.dispatches.save(taken.map(({ change }) => change));
    return ok(taken.flatMap(({ load }) => load ?? []));
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

/** What is known of those that are due, read at once for all of them. */
async function knownOf(tx: InboxTx, due: readonly Dispatch[]) {
  const accountIds = distinct(due.map(({ accountId }) => accountId));
  const [wishes, people, subscriptions, notices] = await together(
    tx.preferences.of(accountIds),
    tx.people.some(accountIds),
    tx.pushSubscriptions.of(accountIds),
    tx.notices.some(distinct(due.flatMap(({ noticeIds }) => noticeIds))),
  );
  return { wishes, people, subscriptions, notices: new Map(notices.map((notice) => [notice.id, notice])) };
}
type Known = Awaited<ReturnType<typeof knownOf>>;
type Taken = { readonly change: ReturnType<typeof Dispatch.drop>; readonly load?: Load; readonly mail?: readonly Notice[] };

/** Takes one that is due, unless it is too late, not wanted any more, has come at a bad time, or can reach nobody. Mail is queued at once. */
function take(due: Dispatch, { wishes, people, subscriptions, notices }: Known, at: number): Taken {
  const claimed = Dispatch.claim(due, at);
  const dispatch = claimed.state;
  const end = (change: ReturnType<typeof Dispatch.drop>): Taken => ({ change: { ...change, events: [...claimed.events, ...change.events] } });
  if (dispatch.status !== 'processing') return end({ state: dispatch, events: [] });

  const { accountId, category, channel, isCritical } = dispatch;
  const [wish, person] = [wishes.get(accountId), people.get(accountId)];
  const fresh = dispatch.noticeIds
    .flatMap((id) => notices.get(id) ?? [])
    .filter(({ readAt, expiresAt }) => readAt === null && (expiresAt === null || expiresAt > at));
  if (!person || !wish) return end(Dispatch.drop(dispatch, 'unreachable', 'the account is closed', at));
  if (!Preferences.wants(wish, category, channel, isCritical)) return end(Dispatch.drop(dispatch, 'unwanted', 'it is not wished any more', at));
  if (fresh.length === 0) return end(Dispatch.drop(dispatch, 'expired', 'all of it was read, or came too late', at));
  const calm = isCritical ? at : Preferences.afterQuiet(wish, at);
  if (calm > at) return end(Dispatch.defer(dispatch, calm));
  if (channel === 'email') return { ...end(Dispatch.sent(dispatch, at)), mail: fresh };
  const browsers = channel === 'push' ? subscriptions.filter((subscription) => subscription.accountId === accountId) : [];
  const isReachable = channel === 'push' ? browsers.length > 0 : person.phone !== null;
  if (!isReachable) return end(Dispatch.drop(dispatch, 'unreachable', `there is no address for ${channel}`, at));
  return { change: claimed, load: { dispatch, notices: fresh, phone: person.phone, subscriptions: browsers } };
}
