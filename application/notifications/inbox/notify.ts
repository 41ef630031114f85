import { Dispatch } from '#domain/notifications/inbox/dispatch.ts';
import { Notice, type NoticeFacts } from '#domain/notifications/inbox/notice.ts';
import { CHANNELS, type Channel, Preferences } from '#domain/notifications/inbox/preferences.ts';
import type { InboxTx } from './ports.ts';

/** What somebody is to be told, and by which channels it may be told besides the app. */
export type Telling = Omit<NoticeFacts, 'createdAt'> & { readonly key: string; readonly channels?: readonly Channel[] };

type Tx = Pick<InboxTx, 'notices' | 'preferences' | 'dispatches'>;

/** Tells people within another transaction: in the app at once, and by their channels when they wish it. Each key is told a person once. */
export async function notify(
  tx: Tx,
  tellings: readonly Telling[],
  { ids, at }: { readonly ids: { next(): string }; readonly at: number },
): Promise<void> {
  if (tellings.length === 0) return;
  const channelsOf = new Map(tellings.map(({ key, accountId, channels = CHANNELS }) => [`${key}/${accountId}`, channels]));
  const added = await tx.notices.add(
    tellings.map(({ key, channels: _channels, ...facts }) => Notice.create(ids.next(), key, { ...facts, createdAt: at })),
  );
  const wishes = await tx.preferences.of([...new Set(added.map(({ accountId }) => accountId))]);
  for (const notice of added) {
    const person = wishes.get(notice.accountId);
    if (!person) continue;
    for (const channel of channelsOf.get(`${notice.key}/${notice.accountId}`) ?? []) {
      if (Preferences.wants(person, notice.category, channel, notice.isCritical)) await plan(tx, notice, channel, person, { id: ids.next(), at });
    }
  }
}

/** One dispatch for the notice, or a place in the one that gathers for its window. */
async function plan(
  { dispatches }: Tx,
  notice: Notice,
  channel: Channel,
  person: Preferences,
  { id, at }: { readonly id: string; readonly at: number },
): Promise<void> {
  const { accountId, category, isCritical, expiresAt } = notice;
  const due = Preferences.dueAt(person, category, isCritical, at);
  const key = due.digest === undefined ? `${notice.id}/${channel}` : `${accountId}/${category}/${channel}/${due.at}`;
  const waiting = due.digest === undefined ? undefined : await dispatches.lockKey(key);
  const gathered = waiting && Dispatch.gather(waiting, notice.id);
  if (gathered) return dispatches.save([{ state: gathered, events: [] }]);
  const draft = { id, key: waiting ? `${key}/${id}` : key, accountId, channel, category, isCritical, dueAt: due.at };
  await dispatches.save([Dispatch.plan({ ...draft, noticeId: notice.id, expiresAt: due.digest === undefined ? expiresAt : null }, at)]);
}
