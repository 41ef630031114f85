import type { RecordedEvent, Subscription } from '#application/shared/events.ts';
import { type Label, Labels } from '#domain/fraud/labels.ts';
import type { RefundRequested } from '#domain/fraud/outcomes.ts';
import { restaurantsIn } from './on-outcome.ts';
import type { FraudTx } from './ports.ts';

type DisputeChanged = {
  readonly type: 'payments.dispute_changed';
  readonly paymentId: string;
  readonly dispute: { readonly status: string; readonly reason: string };
  readonly at: number;
};
type LabellingEvent = DisputeChanged | RefundRequested;

const TYPES = ['payments.dispute_changed', 'payments.refund_requested'] as const satisfies readonly LabellingEvent['type'][];

/** Labels a payment by what banks and refunds tell of it. Labels are facts in the log themselves, so a replay says nothing. */
export const onDispute: Subscription<Pick<FraudTx, 'decisions' | 'labels'>> = {
  name: 'fraud-labels',
  types: TYPES,
  async on({ decisions, labels }, recorded, isReplay) {
    if (isReplay) return;
    const events = (recorded as readonly RecordedEvent<LabellingEvent>[]).map(({ data }) => data);
    const paymentIds = [...new Set(events.map(({ paymentId }) => paymentId))];
    const restaurantIds = restaurantsIn(recorded);
    const contexts = (await decisions.contexts({ restaurantIds, decisionIds: [], paymentIds, orderIds: [] })).toSorted((a, b) => a.at - b.at);
    const decisionOf = new Map(contexts.map(({ paymentId, decisionId }) => [paymentId, decisionId]));
    for (const event of events) {
      const label = labelOf(event);
      const decisionId = decisionOf.get(event.paymentId);
      const set = label && decisionId !== undefined ? await labels.lock(decisionId) : undefined;
      if (!label || !set) continue;
      const recordedLabel = Labels.record(set, label);
      if (recordedLabel.ok) await labels.save(recordedLabel.value); // Told before, or before there was anything to tell.
    }
  },
};

/** At the time that we came to know of it, which is never before it was so. */
function labelOf(event: LabellingEvent): Label | undefined {
  const labelTime = event.at;
  if (event.type === 'payments.refund_requested') {
    return event.refund.reason === 'fraud' ? { source: 'refund', isFraud: true, labelTime } : undefined;
  }
  const { status, reason } = event.dispute;
  if (status === 'lost') return { source: 'dispute_lost', isFraud: true, labelTime };
  if (status === 'won') return { source: 'dispute_won', isFraud: false, labelTime };
  const isOfFraud = /fraud|unauthori[sz]ed|not.?recogni[sz]ed/i.test(reason);
  return isOfFraud ? { source: 'chargeback', isFraud: true, labelTime } : undefined;
}
