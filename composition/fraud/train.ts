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

/** Which features move scores most, over the payments it learned from. */
function weightiest(model: FraudModel, vectors: Iterable<Float64Array>): readonly { readonly name: string; readonly moved: number }[] {
  const moved = model.featureNames.map(() => 0);
  let count = 0;
  for (const vector of vectors) {
    FraudModel.score(model, vector).contributions.forEach((contribution, i) => {
      moved[i] = (moved[i] as number) + Math.abs(contribution);
    });
    count += 1;
  }
  return model.featureNames.map((name, i) => ({ name, moved: (moved[i] as number) / count })).toSorted((a, b) => b.moved - a.moved);
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
  const first = Math.floor(from / 86_400);
  say(`model         ${model.version}, in ${out}`);
  say(`learned from  ${rows} payments, ${frauds} of them fraud, from ${dateOf(options, first)} to ${dateOf(options, until / 86_400 - 1)}`);
  say(`calibration   log-odds = ${model.calibration.intercept.toFixed(3)} + ${model.calibration.slope.toFixed(3)} x score`);
  say('moved most by');
  const { values, featureNames, labels } = vectors.examples(sample.rows.filter((row) => table.frauds[row] === 1));
  const width = featureNames.length;
  const frauden = Array.from(labels, (_, i) => values.subarray(i * width, (i + 1) * width));
  for (const { name, moved } of weightiest(model, frauden).slice(0, REASONS_SHOWN)) say(`  ${name.padEnd(28)}${moved.toFixed(3).padStart(8)}`);
}

if (process.argv[2] === '--scenarios') await trainOnScenarios();
else await runCommand(USAGE, train);
