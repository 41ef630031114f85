import type { Returned } from '#application/payments/return-from-checkout.ts';
import type { ChargeFact } from '#domain/payments/facts.ts';
import type { PaymentId } from '#domain/payments/payment.ts';
import { type Html, html } from '../pages/layout.ts';
import { sheet } from '../pages/sheet.ts';
import { failureCode, failureNamed, failureView } from './failures.ts';

/** What a browser brought back from a provider's page. */
export type Brought = {
  readonly paymentId: PaymentId | undefined;
  readonly proof: { readonly chargeId: string; readonly signature: string } | undefined;
  /** The provider's reason why it was not paid, as the browser says. */
  readonly error: string | undefined;
  /** How often the page has looked again by itself. */
  readonly looks: number;
};

/** About four minutes: by then a webhook or our own questions have found it, and nobody looks at the page any more. */
export const LOOKS_MAX = 24;
const pauseOf = (looks: number): number => Math.min(3 + looks, 12);

/** What a customer sees who comes back from paying. `retry` is a page of the provider where it can be paid. */
export function returnPage(returned: Returned, brought: Brought, retry: string | null): Html {
  switch (returned.standing) {
    case 'paid': {
      const { payment, order } = returned;
      return sheet({
        title: 'Paid',
        tone: 'good',
        main: html`<p class="sum">${moneyText(payment.amount, payment.currency)}</p><p>Order <b>${numberOf(order)}</b> at ${order.restaurantName} is paid.</p>${CLOSE}`,
      });
    }
    case 'given_back': {
      const { payment, order } = returned;
      return sheet({
        title: 'Your money goes back',
        tone: 'open',
        main: html`<p class="sum">${moneyText(payment.amount, payment.currency)}</p><p>Order <b>${numberOf(order)}</b> at ${order.restaurantName} is over, so all that was taken for it goes back to where it came from. Banks take some days to show it; you need do nothing.</p>`,
      });
    }
    case 'pending':
      return pendingPage(brought);
    case 'failed':
      return failedPage(whyNot(returned.charge), retry);
    case 'unconfirmed':
      if (brought.proof !== undefined || brought.error === undefined) return unconfirmedPage();
      return returned.isPaid ? paidAlreadyPage() : failedPage(failureNamed(failureCode(brought.error)).message, retry);
  }
}

const whyNot = ({ status, failure }: ChargeFact): string =>
  status === 'voided'
    ? 'The payment was approved but not taken, and your bank releases it.'
    : (failureView(failure) ?? failureNamed('failed')).message;

const CLOSE = html`<p class="soft">You can close this page.</p>`;

const failedPage = (why: string, retry: string | null): Html =>
  sheet({
    title: 'Not paid',
    tone: 'bad',
    main: html`<p>${why}</p><p>If money has left your account all the same, it comes back by itself.</p>${
      retry === null ? html`<p>To try again, go back to where you ordered.</p>` : html`<p><a class="button" href="${retry}">Try again</a></p>`
    }`,
  });

const paidAlreadyPage = (): Html =>
  sheet({ title: 'Paid', tone: 'good', main: html`<p>That try did not go through, but the order has been paid. Do not pay again.</p>${CLOSE}` });

const unconfirmedPage = (): Html =>
  sheet({
    title: 'Not confirmed',
    tone: 'open',
    main: html`<p>We cannot tell from here whether anything was paid. Look at your order where you placed it: a payment that was made is found there within minutes.</p>`,
  });

function pendingPage({ paymentId, proof, looks }: Brought): Html {
  const again = new URLSearchParams({
    razorpay_payment_id: proof?.chargeId ?? '',
    razorpay_signature: proof?.signature ?? '',
    looks: String(Math.min(looks + 1, LOOKS_MAX)),
  });
  const address = `/payments/${paymentId}/return?${again}`;
  return sheet({
    title: 'Being looked up',
    tone: 'open',
    ...(looks < LOOKS_MAX && { again: { seconds: pauseOf(looks), address } }),
    main: html`<p>The provider has your payment, and we are asking what became of it. Do not pay again.</p><p class="soft">${
      looks < LOOKS_MAX
        ? 'This page looks again by itself.'
        : html`It takes longer than usual. You can close this page: your order shows it as soon as it is known. `
    }</p><p><a href="${address}">Look now</a></p>`,
  });
}

const numberOf = ({ number }: { readonly number: number }): string => String(number).padStart(4, '0');

/** ₹333.00: minor units as the currency writes them. */
function moneyText(amount: number, currency: string): string {
  const format = new Intl.NumberFormat('en-IN', { style: 'currency', currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}
