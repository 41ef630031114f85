import { createHash } from 'node:crypto';
import type { PaymentProvider, ProviderReply } from '#application/payments/provider.ts';
import type { ProviderRefundStatus, RefundFact } from '#domain/payments/facts.ts';
import { type Client, inPath } from './client.ts';
import { read, succeeded } from './failures.ts';
import { everyItem, PAGE, pageOf, skipOf } from './pages.ts';
import { collectionOf, Refund } from './wire.ts';

export type Refunds = Pick<PaymentProvider, 'refund' | 'refundsOf' | 'refundsBetween'>;

export function refundsOf({ ask }: Client, speed: 'normal' | 'optimum'): Refunds {
  const all = (chargeId: string): Promise<ProviderReply<readonly Refund[]>> =>
    everyItem((skip) =>
      ask(collectionOf(Refund), (sdk) => sdk.payments.fetchMultipleRefund(inPath(chargeId), { count: PAGE, skip }), { optional: true }),
    );

  const ours = async (chargeId: string, refundId: string): Promise<ProviderReply<RefundFact | undefined>> =>
    read(await all(chargeId), (refunds) => refunds.map(refundFact).find((refund) => refund.refundId === refundId));

  return {
    async refund({ refundId, chargeId, amount, notes }) {
      // The key alone would do, were it honoured everywhere: Razorpay leaves open whether its test mode does.
      const before = await ours(chargeId, refundId);
      if (before.outcome === 'unknown') return before;
      if (before.outcome === 'succeeded' && before.value) return succeeded(before.value);

      const body = { amount, speed, receipt: refundId.slice(0, 40), notes: { refundId, ...notes } };
      const headers = { 'X-Refund-Idempotency': keyOf(refundId, /^[\w-]{10,40}$/) };
      const asked = read(await ask(Refund, (sdk) => sdk.payments.refund(inPath(chargeId), body), { headers }), refundFact);
      if (asked.outcome !== 'unknown') return asked;
      const after = await ours(chargeId, refundId);
      return after.outcome === 'succeeded' && after.value ? succeeded(after.value) : asked;
    },

    refundsOf: async (chargeId) => read(await all(chargeId), (refunds) => refunds.map(refundFact)),

    async refundsBetween(from, to, after) {
      const skip = skipOf(after);
      const between = { from: Math.floor(from / 1_000), to: Math.floor(to / 1_000) };
      return read(await ask(collectionOf(Refund), (sdk) => sdk.refunds.all({ ...between, count: PAGE, skip })), (refunds) =>
        pageOf(refunds.map(refundFact), skip),
      );
    },
  };
}

/** A key as the provider takes them: ours if it fits, else a digest of it. */
export const keyOf = (id: string, form: RegExp): string => (form.test(id) ? id : createHash('sha256').update(id).digest('hex').slice(0, 36));

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const STATUSES: Readonly<Record<string, ProviderRefundStatus>> = { pending: 'pending', failed: 'failed', processed: 'processed' };

/** The receipt of ours is our id too; whoever refunds at the dashboard may write anything there. */
export const refundFact = (refund: Refund): RefundFact => ({
  kind: 'refund',
  providerRefundId: refund.id,
  chargeId: refund.payment_id,
  amount: refund.amount,
  currency: refund.currency,
  status: STATUSES[refund.status ?? ''] ?? 'pending',
  refundId: refund.notes.get('refundId') ?? (refund.receipt && UUID.test(refund.receipt) ? refund.receipt : null),
  at: refund.created_at * 1_000,
});
