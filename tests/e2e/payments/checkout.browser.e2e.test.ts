import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '#composition/demo.ts';
import { ApiClient } from '#composition/replay/client.ts';
import { HAS_BROWSER, openBrowser } from '../../support/browser.ts';
import { freePort } from '../../support/cutting-proxies.ts';
import { type Server, spawnServer } from '../../support/server.ts';
import type { Json } from '../../support/world.ts';

/** The demo as `npm start` serves it, paid by a person in a browser. */
describe.runIf(HAS_BROWSER)('the demo checkout in a browser', () => {
  let browser: Browser;
  let page: Page;
  let dataDir: string;
  let server: Server;
  let customer: ApiClient;
  const problems: string[] = [];

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'thali-'));
    const port = await freePort();
    server = await spawnServer({ DATA_DIR: dataDir, PORT: String(port) }).ready;
    customer = new ApiClient(server.url, { identifier: 'customer@demo.test', password: DEMO_PASSWORD });
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 390, height: 844 } });
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
  });
  afterAll(async () => {
    await browser?.close();
    await server?.kill('SIGTERM');
    await rm(dataDir, { recursive: true, force: true });
  });

  let keys = 0;
  async function openCheckout(): Promise<{ readonly orderId: string; readonly paymentId: string }> {
    const { data } = (await customer.call('GET', '/restaurants')) as Json;
    const menu = (await customer.call('GET', `/restaurants/${data[0].id}/menu`)) as Json;
    const items = menu.categories.filter(({ hours }: Json) => hours === null).flatMap((category: Json) => category.items);
    const { id: itemId } = items.find(({ groupIds, hours }: Json) => groupIds.length === 0 && hours === null);
    const order = { restaurantId: data[0].id, diningOption: 'takeaway', payment: 'online', lines: [{ itemId, quantity: 2 }] };
    const placed = (await customer.call('POST', '/orders', order, { 'idempotency-key': `browser-${++keys}` })) as Json;
    expect(placed.status).toBe('pending');
    const opened = (await customer.call('POST', `/orders/${placed.id}/payments`, {}, { 'idempotency-key': `browser-${++keys}` })) as Json;
    await page.goto(opened.checkout.url);
    return { orderId: placed.id, paymentId: opened.id };
  }
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  async function statusOf(orderId: string, wanted: string): Promise<string> {
    for (let i = 0; i < 50; i++) {
      const { status } = (await customer.call('GET', `/orders/${orderId}`)) as Json;
      if (status === wanted) return status;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return ((await customer.call('GET', `/orders/${orderId}`)) as Json).status;
  }

  it('is paid: the order is placed, and the page says so', async () => {
    const { orderId, paymentId } = await openCheckout();
    expect(
      await page
        .getByText(/simulator/i)
        .first()
        .isVisible(),
    ).toBe(true);
    await button(/^Pay/).click();
    await page.getByRole('heading', { name: 'Paid' }).waitFor();
    expect(await statusOf(orderId, 'placed')).toBe('placed');
    const payment = (await customer.call('GET', `/payments/${paymentId}`)) as Json;
    expect(payment).toMatchObject({ status: 'captured', captured: payment.amount });
  });

  it('fails: it says why, leaves the order waiting, and lets one try again until it is paid', async () => {
    const { orderId } = await openCheckout();
    await page.getByRole('radio', { name: 'UPI' }).check();
    await button(/^Fail/).click();
    await page.getByRole('alert').first().waitFor();
    expect(await statusOf(orderId, 'pending')).toBe('pending');
    await button(/^Pay/).click();
    await page.getByRole('heading', { name: 'Paid' }).waitFor();
    expect(await statusOf(orderId, 'placed')).toBe('placed');
  });

  it('is cancelled: nothing is taken, the order waits, and there is a way back to pay it', async () => {
    const { orderId, paymentId } = await openCheckout();
    await button(/^Cancel/).click();
    await page.getByRole('heading', { name: 'Not paid' }).waitFor();
    expect(await statusOf(orderId, 'pending')).toBe('pending');
    expect(((await customer.call('GET', `/payments/${paymentId}`)) as Json).captured.amount).toBe(0);
    await page.getByRole('link', { name: /again/i }).click();
    await button(/^Pay/).waitFor();
    expect(problems).toEqual([]);
  });
});
