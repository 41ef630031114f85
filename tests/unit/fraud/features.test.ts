import { describe, expect, it } from 'vitest';
import { type CardPayment, DAY_SECONDS } from '#domain/fraud/benchmark/card-payment.ts';
import { createFeatureStore } from '#domain/fraud/benchmark/feature-store.ts';
import { createSlidingSums, ENTRIES_MAX } from '#domain/fraud/benchmark/sliding-sums.ts';

const SUNDAY = 17_622; // 2018-04-01, in days since 1970.
const DELAY = 7 * DAY_SECONDS;

/** A store to which payments happen; `ask` reads features of one more payment by name. */
function storeOf(payments: readonly (Partial<CardPayment> & { readonly day: number; readonly isFraud?: boolean })[]) {
  const store = createFeatureStore({ epochDay: SUNDAY });
  const fill = ({ day, ...given }: Partial<CardPayment> & { readonly day: number }, id: number): CardPayment => ({
    id,
    at: day * DAY_SECONDS,
    customer: 1,
    terminal: 1,
    amount: 10_00,
    ...given,
  });
  payments.forEach(({ isFraud = false, ...given }, id) => {
    const payment = fill(given, id);
    store.remember(payment);
    store.tell({ payment, at: payment.at + DELAY, isFraud });
  });
  return (name: string, given: Partial<CardPayment> & { readonly day: number }): number => {
    const place = store.featureNames.indexOf(name);
    expect(place).toBeGreaterThanOrEqual(0);
    return store.features(fill(given, 1_000))[place] as number;
  };
}

describe('the calendar', () => {
  it.each([
    [0, 1], // Sunday
    [1, 0],
    [5, 0],
    [6, 1], // Saturday
    [7, 1],
    [8, 0],
  ])('day %i of April 2018: weekend %i', (day, weekend) => {
    expect(storeOf([])('weekend', { day })).toBe(weekend);
  });

  it.each([
    [0, 1],
    [6.99, 1],
    [7, 0],
    [23.99, 0],
  ])('%d o’clock: night %i', (hour, night) => {
    expect(storeOf([])('night', { day: 3, at: 3 * DAY_SECONDS + Math.floor(hour * 3_600) })).toBe(night);
  });
});

describe('the customer', () => {
  it('is measured against all of the past, known frauds left out once they are known', () => {
    const past = [{ day: 0 }, { day: 1, amount: 20_00 }, { day: 2, amount: 300_00, isFraud: true }];
    expect(storeOf(past)('usual_amount', { day: 8.9 })).toBe(110);
    expect(storeOf(past)('usual_amount', { day: 9 })).toBe(15);
    expect(storeOf(past)('customer_frauds_30d', { day: 9 })).toBe(1);
    expect(storeOf(past)('log_ratio_median', { day: 9, amount: 20_00 })).toBe(0);
  });

  it('who is new has nothing to be measured against', () => {
    const ask = storeOf([]);
    for (const name of ['log_ratio_mean', 'log_ratio_median', 'z_score', 'unusual', 'customer_unusual_7d']) expect(ask(name, { day: 1 })).toBe(0);
    expect(ask('usual_amount', { day: 1, amount: 42_00 })).toBe(42);
  });

  it('has unusual payments: two and a half times the usual, or above 220', () => {
    const past = [{ day: 0 }, { day: 0.1 }, { day: 1, amount: 25_00 }, { day: 1.5, amount: 50_00 }, { day: 2, customer: 2, amount: 220_01 }];
    expect(storeOf(past)('customer_unusual_7d', { day: 3 })).toBe(1); // 25.00 is exactly 2.5 times.
    expect(storeOf(past)('customer_unusual_1d', { day: 3 })).toBe(0);
    expect(storeOf(past)('customer_unusual_7d', { day: 3, customer: 2 })).toBe(1);
    expect(storeOf(past)('large_amount', { day: 3, amount: 220_00 })).toBe(0);
    expect(storeOf(past)('large_amount', { day: 3, amount: 220_01 })).toBe(1);
  });
});

describe('the terminal', () => {
  const frauds = (...days: readonly number[]) => days.map((day) => ({ day, customer: 2, isFraud: true }));

  it('is in a run of frauds until a genuine payment is known after them', () => {
    const run = [{ day: 0, customer: 3 }, ...frauds(2, 3, 4)];
    expect(storeOf(run)('terminal_run', { day: 11 })).toBe(3);
    expect(storeOf(run)('terminal_run_days', { day: 11 })).toBe(9);
    expect(storeOf(run)('terminal_run_days_least', { day: 11 })).toBe(11);
    const ended = [...run, { day: 5, customer: 3 }];
    expect(storeOf(ended)('terminal_run', { day: 11.9 })).toBe(3);
    expect(storeOf(ended)('terminal_run', { day: 12 })).toBe(0);
    expect(storeOf(ended)('terminal_unexplained_30d', { day: 12 })).toBe(3);
  });

  it('is not to blame for a fraud that the amount explains', () => {
    const ask = storeOf([{ day: 0, customer: 2, amount: 400_00, isFraud: true }]);
    expect(ask('terminal_frauds_30d', { day: 7 })).toBe(1);
    expect(ask('terminal_unexplained_30d', { day: 7 })).toBe(0);
    expect(ask('terminal_run', { day: 7 })).toBe(0);
  });

  it('is less suspect the longer its last fraud is past', () => {
    const ask = storeOf(frauds(0));
    expect(ask('terminal_fraud_recency', { day: 10 })).toBeCloseTo(Math.exp(-1), 12);
    expect(ask('terminal_fraud_recency', { day: 20 })).toBeCloseTo(Math.exp(-2), 12);
  });
});

it('what one key may take is bounded: beyond, the oldest leave early', () => {
  const sums = createSlidingSums([10, 1_000_000]);
  for (let at = 1; at <= ENTRIES_MAX + 100; at++) sums.add(at, at);
  expect(sums.count(1)).toBe(ENTRIES_MAX);
  expect(sums.count(0)).toBe(10);
  expect(sums.sum(1)).toBe(((ENTRIES_MAX + 100) * (ENTRIES_MAX + 101)) / 2 - (100 * 101) / 2);
});
