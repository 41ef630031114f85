import { holdsAtWallClock, type WeeklyHours } from '../shared/weekly-hours.ts';

/** A weekday and a minute of it, as a clock on the restaurant's wall shows them. */
export type WallClock = { readonly dayOfWeek: number; readonly minuteOfDay: number };

/** Two weeks, so that an opening that falls into the hour a clock change skips is found the week after. */
const HORIZON_DAYS = 15;

export function wallClockAt(zone: string, instant: number): WallClock {
  return wallClockOf(Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone));
}

/** Whether every one of the hours holds; none at all is always. */
export const isServedAt = (hours: readonly WeeklyHours[], { dayOfWeek, minuteOfDay }: WallClock): boolean =>
  hours.every((windows) => holdsAtWallClock(windows, dayOfWeek, minuteOfDay));

/** The first instant after `instant` at which every one of the hours holds; undefined when that never comes. Asked while closed. */
export function nextOpening(hours: readonly WeeklyHours[], zone: string, instant: number): number | undefined {
  const now = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  const starts = [...new Set(['00:00', ...hours.flatMap((windows) => windows.map(({ from }) => from))])];
  const shift = now.getTimeZoneTransition('next');

  for (let day = 0; day <= HORIZON_DAYS; day++) {
    const date = now.toPlainDate().add({ days: day });
    const openings = starts
      .filter((time) => isServedAt(hours, { dayOfWeek: date.dayOfWeek, minuteOfDay: minuteOf(time) }))
      // A time that a clock change repeats comes twice; one that it skips never does, and the change itself may open instead.
      .flatMap((time) =>
        (['earlier', 'later'] as const).map((disambiguation) => date.toPlainDateTime(time).toZonedDateTime(zone, { disambiguation })),
      )
      .concat(shift?.toPlainDate().equals(date) ? [shift] : [])
      .filter((at) => at.epochMilliseconds > instant && isServedAt(hours, wallClockOf(at)))
      .map((at) => at.epochMilliseconds);
    if (openings.length > 0) return Math.min(...openings);
  }
  return undefined;
}

const wallClockOf = ({ dayOfWeek, hour, minute }: Temporal.ZonedDateTime): WallClock => ({ dayOfWeek, minuteOfDay: hour * 60 + minute });
const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
