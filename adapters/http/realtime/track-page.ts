import type { TrackedOrder } from '#application/realtime/ports.ts';
import { isOver, type Step, timelineOf } from '#domain/realtime/timeline.ts';
import { type Html, html } from '../pages/layout.ts';
import { sheet } from '../pages/sheet.ts';

type Shown = TrackedOrder & { readonly orderId: string; readonly token: string };
type Status = Step['status'];

/** Without a script the page is loaded again so often. */
const AGAIN_SECONDS = 30;

const TITLES: Readonly<Record<Status, string>> = {
  pending: 'Waiting for your payment',
  placed: 'Waiting for the restaurant',
  accepted: 'The restaurant has your order',
  preparing: 'Your food is being made',
  ready: 'Your food is ready',
  out_for_delivery: 'On its way to you',
  completed: 'Enjoy your meal',
  returned: 'It could not be handed over',
  rejected: 'The restaurant cannot make it',
  cancelled: 'The order is cancelled',
  expired: 'It was not paid in time',
};
const STEPS: Readonly<Record<Status, string>> = {
  pending: 'Waiting for payment',
  placed: 'Ordered',
  accepted: 'Accepted',
  preparing: 'In the kitchen',
  ready: 'Ready',
  out_for_delivery: 'On the way',
  completed: 'Done',
  returned: 'Taken back',
  rejected: 'Declined',
  cancelled: 'Cancelled',
  expired: 'Lapsed',
};
const ENDS_BADLY: readonly Status[] = ['returned', 'rejected', 'cancelled', 'expired'];

/** How far an order is, for whoever was given its link; undefined: the link shows none. */
export function trackPage(order: Shown | undefined): Html {
  if (!order) {
    return sheet({
      title: 'This link shows no order',
      tone: 'bad',
      main: html`<p>It may have ended: links to an order work until two days after it. Or a part of it is missing: open it from where it was sent to you.</p>`,
    });
  }
  const status = order.history.at(-1)?.to ?? 'placed';
  const tone = status === 'completed' ? 'good' : ENDS_BADLY.includes(status) ? 'bad' : 'open';
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
${isOver(status) ? '' : html`<noscript><meta http-equiv="refresh" content="${AGAIN_SECONDS}"></noscript>`}
<title>${TITLES[status]}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/style.css">
${isOver(status) ? '' : html`<script src="/docs/track.js" defer></script>`}
</head>
<body class="sheet track" data-channel="order:${order.orderId}" data-token="${order.token}">
<main id="main" class="outcome ${tone}" data-status="${status}"${isOver(status) ? html` data-over` : ''}>
<p class="soft">${order.restaurantName} · order <b>${String(order.number).padStart(4, '0')}</b></p>
<h1 aria-live="polite">${TITLES[status]}</h1>
${order.reason === null ? '' : html`<p class="why">“${order.reason}”</p>`}
<ol class="timeline">${timelineOf(order.diningOption, order.history).map((step) => stepOf(step, order.timeZone))}</ol>
<ul class="items">${order.lines.map(({ name, quantity }) => html`<li><b>${quantity} ×</b> ${name}</li>`)}</ul>
<p class="soft live"><span>This page changes by itself.</span></p>
</main>
</body>
</html>
`;
}

const stepOf = ({ status, state, at }: Step, timeZone: string): Html =>
  html`<li class="${state}${ENDS_BADLY.includes(status) ? ' bad' : ''}"${state === 'now' ? html` aria-current="step"` : ''}><span>${STEPS[status]}</span>${
    at === null ? '' : html`<time datetime="${new Date(at).toISOString()}">${timeText(at, timeZone)}</time>`
  }</li>`;

/** 7:05 pm, by the restaurant's clock. */
const timeText = (at: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-IN', { hour: 'numeric', minute: '2-digit', timeZone }).format(at);
