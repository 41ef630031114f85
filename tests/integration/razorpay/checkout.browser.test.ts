import { setTimeout as sleep } from 'node:timers/promises';
import { Hono } from 'hono';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { razorpayProvider } from '#adapters/razorpay/provider.ts';
import { createRazorpaySimulator, type RazorpaySimulator } from '#adapters/razorpay/simulator/simulator.ts';
import { HAS_BROWSER, openBrowser } from '../../support/browser.ts';
import { KEYS, listen } from '../../support/razorpay.ts';

const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 740 }, hasTouch: true };

describe.runIf(HAS_BROWSER)('the checkout in a browser', () => {
  let browser: Browser;
  let simulator: RazorpaySimulator;
  let shop: Awaited<ReturnType<typeof listen>>;
  let returned: { readonly method: string; readonly fields: URLSearchParams }[];
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    returned = [];
    problems = [];
    simulator = createRazorpaySimulator({ keys: KEYS, seed: 5, settings: { merchantName: 'Asha Tiffins' }, deliver: async () => 200 });
    const app = new Hono();
    app.on(['GET', 'POST'], '/back', async (c) => {
      const query = new URL(c.req.url).searchParams;
      const form = c.req.method === 'POST' ? new URLSearchParams(await c.req.text()) : query;
      returned.push({ method: c.req.method, fields: form });
      return c.html('<!doctype html><title>Back</title><link rel="icon" href="data:,"><h1>Back</h1>');
    });
    app.route('/razorpay', simulator.app);
    shop = await listen(app, '/');
    page = await open(PHONE);
  });
  afterEach(async () => {
    await page.context().close();
    simulator.control.close();
    await shop.close();
    expect(problems).toEqual([]);
  });

  async function open(options: BrowserContextOptions): Promise<Page> {
    const context = await browser.newContext(options);
    const opened = await context.newPage();
    opened.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    opened.on('pageerror', (error) => problems.push(error.message));
    opened.on('request', (request) => !request.url().startsWith(shop.origin) && !request.url().startsWith('data:') && problems.push(request.url()));
    return opened;
  }

  async function order(amount = 48_650): Promise<string> {
    const provider = razorpayProvider({ ...KEYS, webhookSecrets: [], baseUrl: `${shop.origin}/razorpay` });
    const notes = { paymentId: 'p', orderId: 'o', restaurantId: 'r' };
    const made = await provider.createOrder({ receipt: 'T-0042', amount, currency: 'INR', capture: 'automatic', captureWithinMinutes: 15, notes });
    if (made.outcome !== 'succeeded') throw new Error(JSON.stringify(made));
    return made.value.providerOrderId;
  }
  const visit = (id: string, query: Readonly<Record<string, string>> = {}, on = page) =>
    on.goto(`${shop.origin}/razorpay/checkout/${id}?${new URLSearchParams(query)}`);
  const button = (name: string | RegExp, on = page) => on.getByRole('button', { name });

  it('shows who is paid, how much and for what', async () => {
    await visit(await order());
    expect(await page.getByRole('heading', { name: 'Asha Tiffins' }).isVisible()).toBe(true);
    expect(await page.getByText('₹486.50').first().isVisible()).toBe(true);
    expect(await page.getByText('T-0042').isVisible()).toBe(true);
    expect(await page.getByText(/Simulator/).isVisible()).toBe(true);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });

  it('pays, and shows a receipt where there is nowhere to go back to', async () => {
    const id = await order();
    await visit(id);
    await button('Pay ₹486.50').click();
    await page.getByRole('status').waitFor();
    expect(await page.getByRole('status').textContent()).toBe('Paid');
    expect(simulator.control.state().payments).toMatchObject([{ status: 'captured', method: 'upi', order_id: id }]);
    await visit(id); // A second time there is nothing to pay.
    expect(await page.getByRole('status').textContent()).toBe('Paid');
    expect(await button(/^Pay/).count()).toBe(0);
  });

  it.each(['post', 'get'] as const)('pays with a card and goes back by %s with a proof that holds', async (method) => {
    const id = await order();
    await visit(id, { callback_url: '/back?order=42', callback_method: method });
    await page.getByText('Card', { exact: true }).click();
    await page.getByText('5500 6700 0000 1002').click();
    await button(/^Pay/).click();
    await page.waitForURL('**/back**');
    const [{ method: by, fields } = { method: '', fields: new URLSearchParams() }] = returned;
    expect(by).toBe(method.toUpperCase());
    const provider = razorpayProvider({ ...KEYS, webhookSecrets: [] });
    const proof = { providerOrderId: id, chargeId: fields.get('razorpay_payment_id') ?? '', signature: fields.get('razorpay_signature') ?? '' };
    expect(fields.get('razorpay_order_id')).toBe(id);
    expect(provider.isCheckout(proof)).toBe(true);
    expect(new URL(page.url()).searchParams.get('order')).toBe('42');
    expect(simulator.control.state().payments).toMatchObject([{ method: 'card', card: { network: 'MasterCard', last4: '1002' } }]);
  });

  it('says why it failed, lets one try again, and pays then', async () => {
    const id = await order();
    await visit(id, { callback_url: '/back' });
    await page.getByText('Card', { exact: true }).click();
    await page.getByLabel('Why it fails').selectOption('insufficient_funds');
    await button('Fail').click();
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toContain('insufficient account balance');
    expect(await page.evaluate('document.activeElement?.getAttribute("role")')).toBe('alert');
    expect(await page.getByRole('radio', { name: 'Card', exact: true }).isChecked()).toBe(true); // As it was left.
    await button(/^Pay/).click();
    await page.waitForURL('**/back**');
    expect(simulator.control.state().payments.map(({ status }) => status)).toEqual(['failed', 'captured']);
  });

  it('declines the address that stands for declining', async () => {
    await visit(await order());
    await page.getByLabel('UPI ID').fill('failure@razorpay');
    await button(/^Pay/).click();
    await page.getByRole('alert').waitFor();
    expect(simulator.control.state().payments).toMatchObject([{ status: 'failed', vpa: 'failure@razorpay' }]);
  });

  it('goes back with an error when it is cancelled, and pays nothing', async () => {
    await visit(await order(), { callback_url: `${shop.origin}/back`, callback_method: 'get' });
    await button('Cancel').click();
    await page.waitForURL('**/back**');
    expect(Object.fromEntries(returned[0]?.fields ?? [])).toMatchObject({
      'error[code]': 'BAD_REQUEST_ERROR',
      'error[reason]': 'payment_cancelled',
      'error[metadata]': expect.stringContaining('order_'),
    });
    expect(simulator.control.state().payments).toEqual([]);
    await visit(await order());
    await button('Cancel').click();
    expect(await page.getByRole('alert').textContent()).toContain('Nothing was paid');
  });

  it('works by keyboard alone', async () => {
    await visit(await order());
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('radio', { name: 'Netbanking' }).isChecked()).toBe(true);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement?.id')).toBe('bank');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('status').waitFor();
    expect(simulator.control.state().payments).toMatchObject([{ method: 'netbanking', bank: 'HDFC', status: 'captured' }]);
  });

  it('pays once, however often it is pressed', async () => {
    const id = await order();
    await visit(id, { callback_url: '/back' });
    let sent = 0;
    await page.route('**/payment', async (route) => {
      sent += 1;
      await sleep(300);
      await route.continue();
    });
    // The second time the first is on its way, and the page still there.
    await page.evaluate("for (const wait of [0, 100]) setTimeout(() => document.querySelector('.pay').click(), wait)");
    await page.waitForURL('**/back**');
    expect(sent).toBe(1);
    // Whoever sends it twice all the same does not pay twice.
    const again = await fetch(`${shop.origin}/razorpay/checkout/${id}/payment`, {
      method: 'POST',
      body: new URLSearchParams({ outcome: 'success' }),
      redirect: 'manual',
    });
    expect(again.status).toBe(303);
    expect(simulator.control.state().payments).toHaveLength(1);
  });

  it('works without a script', async () => {
    const bare = await open({ ...PHONE, javaScriptEnabled: false });
    await visit(await order(), { callback_url: '/back' }, bare);
    await bare.getByRole('radio', { name: 'Wallet' }).check();
    await button('Fail', bare).click();
    expect(await bare.getByRole('alert').count()).toBe(1);
    await button(/^Pay/, bare).click();
    await button('Back to Asha Tiffins', bare).click();
    await bare.waitForURL('**/back**');
    expect(returned).toMatchObject([{ method: 'POST' }]);
    await bare.context().close();
  });

  it('pays a link, and says when it is over', async () => {
    const link = await (
      await fetch(`${shop.origin}/razorpay/v1/payment_links`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${KEYS.keyId}:${KEYS.keySecret}`)}` },
        body: JSON.stringify({ amount: 30_000, currency: 'INR' }),
      })
    ).json();
    const { id } = link as { id: string };
    await visit(id);
    await button('Pay ₹300.00').click();
    await page.getByRole('status').waitFor();
    expect(simulator.control.state().links).toMatchObject([{ id, status: 'paid' }]);
  });
});

