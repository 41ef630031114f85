import type { Page, PageRequest } from '#application/shared/page.ts';
import type { Clock, Ids, Log } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { Dispatch } from '#domain/notifications/inbox/dispatch.ts';
import type { DispatchEvent, NoticeEvent, PreferencesEvent, PushSubscriptionEvent } from '#domain/notifications/inbox/events.ts';
import type { Notice } from '#domain/notifications/inbox/notice.ts';
import type { Preferences } from '#domain/notifications/inbox/preferences.ts';
import type { PushAddress, PushSubscription } from '#domain/notifications/inbox/push-subscription.ts';
import type { Change } from '#domain/shared/change.ts';

export type Notices = {
  /** Adds those that their readers have not been told under the same key; which these were. */
  add(changes: readonly Change<Notice, NoticeEvent>[]): Promise<readonly Notice[]>;
  /** The unread notices of a person up to one of them, at most so many, the oldest first; nobody else writes them until the transaction ends. */
  lockUnread(accountId: string, upTo: string, limit: number): Promise<readonly Notice[]>;
  lock(noticeId: string): Promise<Notice | undefined>;
  some(noticeIds: readonly string[]): Promise<readonly Notice[]>;
  /** Writes notices that are locked. */
  save(changes: readonly Change<Notice, NoticeEvent>[]): Promise<void>;
  /** Drops notices that were made before, at most so many; how many. */
  forget(createdBefore: number, limit: number): Promise<number>;
};

export type AllPreferences = {
  /** Of each person, what they wish, or what is done for who never said anything. */
  of(accountIds: readonly string[]): Promise<ReadonlyMap<string, Preferences>>;
  /** Writes the state and its events, or throws WriteConflict. */
  save(change: Change<Preferences, PreferencesEvent>): Promise<void>;
};

export type Dispatches = {
  /** The one of a key that was not sent yet; nobody else writes it until the transaction ends. */
  lockKey(key: string): Promise<Dispatch | undefined>;
  /** What is to be sent now, the critical before the others and then the longest waiting; no other transaction gets it until this one ends. */
  due(at: number, limit: number): Promise<readonly Dispatch[]>;
  lock(dispatchId: string): Promise<Dispatch | undefined>;
  /** Writes what is new, or what is locked. */
  save(changes: readonly Change<Dispatch, DispatchEvent>[]): Promise<void>;
  forget(dueBefore: number, limit: number): Promise<number>;
};

export type PushSubscriptions = {
  /** Those of some people. */
  of(accountIds: readonly string[]): Promise<readonly PushSubscription[]>;
  /** Those of a person; nobody adds any to them until the transaction ends. */
  lockOf(accountId: string): Promise<readonly PushSubscription[]>;
  byKey(key: string): Promise<PushSubscription | undefined>;
  save(change: Change<PushSubscription, PushSubscriptionEvent>): Promise<void>;
  remove(change: Change<PushSubscription, PushSubscriptionEvent>): Promise<void>;
};

export type InboxQueries = {
  /** Newest first. */
  notices(accountId: string, filter: { readonly unread?: true }, page: PageRequest): Promise<Page<Notice>>;
  /** How many are unread; counted up to 1,000. */
  unread(accountId: string): Promise<number>;
  preferences(accountId: string): Promise<Preferences>;
  pushSubscriptions(accountId: string): Promise<readonly PushSubscription[]>;
};

/** What came of ringing somebody. `gone`: there is nobody at that address any more. `reason` is for operators and holds no address. */
export type Rung =
  | { readonly outcome: 'sent' }
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'refused'; readonly reason: string; readonly isPermanent: boolean };

/** A text message. `id` is the same however often it is tried. */
export type Sms = { send(message: { readonly id: string; readonly to: string; readonly text: string }): Promise<Rung> };

export type PushMessage = {
  readonly id: string;
  readonly address: PushAddress;
  readonly payload: string;
  readonly ttlSeconds: number;
  readonly isUrgent: boolean;
};
export type Push = {
  /** What browsers subscribe with. */
  readonly publicKey: string;
  /** Whether an address is one that may be rung from here. */
  isAllowed(endpoint: string): Promise<boolean>;
  send(message: PushMessage): Promise<Rung>;
};

/** Keeps what only sending needs; the context ties it to its row. */
export type Seal = { seal(text: string, context: string): string; open(sealed: string, context: string): string };
/** The same for the same, and leading back to nothing. */
export type Digests = { of(text: string): string };

/** Who people are; identity answers. Nobody is there who is not to be written to. */
export type People = { some(accountIds: readonly string[]): Promise<ReadonlyMap<string, { readonly phone: string | null }>> };
/** Mails notices in the transaction; the mail is written like every other. */
export type NoticeMail = { enqueue(mail: { readonly key: string; readonly accountId: string; readonly notices: readonly Notice[] }): Promise<void> };

export type InboxTx = {
  readonly notices: Notices;
  readonly preferences: AllPreferences;
  readonly dispatches: Dispatches;
  readonly pushSubscriptions: PushSubscriptions;
  readonly people: People;
  readonly mail: NoticeMail;
};
export type InboxDeps = {
  readonly uow: UnitOfWork<InboxTx>;
  readonly queries: InboxQueries;
  readonly sms: Sms;
  readonly push: Push;
  readonly seal: Seal;
  readonly digests: Digests;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
};
