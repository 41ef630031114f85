import { invariant } from '../../shared/invariant.ts';
import { Examples } from './examples.ts';
import { priorLogit } from './gradient-boosting.ts';
import { type LogisticMember, probabilityOf } from './model.ts';

export type LogisticSettings = {
  /** The penalty on half the square of every standardised weight, on the scale of the summed loss; the bias is free. */
  readonly l2: number;
  readonly steps: number;
};

const CONVERGED = 1e-9;
const HALVINGS_MAX = 30;
/** Keeps the hessian invertible where nothing is uncertain any more. */
const RIDGE_MIN = 1e-9;

/** Logistic regression on standardised features by Newton's method, halving every step until it lowers the penalised loss. */
export function trainLogistic(examples: Examples, settings: LogisticSettings): LogisticMember {
  Examples.check(examples);
  const width = examples.featureNames.length;
  const { centres, scales } = standardise(examples);
  const standard = examples.values.map((value, i) => (value - (centres[i % width] as number)) / (scales[i % width] as number));

  let weights = new Float64Array(width + 1); // The bias is last.
  weights[width] = priorLogit(examples);
  let loss = lossAt(examples, standard, weights, settings.l2);
  for (let step = 0; step < settings.steps; step++) {
    const move = newtonMove(examples, standard, weights, settings.l2);
    let [reach, next, lower] = [1, weights, loss];
    for (let halvings = 0; halvings < HALVINGS_MAX && lower >= loss; halvings++) {
      next = weights.map((weight, i) => weight - reach * (move[i] as number));
      lower = lossAt(examples, standard, next, settings.l2);
      reach /= 2;
    }
    if (lower >= loss) break;
    const gained = loss - lower;
    [weights, loss] = [next, lower];
    if (gained < CONVERGED * loss) break;
  }
  return { kind: 'logistic', bias: weights[width] as number, centres: [...centres], scales: [...scales], weights: [...weights.subarray(0, width)] };
}

function lossAt(examples: Examples, standard: Float64Array, weights: Float64Array, l2: number): number {
  const width = weights.length - 1;
  let loss = 0;
  for (let i = 0; i < width; i++) loss += (l2 / 2) * (weights[i] as number) ** 2;
  for (let row = 0; row < examples.labels.length; row++) {
    const logit = logitAt(standard, row, weights);
    const towards = examples.labels[row] === 1 ? -logit : logit;
    loss += Examples.weight(examples, row) * (Math.max(towards, 0) + Math.log1p(Math.exp(-Math.abs(towards))));
  }
  return loss;
}

function logitAt(standard: Float64Array, row: number, weights: Float64Array): number {
  const width = weights.length - 1;
  let sum = weights[width] as number;
  for (let i = 0, at = row * width; i < width; i++, at++) sum += (weights[i] as number) * (standard[at] as number);
  return sum;
}

/** The inverse of the penalised hessian, times the gradient. */
function newtonMove(examples: Examples, standard: Float64Array, weights: Float64Array, l2: number): Float64Array {
  const width = weights.length - 1;
  const gradient = new Float64Array(width + 1);
  const hessian = Array.from({ length: width + 1 }, () => new Float64Array(width + 1));
  const vector = new Float64Array(width + 1).fill(1);
  for (let row = 0; row < examples.labels.length; row++) {
    const probability = probabilityOf(logitAt(standard, row, weights));
    const weight = Examples.weight(examples, row);
    for (let i = 0; i < width; i++) vector[i] = standard[row * width + i] as number;
    addRow(gradient, hessian, vector, weight * (probability - (examples.labels[row] as number)), weight * probability * (1 - probability));
  }
  for (let i = 0; i <= width; i++) {
    const penalty = i === width ? RIDGE_MIN : l2 + RIDGE_MIN;
    gradient[i] = (gradient[i] as number) + (i === width ? 0 : l2 * (weights[i] as number));
    (hessian[i] as Float64Array)[i] = ((hessian[i] as Float64Array)[i] as number) + penalty;
  }
  return solve(hessian, gradient);
}

function standardise(examples: Examples): { readonly centres: Float64Array; readonly scales: Float64Array } {
  const width = examples.featureNames.length;
  const count = examples.labels.length;
  const centres = new Float64Array(width);
  const scales = new Float64Array(width);
  examples.values.forEach((value, i) => {
    centres[i % width] = (centres[i % width] as number) + value / count;
  });
  examples.values.forEach((value, i) => {
    scales[i % width] = (scales[i % width] as number) + (value - (centres[i % width] as number)) ** 2 / count;
  });
  return { centres, scales: scales.map((variance) => (variance > 1e-18 ? Math.sqrt(variance) : 1)) };
}

/** The lower half is enough: the hessian is symmetric. */
function addRow(gradient: Float64Array, hessian: readonly Float64Array[], vector: Float64Array, slope: number, curvature: number): void {
  for (let i = 0; i < vector.length; i++) {
    const value = vector[i] as number;
    gradient[i] = (gradient[i] as number) + slope * value;
    const line = hessian[i] as Float64Array;
    const bent = curvature * value;
    for (let j = 0; j <= i; j++) line[j] = (line[j] as number) + bent * (vector[j] as number);
  }
}

/** Solves a symmetric positive definite system, of which the lower half is given, by Cholesky in place. */
function solve(matrix: readonly Float64Array[], right: Float64Array): Float64Array {
  const size = right.length;
  const at = (i: number, j: number): number => (matrix[i] as Float64Array)[j] as number;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = at(i, j);
      for (let k = 0; k < j; k++) sum -= at(i, k) * at(j, k);
      invariant(i !== j || sum > 0, 'the penalised hessian is positive definite');
      (matrix[i] as Float64Array)[j] = i === j ? Math.sqrt(sum) : sum / at(j, j);
    }
  }
  const answer = Float64Array.from(right);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) answer[i] = (answer[i] as number) - at(i, k) * (answer[k] as number);
    answer[i] = (answer[i] as number) / at(i, i);
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) answer[i] = (answer[i] as number) - at(k, i) * (answer[k] as number);
    answer[i] = (answer[i] as number) / at(i, i);
  }
  return answer;
}
