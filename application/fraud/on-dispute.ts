import type { RecordedEvent, Subscription } from '#application/shared/events.ts';
import { type Label, Labels } from '#domain/fraud/labels.ts';
import type { RefundCompleted } from '#domain/fraud/outcomes.ts';
import { restaurantsIn } from './on-outcome.ts';
import type { FraudTx } from './ports.ts';

type Dispute = { readonly paymentId: string; readonly disputeId: string; readonly reason: string; readonly at: number };
type LabellingEvent =
  | (Dispute & { readonly type: 'payments.dispute_opened' })
  | (Dispute & { readonly type: 'payments.dispute_closed'; readonly outcome: string })
  | RefundCompleted;

const TYPES = [
  'payments.dispute_opened',
  'payments.dispute_closed',
  'payments.refund_completed',
] as const satisfies readonly LabellingEvent['type'][];

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

function labelOf(event: LabellingEvent): Label | undefined {
  switch (event.type) {
    case 'payments.dispute_opened':
      return /fraud|unauthori[sz]ed|not.?recogni[sz]ed/i.test(event.reason)
        ? { source: 'chargeback', isFraud: true, labelTime: event.at }
        : undefined;
    case 'payments.dispute_closed':
      if (event.outcome === 'lost') return { source: 'dispute_lost', isFraud: true, labelTime: event.at };
      return event.outcome === 'won' ? { source: 'dispute_won', isFraud: false, labelTime: event.at } : undefined;
    case 'payments.refund_completed':
      return event.reason === 'fraud' ? { source: 'refund', isFraud: true, labelTime: event.at } : undefined;
  }
}
