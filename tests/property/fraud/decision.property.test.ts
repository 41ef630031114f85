import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDefaultJudge } from '#composition/fraud/default-judge.ts';
import { cheapestOf, checkVerdict, decide, expectedCosts, judge } from '#domain/fraud/decision.ts';
import { FEATURE_NAMES, featuresOf, type Histories } from '#domain/fraud/features.ts';
import { History } from '#domain/fraud/history.ts';
import { attemptSeen, outcomeSeen } from '#domain/fraud/outcomes.ts';
import { ACTIONS, DEFAULT_POLICY, FraudPolicy } from '#domain/fraud/policy.ts';
import { keysOf, nameOfKey, type Signals } from '#domain/fraud/signals.ts';
import { hits, policies, signals } from '../../support/arbitraries/fraud.ts';

const JUDGE = readDefaultJudge();
const rank = (action: (typeof ACTIONS)[number]): number => ACTIONS.indexOf(action);
const share = fc.double({ min: 0, max: 1, noNaN: true });
const paid = fc.record({ amount: fc.integer({ min: 0, max: 100_000_00 }), method: fc.constantFrom('card', 'cash', null) });

/** The histories of an attempt among others before it. */
function historiesOf(attempt: Signals, before: readonly Signals[]): Histories {
  const found = new Map(keysOf(attempt).map((key) => [nameOfKey(key), History.empty(key.kind, key.key)]));
  for (const [i, one] of before.entries()) {
    const ends = (['failure', 'paid', 'completed', 'no_show', 'refund', 'fraud', 'cancelled'] as const)[i % 7] as 'paid';
    for (const { keys, observation } of [attemptSeen({ decisionId: `d${i}`, signals: one }), outcomeSeen(ends, `d${i}`, one.at + i * 1_000, one)]) {
      for (const name of keys.map(nameOfKey)) {
        const history = found.get(name);
        if (history) found.set(name, History.observe(history, observation));
      }
    }
  }
  return Object.fromEntries([...found.values()].map((history) => [history.kind, history]));
}

describe('a verdict', () => {
  it('is the sum of its reasons, finite in every feature, and the same when it is made again', () => {
    fc.assert(
      fc.property(signals, fc.array(signals, { maxLength: 40 }), policies, hits, (attempt, before, policy, met) => {
        const histories = historiesOf(attempt, before);
        const verdict = checkVerdict(judge(JUDGE, attempt, histories, policy, met));
        for (const name of FEATURE_NAMES) expect([name, Number.isFinite(verdict.features[name])]).toEqual([name, true]);
        expect(judge(JUDGE, attempt, JSON.parse(JSON.stringify(histories)), policy, met)).toEqual(verdict);
        expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
        expect(verdict.reasons.length).toBeLessThanOrEqual(5 + verdict.rules.length);
        expect(verdict.reasons.every(({ text }) => text.length > 0 && !/NaN|undefined|Infinity/.test(text))).toBe(true);
      }),
    );
  });

  it('never lets through what is on a deny list, and spares what is on an allow list unless it tests cards', () => {
    fc.assert(
      fc.property(signals, fc.array(signals, { maxLength: 40 }), policies, hits, (attempt, before, policy, met) => {
        const { action, rules } = judge(JUDGE, attempt, historiesOf(attempt, before), policy, met);
        if (met.some(({ list }) => list === 'deny')) expect(action).toBe('block');
        else if (met.some(({ list }) => list === 'allow')) expect(action).toBe(rules.some(({ name }) => name === 'card_testing') ? 'block' : 'allow');
      }),
    );
  });

  it('is never milder than a rule demands, nor than the costs say, unless it is allowed', () => {
    fc.assert(
      fc.property(signals, fc.array(signals, { maxLength: 40 }), policies, (attempt, before, policy) => {
        const { action, cheapest, rules } = judge(JUDGE, attempt, historiesOf(attempt, before), policy, []);
        for (const demanded of [cheapest, ...rules.map(({ demands }) => demands)]) expect(rank(action)).toBeGreaterThanOrEqual(rank(demanded));
      }),
    );
  });

  it('does not see what happens after it', () => {
    fc.assert(
      fc.property(signals, fc.array(signals, { maxLength: 30 }), (attempt, others) => {
        const before = others.filter(({ at }) => at + 40_000 <= attempt.at);
        const after = others.map((one) => ({ ...one, at: attempt.at + 1 }));
        const alone = historiesOf(attempt, before);
        const crowded = historiesOf(attempt, [...before, ...after]);
        const known = (features: ReturnType<typeof featuresOf>) => features;
        expect(known(featuresOf(attempt, crowded))).toEqual(known(featuresOf(attempt, alone)));
      }),
    );
  });
});

