import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { CANCELLED } from '../machines/declines.ts';
import { orderOfLink } from '../machines/links.ts';
import { type Paid, Paying, pay } from '../machines/paying.ts';
import { Refusal } from '../machines/refusal.ts';
import type { Order, Payment } from '../world/entities.ts';
import type { World } from '../world/world.ts';
import { type Callback, callbackOf, withFields } from './callback.ts';
import { choosingPage, type Html, messagePage, receiptPage, returnPage } from './page.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

const Form = z.object({
  outcome: z.enum(['success', 'failure', 'cancelled']).catch('success'),
  method: z.enum(['upi', 'card', 'netbanking', 'wallet']).catch('upi'),
  vpa: z.string().max(100).catch('success@razorpay'),
  card: z.string().max(30).optional().catch(undefined),
  bank: z.string().max(20).optional().catch(undefined),
  wallet: z.string().max(30).optional().catch(undefined),
  reason: z.string().max(60).optional().catch(undefined),
  name: z.string().min(1).max(60).optional().catch(undefined),
  callback_url: z.string().optional().catch(undefined),
  callback_method: z.string().optional().catch(undefined),
});

/** The hosted page. It is the customer's: no key is asked for. */
export function checkoutRoutes(world: World, callbackOrigins: readonly string[]): Hono {
  const app = new Hono({ strict: false });
  const asset = (path: string, type: string, text: string) =>
    app.get(path, (c) => c.body(text, 200, { ...headers(), 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-cache' }));
  asset('/assets/checkout.css', 'text/css', STYLE);
  asset('/assets/checkout.js', 'text/javascript', SCRIPT);

  /** Whose shop it is, as whoever opens the checkout says. */
  const merchantOf = (name: string | undefined): string => name?.slice(0, 60) || world.settings.merchantName;
  const callbackIn = (c: Context, url: string | undefined, method: string | undefined) => callbackOf({ url, method }, c.req.url, callbackOrigins);

  app.get('/:id', (c) => {
    const callback = callbackIn(c, c.req.query('callback_url'), c.req.query('callback_method'));
    if (callback === null) return refuseCallback(c, '');
    const open = openOf(world, c.req.param('id'));
    if (open instanceof Refusal) return show(c, messagePage('Nothing to pay', `${open.body.description}.`, ''), 404);
    const merchant = merchantOf(c.req.query('name'));
    const done = moneyFor(world, open);
    if (done) return show(c, receiptPage({ merchant, order: open, payment: done, root: '', again: callback?.href }), 200, callback);
    const failed = world.tables.payments.get(c.req.query('failed') ?? '');
    const page = { merchant, order: open, id: c.req.param('id'), callback, said: saidOf(c, failed, open), method: failed?.method ?? 'upi' };
    return show(c, choosingPage(page), 200, callback);
  });

  app.post('/:id/payment', async (c) => {
    const form = Form.parse(await c.req.parseBody());
    const callback = callbackIn(c, form.callback_url, form.callback_method);
    if (callback === null) return refuseCallback(c, '../');
    const id = c.req.param('id');
    const merchant = merchantOf(form.name);
    const open = openOf(world, id);
    if (open instanceof Refusal || moneyFor(world, open)) return c.redirect(`../${id}${queryOf(callback, { name: merchant })}`, 303);

    if (form.outcome === 'cancelled') {
      if (!callback) return c.redirect(`../${id}${queryOf(callback, { name: merchant, cancelled: '1' })}`, 303);
      return giveBack(c, merchant, callback, errorFields({ ...CANCELLED, code: 'BAD_REQUEST_ERROR' }, { order_id: open.id }));
    }
    const { outcome, method, vpa, card, bank, wallet, reason } = form;
    const instrument = { upi: { vpa }, card: { card }, netbanking: { bank }, wallet: { wallet } }[method];
    const paid = pay(world, Paying.parse({ order_id: open.id, outcome, method, reason, ...instrument }));
    await world.webhooks.flushEarly();
    if (paid.signature === null) return c.redirect(`../${id}${queryOf(callback, { name: merchant, failed: paid.payment_id })}`, 303);
    return callback
      ? giveBack(c, merchant, callback, proof(paid, paid.signature))
      : c.redirect(`receipt${queryOf(undefined, { name: merchant })}`, 303);
  });

  app.get('/:id/receipt', (c) => {
    const open = openOf(world, c.req.param('id'), true);
    const payment = open instanceof Refusal ? undefined : moneyFor(world, open);
    if (open instanceof Refusal || !payment) return show(c, messagePage('Not paid', 'Nothing has been paid here.', '../'), 404);
    return show(c, receiptPage({ merchant: merchantOf(c.req.query('name')), order: open, payment, root: '../', again: undefined }));
  });
  return app;
}

/** The order an address stands for: its own, or the one of a link. */
function openOf(world: World, id: string, isOver = false): Order | Refusal {
  const link = world.tables.links.get(id);
  const order = world.tables.orders.get(link?.order_id ?? id);
  if (order && (isOver || !link || link.status === 'paid')) return order;
  if (!link) return new Refusal('There is no such order');
  try {
    return orderOfLink(world, link);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** The payment that an order has, or is about to have. */
const moneyFor = (world: World, order: Order): Payment | undefined =>
  [...world.tables.payments.values()].find(({ order_id, status, captured }) => order_id === order.id && (status === 'authorized' || captured));

function saidOf(c: Context, failed: Payment | undefined, { id }: Order) {
  if (failed?.order_id === id && failed.status === 'failed') return { title: 'Not paid', text: failed.error_description ?? '' };
  if (failed?.order_id === id) return { title: 'Waiting for the bank', text: 'It has not answered. You may try again.' };
  return c.req.query('cancelled') === undefined ? undefined : { title: 'Cancelled', text: 'Nothing was paid. You may try again.' };
}

const proof = ({ payment_id, order_id }: Paid, signature: string): Record<string, string> => ({
  razorpay_payment_id: payment_id,
  razorpay_order_id: order_id,
  razorpay_signature: signature,
});

const errorFields = (
  error: { readonly code: string; readonly description: string; readonly source: string; readonly step: string; readonly reason: string },
  metadata: Readonly<Record<string, string>>,
): Record<string, string> => ({
  'error[code]': error.code,
  'error[description]': error.description,
  'error[source]': error.source,
  'error[step]': error.step,
  'error[reason]': error.reason,
  'error[metadata]': JSON.stringify(metadata),
});

function giveBack(c: Context, merchant: string, callback: Callback, fields: Readonly<Record<string, string>>): Response | Promise<Response> {
  if (callback.method === 'get') return c.redirect(withFields(callback, fields), 303);
  return show(c, returnPage(merchant, callback, fields), 200, callback);
}

const queryOf = (callback: Callback | undefined, more: Readonly<Record<string, string>>): string => {
  const query = new URLSearchParams({ ...(callback && { callback_url: callback.href, callback_method: callback.method }), ...more }).toString();
  return query === '' ? '' : `?${query}`;
};

const refuseCallback = (c: Context, root: string): Response | Promise<Response> =>
  show(c, messagePage('Not from here', 'This checkout was opened with an address to go back to that it may not send anybody to.', root), 400);

const show = (c: Context, page: Html, status: 200 | 400 | 404 = 200, callback?: Callback): Response | Promise<Response> =>
  c.body(String(page), status, { ...headers(callback), 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });

/** Our own files and nobody else's; forms go to us and to where the customer came from. */
const headers = (callback?: Callback): Record<string, string> => ({
  'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'${callback ? ` ${callback.url.origin}` : ''}; frame-ancestors 'none'; base-uri 'none'`,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
});
