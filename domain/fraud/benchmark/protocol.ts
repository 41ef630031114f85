import { chance } from '../learning/chance.ts';
import { areaUnderRoc, averagePrecision, cardPrecision } from '../learning/metrics.ts';
import { DAY_SECONDS } from './card-payment.ts';
import { PaymentTable } from './payment-table.ts';

/** Learn for some days, wait for their labels, test for some days. Days are counted from the stream's time 0. */
export type Split = { readonly trainFrom: number; readonly trainDays: number; readonly delayDays: number; readonly testDays: number };

export type Figures = { readonly auc: number; readonly ap: number; readonly cp: number };

export const CARDS_A_DAY = 100;

const testFrom = ({ trainFrom, trainDays, delayDays }: Split): number => trainFrom + trainDays + delayDays;
const end = (split: Split): number => testFrom(split) + split.testDays;

/** `count` splits a week apart, in time order, of which the last begins at `lastFrom`. */
const folds = (last: Split, count: number): readonly Split[] =>
  Array.from({ length: count }, (_, i) => ({ ...last, trainFrom: last.trainFrom - 7 * (count - 1 - i) }));

/**
 * The handbook's test rows: without cards known to be compromised, which are those with a fraud in training, and for every test day those with a fraud
 * on a day whose labels have come in by then.
 */
function testRows(table: PaymentTable, split: Split): Uint32Array {
  const known = new Set<number>();
  const learn = (from: number, until: number): void => {
    for (const row of PaymentTable.rowsOf(table, from, until)) if (table.frauds[row] === 1) known.add(table.customers[row] as number);
  };
  learn(split.trainFrom, split.trainFrom + split.trainDays);
  const rows: number[] = [];
  for (let day = testFrom(split); day < end(split); day++) {
    learn(day - split.delayDays - 1, day - split.delayDays);
    for (const row of PaymentTable.rowsOf(table, day, day + 1)) if (!known.has(table.customers[row] as number)) rows.push(row);
  }
  return Uint32Array.from(rows);
}

function figures(table: PaymentTable, rows: Uint32Array, scores: ArrayLike<number>): Figures {
  const labels = Uint8Array.from(rows, (row) => table.frauds[row] as number);
  const cards = Array.from(rows, (row, i) => ({
    card: table.customers[row] as number,
    day: PaymentTable.day(table, row),
    score: scores[i] as number,
    isFraud: labels[i] === 1,
  }));
  return { auc: areaUnderRoc(scores, labels), ap: averagePrecision(scores, labels), cp: cardPrecision(cards, CARDS_A_DAY) };
}

/** What labels can tell at best. Frauds that they tell nothing of rank by chance: `luckiest` is the best of many ways to shuffle them. */
export type Bound = Figures & { readonly luckiest: Figures };

const SHUFFLES = 30;

/** A terminal's frauds are one story for four weeks; an older one says nothing of today's. */
const STORY_DAYS = 28;
const TERMINAL_SCENARIO = 2;

/**
 * Where leakage begins: scores that know every fraud but those of a terminal of which nothing is known yet. Nobody who waits for labels does
 * clearly better. Wants a stream that says its scenarios.
 */
function bound(table: PaymentTable, rows: Uint32Array, { delayDays }: Split): Bound | undefined {
  const { scenarios } = table;
  if (scenarios === undefined) return undefined;
  const fraudTimes = new Map<number, number[]>();
  table.frauds.forEach((fraud, row) => {
    if (fraud === 0) return;
    const terminal = table.terminals[row] as number;
    const times = fraudTimes.get(terminal) ?? [];
    times.push(table.times[row] as number);
    fraudTimes.set(terminal, times);
  });
  const isKnown = (row: number): boolean => {
    const now = table.times[row] as number;
    const isTelling = (time: number) => time <= now - delayDays * DAY_SECONDS && time > now - STORY_DAYS * DAY_SECONDS;
    return fraudTimes.get(table.terminals[row] as number)?.some(isTelling) ?? false;
  };
  const scores = Float64Array.from(rows, (row) => (table.frauds[row] === 1 && (scenarios[row] !== TERMINAL_SCENARIO || isKnown(row)) ? 1 : 0));
  const shuffled = Array.from({ length: SHUFFLES }, (_, seed) => {
    const random = chance(seed);
    return figures(
      table,
      rows,
      scores.map((score) => (score === 1 ? 1 : random())),
    );
  });
  const best = (key: keyof Figures) => Math.max(...shuffled.map((one) => one[key]));
  return { ...figures(table, rows, scores), luckiest: { auc: best('auc'), ap: best('ap'), cp: best('cp') } };
}

export const Protocol = { testFrom, end, folds, testRows, figures, bound };
