import { z } from 'zod';
import type { Payments } from '#application/payments/module.ts';
import type { PayableAttempt } from '#application/payments/open-payment.ts';
import type { CashTaken } from '#application/payments/take-money.ts';
import type { Attempt, Payment } from '#domain/payments/payment.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { Id, MoneyView } from '../schemas.ts';
import { PaymentView, paymentView } from './views.ts';

const CheckoutView = z.object({
  keyId: z.string(),
  providerOrderId: z.string(),
  amount: MoneyView,
  name: z.string().meta({ description: 'Of the restaurant, as the checkout shows it.' }),
  description: z.string(),
  url: z.string().nullable().meta({ description: 'A page of the provider where it can be paid without its script.' }),
  callbackUrl: z.string().meta({ description: 'Where the provider sends the browser afterwards.' }),
});
export const OpenedView = PaymentView.extend({
  attemptId: Id,
  checkout: CheckoutView.optional().meta({ description: 'Of `checkout`: what a browser needs to open it.' }),
  link: z.object({ url: z.string() }).optional().meta({ description: 'Of `link`: the address to send.' }),
  bankTransfer: z.object({ reference: z.string(), amount: MoneyView }).optional().meta({ description: 'Of `bank_transfer`: what to quote with it.' }),
  change: MoneyView.optional().meta({ description: 'Of `cash`: what to give back.' }),
});

const absolute = (publicUrl: string, address: string): string => (address.startsWith('/') ? `${publicUrl.replace(/\/$/, '')}${address}` : address);

/** How a browser can be asked to pay an open attempt, and where it comes back to. */
export function checkoutOf({ checkout }: Pick<Payments, 'checkout'>, publicUrl: string, paymentId: string, { processor, providerOrderId }: Attempt) {
  const options = providerOrderId === null ? undefined : checkout(processor, providerOrderId);
  if (!options) return undefined;
  const callbackUrl = absolute(publicUrl, `/payments/${paymentId}/return`);
  const page = options.url === null ? undefined : new URL(absolute(publicUrl, options.url));
  page?.searchParams.set('callback_url', callbackUrl);
  return { ...options, url: page?.href ?? null, callbackUrl };
}

export function openedView(
  payments: Pick<Payments, 'checkout'>,
  publicUrl: string,
  { payment, attempt, order }: PayableAttempt,
  actor: Actor,
): z.input<typeof OpenedView> {
  const amount = moneyOf(payment);
  const { channel, providerOrderId, url } = attempt;
  const checkout = channel === 'checkout' ? checkoutOf(payments, publicUrl, payment.id, attempt) : undefined;
  return {
    ...paymentView(payment, actor),
    attemptId: attempt.id,
    ...(checkout && { checkout: { ...checkout, amount, name: order.restaurantName, description: `Order ${String(order.number).padStart(4, '0')}` } }),
    ...(channel === 'link' && url !== null && { link: { url } }),
    ...(channel === 'bank_transfer' && providerOrderId !== null && { bankTransfer: { reference: providerOrderId, amount } }),
  };
}

export const cashView = ({ payment, attemptId, change }: CashTaken, actor: Actor): z.input<typeof OpenedView> => ({
  ...paymentView(payment, actor),
  attemptId,
  change: { amount: change, currency: payment.currency },
});

const moneyOf = ({ amount, currency }: Payment) => ({ amount, currency });
