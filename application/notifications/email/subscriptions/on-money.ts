import { distinct } from '#application/shared/distinct.ts';
import type { RecordedEvent, Subscription } from '#application/shared/events.ts';
import type { ChargeCaptured, RefundMoved, RefundRequested } from '#domain/payments/events.ts';
import type { Draft } from '../mail-within.ts';
import { orderFacts } from '../order-facts.ts';
import type { Facts } from '../ports.ts';
import { amountText, timeText } from '../wording.ts';
import type { MailTx, RestaurantTold } from './told.ts';

type AboutMoney = Pick<ChargeCaptured, 'orderId' | 'restaurantId' | 'customerId' | 'at'> & { readonly traceId: string | undefined };
const traced = <E extends { readonly type: string }>({ data, traceId }: RecordedEvent<E>): E & { readonly traceId: string | undefined } => ({
  ...data,
  traceId,
});
type Known = { readonly facts: Facts; readonly to: string; readonly restaurant: RestaurantTold; readonly currency: string };

/** For each event, what a mail to its customer may say; those whose customer is not to be written to are left out. */
async function knownOf<E extends AboutMoney>(
  { told }: MailTx,
  events: readonly E[],
  publicUrl: string,
): Promise<readonly (Known & { readonly event: E })[]> {
  const orders = await told.orders(distinct(events.map(({ orderId }) => orderId)));
  const people = await told.people(distinct(events.map(({ customerId }) => customerId)));
  const restaurants = await told.restaurants(distinct(events.map(({ restaurantId }) => restaurantId)));
  return events.flatMap((event) => {
    const [order, person, restaurant] = [orders.get(event.orderId), people.get(event.customerId), restaurants.get(event.restaurantId)];
    if (!order || !person || !restaurant) return [];
    const facts = { ...orderFacts(order, restaurant, person, publicUrl), at: timeText(event.at, { ...restaurant, currency: order.currency }) };
    return [{ event, facts, to: person.email, restaurant, currency: order.currency }];
  });
}

const METHODS: Readonly<Record<string, string>> = { card: 'Card', upi: 'UPI', netbanking: 'Net banking', wallet: 'Wallet', cash: 'Cash' };

/** Sends a receipt for money that was taken, once for each charge. What goes straight back gets none. */
export const onChargeCaptured = ({ publicUrl }: { readonly publicUrl: string }): Subscription<MailTx> => ({
  name: 'notifications-receipts',
  types: ['payments.charge_captured'],
  async on(tx, events, isReplay) {
    if (isReplay) return;
    const charges = (events as readonly RecordedEvent<ChargeCaptured>[]).map(traced).filter(({ charge, unapplied }) => unapplied < charge.amount);
    const drafts = (await knownOf(tx, charges, publicUrl)).map(({ event: { paymentId, charge, traceId }, facts, to }): Draft => {
      const method = METHODS[charge.instrument?.method ?? ''];
      const paid = { amount: amountText(charge.amount, charge.currency), ...(method !== undefined && { method }), reference: charge.chargeId };
      return { key: `receipt:${paymentId}:${charge.chargeId}`, to, template: 'receipt', facts: { ...facts, ...paid }, traceId };
    });
    await tx.mail.enqueueAll(drafts);
  },
});

/** Tells customers that a refund was made, once for each. */
export const onRefundProcessed = ({ publicUrl }: { readonly publicUrl: string }): Subscription<MailTx> => ({
  name: 'notifications-refunds',
  types: ['payments.refund_processed'],
  async on(tx, events, isReplay) {
    if (isReplay) return;
    const refunds = (events as readonly RecordedEvent<Extract<RefundMoved, { type: 'payments.refund_processed' }>>[]).map(traced);
    const drafts = (await knownOf(tx, refunds, publicUrl)).map(
      ({ event: { refundId, amount, providerRefundId, traceId }, facts, to, currency }): Draft => {
        const refund = { amount: amountText(amount, currency), ...(providerRefundId !== null && { reference: providerRefundId }) };
        return { key: `refund:${refundId}`, to, template: 'refund', facts: { ...facts, ...refund }, traceId };
      },
    );
    await tx.mail.enqueueAll(drafts);
  },
});

/** What is told of money that goes back without its owner having asked for it. */
const WHY: Readonly<Record<string, string>> = {
  late: 'Your payment came after your order had expired, so the order was not made.',
  duplicate: 'Your order was paid twice, so the second payment goes back.',
  surplus: 'More was paid than your order cost, so the rest goes back.',
  cancelled: 'Your order was cancelled.',
  rejected: 'The restaurant could not take your order.',
};

/** Tells customers of money that we give back by ourselves, once for each refund. */
export const onRefundRequested = ({ publicUrl }: { readonly publicUrl: string }): Subscription<MailTx> => ({
  name: 'notifications-money-back',
  types: ['payments.refund_requested'],
  async on(tx, events, isReplay) {
    if (isReplay) return;
    const ours = (events as readonly RecordedEvent<RefundRequested>[]).map(traced).filter(({ refund }) => Object.hasOwn(WHY, refund.reason));
    const drafts = (await knownOf(tx, ours, publicUrl)).map(
      ({ event: { refund, currency, traceId }, facts, to }): Draft => ({
        key: `money-back:${refund.id}`,
        to,
        template: 'money_back',
        facts: { ...facts, why: WHY[refund.reason], amount: amountText(refund.amount, currency) },
        traceId,
      }),
    );
    await tx.mail.enqueueAll(drafts);
  },
});
