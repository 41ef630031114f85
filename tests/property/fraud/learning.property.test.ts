import fc from 'fast-check';
import { expect, it } from 'vitest';
import { calibrate } from '#domain/fraud/learning/calibration.ts';
import { ENSEMBLE, trainEnsemble } from '#domain/fraud/learning/ensemble.ts';
import { Examples } from '#domain/fraud/learning/examples.ts';
import { logisticLoss, trainBoosted } from '#domain/fraud/learning/gradient-boosting.ts';
import { trainLogistic } from '#domain/fraud/learning/logistic-regression.ts';
import { areaUnderRoc } from '#domain/fraud/learning/metrics.ts';
import { FraudModel, memberLogit, probabilityOf } from '#domain/fraud/learning/model.ts';
import { Chance } from '#tests/support/random.ts';

const NAMES = ['signal', 'noise', 'steps'];
const SMALL = { ...ENSEMBLE.boosting, rounds: 15, rate: 0.3, leafRowsMin: 5, depth: 3 };

/** Rows of which the first feature, and the third in steps, say how likely fraud is. */
function rowsOf(seed: number, count: number, isWeighted = false): Examples {
  const chance = new Chance(seed);
  const rows = Array.from({ length: count }, () => [6 * chance.next() - 3, chance.next(), chance.int(4)]);
  const labels = rows.map(([signal, , steps]) => chance.next() < probabilityOf(2 * (signal as number) + (steps === 3 ? 2 : -2)));
  const examples = Examples.of(NAMES, rows, labels);
  return isWeighted ? { ...examples, weights: Float64Array.from(rows, () => 0.5 + chance.next()) } : examples;
}
const logitsOf = (examples: Examples, of: (vector: Float64Array) => number): Float64Array =>
  Float64Array.from(examples.labels, (_, row) => of(Examples.row(examples, row)));

const seed = fc.nat({ max: 1_000_000 });

it('every tree that sees all rows lowers the training loss', () => {
  fc.assert(
    fc.property(seed, fc.boolean(), (of, isWeighted) => {
      const examples = rowsOf(of, 300, isWeighted);
      const losses: number[] = [];
      const boosted = trainBoosted(examples, { ...SMALL, rowShare: 1, featureShare: 1 }, of, (loss) => losses.push(loss));
      expect(losses).toHaveLength(15);
      losses.forEach((loss, round) => {
        expect(loss).toBeLessThanOrEqual((losses[round - 1] ?? Number.POSITIVE_INFINITY) + 1e-12);
      });
      // What it says of its loss is what its trees answer.
      const logits = logitsOf(examples, (vector) => memberLogit(boosted, vector));
      expect(logisticLoss(examples, logits)).toBeCloseTo(losses.at(-1) as number, 10);
    }),
    { numRuns: 20 },
  );
});

it('logistic regression stops where its penalised loss is flat, and does not mind the units of a feature', () => {
  fc.assert(
    fc.property(seed, fc.double({ min: 0.001, max: 1_000, noNaN: true }), fc.double({ min: -50, max: 50, noNaN: true }), (of, unit, shift) => {
      const examples = rowsOf(of, 300, true);
      const member = trainLogistic(examples, { l2: 1, steps: 50 });
      const slopes = NAMES.map((_, i) =>
        examples.labels.reduce((sum, label, row) => {
          const vector = Examples.row(examples, row);
          const standard = ((vector[i] as number) - (member.centres[i] as number)) / (member.scales[i] as number);
          return sum + Examples.weight(examples, row) * (probabilityOf(memberLogit(member, vector)) - label) * standard;
        }, member.weights[i] as number),
      );
      for (const slope of slopes) expect(Math.abs(slope)).toBeLessThan(0.01);

      const moved = { ...examples, values: examples.values.map((value, i) => (i % 3 === 0 ? value * unit + shift : value)) };
      const other = trainLogistic(moved, { l2: 1, steps: 50 });
      const [a, b] = [logitsOf(examples, (vector) => memberLogit(member, vector)), logitsOf(moved, (vector) => memberLogit(other, vector))];
      a.forEach((logit, row) => {
        expect(logit).toBeCloseTo(b[row] as number, 3);
      });
    }),
    { numRuns: 20 },
  );
});

