import type { InboxQueries, InboxTx } from '#application/notifications/inbox/ports.ts';
import { pageOf } from '#application/shared/page.ts';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import { Dispatch } from '#domain/notifications/inbox/dispatch.ts';
import type { Notice } from '#domain/notifications/inbox/notice.ts';
import { DEFAULT_WISHES, Preferences } from '#domain/notifications/inbox/preferences.ts';
import type { PushSubscription } from '#domain/notifications/inbox/push-subscription.ts';
import { newestFirst } from '../../paging.ts';
import type { MemoryStore } from '../../store.ts';
import type { MemoryTx } from '../../tx.ts';

const NOTICES = 'notifications.notices';
/** Which notice tells whom of what. */
const TOLD = 'notifications.told';
const PREFERENCES = 'notifications.preferences';
const DISPATCHES = 'notifications.dispatches';
const DISPATCH_KEYS = 'notifications.dispatch_keys';
const PUSH_SUBSCRIPTIONS = 'notifications.push_subscriptions';

const wishesOf = (get: (accountId: string) => Preferences | undefined, accountIds: readonly string[]): ReadonlyMap<string, Preferences> =>
  new Map(accountIds.map((accountId) => [accountId, get(accountId) ?? { ...DEFAULT_WISHES, accountId, version: 0 }]));
const isWaiting = ({ status }: Dispatch): boolean => status === 'pending' || status === 'processing';

/** What the inbox keeps, inside an open transaction. */
export const memoryInbox = (tx: MemoryTx): Omit<InboxTx, 'people' | 'mail'> => ({
  notices: memoryNotices(tx),
  preferences: {
    of: async (accountIds) => wishesOf((accountId) => tx.get<Preferences>(PREFERENCES, accountId), accountIds),
    async save({ state, events }) {
      const { accountId, version } = Preferences.check(state);
      tx.put(PREFERENCES, accountId, version, { ...state, version: version + events.length });
      tx.append({ stream: `notification_preferences:${accountId}`, version, restaurantId: null }, events);
    },
  },
  dispatches: memoryDispatches(tx),
  pushSubscriptions: memoryPushSubscriptions(tx),
});

const memoryNotices = (tx: MemoryTx): InboxTx['notices'] => ({
  async add(changes) {
    const told: Notice[] = [];
    for (const { state, events } of changes) {
      const place = `${state.key}/${state.accountId}`;
      await tx.lock(TOLD, [place]);
      if (tx.get(TOLD, place)) continue;
      tx.set(TOLD, place, { id: state.id });
      const notice = { ...state, version: state.version + events.length };
      tx.set(NOTICES, state.id, notice);
      tx.append({ stream: `notice:${state.id}`, version: state.version, restaurantId: state.restaurantId }, events);
      told.push(notice);
    }
    return told;
  },
  async lockUnread(accountId, upTo, limit) {
    const ids = tx
      .rows<Notice>(NOTICES)
      .filter((notice) => notice.accountId === accountId && notice.readAt === null && notice.id <= upTo)
      .slice(0, limit)
      .map(({ id }) => id);
    await tx.lock(NOTICES, ids);
    return ids.flatMap((id) => tx.get<Notice>(NOTICES, id) ?? []).filter(({ readAt }) => readAt === null);
  },
  async lock(noticeId) {
    await tx.lock(NOTICES, [noticeId]);
    return tx.get<Notice>(NOTICES, noticeId);
  },
  some: async (noticeIds) => [...noticeIds].sort().flatMap((id) => tx.get<Notice>(NOTICES, id) ?? []),
  async save(changes) {
    for (const { state, events } of changes) {
      tx.set(NOTICES, state.id, { ...state, version: state.version + events.length });
      tx.append({ stream: `notice:${state.id}`, version: state.version, restaurantId: state.restaurantId }, events);
    }
  },
  async forget(createdBefore, limit) {
    const old = tx
      .rows<Notice>(NOTICES)
      .filter(({ createdAt }) => createdAt < createdBefore)
      .slice(0, limit);
    for (const { id, key, accountId } of old) {
      tx.delete(NOTICES, id);
      tx.delete(TOLD, `${key}/${accountId}`);
    }
    return old.length;
  },
});

