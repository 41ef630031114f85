import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PERMISSIONS, PLATFORM_ROLES, RESTAURANT_ROLES, restaurantPermissions } from '#domain/identity/roles.ts';
import { HAS_BROWSER, openBrowser } from '../support/browser.ts';
import { startWorld, type World } from '../support/world.ts';

const SITE = 'http://localhost'; // Nothing listens there: every request is answered by the world.

describe.runIf(HAS_BROWSER)('/docs/permissions in a browser', () => {
  let world: World;
  let browser: Browser;
  const problems: string[] = [];
  beforeAll(async () => {
    world = await startWorld('memory');
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  async function open(width: number, colorScheme: 'light' | 'dark'): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    await page.route('**/*', async (asked) => {
      const { status, body, headers } = await world.call('GET', new URL(asked.request().url()).pathname);
      await asked.fulfill({ status, body: String(body), headers: Object.fromEntries(headers) });
    });
    await page.goto(`${SITE}/docs/permissions`);
    return page;
  }

  it.each([
    [1280, 'light'],
    [1280, 'dark'],
    [390, 'light'],
  ] as const)('is a table that can be read, %i wide and %s', async (width, colorScheme) => {
    const page = await open(width, colorScheme);
    expect(await page.locator('.matrix tbody tr').count()).toBe(PERMISSIONS.length);
    expect(await page.locator('.matrix thead th').allInnerTexts()).toEqual(['permission', ...RESTAURANT_ROLES, ...PLATFORM_ROLES]);
    expect(await page.locator('.matrix tr:has(a[href="#orders:read"]) .may').count()).toBe(RESTAURANT_ROLES.length + PLATFORM_ROLES.length);
    expect(await page.locator('.matrix td.may:nth-child(4)').count()).toBe(restaurantPermissions('cashier').length);
    // Only the table scrolls sideways, never the page.
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    await page.getByRole('link', { name: 'staff:write' }).last().click();
    expect(page.url()).toContain('#staff:write');
    expect(await page.locator('[id="staff:write"]').textContent()).toContain('POST /restaurants/{restaurantId}/invitations');
    expect(await page.locator('nav a[aria-current=page]').textContent()).toBe('Permissions');
    await page.close();
    expect(problems).toEqual([]);
  });
});
