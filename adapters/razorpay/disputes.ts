import type { PaymentProvider, ProviderReply } from '#application/payments/provider.ts';
import { DISPUTE_STATUSES, type DisputeFact, type DisputeStatus } from '#domain/payments/facts.ts';
import { type Client, inPath } from './client.ts';
import { read, succeeded } from './failures.ts';
import { PAGE, skipOf } from './pages.ts';
import { collectionOf, Dispute } from './wire.ts';

export type Disputes = Pick<PaymentProvider, 'disputesSince' | 'contestDispute' | 'acceptDispute'>;

const SUMMARY_MAX = 1_000;

export function disputesOf({ ask }: Client): Disputes {
  /** Asks for a move and, when that is refused or unclear, looks whether the dispute has made it. */
  async function move(asked: ProviderReply<DisputeFact>, disputeId: string, done: readonly DisputeStatus[]): Promise<ProviderReply<DisputeFact>> {
    if (asked.outcome === 'succeeded') return asked;
    const now = read(await ask(Dispute, (sdk) => sdk.disputes.fetch(inPath(disputeId))), disputeFact);
    return now.outcome === 'succeeded' && done.includes(now.value.status) ? now : asked;
  }

  return {
    async disputesSince(at, after) {
      const skip = skipOf(after);
      const page = await ask(collectionOf(Dispute), (sdk) => sdk.disputes.all({ count: PAGE, skip }));
      if (page.outcome !== 'succeeded') return page;
      const facts = page.value.map(disputeFact);
      const recent = facts.filter((fact) => fact.at >= at);
      const isEnd = facts.length < PAGE || recent.length === 0; // Newest first: a page of old ones only is followed by older ones.
      return succeeded({ data: recent, next: isEnd ? null : String(skip + facts.length) });
    },

    async contestDispute({ disputeId, amount, summary }) {
      const evidence = { amount, summary: summary.slice(0, SUMMARY_MAX), action: 'submit' };
      const asked = read(await ask(Dispute, (sdk) => sdk.disputes.contest(inPath(disputeId), evidence)), disputeFact);
      return move(asked, disputeId, ['under_review', 'won']);
    },

    async acceptDispute(disputeId) {
      const asked = read(await ask(Dispute, (sdk) => sdk.disputes.accept(inPath(disputeId))), disputeFact);
      return move(asked, disputeId, ['lost']);
    },
  };
}

export const disputeFact = (dispute: Dispute): DisputeFact => ({
  kind: 'dispute',
  disputeId: dispute.id,
  chargeId: dispute.payment_id,
  amount: dispute.amount,
  currency: dispute.currency,
  deducted: dispute.amount_deducted,
  status: DISPUTE_STATUSES.find((status) => status === dispute.status) ?? 'open',
  phase: dispute.phase ?? 'chargeback',
  reason: dispute.reason_code ?? 'unknown',
  respondBy: dispute.respond_by === null ? null : dispute.respond_by * 1_000,
  at: dispute.created_at * 1_000,
});