describe('the checkout sends nobody astray', () => {
  const { app, control } = createRazorpaySimulator({ keys: KEYS, seed: 5, callbackOrigins: ['https://app.thali.test'] });
  const orderId = async (): Promise<string> => {
    const reply = await app.request('/v1/orders', {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${KEYS.keyId}:${KEYS.keySecret}`)}` },
      body: JSON.stringify({ amount: 1_000, currency: 'INR' }),
    });
    return ((await reply.json()) as { id: string }).id;
  };
  const visit = async (callback_url: string) => app.request(`/checkout/${await orderId()}?${new URLSearchParams({ callback_url })}`);

  it.each(['/back', 'back', '?x=1', 'http://localhost/back', 'https://app.thali.test/back?x=1'])('goes back to %s', async (url) => {
    const reply = await visit(url);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-security-policy')).toMatch(/script-src 'self'; style-src 'self'.*form-action 'self'/);
  });

  it.each([
    'https://evil.test/',
    '//evil.test/',
    '/\\evil.test/',
    '\\\\evil.test',
    'https:evil.test',
    'https://app.thali.test.evil.test/',
    'https://app.thali.test@evil.test/',
    'http://user@localhost/',
    'http://app.thali.test/',
    'javascript:alert(1)',
    'data:text/html,x',
    'http://[',
    '\t//evil.test',
  ])('does not go to %s', async (url) => {
    const reply = await visit(url);
    expect(reply.status).toBe(400);
    const form = new URLSearchParams({ outcome: 'success', method: 'upi', callback_url: url });
    const paid = await app.request(`/checkout/${await orderId()}/payment`, { method: 'POST', body: form });
    expect([paid.status, paid.headers.get('location')]).toEqual([400, null]);
    expect(control.state().payments).toEqual([]);
  });

  it('shows what it is given as text', async () => {
    const reply = await app.request(`/checkout/${await orderId()}?name=${encodeURIComponent('<script>alert(1)</script>"')}`);
    const text = await reply.text();
    expect(text).toContain('&lt;script&gt;');
    expect(text).not.toContain('<script>alert');
  });

  it('knows no order that is not there', async () => {
    expect((await app.request('/checkout/order_x')).status).toBe(404);
    expect((await app.request('/checkout/order_x/receipt')).status).toBe(404);
  });
});
