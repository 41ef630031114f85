import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FraudModel, type Member, probabilityOf } from '#domain/fraud/learning/model.ts';
import { LEAF, type Tree } from '#domain/fraud/learning/tree.ts';

const FEATURES = ['amount', 'velocity', 'age', 'distance'];
const value = fc.double({ min: -50, max: 50, noNaN: true });
const column = fc.array(value, { minLength: FEATURES.length, maxLength: FEATURES.length });

/** A full tree of some depth, breadth first: node n has the children 2n + 1 and 2n + 2. */
const tree: fc.Arbitrary<Tree> = fc.integer({ min: 0, max: 4 }).chain((depth) => {
  const [inner, size] = [2 ** depth - 1, 2 ** (depth + 1) - 1];
  const nodes = Array.from({ length: size }, (_, node) => node);
  return fc
    .tuple(
      fc.array(fc.nat({ max: FEATURES.length - 1 }), { minLength: size, maxLength: size }),
      fc.array(value, { minLength: size, maxLength: size }),
      fc.array(value, { minLength: size, maxLength: size }),
    )
    .map(([features, thresholds, values]) => ({
      features: features.map((feature, node) => (node < inner ? feature : LEAF)),
      thresholds,
      values,
      lefts: nodes.map((node) => (node < inner ? 2 * node + 1 : 0)),
      rights: nodes.map((node) => (node < inner ? 2 * node + 2 : 0)),
    }));
});
const member: fc.Arbitrary<Member> = fc.oneof(
  fc.record({ kind: fc.constant('boosted' as const), bias: value, trees: fc.array(tree, { maxLength: 5 }) }),
  fc.record({
    kind: fc.constant('logistic' as const),
    bias: value,
    centres: column,
    weights: column,
    scales: column.map((scales) => scales.map((scale) => Math.abs(scale) + 0.1)),
  }),
);
const model: fc.Arbitrary<FraudModel> = fc
  .record({
    members: fc.array(fc.record({ share: fc.double({ min: 0, max: 1, noNaN: true }), member }), { minLength: 1, maxLength: 4 }),
    calibration: fc.record({ intercept: value, slope: fc.double({ min: 0.01, max: 3, noNaN: true }) }),
    seed: fc.nat(),
  })
  .map((parts) => FraudModel.seal({ ...parts, featureNames: FEATURES, trainedOn: { from: 0, until: 1, rows: 2, frauds: 1 } }));

const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));

it('explains a score by reasons that sum to it', () => {
  fc.assert(
    fc.property(model, column, (one, vector) => {
      const { logit, bias, contributions, probability } = FraudModel.score(one, vector);
      expect(contributions).toHaveLength(FEATURES.length);
      expect(
        near(
          contributions.reduce((sum, contribution) => sum + contribution, bias),
          logit,
        ),
      ).toBe(true);
      expect(near(FraudModel.logit(one, vector), logit)).toBe(true); // Reached by summing answers, not reasons.
      expect(probability).toBe(probabilityOf(logit));
    }),
  );
});

it('gives a feature that no tree asks about and no weight is on no part in the score', () => {
  fc.assert(
    fc.property(model, column, (one, vector) => {
      const blind: FraudModel = {
        ...one,
        members: one.members.map(({ share, member: of }) => ({
          share,
          member:
            of.kind === 'logistic'
              ? { ...of, weights: of.weights.map((weight, i) => (i === 2 ? 0 : weight)) }
              : { ...of, trees: of.trees.map((grown) => ({ ...grown, features: grown.features.map((feature) => (feature === 2 ? 1 : feature)) })) },
        })),
      };
      expect(Math.abs(FraudModel.score(blind, vector).contributions[2] as number)).toBe(0);
    }),
  );
});

it('survives JSON: the same version, the same score', () => {
  fc.assert(
    fc.property(model, column, (one, vector) => {
      const read = JSON.parse(JSON.stringify(one)) as FraudModel;
      expect(FraudModel.check(read).ok).toBe(true);
      expect(FraudModel.score(read, vector)).toEqual(FraudModel.score(one, vector));
      const { version, ...content } = read;
      expect(FraudModel.seal(content).version).toBe(version);
    }),
  );
});

it('refuses to score what is not a vector of its features', () => {
  fc.assert(
    fc.property(model, column, (one, vector) => {
      expect(() => FraudModel.score(one, vector.slice(1))).toThrow('4 features');
      expect(() => FraudModel.score(one, [...vector.slice(1), Number.NaN])).toThrow('distance');
    }),
    { numRuns: 10 },
  );
});
