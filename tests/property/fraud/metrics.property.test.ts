import fc from 'fast-check';
import { expect, it } from 'vitest';
import { areaUnderRoc, averagePrecision, cardPrecision, type ScoredCard } from '#domain/fraud/learning/metrics.ts';

/** Few scores, so that many are equal. */
const ranked = fc.array(fc.record({ score: fc.integer({ min: -6, max: 6 }), label: fc.constantFrom(0, 1) }), { minLength: 1, maxLength: 60 });
const unzip = (rows: readonly { readonly score: number; readonly label: number }[]) =>
  [rows.map(({ score }) => score), rows.map(({ label }) => label)] as const;

it('AUC is the share of pairs in order, a tie counting half', () => {
  fc.assert(
    fc.property(ranked, (rows) => {
      const frauds = rows.filter(({ label }) => label === 1);
      const genuine = rows.filter(({ label }) => label === 0);
      const pairs = frauds.flatMap((a) => genuine.map((b) => (a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0)));
      const share = pairs.length === 0 ? 0.5 : pairs.reduce((sum: number, pair) => sum + pair, 0) / pairs.length;
      expect(areaUnderRoc(...unzip(rows))).toBeCloseTo(share, 10);
    }),
  );
});

it('average precision is the sum of precision over the steps of recall, at every threshold', () => {
  fc.assert(
    fc.property(ranked, (rows) => {
      const frauds = rows.filter(({ label }) => label === 1).length;
      let [sum, recall] = [0, 0];
      for (const threshold of [...new Set(rows.map(({ score }) => score))].toSorted((a, b) => b - a)) {
        const above = rows.filter(({ score }) => score >= threshold);
        const found = above.filter(({ label }) => label === 1).length;
        sum += frauds === 0 ? 0 : (found / frauds - recall) * (found / above.length);
        recall = frauds === 0 ? 0 : found / frauds;
      }
      expect(averagePrecision(...unzip(rows))).toBeCloseTo(sum, 10);
    }),
  );
});

it('no figure changes when scores are mapped monotonely, or rows are shuffled', () => {
  fc.assert(
    fc.property(ranked, fc.double({ min: 0.1, max: 9, noNaN: true }), fc.integer(), (rows, slope, by) => {
      const [scores, labels] = unzip(rows);
      const mapped = scores.map((score) => Math.exp(slope * score));
      const turned = rows.map((_, i) => rows[(i + Math.abs(by)) % rows.length] as (typeof rows)[number]);
      for (const figure of [areaUnderRoc, averagePrecision]) {
        expect(figure(mapped, labels)).toBe(figure(scores, labels));
        expect(figure(...unzip(turned))).toBeCloseTo(figure(scores, labels), 12);
      }
    }),
  );
});

/** The protocol in the words of the handbook: a day at a time, the best row of every card, what was detected taken off. */
function naiveCardPrecision(payments: readonly ScoredCard[], k: number): number {
  const detected: number[] = [];
  const precisions = [...new Set(payments.map(({ day }) => day))]
    .toSorted((a, b) => a - b)
    .map((day) => {
      const today = payments.filter((payment) => payment.day === day && !detected.includes(payment.card));
      const cards = [...new Set(today.map(({ card }) => card))].map((card) => {
        const ofCard = today.filter((payment) => payment.card === card);
        return { card, score: Math.max(...ofCard.map(({ score }) => score)), isFraud: ofCard.some(({ isFraud }) => isFraud) };
      });
      const top = cards.toSorted((a, b) => b.score - a.score || a.card - b.card).slice(0, k);
      const found = top.filter(({ isFraud }) => isFraud).map(({ card }) => card);
      detected.push(...found);
      return found.length / k;
    });
  return precisions.length === 0 ? 0 : precisions.reduce((sum, precision) => sum + precision, 0) / precisions.length;
}

it('card precision looks at k cards a day and at none it caught before', () => {
  const payment = fc.record({ card: fc.nat({ max: 6 }), day: fc.nat({ max: 3 }), score: fc.integer({ min: 0, max: 5 }), isFraud: fc.boolean() });
  fc.assert(
    fc.property(fc.array(payment, { maxLength: 50 }), fc.integer({ min: 1, max: 4 }), (payments, k) => {
      expect(cardPrecision(payments, k)).toBeCloseTo(naiveCardPrecision(payments, k), 12);
    }),
  );
});
