import { DAY_SECONDS } from '#domain/fraud/benchmark/card-payment.ts';
import type { Featurised } from '#domain/fraud/benchmark/featurise.ts';
import type { PaymentTable } from '#domain/fraud/benchmark/payment-table.ts';
import { type Bound, type Figures, Protocol, type Split } from '#domain/fraud/benchmark/protocol.ts';
import { FraudModel } from '#domain/fraud/learning/model.ts';
import { runCommand, say, tell } from './command.ts';
import { assess, assessBookRegression, bookSample, HISTORY_DAYS, historySample, processorUs, splitsOf, trainOn, vectorsOf } from './experiment.ts';
import { readModel, writeModel } from './model-file.ts';
import { BadUsage, dateOf, type Options } from './options.ts';
import { PREQUENTIAL, SINGLE_SPLIT } from './published.ts';
import { readStream } from './read-stream.ts';
import { leaks, rowOf, sayHeader } from './report.ts';

const USAGE = `npm run fraud:evaluate -- --from FILE [--from FILE ...] [options] [--folds N] [--model FILE]

Learns and tests on a stream by the protocol of the Fraud Detection Handbook, and prints the figures beside the published ones.
  --folds N            N test weeks, a week apart: from --train-from on when it is given, else ending with the last that fits
  --model FILE         also test this model, from fraud:train`;

type Week = { readonly split: Split; readonly test: Uint32Array; readonly bound: Bound | undefined };

const BOOK_LOGISTIC = "logistic regression, the book's 15 features";
const BOOK_WEEK = "ours, the book's training days";
const HISTORY = `ours, all labelled history (to ${HISTORY_DAYS} days)`;

async function evaluate(options: Options): Promise<void> {
  const given = options.model === undefined ? undefined : await readModel(options.model);
  const table = await readStream(options.files, tell);
  const weeks = splitsOf(table, options).map((split): Week => {
    const test = Protocol.testRows(table, split);
    if (test.length === 0) throw new BadUsage(`there is no payment to test on from ${dateOf(options, Protocol.testFrom(split))} on`);
    return { split, test, bound: Protocol.bound(table, test, split) };
  });
  const samples = weeks.map(({ split }) => ({ book: bookSample(table, split), history: historySample(table, split, options.seed) }));
  const wanted = [...weeks.map(({ test }) => test), ...samples.flatMap(({ book, history }) => [book.rows, history.rows])];
  const vectors = vectorsOf(table, wanted, options, tell);
  if (given !== undefined) requireComparable(given, vectors, weeks);

  const reached: Record<string, Figures[]> = {};
  const note = (name: string, figures: Figures): void => {
    reached[name] = [...(reached[name] ?? []), figures];
  };
  let last: FraudModel | undefined;
  weeks.forEach(({ split, test }, week) => {
    const { book, history } = samples[week] as (typeof samples)[number];
    tell(
      `week ${week + 1} of ${weeks.length}: training from ${dateOf(options, split.trainFrom)}, test from ${dateOf(options, Protocol.testFrom(split))}`,
    );
    note(BOOK_LOGISTIC, assessBookRegression(table, vectors, book, test));
    note(BOOK_WEEK, assess(table, vectors, trainOn(table, vectors, book, options.seed, tell), test));
    last = trainOn(table, vectors, history, options.seed, tell);
    note(HISTORY, assess(table, vectors, last, test));
    if (given !== undefined) note(`the model ${given.version}`, assess(table, vectors, given, test));
  });
  if (last === undefined) throw new BadUsage('--folds: at least one');
  report(table, options, weeks, reached);
  sayCost(vectors, last, (weeks.at(-1) as Week).test);
  if (options.out !== undefined) await writeModel(options.out, last);
}

/** A model that learned from labels that had not come in would look better than it is. */
function requireComparable(model: FraudModel, vectors: Featurised, weeks: readonly Week[]): void {
  const { featureNames } = vectors.examples((weeks[0] as Week).test.subarray(0, 1));
  if (model.featureNames.join() !== featureNames.join()) throw new BadUsage(`--model: it asks for other features than this version computes`);
  const testFrom = Math.min(...weeks.map(({ split }) => Protocol.testFrom(split) - split.delayDays)) * DAY_SECONDS;
  if (model.trainedOn.until > testFrom) throw new BadUsage('--model: it learned from days whose labels were not in when the test begins');
}

function report(table: PaymentTable, options: Options, weeks: readonly Week[], reached: Readonly<Record<string, readonly Figures[]>>): void {
  const [first, final] = [weeks[0] as Week, weeks.at(-1) as Week];
  const frauds = weeks.reduce((sum, { test }) => sum + test.reduce((count, row) => count + (table.frauds[row] as number), 0), 0);
  const payments = weeks.reduce((sum, { test }) => sum + test.length, 0);
  const when = `${dateOf(options, Protocol.testFrom(first.split))} to ${dateOf(options, Protocol.end(final.split) - 1)}`;
  say(`Tested on ${payments} payments, ${frauds} of them fraud, ${when}${weeks.length > 1 ? `, ${weeks.length} test weeks` : ''}`);

  sayHeader(weeks.length > 1 ? 'Measured here: mean (standard deviation) of the test weeks' : 'Measured here, on this split', say);
  for (const [name, figures] of Object.entries(reached)) say(rowOf(name, figures));
  const bounds = weeks.flatMap(({ bound }) => bound ?? []);
  if (bounds.length === 0) say('  The bound needs the column scenario');
  else {
    say(rowOf('the bound, where leakage begins', bounds));
    say(
      rowOf(
        'the bound, and the luck of 1 in 30',
        bounds.map(({ luckiest }) => luckiest),
      ),
    );
  }

  if (weeks.length > 1) sayHeader('Published, four prequential test weeks, training from 2018-07-25 to 2018-08-15 (means)', say);
  else sayHeader('Published, training from 2018-07-25, test from 2018-08-08', say);
  for (const [name, figures] of Object.entries(weeks.length > 1 ? PREQUENTIAL : SINGLE_SPLIT)) say(rowOf(name, [figures]));

  for (const [name, figures] of Object.entries(reached)) {
    const found = leaks(
      weeks.map(({ bound }) => bound),
      figures,
    );
    for (const leak of found) say(`\n*** WARNING: LEAKAGE? *** ${name}, ${leak}: labels may be used before their time`);
  }
}

/** What one payment costs, with all it takes: the features, remembering it and its label, the score and its reasons. */
function sayCost(vectors: Featurised & { readonly us: number }, model: FraudModel, test: Uint32Array): void {
  const { values, featureNames } = vectors.examples(test);
  const began = processorUs();
  for (let at = 0; at < values.length; at += featureNames.length) FraudModel.score(model, values.subarray(at, at + featureNames.length));
  const us = (processorUs() - began) / test.length;
  say(
    `\nA payment takes ${(vectors.us + us).toFixed(1)} microseconds of a processor: ${vectors.us.toFixed(1)} the features, ${us.toFixed(1)} the score with its reasons`,
  );
  say(`${Math.round(process.resourceUsage().maxRSS / 1_024)} MB of memory at most`);
}

await runCommand(USAGE, evaluate);
