import { invariant } from '../../shared/invariant.ts';

type Ranking = { readonly scores: ArrayLike<number>; readonly labels: ArrayLike<number> };

/** Groups of equal scores, highest first: how many frauds and how many genuine each holds. */
function* groups({ scores, labels }: Ranking): Generator<{ readonly frauds: number; readonly genuine: number }> {
  invariant(scores.length === labels.length, `${scores.length} scores and ${labels.length} labels`);
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => (scores[b] as number) - (scores[a] as number));
  for (let i = 0; i < order.length; ) {
    const score = scores[order[i] as number];
    let [frauds, genuine] = [0, 0];
    for (; i < order.length && scores[order[i] as number] === score; i++) {
      if (labels[order[i] as number] === 1) frauds += 1;
      else genuine += 1;
    }
    yield { frauds, genuine };
  }
}

/** The chance that a fraud scores above a genuine payment, a tie counting half. 0.5 when one of them is missing. */
export function areaUnderRoc(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  let [above, frauds, genuine] = [0, 0, 0];
  for (const group of groups({ scores, labels })) {
    above += group.genuine * (frauds + group.frauds / 2);
    frauds += group.frauds;
    genuine += group.genuine;
  }
  return frauds === 0 || genuine === 0 ? 0.5 : above / (frauds * genuine);
}

/** The mean precision over the steps of recall, from the highest score down. 0 when there is no fraud. */
export function averagePrecision(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  let [sum, frauds, seen] = [0, 0, 0];
  for (const group of groups({ scores, labels })) {
    frauds += group.frauds;
    seen += group.frauds + group.genuine;
    sum += group.frauds * (frauds / seen);
  }
  return frauds === 0 ? 0 : sum / frauds;
}

export type ScoredCard = { readonly card: number; readonly day: number; readonly score: number; readonly isFraud: boolean };

/**
 * Card precision top-k: every day the k cards with the highest score of that day, cards caught on an earlier day left out; the share of them that
 * had a fraud that day, over k; the mean over the days. Cards of equal score go by their number.
 */
export function cardPrecision(payments: readonly ScoredCard[], k: number): number {
  const days = Map.groupBy(payments, ({ day }) => day);
  const caught = new Set<number>();
  let sum = 0;
  for (const [, ofDay] of [...days].toSorted(([a], [b]) => a - b)) {
    const cards = new Map<number, { card: number; score: number; isFraud: boolean }>();
    for (const { card, score, isFraud } of ofDay) {
      const known = cards.get(card);
      cards.set(card, { card, score: Math.max(score, known?.score ?? score), isFraud: isFraud || (known?.isFraud ?? false) });
    }
    const looked = [...cards.values()]
      .filter(({ card }) => !caught.has(card))
      .toSorted((a, b) => b.score - a.score || a.card - b.card)
      .slice(0, k);
    const found = looked.filter(({ isFraud }) => isFraud);
    for (const { card } of found) caught.add(card);
    sum += found.length / k;
  }
  return days.size === 0 ? 0 : sum / days.size;
}
