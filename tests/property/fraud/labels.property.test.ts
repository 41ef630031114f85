import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LABEL_SOURCES, LABEL_WEIGHT, type Label, Labels } from '#domain/fraud/labels.ts';

const label: fc.Arbitrary<Label> = fc.record({
  source: fc.constantFrom(...LABEL_SOURCES),
  isFraud: fc.boolean(),
  labelTime: fc.integer({ min: 0, max: 100 }),
});
const decision = fc.record({ decidedAt: fc.integer({ min: 0, max: 60 }), labels: fc.array(label, { maxLength: 6 }) });

/** The labels as they are recorded one after the other, those that are refused left out. */
const recorded = (decidedAt: number, labels: readonly Label[]): Labels =>
  labels.reduce(
    (set, one) => {
      const next = Labels.record(set, one);
      return next.ok ? { ...next.value.state, version: set.version + 1 } : set;
    },
    Labels.none('d', 'r', decidedAt),
  );

describe('labels', () => {
  it('are never used before their time, and never known before there is anything to know', () => {
    fc.assert(
      fc.property(fc.array(decision), fc.integer({ min: 0, max: 120 }), fc.integer({ min: 0, max: 50 }), (decisions, asOf, matures) => {
        const sets = decisions.map(({ decidedAt, labels }, row) => ({ row, ...recorded(decidedAt, labels) }));
        for (const { decidedAt, labels } of sets) expect(labels.every(({ labelTime }) => labelTime >= decidedAt)).toBe(true);
        const blind = sets.map((set) => ({ ...set, labels: set.labels.filter(({ labelTime }) => labelTime <= asOf) }));
        const learned = Labels.trainingSet(sets, asOf, matures);
        expect(learned).toEqual(Labels.trainingSet(blind, asOf, matures));
        for (const { row } of learned) expect(sets[row]?.decidedAt).toBeLessThanOrEqual(asOf);
      }),
    );
  });

  it('are outdone by stronger ones only, and stand one a source', () => {
    fc.assert(
      fc.property(decision, fc.integer({ min: 0, max: 120 }), ({ decidedAt, labels }, asOf) => {
        const set = recorded(decidedAt, labels);
        expect(new Set(set.labels.map(({ source }) => source)).size).toBe(set.labels.length);
        const verdict = Labels.verdict(set, asOf);
        for (const { source, labelTime } of set.labels) {
          if (labelTime <= asOf) expect(LABEL_SOURCES.indexOf(source)).toBeGreaterThanOrEqual(LABEL_SOURCES.indexOf(verdict?.source ?? 'complaint'));
        }
      }),
    );
  });

  it('tell in each event what is held of the payment before and after', () => {
    fc.assert(
      fc.property(decision, ({ decidedAt, labels }) => {
        let set = Labels.none('d', 'r', decidedAt);
        let held = false;
        for (const one of labels) {
          const next = Labels.record(set, one);
          if (!next.ok) continue;
          const [event] = next.value.events;
          expect(event?.held.before).toBe(held);
          set = next.value.state;
          held = Labels.verdict(set, 1_000)?.isFraud ?? false;
          expect(event?.held.after).toBe(held);
        }
      }),
    );
  });

  it('take what nobody complained of for honest once it is old enough', () => {
    const quiet = { row: 'quiet', decidedAt: 10, labels: [] };
    expect(Labels.trainingSet([quiet], 39, 30)).toEqual([]);
    expect(Labels.trainingSet([quiet], 40, 30)).toEqual([{ row: 'quiet', isFraud: false, weight: 1 }]);
    const won = {
      row: 'won',
      decidedAt: 0,
      labels: [
        { source: 'chargeback', isFraud: true, labelTime: 5 },
        { source: 'dispute_won', isFraud: false, labelTime: 9 },
      ] as const,
    };
    expect(Labels.trainingSet([won], 8, 30)).toEqual([{ row: 'won', isFraud: true, weight: LABEL_WEIGHT.chargeback }]);
    expect(Labels.trainingSet([won], 9, 30)).toEqual([{ row: 'won', isFraud: false, weight: LABEL_WEIGHT.dispute_won }]);
  });
});
