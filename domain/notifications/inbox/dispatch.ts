import type { Change } from '../../shared/change.ts';
import { invariant } from '../../shared/invariant.ts';
import type { DispatchEvent } from './events.ts';
import type { Category, Channel } from './preferences.ts';

const MINUTE_MS = 60_000;
/** How long a failed attempt waits for the next one. After the last there is none. */
const RETRY_MS = [30_000, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS] as const;
export const DISPATCH_ATTEMPTS_MAX = RETRY_MS.length + 1;
/** Whoever took one to send it has this long; then its process is taken to be gone. */
export const DISPATCH_LEASE_MS = 2 * MINUTE_MS;
/** So many notices are told in one go; the rest is in the app. */
export const GATHERED_MAX = 50;

const NEXT = {
  pending: ['processing', 'dropped'],
  processing: ['processing', 'pending', 'sent', 'dropped'],
  sent: [],
  dropped: [],
} as const satisfies Record<string, readonly string[]>;

export type DispatchStatus = keyof typeof NEXT;
export const DISPATCH_STATUSES = Object.keys(NEXT) as readonly DispatchStatus[];
export const DISPATCH_NEXT: Readonly<Record<DispatchStatus, readonly DispatchStatus[]>> = NEXT;
export type DispatchChannel = Channel;

/** Some notices on their way to one person by one channel. */
export type Dispatch = {
  readonly id: string;
  /** Two of one key are one: a notice by a channel, or all of a window. */
  readonly key: string;
  readonly accountId: string;
  readonly channel: DispatchChannel;
  readonly category: Category;
  readonly isCritical: boolean;
  readonly noticeIds: readonly string[];
  readonly status: DispatchStatus;
  readonly attempts: number;
  /** When it is to be tried, or taken from whoever has not come back with it. */
  readonly dueAt: number;
  readonly expiresAt: number | null;
  readonly version: number;
};

type Changed = Change<Dispatch, DispatchEvent>;
type Draft = Pick<Dispatch, 'id' | 'key' | 'accountId' | 'channel' | 'category' | 'isCritical' | 'dueAt' | 'expiresAt'> & {
  readonly noticeId: string;
};

function plan({ noticeId, ...draft }: Draft, at: number): Changed {
  const state: Dispatch = { ...draft, noticeIds: [noticeId], status: 'pending', attempts: 0, version: 0 };
  return { state, events: [{ type: 'notifications.dispatch_planned', ...idsOf(state), dueAt: state.dueAt, at }] };
}

/** Adds a notice to what still waits for the end of its window; undefined once it is on its way, or knows the notice. */
function gather(dispatch: Dispatch, noticeId: string): Dispatch | undefined {
  if (dispatch.status !== 'pending' || dispatch.attempts > 0) return undefined;
  if (dispatch.noticeIds.includes(noticeId) || dispatch.noticeIds.length >= GATHERED_MAX) return dispatch;
  return { ...dispatch, noticeIds: [...dispatch.noticeIds, noticeId] };
}

/** Takes what is due in order to send it. What is too late is dropped, and so is what was taken too often and never came back. */
function claim(dispatch: Dispatch, at: number): Changed {
  if (dispatch.expiresAt !== null && dispatch.expiresAt <= at) return drop(dispatch, 'expired', 'it was too late', at);
  if (dispatch.attempts >= DISPATCH_ATTEMPTS_MAX) return drop(dispatch, 'refused', 'it never came back', at);
  return { state: moveTo({ ...dispatch, attempts: dispatch.attempts + 1, dueAt: at + DISPATCH_LEASE_MS }, 'processing'), events: [] };
}

/** Puts what was taken off until later, for it came at a bad time: that was no attempt. */
const defer = (dispatch: Dispatch, dueAt: number): Changed => ({
  state: moveTo({ ...dispatch, attempts: dispatch.attempts - 1, dueAt }, 'pending'),
  events: [],
});

function sent(dispatch: Dispatch, at: number): Changed {
  const { attempts } = dispatch;
  return { state: moveTo(dispatch, 'sent'), events: [{ type: 'notifications.dispatch_sent', ...idsOf(dispatch), attempts, at }] };
}

/** Tried again later, unless it was refused for good, this was the last time, or it would be too late. */
function refused(dispatch: Dispatch, { reason, isPermanent }: { readonly reason: string; readonly isPermanent: boolean }, at: number): Changed {
  const wait = RETRY_MS[dispatch.attempts - 1];
  if (isPermanent || wait === undefined) return drop(dispatch, 'refused', reason, at);
  if (dispatch.expiresAt !== null && at + wait >= dispatch.expiresAt) return drop(dispatch, 'expired', reason, at);
  return { state: moveTo({ ...dispatch, dueAt: at + wait }, 'pending'), events: [] };
}

type Why = Extract<DispatchEvent, { readonly type: 'notifications.dispatch_dropped' }>['why'];
function drop(dispatch: Dispatch, why: Why, reason: string, at: number): Changed {
  return { state: moveTo(dispatch, 'dropped'), events: [{ type: 'notifications.dispatch_dropped', ...idsOf(dispatch), why, reason, at }] };
}

function moveTo(dispatch: Dispatch, status: DispatchStatus): Dispatch {
  invariant(DISPATCH_NEXT[dispatch.status].includes(status), `a dispatch that is ${dispatch.status} cannot become ${status}`);
  return { ...dispatch, status };
}

const idsOf = ({ id, accountId, channel }: Dispatch) => ({ dispatchId: id, accountId, channel });

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(dispatch: Dispatch): Dispatch {
  const { id, status, attempts, noticeIds } = dispatch;
  invariant(status in NEXT, `dispatch ${id} is ${status}`);
  invariant(attempts >= 0 && attempts <= DISPATCH_ATTEMPTS_MAX, `dispatch ${id} counts its attempts`);
  invariant(noticeIds.length > 0 && noticeIds.length <= GATHERED_MAX, `dispatch ${id} tells something, and not too much`);
  return dispatch;
}

export const Dispatch = { plan, gather, claim, defer, sent, refused, drop, check };
