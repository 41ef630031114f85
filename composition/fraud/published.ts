import type { Figures } from '#domain/fraud/benchmark/protocol.ts';

/** Le Borgne, Siblini, Lebichot, Bontempi: Reproducible Machine Learning for Credit Card Fraud Detection, Practical Handbook (2022). */
type Published = Readonly<Record<string, Figures>>;

/** Chapters 3.4 and 7.2: training from 2018-07-25, test from 2018-08-08. */
export const SINGLE_SPLIT: Published = {
  'logistic regression': { auc: 0.871, ap: 0.606, cp: 0.291 },
  'decision tree, depth 2': { auc: 0.763, ap: 0.496, cp: 0.241 },
  'decision tree': { auc: 0.788, ap: 0.309, cp: 0.243 },
  'random forest': { auc: 0.867, ap: 0.658, cp: 0.287 },
  XGBoost: { auc: 0.862, ap: 0.639, cp: 0.273 },
  'neural network': { auc: 0.864, ap: 0.653, cp: 0.286 },
  chance: { auc: 0.5, ap: 0.007, cp: 0.017 },
};

/** Four weeks, training from 2018-07-25, 08-01, 08-08 and 08-15, tuned on the weeks before: the means. */
export const PREQUENTIAL: Published = {
  'decision tree': { auc: 0.797, ap: 0.579, cp: 0.284 },
  'logistic regression': { auc: 0.868, ap: 0.623, cp: 0.297 },
  'random forest': { auc: 0.87, ap: 0.678, cp: 0.299 },
  XGBoost: { auc: 0.869, ap: 0.687, cp: 0.303 },
  'neural network': { auc: 0.876, ap: 0.675, cp: 0.303 },
  'balanced bagging': { auc: 0.879, ap: 0.68, cp: 0.305 },
  LSTM: { auc: 0.876, ap: 0.665, cp: 0.297 },
  CNN: { auc: 0.872, ap: 0.599, cp: 0.288 },
  'LSTM with attention': { auc: 0.874, ap: 0.667, cp: 0.295 },
};
