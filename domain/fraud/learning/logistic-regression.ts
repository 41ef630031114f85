import { invariant } from '../../shared/invariant.ts';
import { Examples } from './examples.ts';
import { priorLogit } from './gradient-boosting.ts';
import { type LogisticMember, probabilityOf } from './model.ts';

export type LogisticSettings = {
  /** The penalty on half the square of every standardised weight, on the scale of the summed loss; the bias is free. */
  readonly l2: number;
  readonly steps: number;
};

const CONVERGED = 1e-8;

/** Logistic regression on standardised features by Newton's method (iteratively reweighted least squares). */
export function trainLogistic(examples: Examples, settings: LogisticSettings): LogisticMember {
  const { labels, featureNames } = Examples.check(examples);
  const width = featureNames.length;
  const { centres, scales } = standardise(examples);
  let weights = new Float64Array(width + 1); // The bias is last.
  weights[width] = priorLogit(examples);
  const vector = new Float64Array(width + 1).fill(1);

  for (let step = 0; step < settings.steps; step++) {
    const gradient = new Float64Array(width + 1);
    const hessian = Array.from({ length: width + 1 }, () => new Float64Array(width + 1));
    for (let row = 0; row < labels.length; row++) {
      const from = row * width;
      for (let i = 0; i < width; i++) vector[i] = ((examples.values[from + i] as number) - (centres[i] as number)) / (scales[i] as number);
      const probability = probabilityOf(dot(weights, vector));
      const weight = Examples.weight(examples, row);
      addRow(gradient, hessian, vector, weight * (probability - (labels[row] as number)), weight * probability * (1 - probability));
    }
    for (let i = 0; i < width; i++) {
      gradient[i] = (gradient[i] as number) + settings.l2 * (weights[i] as number);
      (hessian[i] as Float64Array)[i] = ((hessian[i] as Float64Array)[i] as number) + settings.l2;
    }
    (hessian[width] as Float64Array)[width] = ((hessian[width] as Float64Array)[width] as number) + 1e-9;
    const move = solve(hessian, gradient);
    const size = Math.max(...move.map(Math.abs));
    const damp = size > 4 ? 4 / size : 1; // A first step on separable data can be endless.
    weights = weights.map((weight, i) => weight - damp * (move[i] as number));
    if (size < CONVERGED) break;
  }
  return { kind: 'logistic', bias: weights[width] as number, centres: [...centres], scales: [...scales], weights: [...weights.subarray(0, width)] };
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

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
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
