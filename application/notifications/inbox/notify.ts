import { distinct } from '#application/shared/distinct.ts';
import { together } from '#application/shared/together.ts';
import { Dispatch } from '#domain/notifications/inbox/dispatch.ts';
import { Notice, type NoticeFacts } from '#domain/notifications/inbox/notice.ts';
import { CHANNELS, type Channel, Preferences } from '#domain/notifications/inbox/preferences.ts';
import type { InboxTx } from './ports.ts';

/** What somebody is to be told, and by which channels it may be told besides the app. */
export type Telling = NoticeFacts & { readonly key: string; readonly channels?: readonly Channel[] };

export type NotifyTx = Pick<InboxTx, 'notices' | 'preferences' | 'dispatches' | 'people' | 'pushSubscriptions'>;
type Ids = { next(): string };
type Planned = { readonly notice: Notice; readonly channel: Channel; readonly person: Preferences };
type Change = ReturnType<typeof Dispatch.plan>;

/** Tells people within another transaction: in the app at once, and by their channels when they wish it. Each key is told a person once. */
export async function notify(tx: NotifyTx, tellings: readonly Telling[], ids: Ids): Promise<void> {
  if (tellings.length === 0) return;
  const channelsOf = new Map(tellings.map(({ key, accountId, channels = CHANNELS }) => [`${key}/${accountId}`, channels]));
  const added = await tx.notices.add(tellings.map(({ key, channels: _channels, ...facts }) => Notice.create(ids.next(), key, facts)));
  const accountIds = distinct(added.map(({ accountId }) => accountId));
  const [wishes, reach] = await together(tx.preferences.of(accountIds), reachOf(tx, accountIds));
  const planned = added.flatMap((notice): Planned[] => {
    const person = wishes.get(notice.accountId);
    if (!person) return [];
    return (channelsOf.get(`${notice.key}/${notice.accountId}`) ?? [])
      .filter((channel) => Preferences.wants(person, notice.category, channel, notice.isCritical) && reach.get(notice.accountId)?.has(channel))
      .map((channel) => ({ notice, channel, person }));
  });
  await dispatch(tx, planned, ids);
}

/** By which channels people can be told now: nobody by any whose account is closed. */
async function reachOf({ people, pushSubscriptions }: NotifyTx, accountIds: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<Channel>>> {
  const [found, subscriptions] = await together(people.some(accountIds), pushSubscriptions.of(accountIds));
  const isPushed = new Set(subscriptions.map(({ accountId }) => accountId));
  return new Map(
    [...found].map(([accountId, { phone }]) => {
      const channels = CHANNELS.filter((channel) => (channel === 'sms' ? phone !== null : channel !== 'push' || isPushed.has(accountId)));
      return [accountId, new Set(channels)];
    }),
  );
}

/** One dispatch for each, or a place in the one that gathers for its window. */
async function dispatch({ dispatches }: NotifyTx, planned: readonly Planned[], ids: Ids): Promise<void> {
  const changes = new Map<string, Change>();
  for (const { notice, channel, person } of planned) {
    const { accountId, category, isCritical, createdAt: at, expiresAt } = notice;
    const due = Preferences.dueAt(person, category, isCritical, at);
    const draft = { id: ids.next(), accountId, channel, category, isCritical, dueAt: due.at, noticeId: notice.id };
    if (due.digest === undefined) {
      const key = `${notice.id}/${channel}`;
      changes.set(key, Dispatch.plan({ ...draft, key, expiresAt }, at));
      continue;
    }
    const key = `${accountId}/${category}/${channel}/${due.at}`;
    const waiting = changes.get(key) ?? keptAs(await dispatches.lockKey(key));
    const gathered = waiting && Dispatch.gather(waiting.state, notice.id);
    if (waiting && gathered) changes.set(key, { ...waiting, state: gathered });
    else {
      const own = waiting ? `${key}/${draft.id}` : key;
      changes.set(own, Dispatch.plan({ ...draft, key: own, expiresAt: null }, at));
    }
  }
  if (changes.size > 0) await dispatches.save([...changes.values()]);
}

const keptAs = (state: Dispatch | undefined): Change | undefined => state && { state, events: [] };
