import { DAY_SECONDS } from '#domain/fraud/benchmark/card-payment.ts';
import { Examples } from '#domain/fraud/learning/examples.ts';
import { FraudModel } from '#domain/fraud/learning/model.ts';
import { runCommand, say, tell } from './command.ts';
import { historySample, trainableSplit, trainOn, vectorsOf } from './experiment.ts';
import { writeModel } from './model-file.ts';
import { BadUsage, dateOf, type Options } from './options.ts';
import { readStream } from './read-stream.ts';
import { trainOnScenarios } from './train-scenarios.ts';

const USAGE = `npm run fraud:train -- --from FILE [--from FILE ...] [options]

Learns from all of a stream that is labelled when the training days end, and writes the model to --out (fraud-model.json).
npm run fraud:train -- --scenarios   makes the model that is shipped again, from stories of food orders`;
const REASONS_SHOWN = 12;

/** Which features move the scores of frauds most, on average. */
function weightiest(model: FraudModel, frauds: Examples): readonly { readonly name: string; readonly moved: number }[] {
  const moved = model.featureNames.map(() => 0);
  for (let row = 0; row < frauds.labels.length; row++) {
    FraudModel.score(model, Examples.row(frauds, row)).contributions.forEach((contribution, i) => {
      moved[i] = (moved[i] as number) + Math.abs(contribution) / frauds.labels.length;
    });
  }
  return model.featureNames.map((name, i) => ({ name, moved: moved[i] as number })).toSorted((a, b) => b.moved - a.moved);
}

async function train(options: Options): Promise<void> {
  if (options.folds !== undefined || options.model !== undefined) throw new BadUsage('--folds and --model are for fraud:evaluate');
  const table = await readStream(options.files, tell);
  const sample = historySample(table, trainableSplit(table, options), options.seed);
  const vectors = vectorsOf(table, [sample.rows], options, tell);
  const model = trainOn(table, vectors, sample, options.seed, tell);
  const out = options.out ?? 'fraud-model.json';
  await writeModel(out, model);

  const { rows, frauds, from, until } = model.trainedOn;
  const [first, last] = [from, until - DAY_SECONDS].map((at) => dateOf(options, Math.floor(at / DAY_SECONDS)));
  say(`model         ${model.version}, in ${out}`);
  say(`learned from  ${rows} payments, ${frauds} of them fraud, from ${first} to ${last}`);
  say(`calibration   log-odds = ${model.calibration.intercept.toFixed(3)} + ${model.calibration.slope.toFixed(3)} x score`);
  say('what moves the scores of frauds most');
  const ofFrauds = vectors.examples(sample.rows.filter((row) => table.frauds[row] === 1));
  for (const { name, moved } of weightiest(model, ofFrauds).slice(0, REASONS_SHOWN)) say(`  ${name.padEnd(28)}${moved.toFixed(3).padStart(8)}`);
}

if (process.argv[2] === '--scenarios') await trainOnScenarios();
else await runCommand(USAGE, train);