describe('the cheapest action', () => {
  const actionAt = (probability: number, attempt: { readonly amount: number; readonly method: string | null }, policy: FraudPolicy) =>
    cheapestOf(expectedCosts(probability, attempt, policy.costs));

  it('is no milder for a likelier fraud', () => {
    fc.assert(
      fc.property(share, share, paid, policies, (one, other, attempt, policy) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        expect(rank(actionAt(high, attempt, policy))).toBeGreaterThanOrEqual(rank(actionAt(low, attempt, policy)));
      }),
    );
  });

  it('is no milder when frauds cost more, and no harder when honest customers are worth more', () => {
    fc.assert(
      fc.property(share, paid, policies, fc.integer({ min: 0, max: 50_000_00 }), (probability, attempt, policy, more) => {
        const action = rank(actionAt(probability, { ...attempt, method: 'card' }, policy));
        const withCosts = (costs: Partial<FraudPolicy['costs']>) =>
          rank(actionAt(probability, { ...attempt, method: 'card' }, { ...policy, costs: { ...policy.costs, ...costs } } as FraudPolicy));
        expect(withCosts({ chargebackFee: policy.costs.chargebackFee + more })).toBeGreaterThanOrEqual(action);
        expect(withCosts({ goodwill: policy.costs.goodwill + more })).toBeLessThanOrEqual(action);
      }),
    );
  });

  it('is the least of all, and allows what is certainly honest', () => {
    fc.assert(
      fc.property(share, paid, policies, (probability, attempt, policy) => {
        const expected = expectedCosts(probability, attempt, policy.costs);
        const action = cheapestOf(expected);
        for (const other of ACTIONS) expect(expected[action]).toBeLessThanOrEqual(expected[other]);
        expect(actionAt(0, attempt, policy)).toBe('allow');
      }),
    );
  });

  it.each([
    [0, 'allow'],
    [0.029, 'allow'],
    [0.05, 'step_up'],
    [0.23, 'step_up'],
    [0.3, 'review'],
    [0.6, 'review'],
    [0.7, 'block'],
    [1, 'block'],
  ])('by default, for an order of 400 at a probability of %s, is %s', (probability, action) => {
    expect(actionAt(probability, { amount: 400_00, method: 'card' }, DEFAULT_POLICY)).toBe(action);
  });
});

describe('a policy', () => {
  it('by default stands, and without one of its bounds does not', () => {
    const { costs } = DEFAULT_POLICY;
    expect(FraudPolicy.parse(DEFAULT_POLICY)).toMatchObject({ ok: true });
    for (const [change, at] of [
      [{ margin: 1.01 }, 'costs.margin'],
      [{ margin: Number.NaN }, 'costs.margin'],
      [{ chargebackFee: 0.5 }, 'costs.chargebackFee'],
      [{ goodwill: -1 }, 'costs.goodwill'],
      [{ stepUp: { ...costs.stepUp, caught: 0.95 } }, 'costs.review.caught'],
      [{ stepUp: { ...costs.stepUp, abandoned: 0.5 } }, 'costs.review.abandoned'],
      [{ review: { ...costs.review, cost: -1 } }, 'costs.review.cost'],
    ] as const) {
      expect(FraudPolicy.parse({ ...DEFAULT_POLICY, costs: { ...costs, ...change } })).toEqual({ ok: false, error: { at } });
    }
    for (const minutes of [0, 12, 1.5]) {
      expect(FraudPolicy.parse({ ...DEFAULT_POLICY, review: { ...DEFAULT_POLICY.review, minutes } })).toMatchObject({
        error: { at: 'review.minutes' },
      });
    }
  });

  it('leaves a rule that denies final', () => {
    const rule = (demands: (typeof ACTIONS)[number]) => ({ name: 'denied', demands, text: '', observed: null, limit: null }) as const;
    expect(decide([rule('allow'), rule('block')], 'allow')).toBe('block');
    expect(decide([rule('allow'), rule('review')], 'block')).toBe('allow');
    expect(decide([rule('step_up')], 'review')).toBe('review');
    expect(decide([rule('review')], 'step_up')).toBe('review');
  });
});
