import type { Change } from '../../shared/change.ts';
import { invariant } from '../../shared/invariant.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { isTimeZone } from '../../shared/weekly-hours.ts';
import type { InboxErrorOf } from './errors.ts';
import type { PreferencesEvent } from './events.ts';

/** What people are told about. Of `security` they are always told, by mail at least. */
export const CATEGORIES = ['orders', 'payments', 'support', 'stock', 'staff', 'security', 'marketing'] as const;
export type Category = (typeof CATEGORIES)[number];

/** Besides the app itself, where everything is. */
export const CHANNELS = ['email', 'sms', 'push'] as const;
export type Channel = (typeof CHANNELS)[number];

export const DIGESTS = ['hourly', 'daily'] as const;
export type Digest = (typeof DIGESTS)[number];

/** No bells between two times of day by the person's own clock; `to` may be the next morning. */
export type QuietHours = { readonly from: string; readonly to: string };

type Choices = { readonly [C in Category]: { readonly [Name in Channel]: boolean } };
export type Preferences = {
  readonly accountId: string;
  readonly timeZone: string;
  readonly channels: Choices;
  /** What is gathered and told in one go; what is not here is told at once. */
  readonly digests: { readonly [C in Category]?: Digest };
  readonly quietHours: QuietHours | null;
  readonly version: number;
};
export type Wishes = Omit<Preferences, 'accountId' | 'version'>;

const on = (...channels: readonly Channel[]) => ({
  email: channels.includes('email'),
  sms: channels.includes('sms'),
  push: channels.includes('push'),
});

/** For who never said anything. */
export const DEFAULT_WISHES: Wishes = {
  timeZone: 'Asia/Kolkata',
  channels: {
    orders: on('email', 'push'),
    payments: on('email', 'push'),
    support: on('email', 'push'),
    stock: on('email', 'push'),
    staff: on('email', 'push'),
    security: on('email', 'push'),
    marketing: on(),
  },
  digests: {},
  quietHours: null,
};

/** The morning hour at which a day's digest goes out. */
const DIGEST_HOUR = 8;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** `expected` is the version that whoever changes them has seen, if they care. */
function change(
  preferences: Preferences,
  wishes: Wishes,
  expected: number | undefined,
  at: number,
): Result<Change<Preferences, PreferencesEvent>, InboxErrorOf<'notifications.time_zone_unknown' | 'notifications.changed_meanwhile'>> {
  const { accountId, version } = preferences;
  if (expected !== undefined && expected !== version) return err({ code: 'notifications.changed_meanwhile', version });
  if (!isTimeZone(wishes.timeZone)) return err({ code: 'notifications.time_zone_unknown', timeZone: wishes.timeZone });
  const channels = { ...wishes.channels, security: { ...wishes.channels.security, email: true } };
  const state: Preferences = { ...wishes, channels, accountId, version };
  return ok({ state, events: [{ type: 'notifications.preferences_changed', accountId, preferences: { ...wishes, channels }, at }] });
}

/** Whether somebody wants to be told of such a thing in such a way; what is critical is told wherever there is a bell. */
const wants = ({ channels }: Wishes, category: Category, channel: Channel, isCritical: boolean): boolean =>
  channels[category][channel] || (isCritical && channel === 'push');

/** When somebody is to be told of what happens now: at once, after their quiet hours, or with the rest of the hour or the day. */
function dueAt(wishes: Wishes, category: Category, isCritical: boolean, at: number): { readonly at: number; readonly digest: Digest | undefined } {
  if (isCritical) return { at, digest: undefined };
  const digest = wishes.digests[category];
  const gathered = digest === undefined ? at : digestEnd(digest, wishes.timeZone, at);
  return { at: afterQuiet(wishes, gathered), digest };
}

/** The end of the window that an instant falls in: the next full hour, or the next morning. */
function digestEnd(digest: Digest, zone: string, at: number): number {
  const now = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  if (digest === 'hourly') return now.round({ smallestUnit: 'hour', roundingMode: 'floor' }).add({ hours: 1 }).epochMilliseconds;
  const morning = now.toPlainDate().toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from({ hour: DIGEST_HOUR }) });
  if (morning.epochMilliseconds > at) return morning.epochMilliseconds;
  return now
    .toPlainDate()
    .add({ days: 1 })
    .toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from({ hour: DIGEST_HOUR }) }).epochMilliseconds;
}

/** The same instant, or the end of the quiet hours that it falls in. */
function afterQuiet({ quietHours, timeZone }: Pick<Wishes, 'quietHours' | 'timeZone'>, at: number): number {
  if (quietHours === null || quietHours.from === quietHours.to) return at;
  const now = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  const [clock, from, to] = [now.toPlainTime(), Temporal.PlainTime.from(quietHours.from), Temporal.PlainTime.from(quietHours.to)];
  const isBefore = (one: Temporal.PlainTime, other: Temporal.PlainTime): boolean => Temporal.PlainTime.compare(one, other) < 0;
  const wraps = isBefore(to, from);
  const isQuiet = wraps ? !isBefore(clock, from) || isBefore(clock, to) : !isBefore(clock, from) && isBefore(clock, to);
  if (!isQuiet) return at;
  const endsTomorrow = wraps && !isBefore(clock, from);
  const end = now
    .toPlainDate()
    .add({ days: endsTomorrow ? 1 : 0 })
    .toZonedDateTime({ timeZone, plainTime: to });
  return Math.max(at, end.epochMilliseconds);
}

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(preferences: Preferences): Preferences {
  const { accountId, quietHours, channels } = preferences;
  invariant(quietHours === null || (TIME.test(quietHours.from) && TIME.test(quietHours.to)), `the quiet hours of ${accountId} are times`);
  invariant(channels.security.email, `${accountId} is told of what concerns their security`);
  return preferences;
}

export const Preferences = { change, wants, dueAt, afterQuiet, check };
