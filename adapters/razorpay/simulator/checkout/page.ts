import { html as template } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { DECLINES } from '../machines/declines.ts';
import { BANKS, TEST_CARDS, WALLETS } from '../machines/instruments.ts';
import type { Order, Payment } from '../world/entities.ts';
import type { Callback } from './callback.ts';

export type Html = HtmlEscapedString;
const html = (strings: TemplateStringsArray, ...values: readonly unknown[]): Html => template(strings, ...values) as Html;

type Bill = { readonly merchant: string; readonly order: Pick<Order, 'id' | 'amount_due' | 'amount' | 'currency' | 'receipt'> };

/** `root` leads from the page to the folder the checkout lives in. */
const frame = (title: string, root: string, main: Html): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${root}assets/checkout.css">
<script src="${root}assets/checkout.js" defer></script>
</head>
<body>
<p class="note">Simulator: no money moves, and no real card belongs here.</p>
<main>${main}</main>
</body>
</html>
`;

export function money(amount: number, currency: string): string {
  const format = new Intl.NumberFormat('en-IN', { style: 'currency', currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

const bill = ({ merchant, order }: Bill): Html => html`<header class="bill">
<h1>${merchant}</h1>
<p class="amount">${money(order.amount_due || order.amount, order.currency)}</p>
<small>Order <code>${order.receipt ?? order.id}</code></small>
</header>`;

type Choosing = Bill & {
  /** What the form is sent to, and what goes with it unseen. */
  readonly id: string;
  readonly callback: Callback | undefined;
  readonly said: { readonly title: string; readonly text: string } | undefined;
  readonly method: string;
};

const METHODS = [
  ['upi', 'UPI'],
  ['card', 'Card'],
  ['netbanking', 'Netbanking'],
  ['wallet', 'Wallet'],
] as const;

const REASONS: Readonly<Record<keyof typeof DECLINES, string>> = {
  payment_failed: 'Bank declines',
  insufficient_funds: 'Not enough money',
  invalid_otp: 'Wrong OTP',
  card_declined: 'Card declined',
  payment_risk_check_failed: 'Risk check',
  bank_technical_error: 'Bank is down',
};

/** Where it is chosen how to pay, and how that ends. */
export const choosingPage = (page: Choosing): Html =>
  frame(
    `Pay ${page.merchant}`,
    '',
    html`${bill(page)}
${page.said ? html`<div class="alert" role="alert" tabindex="-1"><b>${page.said.title}</b>${page.said.text}</div>` : ''}
<form method="post" action="${page.id}/payment">
<input type="hidden" name="name" value="${page.merchant}">
${page.callback ? html`<input type="hidden" name="callback_url" value="${page.callback.href}"><input type="hidden" name="callback_method" value="${page.callback.method}">` : ''}
<fieldset><legend>Pay with</legend><div class="tabs">${METHODS.map(
      ([value, name]) =>
        html`<label><input type="radio" name="method" value="${value}"${value === page.method ? html` checked` : ''}>${name}</label>`,
    )}</div></fieldset>
<div class="panel upi"><label class="label" for="vpa">UPI ID</label><input type="text" id="vpa" name="vpa" value="success@razorpay" maxlength="100" autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="vpa-hint">
<p class="hint" id="vpa-hint">success@razorpay is paid, failure@razorpay is declined.</p></div>
<fieldset class="panel card"><legend>Test card</legend><div class="choices">${TEST_CARDS.map(
      ({ number, network, international }, index) =>
        html`<label><input type="radio" name="card" value="${number}"${index === 0 ? html` checked` : ''}><b>${number}</b><span>${network}${international ? ', foreign' : ''}</span></label>`,
    )}</div></fieldset>
<div class="panel netbanking"><label class="label" for="bank">Bank</label>${options('bank', BANKS)}</div>
<div class="panel wallet"><label class="label" for="wallet">Wallet</label>${options('wallet', WALLETS)}</div>
<button class="pay" name="outcome" value="success">Pay ${money(page.order.amount_due, page.order.currency)}</button>
<div class="fail" role="group" aria-label="Let it fail">${options('reason', REASONS, 'Why it fails')}<button name="outcome" value="failure">Fail</button></div>
<button class="cancel" name="outcome" value="cancelled">Cancel</button>
</form>`,
  );

const options = (name: string, values: Readonly<Record<string, string>>, label?: string): Html =>
  html`<select id="${name}" name="${name}"${label === undefined ? '' : html` aria-label="${label}"`}>${Object.entries(values).map(
    ([value, text]) => html`<option value="${value}">${text}</option>`,
  )}</select>`;

/** For whoever came without a place to go back to, or a second time. */
export const receiptPage = (
  page: Bill & { readonly payment: Payment | undefined; readonly root: string; readonly again: string | undefined },
): Html =>
  frame(
    `Paid: ${page.merchant}`,
    page.root,
    html`${bill({ ...page, order: { ...page.order, amount_due: page.order.amount } })}
<div class="words"><p class="done" role="status">Paid</p>
<dl>${page.payment ? html`<div><dt>Payment</dt><dd>${page.payment.id}</dd></div><div><dt>By</dt><dd>${page.payment.method}</dd></div><div><dt>Status</dt><dd>${page.payment.status}</dd></div>` : ''}<div><dt>Order</dt><dd>${page.order.id}</dd></div></dl>
${page.again === undefined ? '' : html`<a class="button" href="${page.again}">Back to ${page.merchant}</a>`}</div>`,
  );

/** Nothing to choose here: it is not known, over, or leads where it may not. */
export const messagePage = (title: string, text: string, root: string): Html =>
  frame(title, root, html`<div class="words"><p class="amount">${title}</p><p>${text}</p></div>`);

/** Carries the answer back as Razorpay does, in a form that sends itself. */
export const returnPage = (merchant: string, callback: Callback, fields: Readonly<Record<string, string>>): Html =>
  frame(
    `Back to ${merchant}`,
    '../',
    html`<form method="post" action="${callback.href}" data-go>
<p class="done" role="status">One moment</p>
${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<button class="pay">Back to ${merchant}</button>
</form>`,
  );
