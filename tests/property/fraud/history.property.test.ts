import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, History, HOUR_MS, KEPT, MINUTE_MS, OBSERVED, type Observation } from '#domain/fraud/history.ts';

const AT = 1_764_000_000_000;
const WINDOWS = [10 * MINUTE_MS, HOUR_MS, DAY_MS, 7 * DAY_MS, 30 * DAY_MS];

/** Close together and far apart, often at the very same time, sometimes told twice. */
const observation = fc.record({
  id: fc.integer({ min: 0, max: 400 }).map(String),
  at: fc
    .oneof(
      fc.integer({ min: 0, max: 20 }).map((n) => n * 10 * MINUTE_MS),
      fc.integer({ min: 0, max: 40 * DAY_MS }),
    )
    .map((ago) => AT - ago),
  what: fc.constantFrom(...OBSERVED),
  amount: fc.integer({ min: 0, max: 5_000_00 }),
  customer: fc.constantFrom('a', 'b', 'c', 'd'),
  place: fc.constantFrom({ lat: 18.52, lng: 73.86 }, { lat: -33.87, lng: 151.21 }),
}) satisfies fc.Arbitrary<Observation>;
const few = fc.array(observation, { maxLength: 60 });
const many = fc.array(observation, { minLength: KEPT.customer, maxLength: 3 * KEPT.customer });
const take = (all: readonly Observation[], kind: 'customer' | 'restaurant' = 'customer') => all.reduce(History.observe, History.empty(kind, 'k'));
const byTime = (all: readonly Observation[]) => all.toSorted((a, b) => a.at - b.at || (`${a.what}:${a.id}` < `${b.what}:${b.id}` ? -1 : 1));
/** The same thing told at two times is two things told wrongly: each is told at one time only. */
const distinct = (all: readonly Observation[]) => [...new Map(all.map((one) => [`${one.at} ${one.what} ${one.id}`, one])).values()];

describe('a history', () => {
  it('counts every window as counting by hand does, up to what it keeps', () => {
    fc.assert(
      fc.property(fc.oneof(few, many), fc.integer({ min: 0, max: 2 * DAY_MS }), (told, later) => {
        const all = distinct(told);
        const history = History.check(take(byTime(all)));
        const now = AT + later;
        const kept = byTime(all).slice(-KEPT.customer);
        for (const span of WINDOWS) {
          const inside = kept.filter(({ at }) => at > now - span && at <= now);
          for (const what of OBSERVED) expect(History.count(history, now, span, what)).toBe(inside.filter((one) => one.what === what).length);
          expect(History.values(history, now, span, 'customer')).toEqual(
            new Set(inside.filter(({ what }) => what !== 'fraud' && what !== 'cleared').map(({ customer }) => customer)),
          );
          expect(History.spent(history, now, span)).toBe(
            inside.filter(({ what }) => what === 'attempt').reduce((sum, { amount }) => sum + (amount ?? 0), 0),
          );
        }
      }),
    );
  });

  it('forgets no total, however little it keeps', () => {
    fc.assert(
      fc.property(many, (told) => {
        const all = distinct(told);
        const { counts, amounts, refunded, places } = History.totals(take(byTime(all)), AT);
        for (const what of OBSERVED) expect(counts[what]).toBe(all.filter((one) => one.what === what).length);
        const completed = all.filter(({ what }) => what === 'completed').map(({ amount }) => Math.round((amount ?? 0) / 100));
        expect(amounts).toEqual({
          count: completed.length,
          sum: completed.reduce((sum, one) => sum + one, 0),
          squares: completed.reduce((sum, one) => sum + one * one, 0),
        });
        expect(refunded).toBe(all.filter(({ what }) => what === 'refund').reduce((sum, { amount }) => sum + Math.round((amount ?? 0) / 100), 0));
        expect(places.count).toBe(all.filter(({ what }) => what === 'paid' || what === 'completed').length);
      }),
    );
  });

  it('is the same in whatever order it is told, and told again it does not change', () => {
    fc.assert(
      fc.property(few, fc.infiniteStream(fc.nat()), (told, chance) => {
        const all = distinct(told);
        const ranks = new Map(all.map((one) => [one, chance.next().value]));
        const shuffled = all.toSorted((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
        const history = take(all);
        expect(take(shuffled)).toEqual(history);
        expect(shuffled.reduce(History.observe, history)).toBe(history);
        expect(history.version).toBe(all.length);
      }),
    );
  });

  it('told its past again after it has forgotten it one by one, does not change either', () => {
    fc.assert(
      fc.property(many, (told) => {
        const all = byTime(distinct(told));
        const history = take(all);
        expect(all.reduce(History.observe, history)).toBe(history);
        expect(JSON.parse(JSON.stringify(history))).toEqual(history);
      }),
    );
  });

  it('knows nothing before its time', () => {
    fc.assert(
      fc.property(few, fc.integer({ min: 0, max: 40 * DAY_MS }), (told, ago) => {
        const all = distinct(told);
        const now = AT - ago;
        const known = take(all.filter(({ at }) => at <= now));
        const history = take(all);
        expect(History.totals(history, now)).toEqual(History.totals(known, now));
        for (const span of WINDOWS)
          for (const what of OBSERVED) expect(History.count(history, now, span, what)).toBe(History.count(known, now, span, what));
        expect(History.lastPlaced(history, now)).toEqual(History.lastPlaced(known, now));
      }),
    );
  });

  it('keeps no more than it may, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 300 }), (told) => {
        const history = History.check(take(told, 'restaurant'));
        expect(history.recent.length).toBeLessThanOrEqual(KEPT.restaurant);
      }),
    );
  });
});
