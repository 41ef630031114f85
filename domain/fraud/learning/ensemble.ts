import { invariant } from '../../shared/invariant.ts';
import { calibrate } from './calibration.ts';
import { mix } from './chance.ts';
import { Examples } from './examples.ts';
import { type BoostingSettings, trainBoosted } from './gradient-boosting.ts';
import { type LogisticSettings, trainLogistic } from './logistic-regression.ts';
import { FraudModel, type Member, memberLogit, type TrainingWindow } from './model.ts';

export type EnsembleSettings = {
  /** How many times trees are grown, each time without one part of the rows. */
  readonly parts: number;
  /** The logistic regression's share of the mean; the trees have the rest. */
  readonly logisticShare: number;
  readonly boosting: BoostingSettings;
  readonly logistic: LogisticSettings;
};

export const ENSEMBLE: EnsembleSettings = {
  parts: 4,
  logisticShare: 0.2,
  boosting: { rounds: 100, rate: 0.08, depth: 4, leafRowsMin: 20, leafEvidenceMin: 1, l2: 5, rowShare: 0.6, featureShare: 0.4 },
  logistic: { l2: 1, steps: 30 },
};

export type Training = {
  readonly examples: Examples;
  /** Rows of one group stay together when rows are held out: all of one customer's, say. */
  readonly groups: ArrayLike<number>;
  readonly window: Pick<TrainingWindow, 'from' | 'until'>;
  readonly seed: number;
  readonly settings?: EnsembleSettings;
  readonly onProgress?: (step: string) => void;
};

/**
 * The mean, in log-odds, of boosted trees and logistic regression. Every part of the rows is held out once: what was learned without it scores it, and
 * on those scores the whole is calibrated. The trees of all parts stay in the model; the regression is learned once more, from everything.
 */
export function trainEnsemble({ examples, groups, window, seed, settings = ENSEMBLE, onProgress }: Training): FraudModel {
  Examples.check(examples);
  invariant(groups.length === examples.labels.length, 'every row has a group');
  const { parts, logisticShare } = settings;
  const all = Uint32Array.from(examples.labels, (_, row) => row);
  const partOf = (row: number): number => mix(seed, groups[row] as number) % parts;
  const heldOut = new Float64Array(all.length);
  const trees: Member[] = [];

  for (let part = 0; part < parts; part++) {
    onProgress?.(`part ${part + 1} of ${parts}`);
    const kept = all.filter((row) => partOf(row) !== part);
    const learned = kept.length === 0 ? examples : Examples.pick(examples, kept);
    const boosted = trainBoosted(learned, settings.boosting, mix(seed, part));
    const logistic = trainLogistic(learned, settings.logistic);
    for (const row of all) {
      if (partOf(row) !== part) continue;
      const vector = Examples.row(examples, row);
      heldOut[row] = (1 - logisticShare) * memberLogit(boosted, vector) + logisticShare * memberLogit(logistic, vector);
    }
    trees.push(boosted);
  }
  onProgress?.('the whole');
  const members = [
    ...trees.map((member) => ({ share: (1 - logisticShare) / parts, member })),
    { share: logisticShare, member: trainLogistic(examples, settings.logistic) },
  ];
  const frauds = examples.labels.reduce((sum, label) => sum + label, 0);
  return FraudModel.seal({
    featureNames: examples.featureNames,
    members,
    calibration: calibrate(heldOut, examples.labels, examples.weights),
    trainedOn: { ...window, rows: examples.labels.length, frauds },
    seed,
  });
}