const memoryDispatches = (tx: MemoryTx): InboxTx['dispatches'] => ({
  async lockKey(key) {
    await tx.lock(DISPATCH_KEYS, [key]);
    const known = tx.get<{ readonly id: string }>(DISPATCH_KEYS, key);
    return known && this.lock(known.id);
  },
  async lock(dispatchId) {
    await tx.lock(DISPATCHES, [dispatchId]);
    return tx.get<Dispatch>(DISPATCHES, dispatchId);
  },
  async due(at, limit) {
    const due = tx
      .rows<Dispatch>(DISPATCHES)
      .filter((dispatch) => isWaiting(dispatch) && dispatch.dueAt <= at)
      .sort((a, b) => a.dueAt - b.dueAt)
      .slice(0, limit);
    await tx.lock(
      DISPATCHES,
      due.map(({ id }) => id),
    );
    // Another may have taken them while this one waited.
    return due
      .flatMap(({ id }) => tx.get<Dispatch>(DISPATCHES, id) ?? [])
      .filter((dispatch) => isWaiting(dispatch) && dispatch.dueAt <= at)
      .sort((a, b) => Number(b.isCritical) - Number(a.isCritical) || a.dueAt - b.dueAt);
  },
  async save(changes) {
    for (const { state, events } of changes) {
      const { id, key, version } = Dispatch.check(state);
      const known = tx.get<{ readonly id: string }>(DISPATCH_KEYS, key);
      if (known && known.id !== id) throw new WriteConflict('somebody else gathers for the same window');
      if (!known) tx.set(DISPATCH_KEYS, key, { id });
      tx.set(DISPATCHES, id, { ...state, version: version + events.length });
      tx.append({ stream: `dispatch:${id}`, version, restaurantId: null }, events);
    }
  },
  async forget(dueBefore, limit) {
    const old = tx
      .rows<Dispatch>(DISPATCHES)
      .filter((dispatch) => !isWaiting(dispatch) && dispatch.dueAt < dueBefore)
      .slice(0, limit);
    for (const { id, key } of old) {
      tx.delete(DISPATCHES, id);
      tx.delete(DISPATCH_KEYS, key);
    }
    return old.length;
  },
});

const memoryPushSubscriptions = (tx: MemoryTx): InboxTx['pushSubscriptions'] => {
  const of = (accountIds: readonly string[]) =>
    tx.rows<PushSubscription>(PUSH_SUBSCRIPTIONS).filter((subscription) => accountIds.includes(subscription.accountId));
  return {
    of: async (accountIds) => of(accountIds),
    async lockOf(accountId) {
      await tx.lock(PUSH_SUBSCRIPTIONS, [`all of ${accountId}`]);
      return of([accountId]);
    },
    async byKey(key) {
      await tx.lock(PUSH_SUBSCRIPTIONS, [`key ${key}`]);
      return tx.rows<PushSubscription>(PUSH_SUBSCRIPTIONS).find((subscription) => subscription.key === key);
    },
    async save({ state, events }) {
      tx.set(PUSH_SUBSCRIPTIONS, state.id, { ...state, version: state.version + events.length });
      tx.append({ stream: `push_subscription:${state.id}`, version: state.version, restaurantId: null }, events);
    },
    async remove({ state: { id, version }, events }) {
      if (!tx.get(PUSH_SUBSCRIPTIONS, id)) return;
      tx.delete(PUSH_SUBSCRIPTIONS, id);
      tx.append({ stream: `push_subscription:${id}`, version, restaurantId: null }, events);
    },
  };
};

export const memoryInboxQueries = (store: MemoryStore): InboxQueries => {
  const noticesOf = (accountId: string) => store.rows<Notice>(NOTICES).filter((notice) => notice.accountId === accountId);
  return {
    async notices(accountId, { unread }, page) {
      const rows = noticesOf(accountId).filter(({ readAt }) => unread !== true || readAt === null);
      return pageOf(
        newestFirst(rows, ({ id }) => id, page),
        page.limit,
        ({ id }) => id,
        (notice) => notice,
      );
    },
    unread: async (accountId) => Math.min(1_000, noticesOf(accountId).filter(({ readAt }) => readAt === null).length),
    preferences: async (accountId) => wishesOf((id) => store.row<Preferences>(PREFERENCES, id), [accountId]).get(accountId) as Preferences,
    pushSubscriptions: async (accountId) => store.rows<PushSubscription>(PUSH_SUBSCRIPTIONS).filter((one) => one.accountId === accountId),
  };
};
