import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATEGORIES, CHANNELS, DEFAULT_WISHES, DIGESTS, Preferences, type Wishes } from '#domain/notifications/inbox/preferences.ts';

const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
/** Zones that turn their clocks, by an hour and by half of one, and ones that do not. */
const zone = fc.constantFrom('Asia/Kolkata', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC');
const instant = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) });
const wishes = fc.record({
  timeZone: zone,
  channels: fc.constant(DEFAULT_WISHES.channels),
  digests: fc.dictionary(fc.constantFrom(...CATEGORIES), fc.constantFrom(...DIGESTS)) as fc.Arbitrary<Wishes['digests']>,
  quietHours: fc.option(fc.record({ from: time, to: time })),
});
const minuteOf = (at: number, timeZone: string): number => {
  const { hour, minute } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  return hour * 60 + minute;
};
const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
const isQuiet = ({ quietHours, timeZone }: Wishes, at: number): boolean => {
  if (quietHours === null) return false;
  const [now, from, to] = [minuteOf(at, timeZone), minutes(quietHours.from), minutes(quietHours.to)];
  return from <= to ? now >= from && now < to : now >= from || now < to;
};
const DAY_MS = 86_400_000;

describe('when people are told', () => {
  it('is at once or later, never in their quiet hours, and within two days', () => {
    fc.assert(
      fc.property(wishes, instant, fc.constantFrom(...CATEGORIES), (wish, at, category) => {
        const due = Preferences.dueAt(wish, category, false, at);
        expect(due.at).toBeGreaterThanOrEqual(at);
        expect(due.at - at).toBeLessThan(2.1 * DAY_MS);
        expect(isQuiet(wish, due.at)).toBe(false);
        if (due.digest === undefined && !isQuiet(wish, at)) expect(due.at).toBe(at);
        expect(due.digest).toBe(wish.digests[category]);
      }),
      { numRuns: 500 },
    );
  });

  it('is at once for what cannot wait', () => {
    fc.assert(
      fc.property(wishes, instant, fc.constantFrom(...CATEGORIES), (wish, at, category) => {
        expect(Preferences.dueAt(wish, category, true, at)).toEqual({ at, digest: undefined });
      }),
    );
  });

  it('is the same for all that falls into one window of a digest', () => {
    fc.assert(
      fc.property(zone, instant, fc.constantFrom(...DIGESTS), fc.double({ min: 0, max: 1, noNaN: true }), (timeZone, at, digest, share) => {
        const wish: Wishes = { ...DEFAULT_WISHES, timeZone, digests: { stock: digest } };
        const end = Preferences.dueAt(wish, 'stock', false, at).at;
        const between = Math.floor(at + (end - 1 - at) * share);
        expect(Preferences.dueAt(wish, 'stock', false, between).at).toBe(end);
        if (digest === 'daily') expect(minuteOf(end, timeZone)).toBe(8 * 60);
        else expect(minuteOf(end, timeZone) % 60).toBe(0);
      }),
    );
  });
});

describe('what people wish', () => {
  it('is kept as they said, but for mail about their security, which stays', () => {
    const nothing = Object.fromEntries(CATEGORIES.map((category) => [category, { email: false, sms: false, push: false }])) as Wishes['channels'];
    const before = { ...DEFAULT_WISHES, accountId: 'a', version: 3 };
    const changed = Preferences.change(before, { ...DEFAULT_WISHES, channels: nothing }, 3, 0);
    if (!changed.ok) throw new Error('nothing speaks against it');
    const { state } = changed.value;
    for (const category of CATEGORIES)
      for (const channel of CHANNELS) expect(state.channels[category][channel]).toBe(category === 'security' && channel === 'email');
    expect(Preferences.wants(state, 'orders', 'push', false)).toBe(false);
    expect(Preferences.wants(state, 'orders', 'push', true)).toBe(true);
    expect(Preferences.wants(state, 'orders', 'sms', true)).toBe(false);
    expect(Preferences.change(before, DEFAULT_WISHES, 2, 0)).toMatchObject({ error: { code: 'notifications.changed_meanwhile', version: 3 } });
    expect(Preferences.change(before, { ...DEFAULT_WISHES, timeZone: '+05:30' }, 3, 0)).toMatchObject({
      error: { code: 'notifications.time_zone_unknown' },
    });
  });
});
