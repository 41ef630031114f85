import { describe, expect, it } from 'vitest';
import { FraudModel, type Member } from '#domain/fraud/learning/model.ts';
import { LEAF, type Tree } from '#domain/fraud/learning/tree.ts';

/** Asks whether the amount is at most 100; above, whether the account is at most a day old. */
const TREE: Tree = {
  features: [0, LEAF, 1, LEAF, LEAF],
  thresholds: [100, 0, 1, 0, 0],
  lefts: [1, 0, 3, 0, 0],
  rights: [2, 0, 4, 0, 0],
  values: [0.5, -1, 2, 3, 1],
};
const REGRESSION: Member = { kind: 'logistic', bias: -2, centres: [50, 10], scales: [25, 5], weights: [1, -1] };
const MODEL = FraudModel.seal({
  featureNames: ['amount', 'account_days'],
  members: [
    { share: 0.5, member: { kind: 'boosted', bias: -4, trees: [TREE] } },
    { share: 0.5, member: REGRESSION },
  ],
  calibration: { intercept: 1, slope: 2 },
  trainedOn: { from: 0, until: 86_400, rows: 10, frauds: 1 },
  seed: 1,
});

it.each<[string, readonly [number, number], number, readonly [number, number]]>([
  ['at the centre', [50, 10], -1 - 4 - 2 + 1, [-1.5, 0]],
  ['on the threshold it goes left', [100, 10], -1 - 4 - 2 + 1 + 2, [-1.5 + 2, 0]],
  ['a large amount of a new account', [125, 0], 3 - 4 - 2 + 1 + 3 + 2, [1.5 + 3, 1 + 2]],
])('%s', (_, vector, logit, contributions) => {
  const score = FraudModel.score(MODEL, vector);
  expect(score.bias).toBeCloseTo(1 - 4 + 0.5 - 2, 12);
  score.contributions.forEach((contribution, i) => {
    expect(contribution).toBeCloseTo(contributions[i] as number, 12);
  });
  expect(score.logit).toBeCloseTo(logit, 12);
  expect(FraudModel.logit(MODEL, vector)).toBeCloseTo(logit, 12);
});

describe('a model from outside', () => {
  const withTree = (tree: Partial<Tree>): FraudModel => ({
    ...MODEL,
    members: [{ share: 1, member: { kind: 'boosted', bias: 0, trees: [{ ...TREE, ...tree }] } }],
  });
  const withRegression = (member: Partial<typeof REGRESSION>): FraudModel => ({
    ...MODEL,
    members: [...MODEL.members, { share: 1, member: { ...REGRESSION, ...member } as Member }],
  });

  it('is admitted when it is whole', () => {
    expect(FraudModel.check(MODEL)).toEqual({ ok: true, value: MODEL });
  });

  it.each<[string, FraudModel, string]>([
    ['no features', { ...MODEL, featureNames: [] }, 'featureNames'],
    ['a feature twice', { ...MODEL, featureNames: ['amount', 'amount'] }, 'featureNames'],
    ['no members', { ...MODEL, members: [] }, 'members'],
    ['a calibration that turns the order over', { ...MODEL, calibration: { intercept: 0, slope: -1 } }, 'calibration'],
    ['a flat calibration', { ...MODEL, calibration: { intercept: 0, slope: 0 } }, 'calibration'],
    ['a negative share', { ...MODEL, members: [{ share: -1, member: REGRESSION }] }, 'members/0'],
    ['a tree without a node', withTree({ features: [], thresholds: [], lefts: [], rights: [], values: [] }), 'members/0'],
    ['a walk in a circle', withTree({ lefts: [1, 0, 0, 0, 0] }), 'members/0'],
    ['a child outside', withTree({ rights: [2, 0, 5, 0, 0] }), 'members/0'],
    ['a feature outside', withTree({ features: [2, LEAF, 1, LEAF, LEAF] }), 'members/0'],
    ['a value that is none', withTree({ values: [0, 0, Number.NaN, 0, 0] }), 'members/0'],
    ['columns of another length', withTree({ values: [0, 0, 0, 0] }), 'members/0'],
    ['a weight too few', withRegression({ weights: [1] }), 'members/2'],
    ['a scale of zero', withRegression({ scales: [1, 0] }), 'members/2'],
  ])('is refused for %s', (_, model, at) => {
    expect(FraudModel.check(model)).toEqual({ ok: false, error: { code: 'fraud.malformed_model', at } });
  });
});
