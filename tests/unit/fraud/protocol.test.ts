import { describe, expect, it } from 'vitest';
import { leaks } from '#composition/fraud/report.ts';
import { DAY_SECONDS } from '#domain/fraud/benchmark/card-payment.ts';
import type { PaymentTable } from '#domain/fraud/benchmark/payment-table.ts';
import { Protocol } from '#domain/fraud/benchmark/protocol.ts';
import { areaUnderRoc, averagePrecision, cardPrecision } from '#domain/fraud/learning/metrics.ts';

type Row = { readonly day: number; readonly customer?: number; readonly terminal?: number; readonly fraud?: boolean; readonly scenario?: number };

function tableOf(rows: readonly Row[]): PaymentTable {
  const column = (of: (row: Row, i: number) => number) => Int32Array.from(rows, of);
  return {
    ids: column((_, i) => i),
    times: column(({ day }) => Math.round(day * DAY_SECONDS)),
    customers: column(({ customer }) => customer ?? 1),
    terminals: column(({ terminal }) => terminal ?? 1),
    amounts: column(() => 10_00),
    frauds: Uint8Array.from(rows, ({ fraud, scenario }) => (fraud || scenario ? 1 : 0)),
    scenarios: Uint8Array.from(rows, ({ scenario }) => scenario ?? 0),
  };
}
const WEEKS = { trainFrom: 0, trainDays: 7, delayDays: 7, testDays: 7 };

describe('the test rows', () => {
  const testDaysOf = (fraudDay: number): readonly number[] => {
    const daily = Array.from({ length: 21 }, (_, day) => ({ day: day + 0.5, customer: 9, fraud: day === fraudDay }));
    return [...Protocol.testRows(tableOf(daily), WEEKS)];
  };
  it.each<[string, number, readonly number[]]>([
    ['a fraud in training drops the card from all of the test', 3, []],
    ['so does one on the last training day', 6, []],
    ['one on the first day of the delay drops it from the second test day on', 7, [14]],
    ['one on the fifth day of the delay from the sixth on', 11, [14, 15, 16, 17, 18]],
    ['one on the last day of the delay comes to light after the test', 13, [14, 15, 16, 17, 18, 19, 20]],
    ['one in the test is what is looked for', 15, [14, 15, 16, 17, 18, 19, 20]],
  ])('%s', (_, fraudDay, days) => {
    expect(testDaysOf(fraudDay)).toEqual(days);
  });

  it('are those of the days after the delay, whole days', () => {
    const table = tableOf([{ day: 13.9999 }, { day: 14 }, { day: 20.9999 }, { day: 21 }]);
    expect([...Protocol.testRows(table, WEEKS)]).toEqual([1, 2]);
  });
});

it('folds are a week apart and end with the last', () => {
  const last = { ...WEEKS, trainFrom: 30 };
  expect(Protocol.folds(last, 3).map(({ trainFrom }) => trainFrom)).toEqual([16, 23, 30]);
  expect([Protocol.testFrom(last), Protocol.end(last)]).toEqual([44, 51]);
});

it('the bound knows all but frauds of terminals of which nothing is known', () => {
  const table = tableOf([
    { day: 7.5, terminal: 1, customer: 5, scenario: 2 },
    { day: 14.4, terminal: 1, customer: 1, scenario: 2 },
    { day: 14.6, terminal: 1, customer: 2, scenario: 2 },
    { day: 15, terminal: 2, customer: 3, scenario: 2 },
    { day: 16, terminal: 2, customer: 4, scenario: 3 },
    { day: 17, terminal: 2, customer: 6 },
  ]);
  const rows = Protocol.testRows(table, WEEKS);
  const known = [0, 1, 0, 1, 0]; // The first two lie on either side of a week after the fraud.
  expect(Protocol.bound(table, rows, WEEKS)).toMatchObject(Protocol.figures(table, rows, known));
  expect(Protocol.bound({ ...table, scenarios: undefined }, rows, WEEKS)).toBeUndefined();
});

it.each<[string, number, number]>([
  ['27.9 days old', 26.1, 1],
  ['28 days old', 26, 0],
  ['7 days old', 47, 1],
  ['6.9 days old', 47.1, 0],
])('of a terminal the bound knows a fraud %s: %d', (_, day, precision) => {
  const rows: readonly Row[] = [
    { day, terminal: 1, customer: 1, scenario: 2 },
    { day: 54, terminal: 1, customer: 2, scenario: 2 },
  ];
  const weeks = { ...WEEKS, trainFrom: 40 };
  const table = tableOf([...rows, { day: 55, customer: 3, terminal: 3 }]);
  expect(Protocol.bound(table, Protocol.testRows(table, weeks), weeks)?.ap === 1).toBe(precision === 1);
});

it('warns of what is above the bound and all luck', () => {
  const bound = { auc: 0.89, ap: 0.78, cp: 0.3, luckiest: { auc: 0.911, ap: 0.79, cp: 0.305 } };
  expect(leaks([bound], [bound.luckiest])).toEqual([]);
  expect(leaks([bound], [{ auc: 0.912, ap: 0.7, cp: 0.2 }])).toEqual(['week 1: AUC 0.912 is above 0.911']);
  expect(leaks([undefined, bound], [bound, { auc: 0.8, ap: 0.8, cp: 0.31 }])).toHaveLength(2);
  expect(leaks([undefined], [{ auc: 1, ap: 1, cp: 1 }])).toEqual([]);
});

it('luck never makes the bound less', () => {
  const rows = Array.from(
    { length: 60 },
    (_, i): Row => ({ day: 14 + i / 10, customer: i, terminal: i, scenario: i % 7 === 0 ? 2 : i % 11 === 0 ? 3 : 0 }),
  );
  const table = tableOf(rows);
  const bound = Protocol.bound(table, Protocol.testRows(table, WEEKS), WEEKS);
  expect(bound?.luckiest.auc).toBeGreaterThan(bound?.auc as number);
  expect(bound?.luckiest.ap).toBeGreaterThan(bound?.ap as number);
});

describe('figures of what is not there', () => {
  it.each<[string, number, number]>([
    ['AUC of nothing', areaUnderRoc([], []), 0.5],
    ['AUC of frauds alone', areaUnderRoc([1, 2], [1, 1]), 0.5],
    ['AP without frauds', averagePrecision([1, 2], [0, 0]), 0],
    ['AP of frauds alone', averagePrecision([1, 2], [1, 1]), 1],
    ['card precision of no day', cardPrecision([], 100), 0],
    ['card precision of fewer cards than k', cardPrecision([{ card: 1, day: 1, score: 1, isFraud: true }], 4), 0.25],
  ])('%s', (_, figure, wanted) => {
    expect(figure).toBe(wanted);
  });
});
