import type { PaymentProvider, ProviderReply } from '#application/payments/provider.ts';
import type { ChargeFact, ChargeStatus } from '#domain/payments/facts.ts';
import { type Client, inPath } from './client.ts';
import { read, succeeded, unknown } from './failures.ts';
import type { Instruments } from './instruments.ts';
import { PAGE, pageOf, skipOf } from './pages.ts';
import { Card, collectionOf, Payment } from './wire.ts';

export type Charges = Pick<PaymentProvider, 'charge' | 'capture' | 'chargesBetween'> & {
  factOf(payment: Payment): ChargeFact;
  /** The payment with its card, which only webhooks carry. */
  withCard(payment: Payment): Promise<Payment>;
};

export function chargesOf({ ask }: Client, instruments: Instruments): Charges {
  const factOf = (payment: Payment): ChargeFact => chargeFact(payment, instruments);

  async function withCard(payment: Payment): Promise<Payment> {
    if ((payment.method !== 'card' && payment.method !== 'emi') || payment.card) return payment;
    const card = await ask(Card, (sdk) => sdk.payments.fetchCardDetails(inPath(payment.id)));
    return card.outcome === 'succeeded' ? { ...payment, card: card.value } : payment;
  }

  const fetch = (chargeId: string): Promise<ProviderReply<Payment>> => ask(Payment, (sdk) => sdk.payments.fetch(inPath(chargeId)));

  async function charge(chargeId: string): Promise<ProviderReply<ChargeFact>> {
    const reply = await fetch(chargeId);
    return reply.outcome === 'succeeded' ? succeeded(factOf(await withCard(reply.value))) : reply;
  }

  return {
    factOf,
    withCard,
    charge,

    async capture({ chargeId, amount, currency }) {
      const asked = read(await ask(Payment, (sdk) => sdk.payments.capture(inPath(chargeId), amount, currency)), factOf);
      if (asked.outcome === 'succeeded' && asked.value.status === 'captured') return asked;
      // Refused or unclear: it may have been captured before, or just now.
      const now = await charge(chargeId);
      if (now.outcome === 'succeeded' && now.value.status === 'captured' && now.value.amount === amount) return now;
      if (asked.outcome === 'succeeded') return unknown(`an answer that says ${asked.value.status}`);
      return asked.outcome === 'failed' && now.outcome === 'unknown' ? now : asked;
    },

    async chargesBetween(from, to, after) {
      const skip = skipOf(after);
      const between = { from: Math.floor(from / 1_000), to: Math.floor(to / 1_000) };
      return read(await ask(collectionOf(Payment), (sdk) => sdk.payments.all({ ...between, count: PAGE, skip })), (payments) =>
        pageOf(payments.map(factOf), skip),
      );
    },
  };
}

const SAME: readonly string[] = ['created', 'failed', 'authorized', 'captured'] satisfies readonly ChargeStatus[];

/** A refund is a fact of its own; it does not undo that the money was taken. A word we do not know says only that it exists. */
function statusOf({ status, captured, fee }: Payment): ChargeStatus {
  if (status === 'refunded') return (captured ?? fee !== null) ? 'captured' : 'voided';
  return SAME.includes(status) ? (status as ChargeStatus) : 'created';
}

function chargeFact(payment: Payment, instruments: Instruments): ChargeFact {
  const status = statusOf(payment);
  const { error_code: code, error_reason: reason, error_description: description } = payment;
  return {
    kind: 'charge',
    chargeId: payment.id,
    providerOrderId: payment.order_id,
    status,
    amount: payment.amount,
    currency: payment.currency,
    instrument: instruments.of(payment),
    fee: payment.fee,
    feeTax: payment.tax,
    failure: status === 'failed' ? { code: code ?? 'UNKNOWN', reason, description: description ?? '' } : null,
    at: payment.created_at * 1_000,
  };
}
