import { invariant } from '../../shared/invariant.ts';
import type { FeatureVector } from './model.ts';

/** What a learner learns from: vectors of named features, row after row in one array, and whether each was fraud. */
export type Examples = {
  readonly featureNames: readonly string[];
  readonly values: Float64Array;
  /** 1 is fraud. */
  readonly labels: Uint8Array;
  /** How much each row counts; all alike when absent. */
  readonly weights?: Float64Array;
};

/** Puts rows together, refusing what no learner can learn from: no rows, a row of another width, a value that is not finite. */
function of(featureNames: readonly string[], rows: readonly FeatureVector[], labels: ArrayLike<number | boolean>): Examples {
  const width = featureNames.length;
  invariant(rows.length === labels.length, `${rows.length} rows and ${labels.length} labels`);
  const values = new Float64Array(rows.length * width);
  rows.forEach((row, index) => {
    invariant(row.length === width, `row ${index} has ${row.length} features, not ${width}`);
    values.set(row, index * width);
  });
  return check({ featureNames, values, labels: Uint8Array.from(labels, Number) });
}

function check(examples: Examples): Examples {
  const { featureNames, values, labels, weights } = examples;
  invariant(featureNames.length > 0 && labels.length > 0, 'nothing to learn from');
  invariant(values.length === labels.length * featureNames.length, 'every row has every feature');
  invariant(weights === undefined || weights.length === labels.length, 'every row has a weight');
  invariant(
    values.every((value) => Number.isFinite(value)),
    'every value is finite',
  );
  return examples;
}

const row = ({ values, featureNames }: Examples, index: number): Float64Array =>
  values.subarray(index * featureNames.length, (index + 1) * featureNames.length);

const weight = ({ weights }: Examples, index: number): number => (weights === undefined ? 1 : (weights[index] as number));

/** The rows that are asked for, in their order, with the features that are asked for. */
function pick(examples: Examples, rows: ArrayLike<number>, featureNames: readonly string[] = examples.featureNames): Examples {
  const columns = featureNames.map((name) => {
    const column = examples.featureNames.indexOf(name);
    invariant(column >= 0, `there is no feature ${name}`);
    return column;
  });
  const width = examples.featureNames.length;
  const values = new Float64Array(rows.length * columns.length);
  for (let i = 0, at = 0; i < rows.length; i++) {
    const from = (rows[i] as number) * width;
    for (const column of columns) values[at++] = examples.values[from + column] as number;
  }
  const labels = Uint8Array.from(rows, (index) => examples.labels[index] as number);
  if (examples.weights === undefined) return { featureNames, values, labels };
  return { featureNames, values, labels, weights: Float64Array.from(rows, (index) => weight(examples, index)) };
}

export const Examples = { of, check, row, weight, pick };
