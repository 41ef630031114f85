import type { Judge } from '../decision.ts';
import { FEATURE_NAMES, vectorOf } from '../features.ts';
import { DAY_MS } from '../history.ts';
import { type EnsembleSettings, trainEnsemble } from '../learning/ensemble.ts';
import { Examples } from '../learning/examples.ts';
import { FraudModel } from '../learning/model.ts';
import type { ScenarioRow } from './stream.ts';

/** Small enough to ship; the stories have nothing for more trees to learn. */
const SETTINGS: EnsembleSettings = {
  parts: 3,
  logisticShare: 0.3,
  boosting: { rounds: 70, rate: 0.1, depth: 3, leafRowsMin: 15, leafEvidenceMin: 1, l2: 5, rowShare: 0.7, featureShare: 0.5 },
  logistic: { l2: 10, steps: 30 },
};
const SEED = 7;

/** Days before this teach nothing: the histories are still empty. Days from the second on are kept to be tested by. */
export const LEARN_FROM_DAY = 15;
export const TEST_FROM_DAY = 60;

/** The stories are full of frauds, so that there is something to learn; where people really order there are this many. */
export const EXPECTED_FRAUDS = 0.01;

const dayOf = (rows: readonly ScenarioRow[], at: number): number => (at - (rows[0] as ScenarioRow).at) / DAY_MS;

/** What is left to test by. */
export const testRows = (rows: readonly ScenarioRow[]): readonly ScenarioRow[] => rows.filter(({ at }) => dayOf(rows, at) >= TEST_FROM_DAY);

/** Learns a judge from the rows of a story. The same rows give the same judge, to the last digit. */
export function learnFrom(rows: readonly ScenarioRow[], onProgress?: (step: string) => void): Judge {
  const learned = rows.filter(({ at }) => dayOf(rows, at) >= LEARN_FROM_DAY && dayOf(rows, at) < TEST_FROM_DAY);
  const examples = Examples.of(
    FEATURE_NAMES,
    learned.map(({ features }) => vectorOf(features, FEATURE_NAMES)),
    learned.map(({ kind }) => kind !== null),
  );
  const people = new Map<string, number>();
  for (const { customerId } of learned) if (!people.has(customerId)) people.set(customerId, people.size);
  const groups = learned.map(({ customerId }) => people.get(customerId) ?? 0);
  const [first, last] = [learned[0] as ScenarioRow, learned.at(-1) as ScenarioRow];
  const window = { from: first.at, until: last.at + 1 };
  const trained = trainEnsemble({ examples, groups, window, seed: SEED, settings: SETTINGS, ...(onProgress && { onProgress }) });
  return { model: asExpected(trained), usual: usualOf(learned) };
}

const logitOf = (share: number): number => Math.log(share / (1 - share));

/** The same order of all payments, with probabilities for a world that has fewer frauds. */
function asExpected({ version: _, ...model }: FraudModel): FraudModel {
  const { frauds, rows } = model.trainedOn;
  const { intercept, slope } = model.calibration;
  return FraudModel.seal({ ...model, calibration: { slope, intercept: intercept + logitOf(EXPECTED_FRAUDS) - logitOf(frauds / rows) } });
}

/** The mean of every feature where nothing is wrong, to a thousandth. */
function usualOf(rows: readonly ScenarioRow[]): Judge['usual'] {
  const honest = rows.filter(({ kind }) => kind === null);
  return Object.fromEntries(
    FEATURE_NAMES.map((name) => {
      const mean = honest.reduce((sum, { features }) => sum + features[name], 0) / honest.length;
      return [name, Math.round(mean * 1_000) / 1_000];
    }),
  );
}
