import { DAY_SECONDS } from '#domain/fraud/benchmark/card-payment.ts';
import { BOOK_FEATURES } from '#domain/fraud/benchmark/features.ts';
import { type Featurised, featurise } from '#domain/fraud/benchmark/featurise.ts';
import { PaymentTable } from '#domain/fraud/benchmark/payment-table.ts';
import { type Figures, Protocol, type Split } from '#domain/fraud/benchmark/protocol.ts';
import { mix } from '#domain/fraud/learning/chance.ts';
import { trainEnsemble } from '#domain/fraud/learning/ensemble.ts';
import { trainLogistic } from '#domain/fraud/learning/logistic-regression.ts';
import { FraudModel, memberLogit } from '#domain/fraud/learning/model.ts';
import { BadUsage, dateOf, type Options } from './options.ts';

/** The longest windows want this many days before a vector means what it says. */
const WARM_UP_DAYS = 30;
/** Of the labelled history, how far back, and which share of its genuine payments: they are plenty. */
export const HISTORY_DAYS = 42;
const GENUINE_SHARE = 0.2;

export type Sample = { readonly rows: Uint32Array; readonly weights: Float64Array };
type Say = (line: string) => void;

/** The split, or its folds: those that begin with --train-from when it was given, else those that end with the last that fits. */
export function splitsOf(table: PaymentTable, options: Options): readonly Split[] {
  const streamEnd = PaymentTable.day(table, table.times.length - 1) + 1;
  const { split, folds, isFixed } = options;
  const lastFrom = streamEnd - (Protocol.end(split) - split.trainFrom);
  const splits =
    folds === undefined ? [split] : Protocol.folds({ ...split, trainFrom: isFixed ? split.trainFrom + 7 * (folds - 1) : lastFrom }, folds);
  const streamFrom = PaymentTable.day(table, 0);
  const bad = splits.find((one) => one.trainFrom < streamFrom || Protocol.end(one) > streamEnd);
  if (bad !== undefined) {
    throw new BadUsage(
      `training from ${dateOf(options, bad.trainFrom)} and testing until ${dateOf(options, Protocol.end(bad) - 1)} does not fit ` +
        `the stream, which goes from ${dateOf(options, streamFrom)} to ${dateOf(options, streamEnd - 1)}`,
    );
  }
  return splits;
}

/** The split whose training days fit the stream: nothing need come after them. */
export function trainableSplit(table: PaymentTable, options: Options): Split {
  const { split } = options;
  const streamFrom = PaymentTable.day(table, 0);
  const streamEnd = PaymentTable.day(table, table.times.length - 1) + 1;
  if (split.trainFrom < streamFrom || split.trainFrom + split.trainDays > streamEnd) {
    throw new BadUsage(
      `training from ${dateOf(options, split.trainFrom)} to ${dateOf(options, split.trainFrom + split.trainDays - 1)} does not fit ` +
        `the stream, which goes from ${dateOf(options, streamFrom)} to ${dateOf(options, streamEnd - 1)}`,
    );
  }
  return split;
}

/** Every payment of the handbook's training days. */
export function bookSample(table: PaymentTable, { trainFrom, trainDays }: Split): Sample {
  const rows = PaymentTable.rowsOf(table, trainFrom, trainFrom + trainDays);
  if (rows.length === 0) throw new BadUsage('the stream has no payment on the training days');
  return { rows, weights: new Float64Array(rows.length).fill(1) };
}

/** What is labelled when the test begins: every fraud, and some of the genuine payments, weighed up to all of them. */
export function historySample(table: PaymentTable, { trainFrom, trainDays }: Split, seed: number): Sample {
  const until = trainFrom + trainDays;
  const from = Math.min(trainFrom, Math.max(PaymentTable.day(table, 0) + WARM_UP_DAYS, until - HISTORY_DAYS));
  const isTaken = (row: number): boolean => table.frauds[row] === 1 || mix(seed, table.ids[row] as number) / 2 ** 32 < GENUINE_SHARE;
  const rows = PaymentTable.rowsOf(table, from, until).filter(isTaken);
  return { rows, weights: Float64Array.from(rows, (row) => (table.frauds[row] === 1 ? 1 : 1 / GENUINE_SHARE)) };
}

/** The vectors of all samples, by one pass of the stream through the store. */
export function vectorsOf(
  table: PaymentTable,
  wanted: Iterable<Uint32Array>,
  { epochDay, split }: Options,
  say: Say,
): Featurised & { readonly us: number } {
  const mask = new Uint8Array(table.times.length);
  for (const rows of wanted) for (const row of rows) mask[row] = 1;
  const began = processorUs();
  const vectors = featurise(table, mask, { epochDay, delayDays: split.delayDays, onProgress: (done) => say(`features: ${done} of ${mask.length}`) });
  return { ...vectors, us: (processorUs() - began) / (mask.lastIndexOf(1) + 1) };
}

/** Of the processor's time, so that a busy machine does not count. */
export function processorUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** The ensemble, learned from a sample. Rows of one customer stay together when rows are held out. */
export function trainOn(table: PaymentTable, vectors: Featurised, { rows, weights }: Sample, seed: number, say: Say): FraudModel {
  if (rows.length === 0) throw new BadUsage('the stream has no payment on the training days');
  return trainEnsemble({
    examples: vectors.examples(rows, weights),
    groups: Int32Array.from(rows, (row) => table.customers[row] as number),
    window: { from: table.times[rows[0] as number] as number, until: (PaymentTable.day(table, rows.at(-1) as number) + 1) * DAY_SECONDS },
    seed,
    onProgress: (step) => say(`learning from ${rows.length} payments: ${step}`),
  });
}

export function assess(table: PaymentTable, vectors: Featurised, model: FraudModel, rows: Uint32Array): Figures {
  return Protocol.figures(table, rows, logitsOf(vectors, model, rows));
}

export function logitsOf(vectors: Featurised, model: FraudModel, rows: Uint32Array): Float64Array {
  const { values, featureNames } = vectors.examples(rows);
  const width = featureNames.length;
  return Float64Array.from(rows, (_, i) => FraudModel.logit(model, values.subarray(i * width, (i + 1) * width)));
}

/** The handbook's own model, which shows that split, features and figures are the handbook's. */
export function assessBookRegression(table: PaymentTable, vectors: Featurised, { rows, weights }: Sample, test: Uint32Array): Figures {
  const names = Object.keys(BOOK_FEATURES);
  const member = trainLogistic(vectors.examples(rows, weights, names), { l2: 1, steps: 30 });
  const { values } = vectors.examples(test, undefined, names);
  const logits = Float64Array.from(test, (_, i) => memberLogit(member, values.subarray(i * names.length, (i + 1) * names.length)));
  return Protocol.figures(table, test, logits);
}
