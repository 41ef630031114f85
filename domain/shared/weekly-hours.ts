import { err, ok, type Result } from './result.ts';

/** ISO days: 1 is Monday, 7 is Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/**
 * One stretch of a week, in the restaurant's own wall-clock time, from `from` (inclusive) to `to` (exclusive), as `HH:MM`.
 * A stretch that ends at or before its start crosses midnight into the next day; `24:00` is the end of the day itself.
 */
export type Window = { readonly day: Weekday; readonly from: string; readonly to: string };

/** When something holds. No windows at all means never. */
export type WeeklyHours = readonly Window[];

export const WINDOWS_MAX = 70;
const DAY_MINUTES = 24 * 60;
const DAYS = [1, 2, 3, 4, 5, 6, 7] as const;

export const AROUND_THE_CLOCK: WeeklyHours = DAYS.map((day) => ({ day, from: '00:00', to: '24:00' }));

/** Refuses a malformed time; `index` says which window. */
export function parseWeeklyHours(windows: WeeklyHours): Result<WeeklyHours, { readonly index: number }> {
  const index = windows.findIndex(({ day, from, to }) => !DAYS.includes(day) || !isTime(from) || from === '24:00' || !isTime(to));
  return index === -1 && windows.length <= WINDOWS_MAX ? ok(windows) : err({ index: index === -1 ? WINDOWS_MAX : index });
}

/** Whether an instant (epoch ms) falls in a window, by the wall clock of the zone, whatever DST did that night. */
export function holdsAt(windows: WeeklyHours, zone: string, instant: number): boolean {
  const { dayOfWeek, hour, minute } = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  return holdsAtWallClock(windows, dayOfWeek, hour * 60 + minute);
}

/** The same question for a weekday and a minute of that day. */
export function holdsAtWallClock(windows: WeeklyHours, dayOfWeek: number, minuteOfDay: number): boolean {
  return windows.some((window) => {
    const from = minutes(window.from);
    const to = minutes(window.to);
    if (to > from) return window.day === dayOfWeek && minuteOfDay >= from && minuteOfDay < to;
    const next = (window.day % 7) + 1;
    return (window.day === dayOfWeek && minuteOfDay >= from) || (next === dayOfWeek && minuteOfDay < to);
  });
}

/** The calendar date in a zone at an instant, `YYYY-MM-DD`, where a business day starts at `startsAt` (`HH:MM`). */
export function businessDay(zone: string, instant: number, startsAt = '00:00'): string {
  const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  const early = local.hour * 60 + local.minute < minutes(startsAt);
  return local
    .toPlainDate()
    .subtract({ days: early ? 1 : 0 })
    .toString();
}

export function isTimeZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return /^[A-Za-z]/.test(zone); // A bare offset is not a place: it knows no DST.
  } catch {
    return false;
  }
}

function isTime(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text) || text === '24:00';
}

function minutes(time: string): number {
  const total = Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
  return Math.min(total, DAY_MINUTES);
}
