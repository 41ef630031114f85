import { binColumns } from './binning.ts';
import { chance } from './chance.ts';
import { Examples } from './examples.ts';
import { type BoostedMember, probabilityOf } from './model.ts';
import { Tree } from './tree.ts';
import { growTree, type TreeShape } from './tree-growing.ts';

export type BoostingSettings = TreeShape & {
  readonly rounds: number;
  /** The share of rows, and of features, that each tree sees. */
  readonly rowShare: number;
  readonly featureShare: number;
};

/** Gradient boosting on logistic loss: each tree is one Newton step from where the trees before it arrived. `onRound` hears the training loss. */
export function trainBoosted(examples: Examples, settings: BoostingSettings, seed: number, onRound?: (loss: number) => void): BoostedMember {
  const { labels, featureNames } = Examples.check(examples);
  const columns = binColumns(examples);
  const random = chance(seed);
  const bias = priorLogit(examples);
  const logits = new Float64Array(labels.length).fill(bias);
  const gradients = { gradient: new Float64Array(labels.length), hessian: new Float64Array(labels.length) };

  const trees: Tree[] = [];
  for (let round = 0; round < settings.rounds; round++) {
    for (let row = 0; row < labels.length; row++) {
      const probability = probabilityOf(logits[row] as number);
      const weight = Examples.weight(examples, row);
      gradients.gradient[row] = weight * (probability - (labels[row] as number));
      gradients.hessian[row] = weight * probability * (1 - probability);
    }
    const rows = sample(labels.length, settings.rowShare, random);
    const allowed = [...sample(featureNames.length, settings.featureShare, random)];
    const tree = growTree(columns, gradients, rows, allowed, settings);
    trees.push(tree);
    for (let row = 0; row < labels.length; row++) {
      logits[row] = (logits[row] as number) + Tree.answer(tree, Examples.row(examples, row));
    }
    onRound?.(logisticLoss(examples, logits));
  }
  return { kind: 'boosted', bias, trees };
}

/** The log-odds of fraud before anything is known of a row; one imaginary row of each kind keeps it finite. */
export function priorLogit(examples: Examples): number {
  let [fraud, genuine] = [1, 1];
  examples.labels.forEach((label, row) => {
    if (label === 1) fraud += Examples.weight(examples, row);
    else genuine += Examples.weight(examples, row);
  });
  return Math.log(fraud / genuine);
}

/** The mean negative log-likelihood of the labels. */
export function logisticLoss(examples: Examples, logits: ArrayLike<number>): number {
  let [loss, total] = [0, 0];
  examples.labels.forEach((label, row) => {
    const weight = Examples.weight(examples, row);
    const towards = label === 1 ? -(logits[row] as number) : (logits[row] as number);
    loss += weight * (Math.max(towards, 0) + Math.log1p(Math.exp(-Math.abs(towards))));
    total += weight;
  });
  return loss / total;
}

/** Some of the numbers below `count`, ascending, at least one. */
function sample(count: number, share: number, random: () => number): Uint32Array {
  const all = Uint32Array.from({ length: count }, (_, i) => i);
  if (share >= 1) return all;
  const wanted = Math.max(1, Math.round(count * share));
  for (let i = 0; i < wanted; i++) {
    const other = i + Math.floor(random() * (count - i));
    [all[i], all[other]] = [all[other] as number, all[i] as number];
  }
  return all.subarray(0, wanted).sort();
}