it('calibration keeps every order, whatever it is given, and finds the line that made the labels', () => {
  const scored = fc.array(fc.record({ logit: fc.double({ min: -9, max: 9, noNaN: true }), label: fc.constantFrom(0, 1) }), {
    minLength: 2,
    maxLength: 50,
  });
  fc.assert(
    fc.property(scored, (rows) => {
      const { slope, intercept } = calibrate(
        Float64Array.from(rows, ({ logit }) => logit),
        Uint8Array.from(rows, ({ label }) => label),
      );
      expect(slope).toBeGreaterThan(0);
      expect(Number.isFinite(intercept)).toBe(true);
    }),
  );
  const chance = new Chance(5);
  const logits = Float64Array.from({ length: 20_000 }, () => 8 * chance.next() - 4);
  const labels = Uint8Array.from(logits, (logit) => (chance.next() < probabilityOf(0.5 * logit - 1) ? 1 : 0));
  const found = calibrate(logits, labels);
  expect(found.slope).toBeCloseTo(0.5, 1);
  expect(found.intercept).toBeCloseTo(-1, 1);
});

const train = (examples: Examples, of: number) =>
  trainEnsemble({
    examples,
    groups: examples.labels.map((_, row) => row % 251),
    window: { from: 0, until: 10 },
    seed: of,
    settings: { ...ENSEMBLE, boosting: SMALL },
  });

it('the same seed learns the same model, another seed another', () => {
  fc.assert(
    fc.property(seed, (of) => {
      const examples = rowsOf(of, 400);
      const model = train(examples, of);
      expect(train(examples, of)).toEqual(model);
      expect(train(examples, of + 1).version).not.toBe(model.version);
    }),
    { numRuns: 5 },
  );
});

it('an ensemble ranks what it has not seen, and its probabilities are about as often right as they say', () => {
  fc.assert(
    fc.property(seed, (of) => {
      const model = train(rowsOf(of, 1_500), of);
      const fresh = rowsOf(of + 7_777_777, 1_500);
      const logits = logitsOf(fresh, (vector) => FraudModel.logit(model, vector));
      expect(areaUnderRoc(logits, fresh.labels)).toBeGreaterThan(0.85);
      const expected = logits.reduce((sum, logit) => sum + probabilityOf(logit), 0);
      const actual = fresh.labels.reduce((sum, label) => sum + label, 0);
      expect(Math.abs(expected - actual)).toBeLessThan(120);
    }),
    { numRuns: 5 },
  );
});

it('is not fooled by what it has learned by heart: it is calibrated on rows it did not see', () => {
  const chance = new Chance(9);
  const rows = Array.from({ length: 400 }, () => [chance.next(), chance.next(), chance.next()]);
  const lot = Examples.of(
    NAMES,
    rows,
    rows.map(() => chance.next() < 0.3),
  );
  const eager = { ...ENSEMBLE.boosting, rounds: 40, rate: 0.5, depth: 6, leafRowsMin: 1, leafEvidenceMin: 0, rowShare: 1, featureShare: 1 };
  const groups = rows.map((_, row) => row);
  const model = trainEnsemble({ examples: lot, groups, window: { from: 0, until: 1 }, seed: 1, settings: { ...ENSEMBLE, boosting: eager } });
  expect(model.calibration.slope).toBeLessThan(0.2); // On what it saw it would be about 1.
});

it('keeps the rows of a group together when it holds rows out', () => {
  const examples = rowsOf(3, 400);
  const shared = { examples, window: { from: 0, until: 1 }, seed: 1, settings: { ...ENSEMBLE, boosting: SMALL } };
  const twice = Examples.of(
    NAMES,
    [...examples.labels, ...examples.labels].map((_, row) => Examples.row(examples, row % 400)),
    [...examples.labels, ...examples.labels],
  );
  const slopeOf = (groups: readonly number[]) => trainEnsemble({ ...shared, examples: twice, groups }).calibration.slope;
  const apart = slopeOf(Array.from({ length: 800 }, (_, row) => row));
  const together = slopeOf(Array.from({ length: 800 }, (_, row) => row % 400));
  expect(together).toBeLessThan(apart); // Apart, a row's twin gives its label away.
});

it('learns, without breaking, from one row, from one kind of row, and from features that never vary', () => {
  for (const labels of [[1], [0, 0, 0], [1, 1], [0, 1, 0]]) {
    const examples = Examples.of(
      ['constant', 'other'],
      labels.map((_, i) => [7, i]),
      labels,
    );
    const model = train(examples, 1);
    expect(FraudModel.check(model).ok).toBe(true);
    expect(Number.isFinite(FraudModel.score(model, [7, 1]).logit)).toBe(true);
  }
  expect(() => Examples.of(['a'], [[Number.NaN]], [0])).toThrow('finite');
  expect(() => Examples.of(['a'], [], [])).toThrow('nothing');
  expect(() => Examples.of(['a'], [[1, 2]], [0])).toThrow('row 0');
});
