import type { PaymentProvider, ProviderReply } from '#application/payments/provider.ts';
import type { TransferFact, TransferStatus } from '#domain/payments/facts.ts';
import type { Client } from './client.ts';
import { read, succeeded } from './failures.ts';
import { everyItem, PAGE } from './pages.ts';
import { keyOf } from './refunds.ts';
import { collectionOf, Transfer } from './wire.ts';

export type Transfers = Pick<PaymentProvider, 'transfer' | 'findTransfer'>;

export function transfersOf({ ask }: Client): Transfers {
  async function findTransfer(payoutId: string): Promise<ProviderReply<TransferFact | undefined>> {
    const since = bornAt(payoutId);
    const all = await everyItem((skip) =>
      ask(collectionOf(Transfer), (sdk) => sdk.transfers.all({ ...(since !== undefined && { from: since }), count: PAGE, skip }), { optional: true }),
    );
    return read(all, (transfers) => transfers.map(transferFact).find((transfer) => transfer.payoutId === payoutId));
  }

  return {
    async transfer({ payoutId, account, amount, currency, restaurantId }) {
      const before = await findTransfer(payoutId);
      if (before.outcome === 'unknown') return before;
      if (before.outcome === 'succeeded' && before.value) return succeeded(before.value);

      const body = { account, amount, currency, notes: { payoutId, restaurantId } };
      const headers = { 'X-Transfer-Idempotency': keyOf(payoutId, /^[\w-]{4,36}$/) };
      const asked = read(await ask(Transfer, (sdk) => sdk.transfers.create(body), { headers }), transferFact);
      if (asked.outcome !== 'unknown') return asked;
      const after = await findTransfer(payoutId);
      return after.outcome === 'succeeded' && after.value ? succeeded(after.value) : asked;
    },
    findTransfer,
  };
}

const HOUR_S = 3_600;

/** Transfers cannot be asked for by a note; a UUIDv7 says since when there can be one at all (unix seconds, an hour of doubt). */
function bornAt(id: string): number | undefined {
  if (!/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-/.test(id)) return undefined;
  return Math.max(1, Math.floor(Number.parseInt(id.replace('-', '').slice(0, 12), 16) / 1_000) - HOUR_S);
}

const STATUSES: Readonly<Record<string, TransferStatus>> = {
  created: 'created',
  pending: 'pending',
  failed: 'failed',
  processed: 'processed',
  partially_reversed: 'processed',
  reversed: 'reversed',
};

export const transferFact = (transfer: Transfer): TransferFact => ({
  kind: 'transfer',
  providerTransferId: transfer.id,
  chargeId: transfer.source?.startsWith('pay_') ? transfer.source : null,
  account: transfer.recipient,
  amount: transfer.amount,
  reversed: transfer.amount_reversed,
  currency: transfer.currency,
  status: STATUSES[transfer.status ?? transfer.transfer_status ?? ''] ?? 'created',
  payoutId: transfer.notes.get('payoutId') ?? null,
  at: transfer.created_at * 1_000,
});
