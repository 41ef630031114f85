import { Examples } from './examples.ts';
import { trainLogistic } from './logistic-regression.ts';
import type { Calibration } from './model.ts';

/** So that a learner that learned nothing, or the wrong way round, still keeps its order: calibration never turns a ranking over. */
const SLOPE_MIN = 0.01;

/**
 * Platt's scaling: the straight line in log-odds that makes scores most likely for the labels. The scores must be of rows that the learner did not
 * learn from, or it believes itself too much. A line, because reasons that sum to the log-odds then still do.
 */
export function calibrate(logits: Float64Array, labels: Uint8Array, weights?: Float64Array): Calibration {
  const examples: Examples = { featureNames: ['logit'], values: logits, labels, ...(weights && { weights }) };
  const { bias, centres, scales, weights: slopes } = trainLogistic(Examples.check(examples), { l2: 0.01, steps: 50 });
  const slope = Math.max(SLOPE_MIN, (slopes[0] as number) / (scales[0] as number));
  return { slope, intercept: bias - slope * (centres[0] as number) };
}
