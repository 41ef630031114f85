import type { Change } from '../shared/change.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { FraudErrorOf } from './errors.ts';
import type { LabelEvent } from './events.ts';

/**
 * Where a label comes from, the strongest first, and how much it counts in training. A dispute that was won takes back what its
 * opening said, but softly: a bank may have erred either way.
 */
export const LABEL_SOURCES = ['dispute_won', 'chargeback', 'dispute_lost', 'reviewer', 'refund', 'complaint'] as const;
export type LabelSource = (typeof LABEL_SOURCES)[number];
export const LABEL_WEIGHT: Readonly<Record<LabelSource, number>> = {
  dispute_won: 0.5,
  chargeback: 1,
  dispute_lost: 0.9,
  reviewer: 0.7,
  refund: 0.5,
  complaint: 0.3,
};

/** What somebody came to know of a payment, and when. Nothing may use it before `labelTime`. */
export type Label = { readonly source: LabelSource; readonly isFraud: boolean; readonly labelTime: number };

/** Every label of one decision, one a source. */
export type Labels = {
  readonly decisionId: string;
  readonly restaurantId: string;
  readonly decidedAt: number;
  readonly labels: readonly Label[];
  readonly version: number;
};

const none = (decisionId: string, restaurantId: string, decidedAt: number): Labels => ({
  decisionId,
  restaurantId,
  decidedAt,
  labels: [],
  version: 0,
});

type Recorded = Result<Change<Labels, LabelEvent>, FraudErrorOf<'fraud.label_too_early' | 'fraud.label_known'>>;

/** Takes a label in. A source may change its mind; saying the same again is refused, and so is knowing before there was anything to know. */
function record(set: Labels, label: Label): Recorded {
  const { decisionId, restaurantId, decidedAt, labels } = set;
  const { source, isFraud, labelTime } = label;
  const before = labels.find((one) => one.source === source);
  if (labelTime < decidedAt || (before && labelTime < before.labelTime)) return err({ code: 'fraud.label_too_early', decisionId, labelTime });
  if (before?.isFraud === isFraud) return err({ code: 'fraud.label_known', decisionId, source });
  const state = { ...set, labels: [...labels.filter((one) => one.source !== source), label] };
  const held = { before: heldFraud(set), after: heldFraud(state) };
  return ok({ state, events: [{ type: 'fraud.labelled', decisionId, restaurantId, source, isFraud, held, labelTime, at: labelTime }] });
}

/** Whether all labels together say fraud. */
const heldFraud = (set: Labels): boolean => verdict(set, Number.POSITIVE_INFINITY)?.isFraud ?? false;

/** The strongest of what was known at an instant; undefined while nobody knew anything. */
function verdict({ labels }: Pick<Labels, 'labels'>, asOf: number): Label | undefined {
  return labels
    .filter(({ labelTime }) => labelTime <= asOf)
    .sort((a, b) => LABEL_SOURCES.indexOf(a.source) - LABEL_SOURCES.indexOf(b.source))
    .at(0);
}

export type Labelled<T> = { readonly row: T; readonly isFraud: boolean; readonly weight: number };

/**
 * What may be learned from at an instant: decisions before it, by what was known of them by then. What nobody complained of is
 * taken for honest once it is old enough for complaints to have come.
 */
function trainingSet<T>(
  decisions: readonly { readonly row: T; readonly decidedAt: number; readonly labels: readonly Label[] }[],
  asOf: number,
  maturesAfter: number,
): readonly Labelled<T>[] {
  return decisions.flatMap(({ row, decidedAt, labels }) => {
    const known = verdict({ labels }, asOf);
    if (known) return [{ row, isFraud: known.isFraud, weight: LABEL_WEIGHT[known.source] }];
    return decidedAt + maturesAfter <= asOf ? [{ row, isFraud: false, weight: 1 }] : [];
  });
}

export const Labels = { none, record, verdict, trainingSet };
