import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_JUDGE_FILE, readDefaultJudge } from '#composition/fraud/default-judge.ts';
import { judgeText } from '#composition/fraud/train-scenarios.ts';
import { cheapestOf, expectedCosts } from '#domain/fraud/decision.ts';
import { WORDS } from '#domain/fraud/feature-words.ts';
import { FEATURE_NAMES, vectorOf } from '#domain/fraud/features.ts';
import { averagePrecision } from '#domain/fraud/learning/metrics.ts';
import { FraudModel } from '#domain/fraud/learning/model.ts';
import { DEFAULT_POLICY } from '#domain/fraud/policy.ts';
import { learnFrom, testRows } from '#domain/fraud/scenarios/learning.ts';
import { tellScenarios } from '#domain/fraud/scenarios/stream.ts';

describe('the judge that is shipped', () => {
  const rows = tellScenarios();
  const shipped = readDefaultJudge();

  it('is what the program learns from its own stories, to the last byte', { timeout: 60_000 }, () => {
    expect(judgeText(learnFrom(rows))).toBe(readFileSync(DEFAULT_JUDGE_FILE, 'utf8'));
  });

  it('measures by every feature there is, and has words for each', () => {
    expect(shipped.model.featureNames).toEqual(FEATURE_NAMES);
    expect(Object.keys(shipped.usual)).toEqual(FEATURE_NAMES);
    expect(Object.keys(WORDS).toSorted()).toEqual(FEATURE_NAMES.toSorted());
  });

  it('finds the frauds of days it did not learn from, and troubles few who mean no harm', () => {
    const test = testRows(rows);
    const probabilities = test.map(({ features }) => FraudModel.score(shipped.model, vectorOf(features, shipped.model.featureNames)).probability);
    const labels = test.map(({ kind }) => (kind === null ? 0 : 1));
    expect(averagePrecision(probabilities, labels)).toBeGreaterThan(0.95);
    const action = (i: number) =>
      cheapestOf(expectedCosts(probabilities[i] as number, { amount: (test[i]?.features.amount ?? 0) * 100, method: 'card' }, DEFAULT_POLICY.costs));
    const honest = test.flatMap(({ kind }, i) => (kind === null ? [action(i)] : []));
    const frauds = test.flatMap(({ kind }, i) => (kind === null ? [] : [action(i)]));
    const share = (actions: readonly string[], ...wanted: readonly string[]) => actions.filter((one) => wanted.includes(one)).length / actions.length;
    expect(share(honest, 'allow')).toBeGreaterThan(0.97);
    expect(share(honest, 'block')).toBeLessThan(0.002);
    expect(share(frauds, 'step_up', 'review', 'block')).toBeGreaterThan(0.9);
  });
});
