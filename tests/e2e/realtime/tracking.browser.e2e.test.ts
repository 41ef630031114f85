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

/** A real server, and somebody who looks at the page that they were sent. */
describe.runIf(HAS_BROWSER)('the tracking page in a browser', () => {
  let browser: Browser;
  let dataDir: string;
  let server: Server;
  let staff: ApiClient;
  let orderId: string;
  let url: string;
  const problems: string[] = [];

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'thali-'));
    const port = await freePort();
    server = await spawnServer({ DATA_DIR: dataDir, PORT: String(port), DATABASE_URL: 'memory:' }).ready;
    const customer = new ApiClient(server.url, { identifier: 'customer@demo.test', password: DEMO_PASSWORD });
    staff = new ApiClient(server.url, { identifier: 'owner@demo.test', password: DEMO_PASSWORD });
    const { data } = (await customer.call('GET', '/restaurants')) as Json;
    const menu = (await customer.call('GET', `/restaurants/${data[0].id}/menu`)) as Json;
    const items = menu.categories.filter(({ hours }: Json) => hours === null).flatMap((category: Json) => category.items);
    const { id: itemId } = items.find(({ groupIds, hours }: Json) => groupIds.length === 0 && hours === null);
    const order = { restaurantId: data[0].id, diningOption: 'takeaway', payment: 'cash', lines: [{ itemId, quantity: 2 }] };
    orderId = ((await customer.call('POST', '/orders', order, { 'idempotency-key': 'tracked' })) as Json).id;
    url = ((await customer.call('GET', `/orders/${orderId}/tracking`)) as Json).url;
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.kill('SIGTERM');
    await rm(dataDir, { recursive: true, force: true });
  });

  async function open(options: object = {}): Promise<Page> {
    const page = await (await browser.newContext({ viewport: { width: 390, height: 844 }, ...options })).newPage();
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(url);
    return page;
  }
  const heading = (page: Page, name: string) => page.getByRole('heading', { name }).waitFor();

  it('changes by itself when the order does, until it is done', async () => {
    const page = await open();
    await heading(page, 'Waiting for the restaurant');
    await page.getByText('This page changes by itself').waitFor();
    await staff.call('POST', `/orders/${orderId}/acceptance`);
    await heading(page, 'The restaurant has your order');
    await staff.call('POST', `/orders/${orderId}/preparation`);
    await heading(page, 'Your food is being made');
    expect(await page.locator('.timeline .now').textContent()).toContain('In the kitchen');
    const withoutScript = await open({ javaScriptEnabled: false });
    await heading(withoutScript, 'Your food is being made');

    for (const action of ['readiness', 'completion']) await staff.call('POST', `/orders/${orderId}/${action}`);
    await heading(page, 'Enjoy your meal');
    await withoutScript.reload();
    await heading(withoutScript, 'Enjoy your meal');
    expect(problems).toEqual([]);
  });
});
