import type { CreateProviderOrder, PaymentProvider, ProviderReply } from '#application/payments/provider.ts';
import type { ChargeFact, RefundFact } from '#domain/payments/facts.ts';
import type { Charges } from './charges.ts';
import { type Client, inPath } from './client.ts';
import { failed, read, succeeded, unknown } from './failures.ts';
import { PAGE } from './pages.ts';
import type { Refunds } from './refunds.ts';
import { collectionOf, Order, Payment } from './wire.ts';

export type Orders = Pick<PaymentProvider, 'createOrder' | 'findOrder' | 'factsOf'>;
export type OrderSettings = { readonly refundSpeed: 'normal' | 'optimum' };

export function ordersOf({ ask }: Client, charges: Charges, refunds: Refunds, settings: OrderSettings): Orders {
  const find = async (receipt: string): Promise<ProviderReply<Order | undefined>> =>
    read(await ask(collectionOf(Order), (sdk) => sdk.orders.all({ receipt, count: PAGE }), { optional: true }), (orders) =>
      best(orders.filter((order) => order.receipt === receipt)),
    );

  async function factsOf(providerOrderId: string): Promise<ProviderReply<readonly (ChargeFact | RefundFact)[]>> {
    const payments = await ask(collectionOf(Payment), (sdk) => sdk.orders.fetchPayments(inPath(providerOrderId)));
    if (payments.outcome !== 'succeeded') return payments;
    const facts: (ChargeFact | RefundFact)[] = [];
    for (const payment of payments.value) {
      const held = payment.status !== 'created' && payment.status !== 'failed';
      facts.push(charges.factOf(held ? await charges.withCard(payment) : payment));
      if (payment.status !== 'captured' && payment.status !== 'refunded') continue;
      const given = await refunds.refundsOf(payment.id);
      if (given.outcome !== 'succeeded') return given;
      facts.push(...given.value);
    }
    return succeeded(facts);
  }

  return {
    /** Receipts may be unique, refused twice, or mean nothing (Razorpay has done all three), so each time we look before and after. */
    async createOrder(order) {
      const before = await find(order.receipt);
      if (before.outcome === 'unknown') return before;
      if (before.outcome === 'succeeded' && before.value) return same(order, before.value);

      const made = await ask(Order, (sdk) => sdk.orders.create(bodyOf(order, settings)), { opens: true });
      if (made.outcome === 'succeeded') return same(order, made.value);
      const isTaken = made.outcome === 'failed' && /receipt/i.test(made.failure.description) && /unique/i.test(made.failure.description);
      if (made.outcome === 'failed' && !isTaken) return made;

      const after = await find(order.receipt);
      if (after.outcome === 'succeeded' && after.value) return same(order, after.value);
      return isTaken ? unknown('the receipt is taken, and its order is not to be found') : made;
    },

    findOrder: async (receipt) => read(await find(receipt), (order) => order && { providerOrderId: order.id }),
    factsOf,
  };
}

/** Of several under one receipt, the one that money came for; else the first. */
const RANK: Readonly<Record<string, number>> = { paid: 2, attempted: 1 };
const best = (orders: readonly Order[]): Order | undefined =>
  orders.toSorted((a, b) => (RANK[b.status] ?? 0) - (RANK[a.status] ?? 0) || a.created_at - b.created_at || (a.id < b.id ? -1 : 1))[0];

function same(wanted: CreateProviderOrder, order: Order): ProviderReply<{ readonly providerOrderId: string }> {
  if (order.amount === wanted.amount && order.currency === wanted.currency) return succeeded({ providerOrderId: order.id });
  const description = `${order.id} has this receipt and another amount`;
  return failed({ code: 'RECEIPT_USED', reason: null, description, mayFallBack: false });
}

const MINUTES_MIN = 12;
const MINUTES_MAX = 7_200;

function bodyOf({ receipt, amount, currency, capture, captureWithinMinutes, notes }: CreateProviderOrder, { refundSpeed }: OrderSettings) {
  const minutes = Math.min(MINUTES_MAX, Math.max(MINUTES_MIN, Math.ceil(captureWithinMinutes)));
  const capture_options = { automatic_expiry_period: minutes, manual_expiry_period: minutes, refund_speed: refundSpeed };
  return { amount, currency, receipt, notes: { ...notes }, payment: { capture, capture_options } };
}
