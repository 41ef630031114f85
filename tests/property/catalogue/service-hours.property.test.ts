import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isServedAt, nextOpening, wallClockAt } from '#domain/catalogue/service-hours.ts';
import { holdsAt, type Weekday, type WeeklyHours } from '#domain/shared/weekly-hours.ts';

const MINUTE = 60_000;
const DAY = 1_440;
const WEEK = 7 * DAY;
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** A week before and a week after a clock change; where there is none, any two weeks. */
const CHANGES = [
  ['Europe/London', '2026-03-29T01:00:00Z'],
  ['Europe/London', '2026-10-25T01:00:00Z'],
  ['America/New_York', '2026-03-08T07:00:00Z'],
  ['America/New_York', '2026-11-01T06:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
  ['Asia/Kolkata', '2026-11-21T00:00:00Z'],
] as const;

/** The minute of the week that clocks in the zone show at every minute from a week before the instant, told by Intl and not by Temporal. */
function wallClocks(zone: string, around: string, days: number): { readonly start: number; readonly minutes: Uint16Array } {
  const start = Date.parse(around) - 7 * DAY * MINUTE;
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const minutes = Uint16Array.from({ length: days * DAY }, (_, i) => {
    const parts = Object.fromEntries(format.formatToParts(start + i * MINUTE).map(({ type, value }) => [type, value]));
    return DAYS.indexOf(parts['weekday'] as string) * DAY + Number(parts['hour']) * 60 + Number(parts['minute']);
  });
  return { start, minutes };
}

/** Paints every minute of a week that a window covers, one after the other. */
function painted(hours: WeeklyHours): Uint8Array {
  const week = new Uint8Array(WEEK);
  const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  for (const { day, from, to } of hours) {
    const start = (day - 1) * DAY + minutesOf(from);
    let end = (day - 1) * DAY + minutesOf(to);
    if (end <= start) end += DAY;
    for (let minute = start; minute < end; minute++) week[minute % WEEK] = 1;
  }
  return week;
}

const time = (max: number) =>
  // Clock changes come at the small hours, so half of the times do too.
  fc
    .oneof(fc.integer({ min: 0, max }), fc.integer({ min: 0, max: 240 }), fc.constantFrom(0, 60, 90, 120, 150, 180, 1_439))
    .map((minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`);
const weekday = fc.oneof(fc.integer({ min: 1, max: 7 }), fc.constant(7)).map((day) => day as Weekday); // Clocks change on Sundays.
const window = fc.record({ day: weekday, from: time(1_439), to: time(1_440) });
const weeklyHours = fc.array(window, { maxLength: 5 });

/** Seconds from the start of the fortnight: any, and the hours around the change. */
const moment = fc.oneof(
  fc.integer({ min: 0, max: 14 * DAY * 60 - 1 }),
  fc.integer({ min: -4 * 3_600, max: 4 * 3_600 }).map((seconds) => 7 * DAY * 60 + seconds),
);

describe.each(CHANGES)('hours in %s around %s', (zone, change) => {
  const fortnight = wallClocks(zone, change, 14);
  const month = wallClocks(zone, change, 30);

  it('hold at exactly the minutes their windows cover on the wall', () => {
    fc.assert(
      fc.property(weeklyHours, (hours) => {
        const week = painted(hours);
        const wrong: string[] = [];
        for (const [i, minute] of fortnight.minutes.entries()) {
          const at = fortnight.start + i * MINUTE + 59_999;
          const expected = week[minute] === 1;
          if (holdsAt(hours, zone, at) !== expected) wrong.push(`holdsAt ${new Date(at).toISOString()}`);
        }
        expect(wrong).toEqual([]);
      }),
      {
        numRuns: 4,
        examples: [
          [
            [
              { day: 7, from: '01:30', to: '02:15' },
              { day: 6, from: '22:00', to: '02:30' },
            ],
          ],
          [[]],
        ],
      },
    );
  });

  it('open next at the first minute at which they all hold', () => {
    fc.assert(
      fc.property(fc.array(weeklyHours, { minLength: 1, maxLength: 2 }), moment, (hours, second) => {
        const instant = month.start + second * 1_000;
        fc.pre(!isServedAt(hours, wallClockAt(zone, instant)));
        const weeks = hours.map(painted);
        const after = Math.floor(second / 60) + 1;
        const first = month.minutes.findIndex((minute, i) => i >= after && i < after + 14 * DAY && weeks.every((week) => week[minute] === 1));
        const opening = nextOpening(hours, zone, instant);
        if (first === -1) expect(opening === undefined || opening >= instant + 14 * DAY * MINUTE).toBe(true);
        else expect(opening).toBe(month.start + first * MINUTE);
      }),
      { numRuns: 300 },
    );
  });
});
